"""A file -> its findings, reported to a listener."""

from __future__ import annotations

import os.path
import sys
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.findings import Request, Search
from mailbox_schema.lint.sources import FILE_TYPES, documents, kind_of
from mailbox_schema.lint.sources.base import Document, SourceError, unreadable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable
    from typing import BinaryIO, Protocol

    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.sources.base import Position

    class Listener(Protocol):
        """Receives the results; each file ends with ``passed`` or ``failed``."""

        def begun(self) -> None:
            """A file is begun."""

        def found(self, findings: Iterable[Finding], strict: bool) -> None:
            """Findings in the file; with ``strict``, warnings fail the run."""

        def taken(self, file: str, taken_for: str) -> None:
            """How the file was read."""

        def reached(self, file: str, records: int) -> None:
            """This many records of the file are done."""

        def passed(self) -> None:
            """The file was read to its end."""

        def failed(self, file: str, position: Position | None, reason: str) -> None:
            """The file can't be read or parsed."""


STDIN: Final = "-"
_OUT_OF_MEMORY: Final = "not enough memory"
_STDIN_NAME: Final = "<stdin>"
_FOLDER: Final = "is a folder, not a file"


def check_file(arguments: Namespace, name: str, choice: Choice, listener: Listener) -> None:
    """Check the file ``name`` for the chosen rules."""
    guard(arguments, name, lambda: _check(arguments, name, choice, listener), listener)


def guard(arguments: Namespace, name: str, check: Callable[[], None], listener: Listener) -> None:
    """Run ``check``, and report an error that keeps the file from being read or parsed."""
    listener.begun()
    try:
        check()
    except SourceError as error:
        listener.failed(file_name(arguments, name), error.position, error.reason)
    except MemoryError:
        listener.failed(file_name(arguments, name), None, _OUT_OF_MEMORY)
    else:
        listener.passed()


def _check(arguments: Namespace, name: str, choice: Choice, listener: Listener) -> None:
    file = file_name(arguments, name)
    kind = kind_of_file(arguments, name)
    search = Search(file, kind, choice)
    with open_source(name, is_streamed=FILE_TYPES[kind].is_streamed) as stream:
        for document in documents(stream, kind):
            if isinstance(document, Document):
                if document.first_index:
                    listener.reached(file, document.first_index)
                elif arguments.verbose:
                    listener.taken(file, Request(document).taken_for)
            listener.found(search.findings(document), choice.strict)


def file_name(arguments: Namespace, name: str) -> str:
    """Return the name of the file in reports."""
    return name if name != STDIN else arguments.stdin_filename or _STDIN_NAME


def kind_of_file(arguments: Namespace, name: str) -> str:
    """Return the type of the file.

    :raises SourceError: if neither an option nor the name tells
    """
    if arguments.type is not None:
        kind: str = arguments.type
        return kind
    if name == STDIN and arguments.stdin_filename is None:
        return "json"
    try:
        return kind_of(file_name(arguments, name))
    except SourceError:
        if name != STDIN and os.path.isdir(name):
            raise SourceError(_FOLDER) from None
        raise


def open_source(name: str, *, is_streamed: bool = False) -> BinaryIO:
    """Return the file, opened; without a buffer, if it is read whole into one of our own.

    :raises SourceError: if it can't be opened
    """
    if name == STDIN:
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return sys.stdin.buffer
    try:
        return open(name, "rb", buffering=-1 if is_streamed else 0)
    except (FileNotFoundError, ValueError):  # the latter for a NUL character in the name
        raise SourceError("no such file") from None
    except IsADirectoryError:
        raise SourceError(_FOLDER) from None
    except OSError as error:
        raise unreadable(error) from None
