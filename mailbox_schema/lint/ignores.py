"""Findings that comments, or the settings for a field, say to ignore; and the comments that ignore none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbox_schema.lint.catalogue import GROUPS, RULES
from mailbox_schema.lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.sources.comments import Comment

_RULE = "unused-ignore"
_HINT = "write `ignore[RULE]` or `ignore-file`"


def apply_comments(
    file: str, found: Iterable[Finding], comments: Sequence[Comment], choice: Choice
) -> list[Finding]:
    """Return the findings that no comment says to ignore, and those about comments without effect."""
    by_line: dict[tuple[int | None, str], int] = {}
    for number, comment in enumerate(comments):
        for rule in RULES if comment.rules is None else _expanded(comment.rules):
            by_line.setdefault((comment.line, rule), number)
    used: list[set[str]] = [set() for _ in comments]
    kept: list[Finding] = []
    for finding in found:
        by_comment = by_line.get((finding.line, finding.rule), by_line.get((None, finding.rule)))
        if by_comment is None:
            kept.append(finding)
        else:
            used[by_comment].add(finding.rule)
    if _RULE in choice.rules:
        for comment, rules in zip(comments, used, strict=True):
            kept += [_unused(file, comment, *said) for said in _complaints(comment, rules, choice)]
    return sorted(kept, key=lambda finding: (finding.line, finding.column))


def _expanded(names: Iterable[str]) -> set[str]:
    return {rule for name in names for rule in GROUPS.get(name, (name,))}


def _complaints(comment: Comment, used: set[str], choice: Choice) -> list[tuple[str, str | None]]:
    """Return what is wrong with a comment, and the hints."""
    if comment.rules is None:
        return [] if used else [("the comment ignores nothing", "remove it")]
    if not comment.rules:
        return [("the comment is not an instruction", _HINT)]
    found: list[tuple[str, str | None]] = []
    for name in comment.rules:
        rules = _expanded([name])
        if not name:
            found.append(("the comment lacks the name of a rule", "write `ignore[RULE]`"))
        elif not rules & RULES.keys():
            found.append(("the comment names an unknown rule", "`mailbox-schema rules` lists all rules"))
        elif not rules & used and rules & choice.rules:
            found.append((f"the comment ignores {name}, which is not found here", "remove the rule from it"))
    return found


def _unused(file: str, comment: Comment, message: str, hint: str | None) -> Finding:
    return Finding(file, *comment.position, "warning", _RULE, message, hint, None, None, "")


def is_ignored(finding: Finding, choice: Choice) -> bool:
    """Return whether the settings for a mailbox or a field say to ignore a finding."""
    return any(
        finding.rule in rules and index in {None, finding.index} and field in {None, finding.field}
        for index, field, rules in choice.field_ignores
    )
