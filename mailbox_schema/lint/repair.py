"""A file -> the file with its findings fixed: written in its place, or shown as a diff."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.lint.check import check_stream, opened
from mailbox_schema.lint.reports import escape
from mailbox_schema.lint.sources.base import SourceError, Text, read_whole
from mailbox_schema.lint.writing import ChangedError, write_whole
from mailbox_schema.violation import Violation
from mailbox_schema.vocabulary import NOT_SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbox_schema.lint.check import File
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.fixes import Edit, Fix

    Fixable = tuple[Finding, Fix]

# A fix may show a finding that has one, too: a renamed key gets a rule. Nothing known takes more than three.
_MOST_ROUNDS: Final = 10


class Fixed(NamedTuple):
    """A finding that was fixed, how, and the line of the file that this begins on."""

    finding: Finding
    fix: Fix
    line: int


class Repair(NamedTuple):
    """The contents of a file before its findings are fixed and after it, and the findings with their fixes.

    ``file`` is the file with its type.
    ``error`` is what keeps the file from being parsed to its end; it is not changed then.
    """

    file: File
    before: bytes
    after: bytes
    fixed: list[Fixed]
    error: SourceError | None = None


def repair(file: File, choice: Choice, *, unsafe: bool) -> Repair:
    """Return the contents of a file with its findings fixed; with ``unsafe``, by unsafe fixes too.

    :raises SourceError: if the file can't be read
    """
    with opened(file) as (stream, kind):
        before = read_whole(stream)
    file = file._replace(type=kind)
    data = before
    fixed: list[Fixed] = []
    lines: list[int] = []
    for _ in range(_MOST_ROUNDS):
        try:
            found = apart(check_stream(BytesIO(data), file, choice), unsafe=unsafe)
        except SourceError as error:
            return Repair(file, before, before, [], error)
        if not found:
            break
        lines = lines or list(range(1, len(before.splitlines()) + 2))
        fixed += [Fixed(finding, fix, lines[fix.edits[0].start[0] - 1]) for finding, fix in found]
        edits = [edit for _, fix in found for edit in fix.edits]
        data = apply(data, edits)
        _leave_out(lines, edits)
    return Repair(file, before, data, fixed)


def _leave_out(lines: list[int], edits: list[Edit]) -> None:
    """Remove the numbers of the lines that the edits delete: those of the others in the file are left."""
    for edit in reversed(edits):
        is_whole = edit.start[1] == edit.end[1] == 1
        del lines[edit.start[0] - is_whole : edit.end[0] - is_whole]


def apart(findings: Iterable[Finding], *, unsafe: bool) -> list[Fixable]:
    """Return the findings whose fixes can be made together, with these: none overlaps another."""
    fixable = [
        (finding, finding.fix)
        for finding in findings
        if finding.fix is not None and (unsafe or finding.fix.is_safe)
    ]
    chosen = []
    reached = (0, 0)
    for finding, fix in sorted(fixable, key=lambda each: each[1].edits[0].start):
        if fix.edits[0].start >= reached:
            chosen.append((finding, fix))
            reached = fix.edits[-1].end
    return chosen


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return ``data`` with the edits made, which are in order and don't overlap; every other byte stays."""
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    # A line of JSON Lines that is not UTF-8 stays as it is, too.
    text = Text(data.removeprefix(mark).decode("utf-8", "surrogateescape"))
    parts, reached = [], 0
    for edit in edits:
        parts += [text.text[reached : text.offset(edit.start)], edit.text]
        reached = text.offset(edit.end)
    return mark + "".join([*parts, text.text[reached:]]).encode("utf-8", "surrogateescape")


def diff(file: File, fixed: list[Fixed]) -> Iterator[str]:
    """Yield the lines of a unified diff of the fixes, in which only what is certainly not a secret is shown.

    The rest of a line may be a password: the values of a CSV file are all in one line. So a hunk has no
    context, and of the line only the edited value; of that, only what :mod:`mailbox_schema.lint.fixes` shows.
    """
    name = escape(file.shown)
    if fixed:
        yield f"--- {name}\n+++ {name}\n"
    for finding, fix, line in fixed:
        path = Violation(finding.index, finding.field, None, "").path
        yield f"@@ -{line} +{line} @@ {path}{': ' if path else ''}{fix.title}\n"
        yield from (f"{sign}{escape(text)}\n" for sign, text in _sides(fix) if text)


def _sides(fix: Fix) -> Iterator[tuple[str, str]]:
    """Yield the signs and texts of a hunk; if what changes is not shown, the two would be the same."""
    for sign, text, which in (("-", fix.before, "old"), ("+", fix.after, "new")):
        yield sign, text.replace(NOT_SHOWN, f"({which} text, not shown)") if fix.before == fix.after else text


def write(file: File, repaired: Repair) -> None:
    """Write the repaired contents in the file's place, at once or not at all.

    :raises SourceError: if it can't be written, or has changed since it was read
    """
    try:
        status = os.stat(file.name)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("can't be fixed: not a regular file")
        if not os.access(file.name, os.W_OK):
            raise SourceError("can't be written: Permission denied")
        write_whole(file.name, repaired.after, repaired.before)
    except ChangedError:
        raise SourceError("has changed while it was fixed: run the command again") from None
    except OSError as error:
        raise SourceError(f"can't be written: {error.strerror}") from None
