"""Arguments, exit status; the only place that prints."""

import argparse
import os
import sys

from mailbox_schema import __version__, rules
from mailbox_schema.contract import BODY_CONSTRAINTS, BODY_OBJECT, FIELDS, MAILBOX_OBJECT, PROVENANCE
from mailbox_schema.lint.sources import SourceError
from mailbox_schema.lint.sources.json import parse
from mailbox_schema.schema import schema_names, schema_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

CLEAN: "Final" = 0
"""Exit status: every file was read, and nothing was found."""
VIOLATIONS: "Final" = 1
"""Exit status: every file was read, and there are violations."""
TROUBLE: "Final" = 2
"""Exit status: a file can't be read or parsed, or the command line is wrong."""

STDIN: "Final" = "-"
_STDIN_SHOWN: "Final" = "<stdin>"


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the command with the arguments ``argv`` and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold what the terminal's encoding can't show.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, as `head` does; the interpreter would say so once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mailbox-schema",
        description="Say what the API would say about a request that connects mailboxes in bulk.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    check = commands.add_parser(
        "check",
        help="check files of mailboxes",
        description="Check JSON files: a request body, a list of mailboxes, or one mailbox each.",
        epilog="Exit status: 0 clean, 1 violations, 2 a file that can't be read or parsed, or wrong usage.",
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="a JSON file; - for standard input")
    check.add_argument("-v", "--verbose", action="store_true", help="say what each file was taken for")
    check.set_defaults(command=_check)

    schema = commands.add_parser("schema", help="print a JSON Schema document")
    names = ", ".join(schema_names())
    schema.add_argument("name", nargs="?", default="request", metavar="NAME", help=f"one of: {names}")
    schema.set_defaults(command=_schema)

    listing = commands.add_parser("rules", help="list the rules with their fields, wording and provenance")
    listing.set_defaults(command=_rules)
    return parser


# check


def _check(arguments: argparse.Namespace) -> int:
    violations = broken_files = unread_files = 0
    for name in arguments.files:
        shown = _STDIN_SHOWN if name == STDIN else name.replace("\n", "\\n")
        try:
            value = parse(_read(name))
        except SourceError as error:
            place = "" if error.line is None else f":{error.line}:{error.column}"
            _complain(f"{shown}{place}: {error.reason}")
            unread_files += 1
            continue
        taken_for, body = as_body(value)
        if arguments.verbose:
            _complain(f"{shown}: taken for {taken_for}")
        count = _print_violations(shown, body)
        violations += count
        broken_files += count > 0
    _complain(_summary(len(arguments.files), violations, broken_files, unread_files))
    if unread_files:
        return TROUBLE
    return VIOLATIONS if violations else CLEAN


def as_body(value: object) -> "tuple[str, object]":
    """Return what a file's value was taken for, and the request body that it stands for.

    >>> as_body([{"smtp_port": 465}])
    ('a list of mailboxes', {'mailboxes': [{'smtp_port': 465}]})
    """
    if isinstance(value, list):
        return "a list of mailboxes", {"mailboxes": value}
    if isinstance(value, dict) and not _is_body(value) and any(name in value for name in FIELDS):
        return "one mailbox", {"mailboxes": [value]}
    return "a request body", value


def _is_body(value: "Mapping[str, object]") -> bool:
    return any(row.key in value for row in BODY_CONSTRAINTS if row.key)


def _read(name: str) -> bytes:
    try:
        if name == STDIN:
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:  # noqa: PTH123  # pathlib would double the time the command takes to start
            return file.read()
    except FileNotFoundError:
        raise SourceError("no such file") from None
    except IsADirectoryError:
        raise SourceError("is a folder, not a file") from None
    except OSError as error:
        raise SourceError(f"can't be read: {error.strerror}") from None
    except ValueError:
        raise SourceError("no such file") from None


def _print_violations(shown: str, body: object) -> int:
    count = 0
    for violation in rules.body_violations(body):
        hint = "" if violation.hint is None else f" (hint: {violation.hint})"
        print(f"{shown}: {violation}{hint}")
        count += 1
    return count


def _summary(files: int, violations: int, broken_files: int, unread_files: int) -> str:
    checked = f"{_counted(files - unread_files, 'file')} checked"
    found = f"{_counted(violations, 'violation')} in {broken_files}" if violations else "no violations"
    unread = f", {_counted(unread_files, 'file')} could not be read" if unread_files else ""
    return f"{checked}, {found}{unread}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _complain(line: str) -> None:
    print(line, file=sys.stderr)


# schema, rules


def _schema(arguments: argparse.Namespace) -> int:
    try:
        text = schema_text(arguments.name)
    except ValueError as error:
        _complain(str(error))
        return TROUBLE
    print(text, end="")
    return CLEAN


def _rules(_arguments: argparse.Namespace) -> int:
    rows = [("RULE", "PROVENANCE", "PATH", "MESSAGE")]
    shown_path = {BODY_OBJECT.rule: "body", MAILBOX_OBJECT.rule: "mailbox[i]"}
    rows += [
        (row.rule, row.provenance, row.key or shown_path[row.rule], row.message) for row in BODY_CONSTRAINTS
    ]
    rows += [
        (field.rule, field.provenance, f"mailbox[i].{field.name}", field.message) for field in FIELDS.values()
    ]
    for line in _aligned(rows):
        print(line)
    print()
    for letter, meaning in PROVENANCE.items():
        print(f"{letter}  {meaning}")
    return CLEAN


def _aligned(rows: "Sequence[tuple[str, ...]]") -> "Iterable[str]":
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
