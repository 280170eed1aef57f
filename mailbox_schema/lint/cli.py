"""Arguments, exit status; the only place that prints."""

import argparse
import io
import os
import sys
import time
from collections import Counter

from mailbox_schema import __version__
from mailbox_schema.contract import PROVENANCE
from mailbox_schema.lint.config import Config, ConfigError, config_for
from mailbox_schema.lint.findings import Request, findings
from mailbox_schema.lint.reports import FORMATS, Text, Trouble, shown
from mailbox_schema.lint.rules import RULES, contract_rows, expanded, explanation
from mailbox_schema.lint.sources import (
    KINDS,
    Document,
    SourceError,
    documents,
    kind_of,
    read_whole,
    unreadable,
)
from mailbox_schema.schema import schema_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO, Final, TextIO

    from mailbox_schema.lint.findings import Finding

CLEAN: "Final" = 0
"""Exit status: every file was read, and nothing was found that the API would refuse."""
VIOLATIONS: "Final" = 1
"""Exit status: every file was read, and there are errors (with ``--strict``, or warnings)."""
TROUBLE: "Final" = 2
"""Exit status: a file can't be read or parsed, the output can't be written, or wrong usage."""
INTERRUPTED: "Final" = 130
"""Exit status: stopped from the keyboard, as shells say it."""

STDIN: "Final" = "-"
_STDIN_SHOWN: "Final" = "<stdin>"
# A run that is over sooner shows no progress.
_SECONDS_BETWEEN: "Final" = 1.0


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the command with the arguments ``argv`` and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name may hold what the terminal's encoding can't show.
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.command(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except ConfigError as error:
        _complain(str(error))
        return TROUBLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as `head` does
        _attempt(sys.stdout, "")
        return TROUBLE
    except OSError as error:
        _attempt(sys.stdout, "")
        _attempt(sys.stderr, f"the output can't be written: {error.strerror}\n")
        return TROUBLE
    return status


def _attempt(stream: "TextIO | None", text: str) -> None:
    """Write ``text`` if it can be written; else let the interpreter not try once more at exit."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(line: str) -> None:
    if sys.stdout is not None:
        # Where both end up in one place, as in pre-commit, what was found before stands before it.
        sys.stdout.flush()
    if sys.stderr is not None:
        print(line, file=sys.stderr)


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OSError(0, "standard output is closed")
    sys.stdout.write(text)


# The command line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mailbox-schema",
        description="Say what the API would say about a request that connects mailboxes in bulk.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_check(commands)

    schema = commands.add_parser("schema", help="print a JSON Schema document")
    schema.add_argument("name", nargs="?", default="request", metavar="NAME", help="request, if not given")
    schema.set_defaults(command=_schema)

    listing = commands.add_parser("rules", help="list the rules: the contract's, and advice")
    listing.set_defaults(command=_rules)

    explain = commands.add_parser("explain", help="print the page of a rule")
    explain.add_argument("rule", metavar="RULE")
    explain.set_defaults(command=_explain)
    return parser


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="check files of mailboxes",
        description="Check files of mailboxes: JSON, YAML, CSV and JSON Lines. A file holds a request body, a"
        " list of mailboxes, or one mailbox; a CSV file a mailbox a row, a JSON Lines file one a line.",
        epilog="Exit status: 0 clean, 1 errors (with --strict, or warnings), 2 a file that can't be read or"
        " parsed, output that can't be written, or wrong usage.",
    )
    add = check.add_argument
    add("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    add("--type", choices=sorted(set(KINDS.values())), help="the type of the files; else their names tell")
    add("--stdin-filename", metavar="NAME", help="the name that stands for standard input")
    add("--format", choices=FORMATS, default="text", help="how findings are written (text)")
    add(
        "--select",
        metavar="RULES",
        help="look for these rules only, separated by commas; or all, default, contract, advice",
    )
    add("--extend-select", metavar="RULES", help="look for these rules too")
    add("--ignore", metavar="RULES", help="do not look for these rules")
    add("--strict", action="store_true", help="warnings fail the run too")
    add(
        "--allow-placeholders",
        action="store_true",
        help="a value that is wholly a placeholder passes every rule",
    )
    add("--response", metavar="ANSWER", help="locate the lines of this answer of the API in FILE")
    add("-q", "--quiet", action="store_true", help="findings only, no summary")
    add("--statistics", action="store_true", help="count the findings of each rule, on standard error")
    add("-v", "--verbose", action="store_true", help="say what each file was taken for")
    check.set_defaults(command=_check)


def _rules_named(option: str, names: "str | None") -> "frozenset[str]":
    try:
        return expanded([name.strip() for name in (names or "").split(",") if name.strip()])
    except ValueError as error:
        raise ConfigError(f"mailbox-schema check: error: {option}: {error}") from None


# check


class _Run:
    """One run of the check: its settings, and what it has counted."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.config = Config(
            select=_rules_named("--select", arguments.select) or None,
            extend_select=_rules_named("--extend-select", arguments.extend_select),
            ignore=_rules_named("--ignore", arguments.ignore),
            allow_placeholders=arguments.allow_placeholders,
        )
        has_colour = arguments.format == "text" and _is_coloured()
        self.report = Text(_write, has_colour=True) if has_colour else FORMATS[arguments.format](_write)
        self.by_rule: "Counter[str]" = Counter()
        self.progress = _Progress()
        self.errors = self.warnings = self.checked = self.troubles = 0
        self.has_failed = False

    def add(self, found: "Iterable[Finding]", *, strict: bool) -> None:
        """Report and count findings."""
        for finding in found:
            self.progress.clear()
            self.report.add(finding)
            self.by_rule[finding.rule] += 1
            is_error = finding.severity == "error"
            self.errors += is_error
            self.warnings += not is_error
            self.has_failed = self.has_failed or is_error or strict

    def summary(self) -> str:
        """Say in a line what was checked and found."""
        counts = [_counted(self.errors, "violation")] if self.errors else []
        counts += [_counted(self.warnings, "warning")] if self.warnings else []
        said = (
            [f"{_counted(self.checked, 'file')} checked: {', '.join(counts) or 'no findings'}"]
            if self.checked
            else []
        )
        said += [f"{_counted(self.troubles, 'file')} can't be read or parsed"] if self.troubles else []
        return "; ".join(said)


