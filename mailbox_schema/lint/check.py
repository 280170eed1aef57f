"""A file -> its findings."""

from __future__ import annotations

import os.path
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.lint.findings import Search
from mailbox_schema.lint.sources import FILE_TYPES, documents, kind_of
from mailbox_schema.lint.sources.base import Document, SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.findings import Finding

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
    kind = file.kind
    search = Search(file.shown, kind, choice)
    with open_source(file.name, is_streamed=FILE_TYPES[kind].is_streamed) as stream:
        for document in documents(stream, kind, choice.at):
            if isinstance(document, Document):
                on_document(document)
            yield from search.findings(document)


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
