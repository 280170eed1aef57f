"""The command line: its arguments, and the exit statuses."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter, _SubParsersAction
from functools import partial
from typing import TYPE_CHECKING, Final

from mailbox_schema import __version__
from mailbox_schema.contract import MAILBOX_COUNT, MAX_MAILBOXES
from mailbox_schema.lint.reports import FORMATS
from mailbox_schema.lint.sources import FILE_TYPES
from mailbox_schema.lint.streams import complain, flush, write

if TYPE_CHECKING:
    from typing import Any, NoReturn

CLEAN: Final = 0
"""Exit status: every file was read, and nothing was found that the API would refuse."""
VIOLATIONS: Final = 1
"""Exit status: every file was read, and there are errors (with ``--strict``, or warnings)."""
TROUBLE: Final = 2
"""Exit status: a file can't be read or parsed, the output can't be written, or wrong usage."""


class Exit(Exception):  # noqa: N818  # not an error: argparse is done
    """Help, the version or wrong usage has been printed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Parser(ArgumentParser):
    """argparse, which prints without control characters and notices when the output can't be written."""

    def __init__(self, **options: Any) -> None:
        # argparse tries each argument on a formatter, which without a width loads shutil to ask the terminal.
        super().__init__(formatter_class=partial(HelpFormatter, width=80), **options)

    def format_help(self) -> str:
        self.formatter_class = HelpFormatter
        return super().format_help()

    def format_usage(self) -> str:
        self.formatter_class = HelpFormatter
        return super().format_usage()

    def error(self, message: str) -> NoReturn:
        for line in (*self.format_usage().splitlines(), f"{self.prog}: error: {message}"):
            complain(line)
        raise Exit(TROUBLE)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002  # argparse's signature
        flush()
        raise Exit(status)

    def _print_message(self, message: str, file: object = None) -> None:  # noqa: ARG002  # as above
        write(message)


