"""Findings -> text, or the format of a program; the same findings in every format.

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

_UNREADABLE: Final = "unreadable"
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

    def begin_file(self, file: str, *, is_strict: bool = False) -> None:
        """Begin a file's findings; with ``is_strict``, warnings fail the run."""

    def add(self, finding: Finding) -> None:
        """Write a finding, or keep it."""

    def add_trouble(self, trouble: Trouble) -> None:
        """Write a file that can't be read or parsed; by default only standard error has it."""

    def end_file(self) -> None:
        """Write the end of a file's findings."""

    def finish(self) -> None:
        """Write the end of the report."""


class Text(Report):
    """``FILE:LINE:COL: error: the API's line [rule]``, a hint on the line below.

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
        kind = "warning:" if is_warning else "error:"
        message, rule, hint = escape(finding.message), f"[{finding.rule}]", finding.hint
        is_fixable = finding.fix is not None and (finding.fix.is_safe or self._unsafe_fixes)
        mark = " [*]" if is_fixable else ""
        if self._has_color:
            place = f"{_BOLD}{place}{_NORMAL}"
            color = _YELLOW if is_warning else _RED
            kind, rule = f"{color}{kind}{_NORMAL}", f"{color}{rule}{_NORMAL}"
        self._write(f"{place} {kind} {message} {rule}{mark}\n")
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
        self._command("error", trouble.file, line, column, _UNREADABLE, trouble.reason)

    def _command(self, kind: str, file: str, line: int, column: int, title: str, text: str) -> None:  # noqa: PLR0913, PLR0917  # the parts of a command
        place = f"file={_escape_property(escape(file))},line={line},col={column},title={title}"
        self._write(f"::{kind} {place}::{_escape_data(text)}\n")


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


class GitLab(Report):
    """A Code Quality report: GitLab shows it in a merge request.

    A fingerprint is the same as long as the file, rule, path and number of a finding are: not if it moves.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._between = "[\n"
        self._seen: Counter[tuple[str, ...]] = Counter()

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        message = finding.message if finding.hint is None else f"{finding.message} (hint: {finding.hint})"
        severity = "major" if finding.severity == "error" else "minor"
        identity = (finding.file, finding.rule, finding.message)
        self._add(identity, finding.rule, message, severity, finding.line)

    def add_trouble(self, trouble: Trouble) -> None:
        """Write a file that can't be read or parsed."""
        line, _ = trouble.position or (1, 1)
        self._add((trouble.file, _UNREADABLE, trouble.reason), _UNREADABLE, trouble.reason, "blocker", line)

    def end_file(self) -> None:
        """Forget the findings of the file."""
        self._seen.clear()

    def _add(
        self, identity: tuple[str, ...], rule: str, text: str, severity: str, line: int
    ) -> None:  # the parts of an issue
        from hashlib import sha256  # noqa: PLC0415  # loaded for this format only

        self._seen[identity] += 1
        parts = json.dumps([*identity, self._seen[identity]])
        issue = {
            "description": text,
            "check_name": rule,
            "fingerprint": sha256(parts.encode()).hexdigest(),
            "severity": severity,
            "location": {"path": identity[0], "lines": {"begin": line}},
        }
        self._write(f"{self._between}{json.dumps(issue)}")
        self._between = ",\n"

    def finish(self) -> None:
        """Close the array."""
        self._write("[]\n" if self._between == "[\n" else "\n]\n")


class JUnit(Report):
    """A report of tests in XML: a suite for each file, a test for each finding.

    It failed if the finding fails the run; other warnings are the output of tests that passed.
    The suites have no counts: readers count the tests, and a count before them would need them in memory.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        self._file = ""
        self._has_tests = self._is_strict = False
        write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mailbox-schema">\n')

    def begin_file(self, file: str, *, is_strict: bool = False) -> None:
        """Begin the suite of a file."""
        self._file = file
        self._is_strict = is_strict
        self._has_tests = False
        self._write(f"  <testsuite name={_quoted(file)}>\n")

    def add(self, finding: Finding) -> None:
        """Write a finding as a test."""
        place = f"{finding.line}:{finding.column}"
        text = f"{escape(finding.file)}:{place}: {finding.severity}: {finding.message}"
        text = text if finding.hint is None else f"{text}\nhint: {finding.hint}"
        outcome = f"<system-out>{_xml(text)}</system-out>"
        if finding.severity == "error" or self._is_strict:
            kind, message = _quoted(finding.rule), _quoted(finding.message)
            outcome = f"<failure type={kind} message={message}>{_xml(text)}</failure>"
        self._add(f"{finding.rule} {place}", outcome)

    def add_trouble(self, trouble: Trouble) -> None:
        """Write a file that can't be read or parsed as a test that could not be run."""
        self._add(_UNREADABLE, f"<error type={_quoted(_UNREADABLE)} message={_quoted(trouble.reason)}/>")

    def _add(self, name: str, outcome: str) -> None:
        self._has_tests = True
        test = f"<testcase name={_quoted(name)} classname={_quoted(self._file)}>"
        self._write(f"    {test}{outcome}</testcase>\n")

    def end_file(self) -> None:
        """Write the end of the suite; a file without findings has a test that passed."""
        if not self._has_tests:
            self._add("check", "")
        self._write("  </testsuite>\n")

    def finish(self) -> None:
        """Write the end of the document."""
        self._write("</testsuites>\n")


def _xml(text: str) -> str:
    from xml.sax.saxutils import escape as escape_xml  # noqa: PLC0415  # loaded for JUnit only; writes, and parses nothing

    return "\n".join(escape_xml(escape(line)) for line in text.split("\n"))


def _quoted(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415  # as above

    return quoteattr(escape(text))


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
                **({} if rule.address is None else {"helpUri": rule.address}),
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


FORMATS: Final = {
    "text": Text,
    "json": Json,
    "github": GitHub,
    "gitlab": GitLab,
    "junit": JUnit,
    "sarif": Sarif,
}
"""The reports, by the name of their format."""
