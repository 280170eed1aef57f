"""One module for each file type: text -> documents with the position of every value."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.lint.sources.base import SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from mailbox_schema.lint.sources.base import Document, Remark


class FileType(NamedTuple):
    """A type of files.

    - ``name``: as ``--type`` has it
    - ``endings``: of the names of such files, in lower case
    - ``module``: in this package; its ``documents(stream)`` yields the documents
    - ``has_keys``: whether values are under keys, so that the mailboxes may be further down
    """

    name: str
    endings: tuple[str, ...]
    module: str
    has_keys: bool = True


FILE_TYPES: Final = {
    file_type.name: file_type
    for file_type in (
        FileType("csv", (".csv", ".tsv"), "csv", has_keys=False),
        FileType("json", (".json",), "json"),
        FileType("jsonl", (".jsonl", ".ndjson"), "jsonl"),
        FileType("yaml", (".yaml", ".yml"), "yaml"),
    )
}
"""The types of files, by name."""


def documents(stream: BinaryIO, kind: str, at: str = "") -> Iterator[Document | Remark]:
    """Yield the documents of a source of the type ``kind``, a key of :data:`FILE_TYPES`.

    ``at`` is the path to the mailboxes in each of them; a type without keys has them at the top.

    :raises KeyError: if there is no such type
    :raises SourceError: if the source can't be read or parsed
    """
    # The module of a type is loaded for its own files only: PyYAML takes longer than a whole run over JSON.
    module = import_module(f"{__name__}.{FILE_TYPES[kind].module}")
    try:
        found: Iterator[Document | Remark] = module.documents(stream)
        if at and FILE_TYPES[kind].has_keys:
            from mailbox_schema.lint.sources.inside import documents_at  # noqa: PLC0415  # for this setting only

            found = documents_at(found, at)
        yield from found
    except OSError as error:  # a stream is read as its documents are requested
        raise unreadable(error) from None


def kind_of(name: str) -> str:
    """Return the type of the source ``name``.

    >>> kind_of("config/mailboxes.YML")
    'yaml'

    :raises SourceError: if the name doesn't tell
    """
    for file_type in FILE_TYPES.values():
        if name.lower().endswith(file_type.endings):
            return file_type.name
    raise SourceError("can't tell the file type from the name: use --type")
