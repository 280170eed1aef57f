"""Findings -> text, JSON, GitHub's workflow commands, or SARIF; the same findings in every format.

A report is written as the findings come, so that a long run needs no memory for them.
"""

from __future__ import annotations

import json
import os.path
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema import __version__
from mailbox_schema.lint.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.fixes import Fix

_OASIS: Final = "https://docs.oasis-open.org/sarif"
# ECMA-48: bold, red, yellow, dim, and back to normal.
_BOLD, _RED, _YELLOW, _DIM, _NORMAL = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"


def escape(text: str) -> str:
    r"""Return a file's name, or a line with one, as it may be printed: without control characters.

    >>> escape("a\nb\x1b.json")
    'a\\nb\\x1b.json'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "backslashreplace").decode()
        for character in text
    )


class Trouble(NamedTuple):
    """A file that can't be read or parsed, and why."""

    file: str
    position: tuple[int, int] | None
    reason: str


class Report:
    """The output of a run; each format derives its own."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def add(self, finding: Finding) -> None:
        """Write a finding, or keep it."""

    def add_trouble(self, trouble: Trouble) -> None:
        """Write a file that can't be read or parsed; by default only standard error has it."""

    def end_file(self) -> None:
        """Write the end of a file's findings."""

    def finish(self) -> None:
        """Write the end of the report."""


class Text(Report):
    """``FILE:LINE:COL: the API's line [rule]``, a hint on the line below.

    A finding that can be fixed is marked ``[*]``. If a rule has more than ``most`` findings in a file, the
    rest of them are only counted.
    """

    MOST: Final = 100

    def __init__(
        self,
        write: Callable[[str], object],
        *,
        has_color: bool = False,
        most: int | None = MOST,
        unsafe_fixes: bool = False,
    ) -> None:
        super().__init__(write)
        self._has_color = has_color
        self._most = most
        self._unsafe_fixes = unsafe_fixes
        self._file = ""
        self._by_rule: Counter[str] = Counter()

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._file = finding.file
        self._by_rule[finding.rule] += 1
        if self._most is None or self._by_rule[finding.rule] <= self._most:
            self._write_finding(finding)

    def end_file(self) -> None:
        """Write how many findings of each rule were not written."""
        for rule, count in self._by_rule.items():
            if self._most is not None and count > self._most:
                self._write(f"{escape(self._file)}: {count - self._most} more [{rule}] (--all shows them)\n")
        self._by_rule.clear()

    def _write_finding(self, finding: Finding) -> None:
        place = f"{escape(finding.file)}:{finding.line}:{finding.column}:"
        is_warning = finding.severity == "warning"
        kind = "warning: " if is_warning else ""
        message, rule, hint = escape(finding.message), f"[{finding.rule}]", finding.hint
        is_fixable = finding.fix is not None and (finding.fix.is_safe or self._unsafe_fixes)
        mark = " [*]" if is_fixable else ""
        if self._has_color:
            place = f"{_BOLD}{place}{_NORMAL}"
            kind = f"{_YELLOW}{kind}{_NORMAL}" if kind else kind
            rule = f"{_YELLOW if is_warning else _RED}{rule}{_NORMAL}"
        self._write(f"{place} {kind}{message} {rule}{mark}\n")
        if hint is not None:
            hint = f"    hint: {hint}"
            self._write(f"{_DIM}{hint}{_NORMAL}\n" if self._has_color else f"{hint}\n")


