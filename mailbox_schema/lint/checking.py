"""A file -> what is found in it, told to a listener: the command itself, or a process that helps it."""

import os.path
import sys

from mailbox_schema.lint.clean import is_clean
from mailbox_schema.lint.sources import Document, SourceError, documents, kind_of, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO, Final, Protocol

    from mailbox_schema.lint.arguments import Arguments
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.sources import Position, Remark

    class Listener(Protocol):
        """Who is told; each file ends with ``passed`` or ``failed``."""

        def begun(self) -> None:
            """A file is begun."""

        def found(self, findings: "Sequence[Finding]", strict: bool) -> None:
            """Findings of the file; with ``strict``, warnings fail the run."""

        def taken(self, file: str, taken_for: str) -> None:
            """What the file was taken for."""

        def reached(self, file: str, records: int) -> None:
            """So many records of the file are done."""

        def passed(self) -> None:
            """The file was read to its end."""

        def failed(self, file: str, position: "Position | None", reason: str) -> None:
            """The file can't be read or parsed."""


STDIN: "Final" = "-"
OUT_OF_MEMORY: "Final" = "takes more memory than there is"
"""Why a file can't be checked that is too large for the machine."""
_STDIN_SHOWN: "Final" = "<stdin>"
_FOLDER: "Final" = "is a folder, not a file"


def check_file(arguments: "Arguments", name: str, choice: "Choice", listener: "Listener") -> None:
    """Check the file ``name`` for what is chosen."""
    guarded(arguments, name, lambda: _check(arguments, name, choice, listener), listener)


def guarded(arguments: "Arguments", name: str, check: "Callable[[], None]", listener: "Listener") -> None:
    """Run ``check``; whatever keeps the file from being read or parsed is told, and raises nothing."""
    listener.begun()
    try:
        check()
    except SourceError as error:
        listener.failed(file_name(arguments, name), error.position, error.reason)
    except MemoryError:
        listener.failed(file_name(arguments, name), None, OUT_OF_MEMORY)
    else:
        listener.passed()


def _check(arguments: "Arguments", name: str, choice: "Choice", listener: "Listener") -> None:
    file = file_name(arguments, name)
    kind = kind_of_file(arguments, name)
    with opened(name, is_read_whole=kind != "jsonl") as stream:
        for number, document in enumerate(documents(stream, kind)):
            if number:
                listener.reached(file, number)
            if arguments.verbose and isinstance(document, Document) and not document.index:
                from mailbox_schema.lint.findings import Request  # noqa: PLC0415  # for this option only

                listener.taken(file, Request(document).taken_for)
            found = _found(file, kind, document, choice)
            if found:
                listener.found(found, choice.strict)


def _found(file: str, kind: str, document: "Document | Remark", choice: "Choice") -> "Sequence[Finding]":
    is_default = not choice.asks_for_more_than_default()
    if is_default and isinstance(document, Document) and is_clean(document, kind):
        return ()
    from mailbox_schema.lint.findings import findings  # noqa: PLC0415  # for what is not clean only

    return findings(file, kind, document, choice)


def file_name(arguments: "Arguments", name: str) -> str:
    """Return the name that stands for the file in what is said of it."""
    return name if name != STDIN else arguments.stdin_filename or _STDIN_SHOWN


def kind_of_file(arguments: "Arguments", name: str) -> str:
    """Return the type of the file.

    :raises SourceError: if nothing tells
    """
    if arguments.type is not None:
        return arguments.type
    if name == STDIN and arguments.stdin_filename is None:
        return "json"
    try:
        return kind_of(file_name(arguments, name))
    except SourceError:
        if name != STDIN and os.path.isdir(name):
            raise SourceError(_FOLDER) from None
        raise


def opened(name: str, *, is_read_whole: bool = True) -> "BinaryIO":
    """Return the file, opened; without a buffer, where it would be one between two others.

    :raises SourceError: if it can't be
    """
    if name == STDIN:
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return sys.stdin.buffer
    try:
        return open(name, "rb", buffering=0 if is_read_whole else -1)
    except (FileNotFoundError, ValueError):  # the latter for a NUL character in the name
        raise SourceError("no such file") from None
    except IsADirectoryError:
        raise SourceError(_FOLDER) from None
    except OSError as error:
        raise unreadable(error) from None
