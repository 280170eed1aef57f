"""What the playground shows of a file: findings, fixes, and the request body. It runs in the browser.

Each function takes the path of a file, its name, and its type; ``""`` stands for an unknown name or type. It
returns JSON. They do what the commands ``check``, ``check --fix`` and ``body`` do, with default settings.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mailbox_schema.contract import MAX_MAILBOXES
from mailbox_schema.lint.body import Sendable, batches
from mailbox_schema.lint.catalogue import GROUPS
from mailbox_schema.lint.check import NO_NAME, File, check_file, opened
from mailbox_schema.lint.config import Choice
from mailbox_schema.lint.findings import Request
from mailbox_schema.lint.repair import repair
from mailbox_schema.lint.reports import Text, escape
from mailbox_schema.lint.running import count
from mailbox_schema.lint.sources import kind_of
from mailbox_schema.lint.sources.base import SourceError
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbox_schema.lint.findings import Finding

CHOICE: Final = Choice(GROUPS["default"])
SHOWN: Final = ("line", "column", "severity", "rule", "hint")


def check(path: str, name: str, kind: str) -> str:
    """Return the findings in the file, and a summary."""
    file = _file(path, name, kind)
    read: list[str] = []
    found = Found(
        check_file(file, CHOICE, lambda _: None, lambda document: read.append(Request(document).taken_for))
    )
    taken_for = f" Read as {read[0]} ({file.kind})." if read else ""
    return json.dumps({"summary": found.summary + taken_for, "findings": found.shown, "more": found.more})


def fix(path: str, name: str, kind: str) -> str:
    """Fix in the file what is certain; return a line for each fix."""
    repaired = repair(_file(path, name, kind), CHOICE, unsafe=False)
    Path(path).write_bytes(repaired.after)
    fixed = sorted(repaired.fixed, key=lambda each: each.line)
    return json.dumps([f"line {line}: {_prefix(finding)}{each.title}" for finding, each, line in fixed])


def body(path: str, name: str, kind: str) -> str:
    """Return the request bodies, one in each line; or what keeps them from being sent."""
    source = Sendable(_file(path, name, kind), "")
    found = Found(source.obstacles())
    sent = () if found.refusal else batches(source.mailboxes(), MAX_MAILBOXES)
    text = "".join(f"{batch.text}\n" for batch in sent)
    return json.dumps({"text": text, "refusal": found.refusal, "findings": found.shown, "more": found.more})


class Found:
    """Findings: the first of each rule as the page shows them, and how many there are."""

    def __init__(self, findings: Iterator[Finding]) -> None:
        self.shown: list[dict[str, Any]] = []
        self._by_rule: Counter[str] = Counter()
        self._by_severity: Counter[str] = Counter()
        self._fixable = 0
        self._is_unreadable = False
        try:
            for finding in findings:
                self._add(finding)
        except SourceError as error:
            self._add_trouble(error)
        except MemoryError:
            self._add_trouble(SourceError("not enough memory"))

    def _add(self, finding: Finding) -> None:
        is_fixable = finding.fix is not None and finding.fix.is_safe
        self._fixable += is_fixable
        self._by_severity[finding.severity] += 1
        self._by_rule[finding.rule] += 1
        if self._by_rule[finding.rule] <= Text.MOST:
            shown = {key: getattr(finding, key) for key in SHOWN}
            self.shown.append(shown | {"message": escape(finding.message), "isFixable": is_fixable})

    def _add_trouble(self, error: SourceError) -> None:
        self._is_unreadable = True
        line, column = error.position or (None, None)
        self.shown.append({"line": line, "column": column, "severity": "error", "message": error.reason})

    @property
    def more(self) -> list[str]:
        """A line for each rule with more findings than are shown."""
        return [
            f"{number - Text.MOST} more [{rule}]"
            for rule, number in self._by_rule.items()
            if number > Text.MOST
        ]

    @property
    def summary(self) -> str:
        """How many there are."""
        names = {"error": "violation", "warning": "warning"}
        counts = [
            count(self._by_severity[each], name) for each, name in names.items() if self._by_severity[each]
        ]
        parts = [", ".join(counts) or "no findings"] if counts or not self._is_unreadable else []
        parts += [f"{self._fixable} can be fixed"] if self._fixable else []
        parts += ["the file can't be read or parsed"] if self._is_unreadable else []
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    @property
    def refusal(self) -> str:
        """Why there is no body, if these are what keeps it from being sent."""
        number = self._by_severity.total()
        if self._is_unreadable:
            return "There is none: the file can't be read or parsed."
        return f"There is none because of {count(number, 'finding')}." if number else ""


def _file(path: str, name: str, kind: str) -> File:
    """Return the file with its type: as given, by its name, or by its content as on standard input."""
    try:
        return File(path, name, kind or kind_of(name))
    except SourceError:
        with opened(File(path, NO_NAME, None)) as (_, found):
            return File(path, name, found)


def _prefix(finding: Finding) -> str:
    path = Violation(finding.index, finding.field, None, "").path
    return f"{path}: " if path else ""