class Json(Report):
    """An array of objects, one a finding: see ``docs/linting.md`` for its keys."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._between = "[\n"

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        shown = finding._asdict() | {"fix": None if finding.fix is None else _fix(finding.fix)}
        self._write(f"{self._between}{json.dumps(shown)}")
        self._between = ",\n"

    def finish(self) -> None:
        """Close the array."""
        self._write("[]\n" if self._between == "[\n" else "\n]\n")


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [
        dict(zip(("line", "column", "end_line", "end_column", "text"), (*start, *end, text), strict=True))
        for start, end, text in fix.edits
    ]
    return {"title": fix.title, "is_safe": fix.is_safe, "edits": edits}


class GitHub(Report):
    """Workflow commands: GitHub shows them next to the lines of a pull request.

    Escaped as GitHub's toolkit does: ``%``, CR and LF everywhere, ``:`` and ``,`` in properties too.
    """

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        message = escape(finding.message)
        text = message if finding.hint is None else f"{message}\nhint: {finding.hint}"
        self._command(finding.severity, finding.file, finding.line, finding.column, finding.rule, text)

    def add_trouble(self, trouble: Trouble) -> None:
        """Write a file that can't be read or parsed as an error."""
        line, column = trouble.position or (1, 1)
        self._command("error", trouble.file, line, column, "unreadable", trouble.reason)

    def _command(self, kind: str, file: str, line: int, column: int, title: str, text: str) -> None:  # noqa: PLR0913, PLR0917  # the parts of a command
        place = f"file={_escape_property(escape(file))},line={line},col={column},title={title}"
        self._write(f"::{kind} {place}::{_escape_data(text)}\n")


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


class Sarif(Report):
    """A log of the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), of one run."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._notifications: list[dict[str, Any]] = []
        self._ids = list(RULES)
        self._between = ""

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        message = finding.message if finding.hint is None else f"{finding.message} (hint: {finding.hint})"
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "level": finding.severity,
            "message": {"text": message},
            "locations": [_location(finding.file, finding.line, finding.column)],
            "ruleIndex": self._ids.index(finding.rule),
        }
        if finding.fix is not None:
            result["fixes"] = [_sarif_fix(finding.file, finding.fix)]
        if not self._between:
            self._begin()
        self._write(f"{self._between}{json.dumps(result)}")
        self._between = ",\n"

    def add_trouble(self, trouble: Trouble) -> None:
        """Keep a file that can't be read for the end of the document, as a notification of the tool."""
        line, column = trouble.position or (1, 1)
        self._notifications.append(
            {
                "level": "error",
                "message": {"text": trouble.reason},
                "locations": [_location(trouble.file, line, column)],
            }
        )

    def _begin(self) -> None:
        """Write the document up to its results; only the notifications follow them."""
        rules = [
            {
                "id": rule.name,
                "shortDescription": {"text": rule.summary},
                "help": {"text": rule.page, "markdown": rule.page},
                "defaultConfiguration": {"level": rule.severity, "enabled": rule.is_default},
            }
            for rule in RULES.values()
        ]
        schema = json.dumps(f"{_OASIS}/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
        driver = json.dumps({"name": "mailbox-schema", "version": __version__, "rules": rules})
        self._write(
            f'{{"$schema": {schema}, "version": "2.1.0", "runs": [{{"tool": {{"driver": {driver}}},\n'
            '"columnKind": "unicodeCodePoints", "results": ['
        )
        self._between = "\n"

    def finish(self) -> None:
        """Write the end of the document."""
        if not self._between:
            self._begin()
        invocation = {
            "executionSuccessful": not self._notifications,
            "toolExecutionNotifications": self._notifications,
        }
        self._write(f'\n], "invocations": [{json.dumps(invocation)}]}}]}}\n')


def _location(file: str, line: int, column: int) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _sarif_fix(file: str, fix: Fix) -> dict[str, Any]:
    replacements = []
    for start, end, text in fix.edits:
        names = ("startLine", "startColumn", "endLine", "endColumn")
        region = dict(zip(names, (*start, *end), strict=True))
        inserted = {"insertedContent": {"text": text}} if text else {}
        replacements.append({"deletedRegion": region, **inserted})
    return {
        "description": {"text": fix.title if fix.is_safe else f"{fix.title} (unsafe)"},
        "artifactChanges": [{"artifactLocation": {"uri": _uri(file)}, "replacements": replacements}],
    }


def _uri(file: str) -> str:
    """Return a relative reference (RFC 3986), or for an absolute name a ``file:`` URI (RFC 8089)."""
    from urllib.parse import quote  # noqa: PLC0415  # loaded for SARIF only

    path = quote(file.replace(os.path.sep, "/").encode("utf-8", "surrogateescape"))
    return f"file://{path}" if os.path.isabs(file) else path  # names as they are given


FORMATS: Final = {"text": Text, "json": Json, "github": GitHub, "sarif": Sarif}
"""The reports, by the name of their format."""
