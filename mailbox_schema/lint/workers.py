"""Very many files -> what is found in them, by several processes; told in the order of the files.

Each process checks every so manieth slice of the files and sends what it would tell the listener; here it is
told slice by slice. A process that is ahead waits, so nothing piles up.

The processes are started anew rather than forked: that is safe in a program with threads, and the same on
every system. Plain pipes rather than multiprocessing, which starts one process more and loads the main
module of the program once again.
"""

import contextlib
import gc
import os
import pickle
import sys
from subprocess import PIPE, Popen
from threading import Thread

from mailbox_schema.lint.checking import check_file, file_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, BinaryIO, Final

    from mailbox_schema.lint.arguments import Arguments
    from mailbox_schema.lint.checking import Listener
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.sources import Position

    Call = tuple[str, tuple[Any, ...]]
    File = tuple[str, Choice]
    Slice = list[File]

# A slice is large enough that sending it costs little beside checking it; of few files there are slices
# enough for all processes to end at about the same time.
_MOST_FILES_A_SLICE: "Final" = 200
_LEAST_SLICES_A_PROCESS: "Final" = 4
# What is found is sent when it is so much, wherever that is in a slice, so that memory is bounded.
_CALLS_AT_ONCE: "Final" = 1000
# Processes that break more often than this aren't broken by a file now and then.
_MOST_BREAKS: "Final" = 10

BROKEN: "Final" = "the process that checked it has ended before it was done"
"""Why a file can't be checked whose process was killed, or ran out of memory."""
_PROGRAM: "Final" = "from mailbox_schema.lint.workers import work; work()"
_ENDS_OF_A_FILE: "Final" = frozenset({"passed", "failed"})


class NoProcessError(Exception):
    """A process can't be started; says why in one line."""


def check_in_processes(
    arguments: "Arguments", files: "Sequence[File]", processes: int, listener: "Listener"
) -> None:
    """Check the files, each for what is chosen for it, in so many processes.

    :raises NoProcessError: if one can't be started
    """
    size = max(1, min(_MOST_FILES_A_SLICE, len(files) // (processes * _LEAST_SLICES_A_PROCESS)))
    slices = [list(files[start : start + size]) for start in range(0, len(files), size)]
    workers: "list[_Worker]" = []
    try:
        for number in range(min(processes, len(slices))):
            workers.append(_Worker(arguments, slices[number::processes], listener))
        for worker in workers:
            worker.begin()
        for number in range(len(slices)):
            workers[number % processes].tell_slice()
    finally:
        for worker in workers:
            worker.stop()


class _Worker:
    """A process that checks slices of files, as its starter sees it."""

    def __init__(self, arguments: "Arguments", slices: "list[Slice]", listener: "Listener") -> None:
        self._arguments = arguments
        self._slices = slices
        self._listener = listener
        self._breaks = 0
        self._start()

    def _start(self) -> None:
        self._process = _started()
        self._work: "BinaryIO" = self._process.stdin  # type: ignore[assignment]  # a pipe, as was asked for
        self._answer: "BinaryIO" = self._process.stdout  # type: ignore[assignment]  # as above

    def begin(self) -> None:
        """Give the process its work; the pipe stays open, for where it ends, the process does."""
        with contextlib.suppress(BrokenPipeError):  # it has ended: that is seen when its answer is read
            pickle.dump((self._arguments, self._slices), self._work, pickle.HIGHEST_PROTOCOL)
            self._work.flush()

    def tell_slice(self) -> None:
        """Tell the listener what the process has sent of its next slice."""
        files = self._slices[0]
        done, is_within_a_file = 0, False
        while done < len(files):
            calls = self._received()
            if calls is None:
                self._go_on(files[done:], is_first_at_fault=is_within_a_file)
                return
            for name, values in calls:
                getattr(self._listener, name)(*values)
                is_within_a_file = name not in _ENDS_OF_A_FILE
                done += not is_within_a_file
        del self._slices[0]

    def _received(self) -> "list[Call] | None":
        """Return what the process has sent next; ``None`` where it has ended."""
        try:
            calls: "list[Call]" = pickle.load(self._answer)  # noqa: S301  # from our own process
        except Exception:  # noqa: BLE001  # it has ended, or something else was written in between
            return None
        return calls

    def _go_on(self, rest: "Slice", *, is_first_at_fault: bool) -> None:
        """After a break, let a new process check ``rest``, file by file: so the one at fault is known."""
        self._breaks += 1
        if self._breaks > _MOST_BREAKS:
            broken, rest = rest, []
        elif is_first_at_fault or len(rest) == 1:
            broken, rest = rest[:1], rest[1:]
        else:
            broken = []
        for name, _ in broken:
            self._listener.failed(file_name(self._arguments, name), None, BROKEN)
        self._slices[:1] = [[file] for file in rest]
        if self._breaks <= _MOST_BREAKS:
            self.stop()
            try:
                self._start()
                self.begin()
            except NoProcessError:
                self._breaks = _MOST_BREAKS
        for _ in rest:
            self.tell_slice()

    def stop(self) -> None:
        """End the process; one that has done its work is let end by itself."""
        if self._slices:
            self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):  # what it has not taken of its work
            self._work.close()
        self._answer.close()


def _started() -> "Popen[bytes]":
    try:
        return Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {_PROGRAM}"],
            stdin=PIPE,
            stdout=PIPE,
            # What is typed to stop the run is for its starter, which stops the others.
            start_new_session=True,
        )
    except OSError as error:
        raise NoProcessError(f"a process can't be started: {error.strerror}") from None


