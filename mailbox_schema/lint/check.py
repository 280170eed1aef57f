"""A file -> its findings."""

from __future__ import annotations

import os.path
import sys
from contextlib import contextmanager
from io import BufferedReader
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.lint.findings import Search
from mailbox_schema.lint.sources import FILE_TYPES, documents, kind_of
from mailbox_schema.lint.sources.base import Document, SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.sources.comments import Comment

STDIN: Final = "-"
NO_NAME: Final = "<stdin>"
"""What standard input is called, if nobody names it."""
MAGIC: Final = frozenset("*?[")
"""The characters that make an argument a pattern."""
# Enough for the first line of nearly any file.
_PEEKED: Final = 64 * 1024
_FOLDER: Final = "is a folder, not a file"


class File(NamedTuple):
    """A file to check.

    - ``name``: as the command line gives it; ``-`` is standard input
    - ``shown``: its name in reports
    - ``type``: its type, if an option gives it
    """

    name: str
    shown: str
    type: str | None

    @property
    def has_type(self) -> bool:
        """Whether an option or the name tells the type; otherwise it is standard input without a name."""
        return self.type is not None or self.shown != NO_NAME

    @property
    def kind(self) -> str:
        """The type of the file.

        :raises SourceError: if neither an option nor the name tells
        """
        if self.type is not None:
            return self.type
        try:
            return kind_of(self.shown)
        except SourceError:
            if self.name != STDIN and os.path.isdir(self.name):
                raise SourceError(_FOLDER) from None
            if self.name != STDIN and not os.path.lexists(self.name):
                raise SourceError("no such file") from None
            raise


class Found(NamedTuple):
    """The files that arguments stand for.

    - ``files``: to check, in order
    - ``failures``: the folders that can't be read, and why
    - ``empty``: the folders and patterns without any file
    """

    files: list[str]
    failures: list[tuple[str, SourceError]]
    empty: list[str]


def is_pattern(name: str) -> bool:
    """Return whether an argument is a pattern rather than the name of a file."""
    return not MAGIC.isdisjoint(name) and not os.path.lexists(name)


def check_file(
    file: File, choice: Choice, on_kind: Callable[[str], None], on_document: Callable[[Document], None]
) -> Iterator[Finding]:
    """Yield the findings in a file.

    ``on_kind`` is called with the type of the file, ``on_document`` with each document before its findings.

    :raises SourceError: if the file can't be read or parsed
    """
    with opened(file) as (stream, kind):
        on_kind(kind)
        yield from check_stream(stream, file._replace(type=kind), choice, on_document)


def check_stream(
    stream: BinaryIO, file: File, choice: Choice, on_document: Callable[[Document], None] | None = None
) -> Iterator[Finding]:
    """Yield the findings in ``stream``, the contents of a file, as :func:`check_file` does.

    :raises SourceError: if it can't be read or parsed
    """
    found = _found(stream, file, choice, on_document)
    if not choice.field_ignores:
        yield from found
        return
    from mailbox_schema.lint.ignores import is_ignored  # noqa: PLC0415  # for this setting only

    yield from (finding for finding in found if not is_ignored(finding, choice))


def _found(
    stream: BinaryIO, file: File, choice: Choice, on_document: Callable[[Document], None] | None
) -> Iterator[Finding]:
    """Yield the findings in a file that its comments don't say to ignore."""
    search = Search(file.shown, file.kind, choice)
    commented = _Commented(file.shown, choice)
    try:
        for document in documents(stream, file.kind, choice.at):
            if isinstance(document, Document):
                if on_document is not None:
                    on_document(document)
                commented.comments = document.comments
            found = search.findings(document)
            if commented.comments:
                commented.waiting.extend(found)
            else:
                yield from found
    except SourceError:
        yield from commented.findings()
        raise
    yield from commented.findings()


class _Commented:
    """The findings in a file with instructions in comments: they wait until all of them are known."""

    def __init__(self, file: str, choice: Choice) -> None:
        self._file = file
        self._choice = choice
        self.comments: Sequence[Comment] = ()
        self.waiting: list[Finding] = []

    def findings(self) -> list[Finding]:
        """Return those that no comment says to ignore, and those about the comments."""
        if not self.comments:
            return []
        from mailbox_schema.lint.ignores import apply_comments  # noqa: PLC0415  # for such files only

        return apply_comments(self._file, self.waiting, self.comments, self._choice)


def ensure_keys(kind: str, at: str | None) -> None:
    """Refuse a type of files without keys, if the option ``at`` says under which one the mailboxes are.

    :raises SourceError: for such a type
    """
    if at and not FILE_TYPES[kind].has_keys:
        raise SourceError(f"a file of the type {kind} has no keys: it can't be read with --at")


@contextmanager
def opened(file: File) -> Iterator[tuple[BinaryIO, str]]:
    """Give the file, opened, and its type; of standard input without a name or type, by its first characters.

    :raises SourceError: if it can't be opened, or its type is not known
    """
    if file.has_type:
        kind = file.kind
        with open_source(file.name) as stream:
            yield stream, kind
        return
    from mailbox_schema.lint.sources.content import kind_of_content  # noqa: PLC0415  # for this case only

    with open_source(file.name) as stream:
        buffered = BufferedReader(stream, _PEEKED)  # type: ignore[type-var]  # reads from any stream
        try:
            yield buffered, kind_of_content(buffered.peek())
        finally:
            buffered.detach()


def open_source(name: str) -> BinaryIO:
    """Return the file, opened.

    :raises SourceError: if it can't be opened
    """
    if name == STDIN:
        if sys.stdin is None:
            raise SourceError("standard input is closed")
        return sys.stdin.buffer
    try:
        return open(name, "rb")
    except (FileNotFoundError, ValueError):  # the latter for a NUL character in the name
        raise SourceError("no such file") from None
    except IsADirectoryError:
        raise SourceError(_FOLDER) from None
    except OSError as error:
        raise unreadable(error) from None
