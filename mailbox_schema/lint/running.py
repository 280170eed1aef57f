"""One run of the check: its report, its counts and its progress."""

from __future__ import annotations

import io
import os
import sys
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.arguments import CLEAN, TROUBLE, VIOLATIONS
from mailbox_schema.lint.check import STDIN, check_file, check_stream, ensure_keys
from mailbox_schema.lint.findings import Request
from mailbox_schema.lint.reports import FORMATS, Report, Text, Trouble, escape
from mailbox_schema.lint.sources.base import SourceError
from mailbox_schema.lint.streams import complain, rewrite_line, write, write_bytes, write_error

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator

    from mailbox_schema.lint.baseline import Baseline, NewBaseline
    from mailbox_schema.lint.check import File
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.sources.base import Document, Position

# A run that is over sooner shows no progress.
_SECONDS_BETWEEN: Final = 1.0


class Run:
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
        self._is_fixing: bool = arguments.fix
        self._unsafe_fixes: bool = arguments.unsafe_fixes
        self._report = _make_report(arguments, write)
        self._progress = _Progress()
        self._by_rule: Counter[str] = Counter()
        self._begun = self._errors = self._warnings = 0
        self._baseline = baseline
        self._fixed = self._fixable = self._unsafely_fixable = 0
        self.checked = self.troubles = 0
        self.has_failed = False

    @contextmanager
    def reading(self, file: str, *, strict: bool = False) -> Iterator[None]:
        """Count a file that is read here; report an error that keeps it from being read or parsed."""
        self._progress.show(f"{self._begun} of {count(self._files, 'file')}")
        self._begun += 1
        self._report.begin_file(file, is_strict=strict)
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
        with self.reading(file.shown, strict=choice.strict):
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

        with self.reading(file.shown, strict=choice.strict):
            repaired = repair(file, choice, unsafe=self._unsafe_fixes)
            ensure_keys(repaired.file.kind, self._at)
            if file.name == STDIN:
                write_bytes(repaired.after)
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
                write(line)
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
            self._progress.show(f"{escape(file)}: {count(document.first_index, 'record')}")
        elif self._is_verbose:
            complain(f"{file}: read as {Request(document).taken_for}")

    def _fail(self, file: str, position: Position | None, reason: str) -> None:
        self._progress.clear()
        self._report.add_trouble(Trouble(file, position, reason))
        self._report.end_file()
        place = "" if position is None else ":{}:{}".format(*position)
        complain(f"{file}{place}: {reason}")
        self.troubles += 1

    def finish(self, arguments: Namespace, new_baseline: NewBaseline | None = None) -> int:
        """Write the end of the report, the counts and the baseline, and return the exit status."""
        self._progress.clear()
        self._report.finish()
        if arguments.statistics:
            for rule, count in sorted(self._by_rule.items(), key=lambda item: (-item[1], item[0])):
                complain(f"{count:7} {rule}")
        if new_baseline is not None:
            self._finish_baseline(arguments, new_baseline)
        elif not arguments.quiet:
            complain(self._summary(arguments))
        if self.troubles:
            return TROUBLE
        return VIOLATIONS if self.has_failed else CLEAN

    def _finish_baseline(self, arguments: Namespace, baseline: NewBaseline) -> None:
        if self.troubles:
            complain(f"{arguments.baseline}: not written: {self._summary_of_troubles()}")
            return
        written = baseline.write()
        if not arguments.quiet:
            complain(f"{arguments.baseline}: {count(written, 'finding')} written")

    def _summary(self, arguments: Namespace) -> str:
        counts = [count(self._errors, "violation")] if self._errors else []
        counts += [count(self._warnings, "warning")] if self._warnings else []
        found = ", ".join(counts) or "no findings"
        if arguments.diff:
            found = f"{self._fixed} fixable" if self._fixed else "nothing to fix"
        elif self._fixed:
            found = f"{self._fixed} fixed, {found} left"
        parts = []
        if self.checked or not self.troubles:
            parts.append(f"{count(self.checked, 'file')} checked: {found}")
        elif counts:  # before the place that can't be read
            parts.append(found)
        if self._fixable:
            parts.append(f"[*] {self._fixable} fixable with --fix")
        if self._unsafely_fixable:
            parts.append(f"{self._unsafely_fixable} fixable with --fix --unsafe-fixes")
        if self.troubles:
            parts.append(self._summary_of_troubles())
        return "; ".join(parts)

    def _summary_of_troubles(self) -> str:
        what = "read, parsed or written" if self._is_fixing else "read or parsed"
        return f"{count(self.troubles, 'file')} can't be {what}"


def _make_report(arguments: Namespace, write: Callable[[str], object]) -> Report:
    if arguments.command == "body":
        return Text(write_error, most=None)
    if arguments.diff:
        return Report(write)
    # Standard output is for the file then.
    if arguments.fix and STDIN in arguments.files and arguments.output is None:
        write = write_error
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
def report_output(arguments: Namespace) -> Iterator[Callable[[str], object]]:
    """Give what writes the report: to standard output, or to a file that is written whole at the end."""
    if arguments.output in {None, STDIN}:
        yield write
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
            rewrite_line(text)

    def clear(self) -> None:
        """Remove it."""
        if self._is_shown:
            self._is_shown = False
            rewrite_line("")


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


def count(number: int, noun: str) -> str:
    """Return the number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
