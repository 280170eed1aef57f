"""Arguments, exit status; the only place that prints."""

import gc
import io
import os
import sys
import time

from mailbox_schema.lint.arguments import parsed
from mailbox_schema.lint.checking import STDIN, check_file, file_name, guarded, kind_of_file, opened
from mailbox_schema.lint.config import Choices, Config, ConfigError
from mailbox_schema.lint.sources import Document, documents, read_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final, TextIO

    from mailbox_schema.lint.arguments import Arguments
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.reports import Report
    from mailbox_schema.lint.sources import Position

CLEAN: "Final" = 0
"""Exit status: every file was read, and nothing was found that the API would refuse."""
VIOLATIONS: "Final" = 1
"""Exit status: every file was read, and there are errors (with ``--strict``, or warnings)."""
TROUBLE: "Final" = 2
"""Exit status: a file can't be read or parsed, the output can't be written, or wrong usage."""
INTERRUPTED: "Final" = 130
"""Exit status: stopped from the keyboard, as shells say it."""

# A run that is over sooner shows no progress.
_SECONDS_BETWEEN: "Final" = 1.0


def run() -> int:
    """Run the command as all that this process is for, and return its exit status."""
    try:
        return main()
    finally:
        # At its end the interpreter looks for what could be freed, a sixth of a run over one file; the memory
        # is given back anyway.
        gc.freeze()


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the command with the arguments ``argv`` and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name may hold what the terminal's encoding can't show.
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = parsed(sys.argv[1:] if argv is None else argv)
        status = _COMMANDS[arguments.command](arguments)
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


# check


class _Run:
    """One run of the check: its report, and what it has counted; listens to what is found."""

    def __init__(self, arguments: "Arguments", files: int) -> None:
        self._arguments = arguments
        self._files = files
        self._report: "Report | None" = None
        self._progress = _Progress()
        self._by_rule: "dict[str, int]" = {}
        self._begun = self._errors = self._warnings = 0
        self.checked = self.troubles = 0
        self.has_failed = False

    def report(self) -> "Report":
        """Return the report, which is loaded when there is something to write."""
        if self._report is None:
            from mailbox_schema.lint.reports import FORMATS, Text  # noqa: PLC0415  # as said

            has_colour = self._arguments.format == "text" and _is_coloured()
            self._report = (
                Text(_write, has_colour=True) if has_colour else FORMATS[self._arguments.format](_write)
            )
        return self._report

    def finish_report(self) -> None:
        """Write what comes last in the report; of no findings, text is nothing at all."""
        if self._report is not None or self._arguments.format != "text":
            self.report().finish()

    def begun(self) -> None:
        """Say how far the run is."""
        if self._progress.is_possible:
            self._progress.show(f"{self._begun} of {_counted(self._files, 'file')}")
        self._begun += 1

    def found(self, findings: "Sequence[Finding]", strict: bool) -> None:
        """Report and count findings."""
        report = self.report()
        for finding in findings:
            self._progress.clear()
            report.add(finding)
            self._by_rule[finding.rule] = self._by_rule.get(finding.rule, 0) + 1
            is_error = finding.severity == "error"
            self._errors += is_error
            self._warnings += not is_error
            self.has_failed = self.has_failed or is_error or strict

    def taken(self, file: str, taken_for: str) -> None:
        """Say what a file was taken for."""
        _complain(f"{_shown(file)}: taken for {taken_for}")

    def reached(self, file: str, records: int) -> None:
        """Say how far the run is in a long file."""
        if self._progress.is_possible:
            self._progress.show(f"{_shown(file)}: {_counted(records, 'record')}")

    def passed(self) -> None:
        """Count a file that was read to its end."""
        self.checked += 1

    def failed(self, file: str, position: "Position | None", reason: str) -> None:
        """Say that a file can't be read or parsed."""
        from mailbox_schema.lint.reports import Trouble  # noqa: PLC0415  # as in report

        self._progress.clear()
        place = "" if position is None else ":{}:{}".format(*position)
        _complain(f"{_shown(file)}{place}: {reason}")
        self.report().add_trouble(Trouble(file, position, reason))
        self.troubles += 1

    def end_of_files(self) -> None:
        """Say no more how far the run is."""
        self._progress.clear()

    def statistics(self) -> "list[tuple[str, int]]":
        """Return how often each rule spoke, the most frequent first."""
        return sorted(self._by_rule.items(), key=lambda item: (-item[1], item[0]))

    def summary(self) -> str:
        """Say in a line what was checked and found."""
        counts = [_counted(self._errors, "violation")] if self._errors else []
        counts += [_counted(self._warnings, "warning")] if self._warnings else []
        said = (
            [f"{_counted(self.checked, 'file')} checked: {', '.join(counts) or 'no findings'}"]
            if self.checked
            else []
        )
        said += [f"{_counted(self.troubles, 'file')} can't be read or parsed"] if self.troubles else []
        return "; ".join(said)


def _shown(name: str) -> str:
    from mailbox_schema.lint.reports import shown  # noqa: PLC0415  # only where there is something to say

    return shown(name)


class _Progress:
    """On a terminal, a long run says on standard error how far it is, on a line that is wiped again."""

    def __init__(self) -> None:
        self.is_possible = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + _SECONDS_BETWEEN
        self._is_shown = False

    def show(self, said: str) -> None:
        """Say it, if it is time to."""
        if time.monotonic() > self._next:
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


