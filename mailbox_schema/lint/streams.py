"""What the command prints: the only place that writes to standard output and standard error."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mailbox_schema.lint.reports import escape

if TYPE_CHECKING:
    from typing import TextIO


def attempt(stream: TextIO | None, text: str) -> None:
    """Write ``text`` if possible; otherwise keep the interpreter from trying again at exit."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def flush() -> None:
    """Write what is buffered for standard output."""
    if sys.stdout is not None:
        sys.stdout.flush()


def complain(line: str) -> None:
    """Print a line on standard error, after what standard output has."""
    # Where both streams end up in one place, as in pre-commit, the findings come before the complaint.
    flush()
    if sys.stderr is not None:
        print(escape(line), file=sys.stderr)


def rewrite_line(text: str) -> None:
    """Replace what the last line of standard error shows, which has to be a terminal."""
    print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def write(text: str) -> None:
    """Write to standard output.

    :raises OSError: if it can't be written
    """
    if sys.stdout is None:
        raise OSError(0, "standard output is closed")
    sys.stdout.write(text)


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output."""
    write("")
    flush()
    sys.stdout.buffer.write(data)


def write_error(text: str) -> None:
    """Write to standard error."""
    if sys.stderr is not None:
        sys.stderr.write(text)
