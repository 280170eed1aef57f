r"""Reads mailboxes from files, as the command does: each with the place of its values.

>>> import io
>>> stream = io.BytesIO(b"SMTP email,SMTP port\njared@getpiedpiper.com,SSL\n")
>>> for read in read_mailboxes(stream, "csv"):
...     print(read.mailbox, read.place("smtp_port"))
{'smtp_email': 'jared@getpiedpiper.com', 'smtp_port': 'SSL'} <stream>:2:24
"""

from __future__ import annotations

import io
import os
from contextlib import nullcontext
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from mailbox_schema.lint.check import STDIN, open_source
from mailbox_schema.lint.mailboxes import mailboxes_in
from mailbox_schema.lint.sources import FILE_TYPES, documents, kind_of
from mailbox_schema.lint.sources.base import SourceError
from mailbox_schema.lint.sources.inside import read_way
from mailbox_schema.values import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from mailbox_schema.lint.mailboxes import Read

__all__ = ["ReadMailbox", "UnreadableFile", "read_mailboxes"]

# Of a stream whose name doesn't tell.
_NO_NAME: Final = "<stream>"


class UnreadableFile(ValueError):  # noqa: N818  # as InvalidBody, it names what is wrong
    """A file, or a part of it, can't be read. Its text is one line, which quotes nothing of the file.

    - ``file``: the name of the file
    - ``reason``: why it can't be read
    - ``position``: line and column, both from 1; ``None`` where the reason has no place

    >>> print(UnreadableFile("mailboxes.json", "not JSON: the text ends too early", (3, 1)))
    mailboxes.json:3:1: not JSON: the text ends too early
    """

    def __init__(self, file: str, reason: str, position: tuple[int, int] | None = None) -> None:
        super().__init__(file, reason, position)
        self.file = file
        self.reason = reason
        self.position = position

    def __str__(self) -> str:
        place = self.file if self.position is None else _place(self.file, self.position)
        return f"{place}: {self.reason}"


class ReadMailbox:
    """A mailbox that was read from a file; its ``repr`` shows no value of it.

    - ``mailbox``: as ``json.loads`` would return it, right or wrong
    - ``file``: the name of the file
    - ``index``: the number of the mailbox in the file, from 0
    """

    __slots__ = ("_read", "file", "index", "mailbox")

    def __init__(self, read: Read, index: int) -> None:
        self.mailbox: Any = read.mailbox
        self.file: str = read.file
        self.index: int = index
        self._read = read

    def __repr__(self) -> str:
        return f"ReadMailbox(file={self.file!r}, index={self.index})"

    def position(self, field: str | None = None) -> tuple[int, int]:
        """Return line and column of a field's value, both from 1; the column in characters.

        If the field is absent, and by default, they are those of the mailbox.
        """
        return self._read.position(field)

    def place(self, field: str | None = None) -> str:
        """Return the place of a field's value as the command prints it, such as ``mailboxes.csv:3:61``."""
        return _place(self.file, self.position(field))


def _place(file: str, position: tuple[int, int]) -> str:
    return "{}:{}:{}".format(file, *position)


def read_mailboxes(
    path_or_stream: str | os.PathLike[str] | BinaryIO,
    kind: str | None = None,
    at: str = "",
    *,
    on_unreadable: Callable[[UnreadableFile], object] | None = None,
) -> Iterator[ReadMailbox]:
    """Yield the mailboxes of a file, or of a binary stream, in the order of the file.

    ``kind`` is ``csv``, ``json``, ``jsonl`` or ``yaml``; by default, the name tells. ``at`` is the path to
    the mailboxes in the file: keys (``a.b``), or a JSON Pointer (``/a/b``). CSV and JSON Lines are read as a
    stream, in constant memory. A file that is opened here is closed at the end; a stream is left open.

    Mailboxes are read whether they are valid or not. A mailbox that can't be read is a line of JSON Lines
    that isn't JSON, or a row of CSV with too few or too many cells. It ends the iteration, or goes to
    ``on_unreadable``, and the iteration continues with the next.

    :raises UnreadableFile: while iterating, if the file can't be read; without ``on_unreadable``, also if the
        next mailbox of it can't
    :raises ValueError: if ``kind`` is not a type of files, or ``at`` not a path
    :raises TypeError: if the first argument is not a path or a binary stream
    """
    if kind is not None and kind not in FILE_TYPES:
        raise ValueError(f"kind must be one of {', '.join(FILE_TYPES)}")
    read_way(at)
    if isinstance(path_or_stream, io.TextIOBase):
        raise TypeError("expected a binary stream: open the file with the mode 'rb'")
    if not isinstance(path_or_stream, (str, os.PathLike)) and not hasattr(path_or_stream, "read"):
        raise TypeError(f"expected a path or a binary stream, got {type_name(path_or_stream)}")
    return _read(path_or_stream, kind, at, on_unreadable)


def _read(
    path_or_stream: str | os.PathLike[str] | BinaryIO,
    kind: str | None,
    at: str,
    on_unreadable: Callable[[UnreadableFile], object] | None,
) -> Iterator[ReadMailbox]:
    file = _name(path_or_stream)
    numbers = count()

    def skip(error: SourceError) -> None:
        if on_unreadable is None:
            raise error
        next(numbers)
        on_unreadable(UnreadableFile(file, error.reason, error.position))

    error = None
    try:
        with _opened(path_or_stream) as stream:
            parts = documents(stream, _kind(file, kind, at), at)
            yield from map(ReadMailbox, mailboxes_in(parts, file, skip), numbers)
    except SourceError as raised:
        error = raised
    if (
        error is not None
    ):  # outside the handler: a parser's error, which may quote the file, is no context of it
        raise UnreadableFile(file, error.reason, error.position)


def _name(path_or_stream: str | os.PathLike[str] | BinaryIO) -> str:
    if isinstance(path_or_stream, (str, os.PathLike)):
        return os.fspath(path_or_stream)
    name: object = getattr(path_or_stream, "name", None)
    return name if isinstance(name, str) else _NO_NAME


def _opened(path_or_stream: str | os.PathLike[str] | BinaryIO) -> AbstractContextManager[BinaryIO]:
    if not isinstance(path_or_stream, (str, os.PathLike)):
        return nullcontext(path_or_stream)
    name = os.fspath(path_or_stream)
    # Only for the command is this name that of standard input.
    return open_source(f"{os.curdir}{os.sep}{name}" if name == STDIN else name)


def _kind(file: str, kind: str | None, at: str) -> str:
    try:
        kind = kind or kind_of(file)
    except SourceError:
        raise SourceError("can't tell the file type from the name: pass `kind`") from None
    if at and not FILE_TYPES[kind].has_keys:
        raise SourceError(f"a file of the type {kind} has no keys: it can't be read with `at`")
    return kind
