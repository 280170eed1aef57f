"""Arguments, exit status; the only place that prints."""

from __future__ import annotations

import gc
import io
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter, _SubParsersAction
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from mailbox_schema import __version__
from mailbox_schema.contract import MAILBOX_COUNT, MAX_MAILBOXES, PROVENANCE
from mailbox_schema.lint.catalogue import RULES, contract_rows, expand, explanation
from mailbox_schema.lint.check import (
    NO_NAME,
    STDIN,
    File,
    Found,
    check_file,
    check_stream,
    ensure_keys,
    is_pattern,
    open_source,
    opened,
)
from mailbox_schema.lint.config import Config, ConfigError, checked_at, choice_for, config_for, read_config
from mailbox_schema.lint.findings import Request
from mailbox_schema.lint.reports import FORMATS, Report, Text, Trouble, escape
from mailbox_schema.lint.sources import FILE_TYPES, documents
from mailbox_schema.lint.sources.base import Document, SourceError, read_whole

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, NoReturn, TextIO

    from mailbox_schema.lint.baseline import Baseline, NewBaseline
    from mailbox_schema.lint.body import Batch, Sendable
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.mailboxes import Read
    from mailbox_schema.lint.response import Located
    from mailbox_schema.lint.sources.base import Position

CLEAN: Final = 0
"""Exit status: every file was read, and nothing was found that the API would refuse."""
VIOLATIONS: Final = 1
"""Exit status: every file was read, and there are errors (with ``--strict``, or warnings)."""
TROUBLE: Final = 2
"""Exit status: a file can't be read or parsed, the output can't be written, or wrong usage."""

# A run that is over sooner shows no progress.
_SECONDS_BETWEEN: Final = 1.0


def run() -> int:
    """Run the command as the only thing this process does, and return its exit status."""
    try:
        return main()
    finally:
        # Don't search for garbage at the end of the process: docs/architecture.md, "The few tricks".
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the arguments ``argv`` and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name may have characters that the terminal's encoding can't show.
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _status(argv)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError as error:
        _attempt(sys.stdout, "")
        # If the reader has gone, as `head` does, there is nobody to tell.
        has_reader = not isinstance(error, BrokenPipeError)
        _attempt(sys.stderr, f"the output can't be written: {error.strerror}\n" if has_reader else "")
        return TROUBLE
    return status