def make_parser() -> ArgumentParser:
    """Return the parser of the command line."""
    parser = _Parser(
        prog="mailbox-schema",
        description="Check what the API would say about a request that connects mailboxes in bulk.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, dest="command", metavar="COMMAND")
    _add_check(commands)
    _add_body(commands)
    schema = commands.add_parser("schema", help="print a schema document")
    add = schema.add_argument
    add(
        "name",
        nargs="?",
        default="request",
        metavar="NAME",
        help="default: request; an unknown name lists all",
    )
    commands.add_parser("rules", help="list the rules: the contract's, and advice")
    explain = commands.add_parser("explain", help="print the page of a rule")
    explain.add_argument("rule", metavar="RULE")
    commands.add_parser("cases", help="print bodies with their exact lines, as JSON Lines")
    commands.add_parser("lsp", help="run the language server, for an editor")
    completion = commands.add_parser("completion", help="print a script that completes commands in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    return parser


def _add_check(commands: _SubParsersAction[_Parser]) -> None:
    check = commands.add_parser(
        "check",
        help="check files of mailboxes",
        description="Check files of mailboxes: JSON, YAML, CSV and JSON Lines. A file is a request body, a"
        " list of mailboxes, or one mailbox; a CSV file has a mailbox in each row, a JSON Lines file one in"
        " each line.",
        epilog="Exit status: 0 clean, 1 errors (with --strict, or warnings), 2 a file that can't be read or"
        " parsed, output that can't be written, or wrong usage.",
    )
    add = check.add_argument
    _add_files(check, "a file, a folder, a pattern such as 'config/**/*.yaml', or - for standard input")
    add(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out these files and folders, as in .gitignore; can be repeated",
    )
    add("--force-exclude", action="store_true", help="leave out excluded files that are named, too")
    add(
        "--error-on-empty",
        action="store_true",
        help="exit with status 2 if there are no files of mailboxes in a folder",
    )
    add("--format", choices=tuple(FORMATS), default="text", help="the format of the report (default: text)")
    add("--output", metavar="FILE", help="write the report to this file when the run is over")
    add(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colors in a text report; auto: on a terminal, or as NO_COLOR and FORCE_COLOR say",
    )
    add("--config", metavar="FILE", help="take the settings from this TOML file instead of pyproject.toml")
    add("--show-settings", action="store_true", help="print the settings of each file; check nothing")
    add(
        "--all",
        action="store_true",
        help="show all findings; default: the first 100 of each rule in each file",
    )
    add(
        "--select",
        metavar="RULES",
        help="check these rules only, separated by commas; or all, default, contract, advice",
    )
    add("--extend-select", metavar="RULES", help="check these rules too")
    add("--ignore", metavar="RULES", help="don't check these rules")
    add("--strict", action="store_true", help="warnings fail the run too")
    add(
        "--allow-placeholders",
        action="store_true",
        help="a value that is only a placeholder passes every rule",
    )
    add("--baseline", metavar="FILE", help="don't report the findings in this baseline")
    add("--write-baseline", action="store_true", help="write all findings to the baseline; report none")
    repairs = check.add_mutually_exclusive_group()
    repairs.add_argument(
        "--fix",
        action="store_true",
        help="fix what can be fixed safely, then report the rest; standard input is fixed to standard output,"
        " and reported on standard error",
    )
    repairs.add_argument(
        "--diff",
        action="store_true",
        help="show what --fix would change, without other values of the file, and change nothing; exit"
        " status 1 if there is something to fix",
    )
    add("--unsafe-fixes", action="store_true", help="fix what needs a look afterwards, too")
    add("--response", metavar="ANSWER", help="locate the lines of this answer of the API in FILE")
    add(
        "--batch-number",
        type=_batch_number,
        metavar="K",
        help="the answer is about the K-th body, from 1, that the command body prints for the files",
    )
    _add_batch(check)
    add("-q", "--quiet", action="store_true", help="findings only, no summary")
    add("--statistics", action="store_true", help="count the findings of each rule, on standard error")
    add("-v", "--verbose", action="store_true", help="show how each file was read")


def _add_body(commands: _SubParsersAction[_Parser]) -> None:
    body = commands.add_parser(
        "body",
        help="print the request body that files of mailboxes stand for",
        description="Check files of mailboxes, and print the request body that they stand for, as JSON in one"
        " line; if there are too many mailboxes for one body, a line for each. The passwords are in it, so it"
        " is never printed to a terminal: send it through a pipe. If the API would refuse the body, or a"
        " value is a placeholder or encrypted, standard error has the findings, and nothing is printed.",
        epilog="Exit status: 0 printed, 1 errors, 2 a file that can't be read or parsed, output that can't be"
        " written, or wrong usage.",
    )
    body.set_defaults(**_DEFAULTS_OF_BODY)
    _add_files(body, "a file, or - for standard input")
    _add_batch(body)
    body.add_argument("--force", action="store_true", help="print the body in spite of errors")


# The findings are reported as by a plain check.
_DEFAULTS_OF_BODY: Final = {
    "format": "text",
    "all": True,
    "verbose": False,
    "statistics": False,
    "quiet": False,
    "output": None,
    "color": "auto",
    "config": None,
    "fix": False,
    "diff": False,
    "unsafe_fixes": False,
}


def _add_files(command: _Parser, files: str) -> None:
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help=files)
    add(
        "--type",
        choices=tuple(FILE_TYPES),
        help="the file type; default: from the file name, or for standard input from its content",
    )
    add("--stdin-filename", metavar="NAME", help="the name of standard input, in reports and for its type")
    add(
        "--at",
        metavar="PATH",
        help="where the mailboxes are in each file: keys (a.b), or a JSON Pointer (/a/b)",
    )


def _add_batch(command: _Parser) -> None:
    command.add_argument(
        "--batch",
        type=_batch_size,
        default=MAX_MAILBOXES,
        metavar="N",
        help=f"the most mailboxes in a body (default: {MAX_MAILBOXES}, which is the most that there may be)",
    )


def _batch_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):  # noqa: PLR2004  # more digits than any number of bodies
        raise ArgumentTypeError("expected a number from 1")
    return int(text)


def _batch_size(text: str) -> int:
    least, most = MAILBOX_COUNT
    if text not in map(str, range(least, most + 1)):
        raise ArgumentTypeError(f"expected a number from {least} to {most}")
    return int(text)


def complete_files(parser: ArgumentParser) -> None:
    """Mark the arguments that are files, so that a shell completes their names."""
    for action in parser._actions:  # noqa: SLF001  # where shtab looks, too
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                complete_files(command)
        elif action.metavar in {"FILE", "ANSWER"}:
            action.complete = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}  # type: ignore[attr-defined]  # shtab's own
