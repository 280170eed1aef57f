"""Findings -> text, JSON, GitHub's workflow commands, or SARIF; the same findings in every format.

A report is written as the findings come, so that a long run needs no memory for them (but for SARIF, whose
document begins with what is known only at its end).
"""

import json
import os.path
from typing import NamedTuple

from mailbox_schema import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final, Protocol

    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.rules import Rule

    class Report(Protocol):
        """What a run writes of what it finds."""

        def add(self, finding: "Finding") -> None:
            """Write a finding, or keep it."""

        def add_trouble(self, trouble: "Trouble") -> None:
            """Write a file that can't be read or parsed, or keep it."""

        def finish(self) -> None:
            """Write what comes last."""


_OASIS: "Final" = "https://docs.oasis-open.org/sarif"
# ECMA-48: bold, red, yellow, dim, and back to normal.
_BOLD, _RED, _YELLOW, _DIM, _NORMAL = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"


def shown(name: str) -> str:
    r"""Return a file's name as it may be printed: on one line, without control characters.

    >>> shown("a\nb\x1b.json")
    'a\\nb\\x1b.json'
    """
    if name.isprintable():
        return name
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "backslashreplace").decode()
        for character in name
    )


class Trouble(NamedTuple):
    """A file that can't be read or parsed, and why."""

    file: str
    position: "tuple[int, int] | None"
    reason: str


class Text:
    """``FILE:LINE:COL: the API's line [rule]``, a hint on the line below."""

    def __init__(self, write: "Callable[[str], object]", *, has_colour: bool = False) -> None:
        self._write = write
        self._has_colour = has_colour

    def add(self, finding: "Finding") -> None:
        """Write a finding."""
        place = f"{shown(finding.file)}:{finding.line}:{finding.column}:"
        is_warning = finding.severity == "warning"
        kind = "warning: " if is_warning else ""
        message, rule, hint = shown(finding.message), f"[{finding.rule}]", finding.hint
        if self._has_colour:
            place = f"{_BOLD}{place}{_NORMAL}"
            kind = f"{_YELLOW}{kind}{_NORMAL}" if kind else kind
            rule = f"{_YELLOW if is_warning else _RED}{rule}{_NORMAL}"
        self._write(f"{place} {kind}{message} {rule}\n")
        if hint is not None:
            hint = f"    hint: {hint}"
            self._write(f"{_DIM}{hint}{_NORMAL}\n" if self._has_colour else f"{hint}\n")

    def add_trouble(self, trouble: "Trouble") -> None:
        """Standard error has it."""

    def finish(self) -> None:
        """Nothing follows the findings."""


class Json:
    """An array of objects, one a finding: see ``docs/linting.md`` for its keys."""

    def __init__(self, write: "Callable[[str], object]") -> None:
        self._write = write
        self._between = "[\n"

    def add(self, finding: "Finding") -> None:
        """Write a finding."""
        self._write(f"{self._between}{json.dumps(finding._asdict())}")
        self._between = ",\n"

    def add_trouble(self, trouble: "Trouble") -> None:
        """Standard error has it; it is no finding."""

    def finish(self) -> None:
        """Close the array."""
        self._write("[]\n" if self._between == "[\n" else "\n]\n")


class GitHub:
    """Workflow commands: GitHub shows them beside the lines of a pull request.

    Escaped as GitHub's toolkit does: ``%``, CR and LF everywhere, ``:`` and ``,`` in properties too.
    """

    def __init__(self, write: "Callable[[str], object]") -> None:
        self._write = write

    def add(self, finding: "Finding") -> None:
        """Write a finding."""
        message = shown(finding.message)
        said = message if finding.hint is None else f"{message}\nhint: {finding.hint}"
        self._command(finding.severity, finding.file, finding.line, finding.column, finding.rule, said)

    def add_trouble(self, trouble: "Trouble") -> None:
        """Write the file that can't be read as an error."""
        line, column = trouble.position or (1, 1)
        self._command("error", trouble.file, line, column, "unreadable", trouble.reason)

    def _command(self, kind: str, file: str, line: int, column: int, title: str, said: str) -> None:  # noqa: PLR0913, PLR0917  # the parts of a command
        place = f"file={_escaped_property(file)},line={line},col={column},title={title}"
        self._write(f"::{kind} {place}::{_escaped(said)}\n")

    def finish(self) -> None:
        """Nothing follows the findings."""


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


class Sarif:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), of one run."""

    def __init__(self, write: "Callable[[str], object]") -> None:
        self._write = write
        self._results: "list[dict[str, Any]]" = []
        self._notifications: "list[dict[str, Any]]" = []
        self._ids = list(_rules())

    def add(self, finding: "Finding") -> None:
        """Keep a finding for the document."""
        message = finding.message if finding.hint is None else f"{finding.message} (hint: {finding.hint})"
        result: "dict[str, Any]" = {
            "ruleId": finding.rule,
            "level": finding.severity,
            "message": {"text": message},
            "locations": [_location(finding.file, finding.line, finding.column)],
            "ruleIndex": self._ids.index(finding.rule),
        }
        self._results.append(result)

    def add_trouble(self, trouble: "Trouble") -> None:
        """Keep a file that can't be read for the document, as a notification of the tool."""
        line, column = trouble.position or (1, 1)
        self._notifications.append(
            {
                "level": "error",
                "message": {"text": trouble.reason},
                "locations": [_location(trouble.file, line, column)],
            }
        )

    def finish(self) -> None:
        """Write the document."""
        driver = {
            "name": "mailbox-schema",
            "version": __version__,
            "rules": [
                {
                    "id": rule.name,
                    "shortDescription": {"text": rule.summary},
                    "help": {"text": rule.page, "markdown": rule.page},
                    "defaultConfiguration": {"level": rule.severity, "enabled": rule.is_default},
                }
                for rule in _rules().values()
            ],
        }
        log = {
            "$schema": f"{_OASIS}/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": driver},
                    "columnKind": "unicodeCodePoints",
                    "invocations": [
                        {
                            "executionSuccessful": not self._notifications,
                            "toolExecutionNotifications": self._notifications,
                        }
                    ],
                    "results": self._results,
                }
            ],
        }
        self._write(json.dumps(log, indent=2) + "\n")


def _rules() -> "dict[str, Rule]":
    from mailbox_schema.lint.rules import RULES  # noqa: PLC0415  # with all their pages, which SARIF alone needs

    return RULES


def _location(file: str, line: int, column: int) -> "dict[str, Any]":
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _uri(file: str) -> str:
    """Return a relative reference (RFC 3986), or for an absolute name a ``file:`` URI (RFC 8089)."""
    from urllib.parse import quote  # noqa: PLC0415  # slow to load, and needed here only

    path = quote(file.replace(os.path.sep, "/").encode("utf-8", "surrogateescape"))
    return f"file://{path}" if os.path.isabs(file) else path  # names as they are given


FORMATS: "Final" = {"text": Text, "json": Json, "github": GitHub, "sarif": Sarif}
"""The reports, by the name of their format."""