# In the other process


def work() -> None:
    """Check the slices of files that standard input names, and send what is found to standard output."""
    try:
        arguments, slices = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own process
    except EOFError:  # the starter was stopped before it gave any work
        return
    Thread(target=_end_with_starter, daemon=True).start()
    recorder = _Recorder(sys.stdout.buffer)
    try:
        for files in slices:
            for name, choice in files:
                check_file(arguments, name, choice, recorder)
            recorder.send()
        gc.freeze()  # as in cli.run
    except BrokenPipeError:  # the starter has gone; let the interpreter not try once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_with_starter() -> None:
    """End this process when its starter has, however that was: then the pipe from it ends."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)  # pragma: no cover  # nothing is measured behind it


class _Recorder:
    """A listener that sends on what it is told."""

    def __init__(self, stream: "BinaryIO") -> None:
        self._stream = stream
        self._calls: "list[Call]" = []
        self._size = 0

    def begun(self) -> None:
        """A file is begun."""
        self._add(_BEGUN)

    def found(self, findings: "Sequence[Finding]", strict: bool) -> None:
        """Findings of the file."""
        self._add(("found", (findings, strict)), len(findings))

    def taken(self, file: str, taken_for: str) -> None:
        """What the file was taken for."""
        self._add(("taken", (file, taken_for)))

    def reached(self, file: str, records: int) -> None:
        """Nothing is sent for each record."""

    def passed(self) -> None:
        """The file was read to its end."""
        self._add(_PASSED)

    def failed(self, file: str, position: "Position | None", reason: str) -> None:
        """The file can't be read or parsed."""
        self._add(("failed", (file, position, reason)))

    def _add(self, call: "Call", size: int = 1) -> None:
        self._calls.append(call)
        self._size += size
        if self._size >= _CALLS_AT_ONCE:
            self.send()

    def send(self) -> None:
        """Send what was told since the last time."""
        pickle.dump(self._calls, self._stream, pickle.HIGHEST_PROTOCOL)
        self._stream.flush()
        self._calls, self._size = [], 0


_BEGUN: "Final[Call]" = ("begun", ())
_PASSED: "Final[Call]" = ("passed", ())