def _status(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
    except _Exit as end:
        return end.status
    except ConfigError as error:
        _complain(str(error))
        return TROUBLE
    return status


def _attempt(stream: TextIO | None, text: str) -> None:
    """Write ``text`` if possible; otherwise keep the interpreter from trying again at exit."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _complain(line: str) -> None:
    # Where both streams end up in one place, as in pre-commit, the findings come before the complaint.
    _flush()
    if sys.stderr is not None:
        print(escape(line), file=sys.stderr)


def _write(text: str) -> None:
    if sys.stdout is None:
        raise OSError(0, "standard output is closed")
    sys.stdout.write(text)


def _write_bytes(data: bytes) -> None:
    _write("")
    _flush()
    sys.stdout.buffer.write(data)


def _write_error(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text)


# Arguments


class _Exit(Exception):  # noqa: N818  # not an error: argparse is done
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
            _complain(line)
        raise _Exit(TROUBLE)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002  # argparse's signature
        _flush()
        raise _Exit(status)

    def _print_message(self, message: str, file: object = None) -> None:  # noqa: ARG002  # as above
        _write(message)


def _parser() -> _Parser:
    parser = _Parser(
        prog="mailbox-schema",
        description="Check what the API would say about a request that connects mailboxes in bulk.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, dest="command", metavar="COMMAND")
    _add_check(commands)
    _add_body(commands)
    schema = commands.add_parser("schema", help="print a schema document")
    schema.set_defaults(run=_schema)
    add = schema.add_argument
    add(
        "name",
        nargs="?",
        default="request",
        metavar="NAME",
        help="default: request; an unknown name lists all",
    )
    commands.add_parser("rules", help="list the rules: the contract's, and advice").set_defaults(run=_rules)
    explain = commands.add_parser("explain", help="print the page of a rule")
    explain.set_defaults(run=_explain)
    explain.add_argument("rule", metavar="RULE")
    cases = commands.add_parser("cases", help="print bodies with their exact lines, as JSON Lines")
    cases.set_defaults(run=_cases)
    commands.add_parser("lsp", help="run the language server, for an editor").set_defaults(run=_lsp)
    completion = commands.add_parser("completion", help="print a script that completes commands in a shell")
    completion.set_defaults(run=_completion)
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
    check.set_defaults(run=_check)
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
        type=int,
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
    body.set_defaults(run=_body, **_DEFAULTS_OF_BODY)
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


def _batch_size(text: str) -> int:
    least, most = MAILBOX_COUNT
    if text not in map(str, range(least, most + 1)):
        raise ArgumentTypeError(f"expected a number from {least} to {most}")
    return int(text)


# check


class _Run:
    """One run of the check: its report and its counts."""

    def __init__(
        self,
        arguments: Namespace,
        files: int,
        write: Callable[[str], object],
        baseline: Baseline | None = None,
    ) -> None:
        self._files = files
        self._is_verbose: bool = arguments.verbose
        self._at: str | None = arguments.at
        self._unsafe_fixes: bool = arguments.unsafe_fixes
        self._report = _report(arguments, write)
        self._progress = _Progress()
        self._by_rule: Counter[str] = Counter()
        self._begun = self._errors = self._warnings = 0
        self._baseline = baseline
        self._fixed = self._fixable = self._unsafely_fixable = 0
        self.checked = self.troubles = 0
        self.has_failed = False

    @contextmanager
    def reading(self, file: str) -> Iterator[None]:
        """Count a file that is read here; report an error that keeps it from being read or parsed."""
        self._progress.show(f"{self._begun} of {_count(self._files, 'file')}")
        self._begun += 1
        self._report.begin_file(file)
        try:
            yield
        except SourceError as error:
            self._fail(file, error.position, error.reason)
        except MemoryError:
            self._fail(file, None, "not enough memory")
        else:
            self._report.end_file()
            self.checked += 1

    def check(self, file: File, choice: Choice) -> None:
        """Check a file for the chosen rules."""
        with self.reading(file.shown):
            on_kind = partial(ensure_keys, at=self._at)
            on_document = partial(self._show_document, file.shown)
            self._add_new(check_file(file, choice, on_kind, on_document), choice)

    def _add_new(self, findings: Iterable[Finding], choice: Choice) -> None:
        """Report the findings that are not in the baseline."""
        for finding in findings:
            if self._baseline is None or not self._baseline.takes(finding):
                self.add(finding, strict=choice.strict)

    def fix(self, file: File, choice: Choice) -> None:
        """Fix a file, and check the result for the chosen rules."""
        from mailbox_schema.lint.repair import repair, write  # noqa: PLC0415  # for this option only

        with self.reading(file.shown):
            repaired = repair(file, choice, unsafe=self._unsafe_fixes)
            ensure_keys(repaired.file.kind, self._at)
            if file.name == STDIN:
                _write_bytes(repaired.after)
            elif repaired.fixed:
                write(file, repaired)
            self._fixed += len(repaired.fixed)
            show_document = partial(self._show_document, file.shown)
            self._add_new(
                check_stream(io.BytesIO(repaired.after), repaired.file, choice, show_document), choice
            )

    def show_fixes(self, file: File, choice: Choice) -> None:
        """Show how a file would be fixed."""
        from mailbox_schema.lint.repair import diff, repair  # noqa: PLC0415  # for this option only

        with self.reading(file.shown):
            repaired = repair(file, choice, unsafe=self._unsafe_fixes)
            ensure_keys(repaired.file.kind, self._at)
            if repaired.error is not None:
                raise repaired.error
            self._fixed += len(repaired.fixed)
            for line in diff(file, repaired.fixed):
                self._progress.clear()
                _write(line)
        self.has_failed = self._fixed > 0

    def add(self, finding: Finding, *, strict: bool) -> None:
        """Report and count a finding; with ``strict``, a warning fails the run."""
        self._progress.clear()
        self._report.add(finding)
        self._by_rule[finding.rule] += 1
        is_error = finding.severity == "error"
        self._errors += is_error
        self._warnings += not is_error
        self.has_failed = self.has_failed or is_error or strict
        if finding.fix is not None:
            is_fixable = finding.fix.is_safe or self._unsafe_fixes
            self._fixable += is_fixable
            self._unsafely_fixable += not is_fixable

    def _show_document(self, file: str, document: Document) -> None:
        """Show how the file was read, or how much of it is done."""
        if document.first_index:
            self._progress.show(f"{escape(file)}: {_count(document.first_index, 'record')}")
        elif self._is_verbose:
            _complain(f"{file}: read as {Request(document).taken_for}")

    def _fail(self, file: str, position: Position | None, reason: str) -> None:
        self._progress.clear()
        self._report.add_trouble(Trouble(file, position, reason))
        self._report.end_file()
        place = "" if position is None else ":{}:{}".format(*position)
        _complain(f"{file}{place}: {reason}")
        self.troubles += 1

    def finish(self, arguments: Namespace, new_baseline: NewBaseline | None = None) -> int:
        """Write the end of the report, the counts and the baseline, and return the exit status."""
        self._progress.clear()
        self._report.finish()
        if arguments.statistics:
            for rule, count in sorted(self._by_rule.items(), key=lambda item: (-item[1], item[0])):
                _complain(f"{count:7} {rule}")
        if new_baseline is not None:
            self._finish_baseline(arguments, new_baseline)
        elif not arguments.quiet:
            _complain(self._summary(arguments))
        if self.troubles:
            return TROUBLE
        return VIOLATIONS if self.has_failed else CLEAN

    def _finish_baseline(self, arguments: Namespace, baseline: NewBaseline) -> None:
        if self.troubles:
            _complain(f"{arguments.baseline}: not written: {self._summary_of_troubles()}")
            return
        written = baseline.write()
        if not arguments.quiet:
            _complain(f"{arguments.baseline}: {_count(written, 'finding')} written")

    def _summary(self, arguments: Namespace) -> str:
        counts = [_count(self._errors, "violation")] if self._errors else []
        counts += [_count(self._warnings, "warning")] if self._warnings else []
        found = ", ".join(counts) or "no findings"
        if arguments.diff:
            found = f"{self._fixed} fixable" if self._fixed else "nothing to fix"
        elif self._fixed:
            found = f"{self._fixed} fixed, {found} left"
        parts = []
        if self.checked or counts or not self.troubles:
            parts.append(f"{_count(self.checked, 'file')} checked: {found}")
        if self._fixable:
            parts.append(f"[*] {self._fixable} fixable with --fix")
        if self._unsafely_fixable:
            parts.append(f"{self._unsafely_fixable} fixable with --fix --unsafe-fixes")
        if self.troubles:
            parts.append(self._summary_of_troubles())
        return "; ".join(parts)

    def _summary_of_troubles(self) -> str:
        return f"{_count(self.troubles, 'file')} can't be read or parsed"


def _report(arguments: Namespace, write: Callable[[str], object]) -> Report:
    if arguments.command == "body":
        return Text(_write_error, most=None)
    if arguments.diff:
        return Report(write)
    # Standard output is for the file then.
    if arguments.fix and STDIN in arguments.files and arguments.output is None:
        write = _write_error
    if arguments.format != "text":
        report: Report = FORMATS[arguments.format](write)
        return report
    return Text(
        write,
        has_color=_has_color(arguments),
        most=None if arguments.all else Text.MOST,
        unsafe_fixes=arguments.unsafe_fixes,
    )


@contextmanager
def _output(arguments: Namespace) -> Iterator[Callable[[str], object]]:
    """Give what writes the report: to standard output, or to a file that is written whole at the end."""
    if arguments.output is None:
        yield _write
        return
    from mailbox_schema.lint.writing import whole_file  # noqa: PLC0415  # for this option only

    with whole_file(arguments.output) as file:
        text = io.TextIOWrapper(file, "utf-8", "backslashreplace", newline="\n")
        yield text.write
        text.flush()
        text.detach()


class _Progress:
    """On a terminal, a long run shows its progress on standard error, on a line that is removed again."""

    def __init__(self) -> None:
        self._is_possible = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + _SECONDS_BETWEEN
        self._is_shown = False

    def show(self, text: str) -> None:
        """Show it, if it is time to."""
        if self._is_possible and time.monotonic() > self._next:
            self._next = time.monotonic() + _SECONDS_BETWEEN
            self._is_shown = True
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Remove it."""
        if self._is_shown:
            self._is_shown = False
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _has_color(arguments: Namespace) -> bool:
    """Return whether to write colors: as wished (no-color.org, force-color.org), or on a terminal."""
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    is_terminal = arguments.output is None and sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and os.environ.get("TERM") != "dumb"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check(arguments: Namespace) -> int:
    command_line = _command_line(arguments)
    if arguments.response is not None:
        with _output(arguments) as write:
            return _check_answer(arguments, command_line, write)
    if arguments.batch_number is not None:
        raise ConfigError("mailbox-schema check: error: --batch-number requires --response")
    found = _find(arguments, command_line)
    files = [_file(arguments, name) for name in found.files]
    files = [file for file in files if not _is_left_out(file.shown, command_line)]
    # All before the first finding is written: a wrong configuration is wrong usage.
    choices = [choice_for(file.shown, command_line) for file in files]
    if arguments.show_settings:
        return _show_settings(files, choices, command_line)
    new_baseline = _new_baseline(arguments)
    baseline = new_baseline or _baseline(arguments)
    with _output(arguments) as write:
        run = _Run(arguments, len(files) + len(found.failures), write, baseline)
        for folder, error in found.failures:
            with run.reading(folder):
                raise error
        treat = run.fix if arguments.fix else run.show_fixes if arguments.diff else run.check
        for file, choice in zip(files, choices, strict=True):
            treat(file, choice)
        for name in found.empty:
            _complain(f"{name}: no files of mailboxes found")
        status = run.finish(arguments, new_baseline)
    return TROUBLE if found.empty and arguments.error_on_empty else status


def _show_settings(files: list[File], choices: list[Choice], command_line: Config) -> int:
    for file, choice in zip(files, choices, strict=True):
        config = config_for(file.shown, command_line)
        flags = {"strict": choice.strict, "allow-placeholders": choice.allow_placeholders}
        settings = {
            "configuration": config.file or "none",
            "at": choice.at or "the top",
            **{name: "true" if value else "false" for name, value in flags.items()},
            "rules": ", ".join(name for name in RULES if name in choice.rules) or "none",
        }
        _write(
            f"{escape(file.shown)}\n"
            + "".join(f"    {escape(f'{key}: {value}')}\n" for key, value in settings.items())
        )
    return CLEAN


def _baseline(arguments: Namespace) -> Baseline | None:
    """Return the known findings.

    :raises ConfigError: if they can't be read
    """
    if arguments.baseline is None:
        return None
    from mailbox_schema.lint.baseline import read_baseline  # noqa: PLC0415  # for this option only

    return read_baseline(arguments.baseline)


def _new_baseline(arguments: Namespace) -> NewBaseline | None:
    """Return the baseline that is to be written.

    :raises ConfigError: if it has no name
    """
    if not arguments.write_baseline:
        return None
    if arguments.baseline is None:
        raise ConfigError("mailbox-schema check: error: --write-baseline requires --baseline FILE")
    from mailbox_schema.lint.baseline import NewBaseline  # noqa: PLC0415  # for this option only

    return NewBaseline(arguments.baseline)


def _find(arguments: Namespace, command_line: Config) -> Found:
    """Return the files that the arguments name, or that their folders and patterns stand for."""
    names = sorted(set(arguments.files))
    if not any(os.path.isdir(name) or is_pattern(name) for name in names):
        return Found(names, [], [])
    from mailbox_schema.lint.discovery import find_files  # noqa: PLC0415  # for folders and patterns only

    return find_files(names, command_line, has_type=arguments.type is not None)


def _is_left_out(name: str, command_line: Config) -> bool:
    """Return whether a named file is excluded, if that is forced: pre-commit names all of them."""
    config = config_for(name, command_line)
    is_forced = config.force_exclude or command_line.force_exclude
    if not is_forced or not (config.exclude or command_line.exclude):
        return False
    from mailbox_schema.lint.discovery import is_excluded  # noqa: PLC0415  # for excluded files only

    return is_excluded(name, command_line)


def _file(arguments: Namespace, name: str) -> File:
    shown = name if name != STDIN else arguments.stdin_filename or NO_NAME
    return File(name, shown, arguments.type)


def _command_line(arguments: Namespace) -> Config:
    return Config(
        select=_rules_named("--select", arguments.select) or None,
        extend_select=_rules_named("--extend-select", arguments.extend_select),
        ignore=_rules_named("--ignore", arguments.ignore),
        allow_placeholders=arguments.allow_placeholders,
        strict=arguments.strict,
        at=_at(arguments),
        exclude=tuple(arguments.exclude),
        force_exclude=arguments.force_exclude,
        given=None if arguments.config is None else read_config(arguments.config),
    )


def _at(arguments: Namespace) -> str | None:
    try:
        return None if arguments.at is None else checked_at(arguments.at)
    except ValueError as error:
        raise ConfigError(f"mailbox-schema {arguments.command}: error: --at: {error}") from None


def _rules_named(option: str, names: str | None) -> frozenset[str]:
    try:
        return expand([name.strip() for name in (names or "").split(",") if name.strip()])
    except ValueError as error:
        raise ConfigError(f"mailbox-schema check: error: {option}: {error}") from None


def _check_answer(arguments: Namespace, command_line: Config, write: Callable[[str], object]) -> int:
    from mailbox_schema.lint.response import (  # noqa: PLC0415  # for this option only
        locate_answer,
        locate_in_batch,
        read_answer,
    )

    if arguments.fix or arguments.diff:
        raise ConfigError("mailbox-schema check: error: --response can't be used with --fix or --diff")
    if len(arguments.files) != 1 and arguments.batch_number is None:
        raise ConfigError(
            "mailbox-schema check: error: --response requires exactly one FILE, or --batch-number"
        )
    if arguments.response == STDIN and STDIN in arguments.files:
        raise ConfigError("mailbox-schema check: error: standard input can't be both the answer and the file")
    run = _Run(arguments, 1, write)
    with run.reading(arguments.response), open_source(arguments.response) as stream:
        lines = read_answer(read_whole(stream))
    if run.troubles:
        return run.finish(arguments)
    run.checked = 0
    if arguments.batch_number is not None:
        sources = _sendables(arguments, command_line)
        _report_located(run, arguments, lines, locate_in_batch(lines, _batch(arguments, sources)))
        run.checked = len(sources)
        return run.finish(arguments)
    file = _file(arguments, arguments.files[0])
    at = choice_for(file.shown, command_line).at
    with run.reading(file.shown), opened(file) as (stream, kind):
        ensure_keys(kind, arguments.at)
        parts = (part for part in documents(stream, kind, at) if isinstance(part, Document))
        _report_located(run, arguments, lines, locate_answer(lines, parts, file.shown))
    return run.finish(arguments)


def _report_located(run: _Run, arguments: Namespace, lines: list[str], located: Located) -> None:
    for finding in located.findings:
        run.add(finding, strict=True)
    if not arguments.quiet:
        counts = f"{located.known} also found here, {len(lines) - located.known} found only by the API"
        _complain(f"{_count(len(lines), 'line')} in the answer: {counts}; {located.missing} found only here")


# body


def _body(arguments: Namespace) -> int:
    from mailbox_schema.lint.body import batches, can_be_forced  # noqa: PLC0415  # for this command only

    if sys.stdout is not None and sys.stdout.isatty():
        _complain("the body has passwords, and is not printed to a terminal: send it through a pipe")
        return TROUBLE
    sources = _sendables(arguments, Config(at=_at(arguments)))
    run = _Run(arguments, len(sources), _write)
    can_force = True
    for source in sources:
        with run.reading(source.file):
            for finding in source.obstacles():
                run.add(finding, strict=False)
                can_force = can_force and can_be_forced(finding)
    if run.troubles or (run.has_failed and not (can_force and arguments.force)):
        status = run.finish(arguments)
        _complain(
            "no body is printed" + ("; use --force to print it anyway" * (can_force and not run.troubles))
        )
        return status
    for batch in batches(_mailboxes(sources), arguments.batch):
        _write(f"{batch.text}\n")
    return CLEAN


def _sendables(arguments: Namespace, command_line: Config) -> list[Sendable]:
    """Return the files to send, in the order of the arguments: it is that of the mailboxes in the batches."""
    from mailbox_schema.lint.body import Sendable  # noqa: PLC0415  # as in _body

    files = [_file(arguments, name) for name in dict.fromkeys(arguments.files)]
    return [Sendable(file, choice_for(file.shown, command_line).at, arguments.at) for file in files]


def _mailboxes(sources: Iterable[Sendable]) -> Iterator[Read]:
    file = ""
    try:
        for source in sources:
            file = source.file
            yield from source.mailboxes()
    except SourceError as error:
        place = "" if error.position is None else ":{}:{}".format(*error.position)
        _complain(f"{file}{place}: {error.reason}")
        raise _Exit(TROUBLE) from None


def _batch(arguments: Namespace, sources: Iterable[Sendable]) -> Batch:
    """Return the batch of the number that the arguments give."""
    from mailbox_schema.lint.body import batches  # noqa: PLC0415  # as in _body

    number = 0
    for number, batch in enumerate(batches(_mailboxes(sources), arguments.batch), 1):
        if number == arguments.batch_number:
            return batch
    raise ConfigError(f"mailbox-schema check: error: --batch-number: the last body is number {number}")


# schema, rules, explain, cases


def _schema(arguments: Namespace) -> int:
    from mailbox_schema.schema import schema_text  # noqa: PLC0415  # for this command only

    try:
        text = schema_text(arguments.name)
    except (ValueError, FileNotFoundError) as error:
        _complain(str(error))
        return TROUBLE
    _write(text)
    return CLEAN


def _rules(_arguments: Namespace) -> int:
    rows: list[tuple[str, ...]] = [("RULE", "PATH", "PROVENANCE", "MESSAGE"), *contract_rows()]
    _write("".join(f"{line}\n" for line in _align(rows)))
    _write("".join(f"\n{letter}  {meaning}" for letter, meaning in PROVENANCE.items()) + "\n\n")
    advice: list[tuple[str, ...]] = [("ADVICE", "SEVERITY", "")]
    advice += [
        (rule.name, rule.severity if rule.is_default else "off by default", rule.summary)
        for rule in RULES.values()
        if not rule.is_contract
    ]
    _write("".join(f"{line}\n" for line in _align(advice)))
    return CLEAN


def _align(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _explain(arguments: Namespace) -> int:
    try:
        page = explanation(arguments.rule)
    except ValueError as error:
        _complain(str(error))
        return TROUBLE
    _write(f"{page}\n")
    return CLEAN


def _cases(_arguments: Namespace) -> int:
    import json  # noqa: PLC0415  # as above

    from mailbox_schema.cases import golden_cases  # noqa: PLC0415  # for this command only

    try:
        cases = golden_cases()
    except FileNotFoundError as error:
        _complain(str(error))
        return TROUBLE
    for case in cases:
        _write(f"{json.dumps(case._asdict())}\n")
    return CLEAN


def _lsp(_arguments: Namespace) -> int:
    try:
        from mailbox_schema.lint.lsp import serve  # noqa: PLC0415  # for this command only
    except ModuleNotFoundError as error:
        _complain(f"mailbox-schema lsp: error: the extra lsp is not installed: no module {error.name}")
        return TROUBLE
    serve()
    return CLEAN


def _completion(arguments: Namespace) -> int:
    try:
        import shtab  # noqa: PLC0415  # an extra, for this command only
    except ImportError:
        _complain("completion needs the package shtab: install mailbox-schema[completion]")
        return TROUBLE
    parser = _parser()
    _complete_files(parser)
    _write(f"{shtab.complete(parser, arguments.shell)}\n")
    return CLEAN


def _complete_files(parser: ArgumentParser) -> None:
    """Mark the arguments that are files, so that a shell completes their names."""
    for action in parser._actions:  # noqa: SLF001  # where shtab looks, too
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                _complete_files(command)
        elif action.metavar in {"FILE", "ANSWER"}:
            action.complete = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}  # type: ignore[attr-defined]  # shtab's own
