"""Documents inside documents: the mailboxes that a larger file keeps under a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.sources.base import Document, Remark, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbox_schema.lint.sources.base import Path, Position, Span

# Each finding is searched for along the way; no file of mailboxes nests deeper, as in YAML.
_MOST_KEYS: Final = 100
# RFC 6901, 4.
_ESCAPED: Final = re.compile(r"~([01])")
_WRONG_ESCAPE: Final = re.compile(r"~(?![01])")
# Of an array, the index that RFC 6901 allows; no list has more digits.
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,17}")


def read_way(text: str) -> tuple[str, ...]:
    """Return the keys and indices of a dotted path, or of a JSON Pointer (RFC 6901).

    >>> read_way("woodpecker.mailboxes"), read_way("/a.b/c~1d/0"), read_way("")
    (('woodpecker', 'mailboxes'), ('a.b', 'c/d', '0'), ())

    :raises ValueError: if it is neither
    """
    if not text:
        return ()
    is_pointer = text.startswith("/")
    keys = text[1:].split("/") if is_pointer else text.split(".")
    is_wrong = _WRONG_ESCAPE.search(text) if is_pointer else "" in keys
    if is_wrong or len(keys) > _MOST_KEYS:
        raise ValueError("expected keys, such as a.b, or a JSON Pointer, such as /a/b")
    if is_pointer:
        return tuple(_ESCAPED.sub(lambda match: "~/"[int(match[1])], key) for key in keys)
    return tuple(keys)


def documents_at(outer: Iterable[Document | Remark], at: str) -> Iterator[Document | Remark]:
    """Yield the documents at the path ``at`` in others.

    A record without a value there gives a remark, because the others are not its business.

    :raises SourceError: at the end, if a document has no value there
    """
    way = read_way(at)
    first_error: SourceError | None = None
    for document in outer:
        if isinstance(document, Remark):
            yield document
            continue
        try:
            yield _Inside(document, way)
        except LookupError as error:
            reason = f"there is nothing at {at}"
            position = document.position(error.args[0])
            if document.records is None:
                first_error = first_error or SourceError(reason, position)
            else:
                yield Remark("syntax", position, f"mailbox[{document.first_index}] can't be read: {reason}")
    if first_error is not None:
        raise first_error


class _Inside(Document):
    """The value at a path in another document.

    :raises LookupError: if there is none; holds the path to the nearest value around it
    """

    def __init__(self, outer: Document, way: tuple[str, ...]) -> None:
        self._outer = outer
        self._path: Path = ()
        self.comments = outer.comments
        self.value = outer.value if outer.records is None else outer.records[0]
        for key in way:
            step: str | int = key
            if isinstance(self.value, list) and _INDEX.fullmatch(key) and int(key) < len(self.value):
                step = int(key)
            elif not isinstance(self.value, dict) or key not in self.value:
                raise LookupError(self._path)
            self.value = self.value[step]  # type: ignore[index]  # an index of a list, or a key of a dict
            self._path = (*self._path, step)
        if outer.records is not None:
            self.records = (self.value,)
            self.first_index = outer.first_index

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of the key and of the value at ``path``, where there are any."""
        return self._outer.locate((*self._path, *path))

    def scalar(self, path: Path) -> Span | None:
        """Return the span of the scalar at ``path``, if it is certain what editing it changes."""
        return self._outer.scalar((*self._path, *path))

    def key(self, path: Path) -> Span | None:
        """Return the span of the key at ``path``, if it is certain what editing it changes."""
        return self._outer.key((*self._path, *path))

    def member(self, path: Path) -> Span | None:
        """Return the span whose removal leaves out the member at ``path``, and no other."""
        return self._outer.member((*self._path, *path))

    def remarks(self, depth: int = 0) -> Iterable[Remark]:
        """Return the findings of the source itself."""
        return self._outer.remarks(depth + len(self._path))

    def plain(self, path: Path) -> str | None:
        """Return the text of the plain YAML scalar at ``path``, if there is one."""
        return self._outer.plain((*self._path, *path))
