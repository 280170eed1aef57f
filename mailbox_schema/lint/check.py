"""A file -> its findings."""

from __future__ import annotations

import os.path
import sys
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
MAGIC: Final = frozenset("*?[")
"""The characters that make an argument a pattern."""
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


def check_file(file: File, choice: Choice, on_document: Callable[[Document], None]) -> Iterator[Finding]:
    """Yield the findings in a file; ``on_document`` is called with each document before its findings.

    :raises SourceError: if the file can't be read or parsed
    """
    with open_source(file.name, is_streamed=FILE_TYPES[file.kind].is_streamed) as stream:
        yield from check_stream(stream, file, choice, on_document)


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


def ensure_keys(file: File, at: str | None) -> None:
    """Refuse a file without keys, if the option ``at`` says under which one the mailboxes are.

    :raises SourceError: for such a file
    """
    if at and not FILE_TYPES[file.kind].has_keys:
        raise SourceError(f"a file of the type {file.kind} has no keys: it can't be read with --at")


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