def _check(arguments: "Arguments") -> int:
    command_line = _command_line(arguments)
    if arguments.response is not None:
        return _check_answer(arguments, arguments.response)
    names = sorted(set(arguments.files))
    choices = Choices(command_line)
    # All before the first finding is written: what is wrong in a configuration is wrong usage.
    files = [(name, choices.choice(file_name(arguments, name))) for name in names]
    run = _Run(arguments, len(files))
    processes = _processes(arguments, names)
    try:
        if processes == 1 or not _is_checked_in_processes(arguments, files, processes, run):
            for name, choice in files:
                check_file(arguments, name, choice, run)
    finally:
        run.end_of_files()
    return _finish(arguments, run)


def _command_line(arguments: "Arguments") -> Config:
    return Config(
        select=_rules_named("--select", arguments.select) or None,
        extend_select=_rules_named("--extend-select", arguments.extend_select),
        ignore=_rules_named("--ignore", arguments.ignore),
        allow_placeholders=arguments.allow_placeholders,
        strict=arguments.strict,
    )


def _rules_named(option: str, names: "str | None") -> "frozenset[str]":
    if names is None:
        return frozenset()
    from mailbox_schema.lint.rules import expanded  # noqa: PLC0415  # for these options only

    try:
        return expanded([name.strip() for name in names.split(",") if name.strip()])
    except ValueError as error:
        raise ConfigError(f"mailbox-schema check: error: {option}: {error}") from None


def _finish(arguments: "Arguments", run: _Run) -> int:
    run.finish_report()
    if arguments.statistics:
        for rule, count in run.statistics():
            _complain(f"{count:7} {rule}")
    if not arguments.quiet:
        _complain(run.summary())
    if run.troubles:
        return TROUBLE
    return VIOLATIONS if run.has_failed else CLEAN


# check, in several processes


def _processes(arguments: "Arguments", names: "list[str]") -> int:
    """Return in how many processes the files are checked."""
    # No other process has our standard input.
    if len(names) == 1 or STDIN in names:
        return 1
    if arguments.jobs is not None:
        return arguments.jobs
    from mailbox_schema.lint.effort import processes_that_pay  # noqa: PLC0415  # needed here only

    return processes_that_pay(names, arguments.type)


def _is_checked_in_processes(
    arguments: "Arguments", files: "list[tuple[str, Choice]]", processes: int, run: _Run
) -> bool:
    """Check the files in several processes; say whether these could be started, if nobody asked for them."""
    from mailbox_schema.lint.workers import NoProcessError, check_in_processes  # noqa: PLC0415  # rarely needed

    try:
        check_in_processes(arguments, files, processes, run)
    except NoProcessError as error:
        if arguments.jobs is None:
            return False
        raise ConfigError(f"mailbox-schema check: error: --jobs: {error}") from None
    return True


# check --response


def _check_answer(arguments: "Arguments", answer: str) -> int:
    from mailbox_schema.lint.answers import locate_answer, read_answer  # noqa: PLC0415  # for this option only

    if len(arguments.files) != 1:
        raise ConfigError("mailbox-schema check: error: --response goes with one FILE")
    run = _Run(arguments, 1)
    name = arguments.files[0]
    lines: "list[str]" = []

    def read() -> None:
        with opened(answer) as stream:
            lines.extend(read_answer(read_whole(stream)))

    def locate() -> None:
        kind = kind_of_file(arguments, name)
        with opened(name) as stream:
            found = [document for document in documents(stream, kind) if isinstance(document, Document)]
        located = locate_answer(lines, found, file_name(arguments, name))
        run.found(located.findings, strict=True)
        if not arguments.quiet:
            said = f"{_counted(len(lines), 'line')} in the answer: {located.known} found here too"
            _complain(
                f"{said}, {len(lines) - located.known} by the API only; {located.missing} found here only"
            )

    guarded(arguments, answer, read, run)
    if not run.troubles:
        run.checked = 0
        guarded(arguments, name, locate, run)
    return _finish(arguments, run)


# schema, rules, explain


def _schema(arguments: "Arguments") -> int:
    from mailbox_schema.schema import schema_text  # noqa: PLC0415  # for this command only

    try:
        text = schema_text(arguments.name)
    except (ValueError, FileNotFoundError) as error:
        _complain(str(error))
        return TROUBLE
    _write(text)
    return CLEAN


def _rules(_arguments: "Arguments") -> int:
    from mailbox_schema.contract import PROVENANCE  # noqa: PLC0415  # for this command only
    from mailbox_schema.lint.rules import RULES, contract_rows  # noqa: PLC0415  # as above

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


def _explain(arguments: "Arguments") -> int:
    from mailbox_schema.lint.rules import explanation  # noqa: PLC0415  # for this command only

    try:
        page = explanation(arguments.rule)
    except ValueError as error:
        _complain(str(error))
        return TROUBLE
    _write(f"{page}\n")
    return CLEAN


_COMMANDS: "Final[dict[str, Callable[[Arguments], int]]]" = {
    "check": _check,
    "schema": _schema,
    "rules": _rules,
    "explain": _explain,
}