class _Progress:
    """On a terminal, a long run says on standard error how far it is, on a line that is wiped again."""

    def __init__(self) -> None:
        self._is_possible = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + _SECONDS_BETWEEN
        self._is_shown = False

    def show(self, said: str) -> None:
        """Say it, if it is time to."""
        if self._is_possible and time.monotonic() > self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN
            self._is_shown = True
            print(f"\r{said}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Wipe what was said."""
        if self._is_shown:
            self._is_shown = False
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _is_coloured() -> bool:
    """Colour on a terminal only, and never against the user's wish (no-color.org)."""
    return (
        bool(sys.stdout)
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check(arguments: argparse.Namespace) -> int:
    run = _Run(arguments)
    if arguments.response is not None:
        return _check_answer(run)
    names = sorted(set(arguments.files))
    # All before the first finding is written: what is wrong in a configuration is wrong usage.
    configs = {name: config_for(_file_name(arguments, name)) for name in names}
    try:
        for number, name in enumerate(names):
            run.progress.show(f"{number} of {_counted(len(names), 'file')}")
            _guarded(run, name, lambda name: _check_file(run, name, configs[name]))
    finally:
        run.progress.clear()
    run.report.finish()
    return _finish(run)


def _guarded(run: _Run, name: str, check: "Callable[[str], None]") -> None:
    """Run ``check``; whatever keeps a file from being read or parsed is one line, and the others go on."""
    file = _file_name(run.arguments, name)
    try:
        check(name)
        run.checked += 1
    except SourceError as error:
        run.progress.clear()
        place = "" if error.position is None else ":{}:{}".format(*error.position)
        _complain(f"{shown(file)}{place}: {error.reason}")
        run.report.add_trouble(Trouble(file, error.position, error.reason))
        run.troubles += 1


def _check_file(run: _Run, name: str, config: Config) -> None:
    file = _file_name(run.arguments, name)
    choice = config.choice(file, run.config)
    strict = config.strict or run.arguments.strict
    kind = _kind(run.arguments, name)
    with _opened(name) as stream:
        for number, document in enumerate(documents(stream, kind)):
            if number:
                run.progress.show(f"{shown(file)}: {_counted(number, 'record')}")
            if run.arguments.verbose and isinstance(document, Document) and not document.index:
                _complain(f"{shown(file)}: taken for {Request(document).taken_for}")
            run.add(findings(file, kind, document, choice), strict=strict)


def _file_name(arguments: argparse.Namespace, name: str) -> str:
    if name != STDIN:
        return name
    given: "str | None" = arguments.stdin_filename
    return given or _STDIN_SHOWN


def _kind(arguments: argparse.Namespace, name: str) -> str:
    if arguments.type is not None:
        kind: str = arguments.type
        return kind
    return (
        "json" if name == STDIN and arguments.stdin_filename is None else kind_of(_file_name(arguments, name))
    )


def _opened(name: str) -> "BinaryIO":
    if name == STDIN:
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return sys.stdin.buffer
    try:
        return open(name, "rb")
    except (FileNotFoundError, ValueError):  # the latter for a NUL character in the name
        raise SourceError("no such file") from None
    except IsADirectoryError:
        raise SourceError("is a folder, not a file") from None
    except OSError as error:
        raise unreadable(error) from None


def _finish(run: _Run) -> int:
    if run.arguments.statistics:
        for rule, count in sorted(run.by_rule.items(), key=lambda item: (-item[1], item[0])):
            _complain(f"{count:7} {rule}")
    if not run.arguments.quiet:
        _complain(run.summary())
    if run.troubles:
        return TROUBLE
    return VIOLATIONS if run.has_failed else CLEAN


# check --response


def _check_answer(run: _Run) -> int:
    from mailbox_schema.lint.answers import locate_answer, read_answer  # noqa: PLC0415  # for this option only

    if len(run.arguments.files) != 1:
        raise ConfigError("mailbox-schema check: error: --response goes with one FILE")
    lines: "list[str]" = []

    def read(name: str) -> None:
        with _opened(name) as stream:
            lines.extend(read_answer(read_whole(stream)))

    def locate(name: str) -> None:
        file, kind = _file_name(run.arguments, name), _kind(run.arguments, name)
        with _opened(name) as stream:
            found = [document for document in documents(stream, kind) if isinstance(document, Document)]
        located = locate_answer(lines, found, file)
        run.add(located.findings, strict=True)
        if not run.arguments.quiet:
            said = f"{_counted(len(lines), 'line')} in the answer: {located.known} found here too"
            _complain(
                f"{said}, {len(lines) - located.known} by the API only; {located.missing} found here only"
            )

    _guarded(run, run.arguments.response, read)
    if not run.troubles:
        run.checked = 0
        _guarded(run, run.arguments.files[0], locate)
    run.report.finish()
    return _finish(run)


# schema, rules, explain


def _schema(arguments: argparse.Namespace) -> int:
    try:
        text = schema_text(arguments.name)
    except (ValueError, FileNotFoundError) as error:
        _complain(str(error))
        return TROUBLE
    _write(text)
    return CLEAN


def _rules(_arguments: argparse.Namespace) -> int:
    rows: "list[tuple[str, ...]]" = [("RULE", "PATH", "PROVENANCE", "MESSAGE"), *contract_rows()]
    _write("".join(f"{line}\n" for line in _aligned(rows)))
    _write("".join(f"\n{letter}  {meaning}" for letter, meaning in PROVENANCE.items()) + "\n\n")
    advice: "list[tuple[str, ...]]" = [("ADVICE", "SEVERITY", "")]
    for rule in RULES.values():
        if not rule.is_contract:
            advice.append((rule.name, rule.severity if rule.is_default else "on request", rule.summary))
    _write("".join(f"{line}\n" for line in _aligned(advice)))
    return CLEAN


def _aligned(rows: "Sequence[tuple[str, ...]]") -> "Iterator[str]":
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _explain(arguments: argparse.Namespace) -> int:
    try:
        page = explanation(arguments.rule)
    except ValueError as error:
        _complain(str(error))
        return TROUBLE
    _write(f"{page}\n")
    return CLEAN
