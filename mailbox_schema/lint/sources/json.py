"""JSON text -> its one document, by the standard parser."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.sources.base import (
    ANY_TAG,
    MOST_VALUES,
    Document,
    SourceError,
    decode,
    longest_number,
    own_limit,
    read_whole,
    template_error,
    too_many_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO, NoReturn

    from mailbox_schema.lint.sources.base import Path, Position, Remark, Span, Text
    from mailbox_schema.lint.sources.json_places import Places


def documents(stream: BinaryIO) -> Iterator[Document]:
    """Yield the one document of ``stream``.

    :raises SourceError: if it is not UTF-8, or not JSON (RFC 8259)
    """
    yield parse_document(decode(read_whole(stream)))


def parse_document(source: Text, record: int | None = None) -> Document:
    """Return the document in ``source``: a whole request, or the record of that number.

    :raises SourceError: if it is not JSON (RFC 8259)
    """
    if source.text.count(",") >= MOST_VALUES:  # between two values there is a comma
        raise too_many_values()
    try:
        value, has_duplicate_keys = _parse(source.text)
    except (ValueError, SourceError, RecursionError) as error:
        from mailbox_schema.lint.sources.json_errors import refusal  # noqa: PLC0415  # "The few tricks"

        raise template_error(source, ANY_TAG) or refusal(error, source) from None
    return _JsonDocument(value, source, record, has_duplicate_keys=has_duplicate_keys)


class _JsonDocument(Document):
    """A value in JSON text. Its positions are searched for on request: most documents have no findings."""

    def __init__(self, value: object, source: Text, record: int | None, *, has_duplicate_keys: bool) -> None:
        self.value = value
        self._source = source
        self._has_duplicate_keys = has_duplicate_keys
        if record is not None:
            self.records = (value,)
            self.first_index = record

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of the key and of the value at ``path``, where there are any."""
        return self._places.locate(path)

    def scalar(self, path: Path) -> Span | None:
        """Return the span of the scalar at ``path``; none in a document with a duplicate key."""
        return None if self._has_duplicate_keys else self._places.scalar(path)

    def key(self, path: Path) -> Span | None:
        """Return the span of the key at ``path``; none in a document with a duplicate key."""
        return None if self._has_duplicate_keys else self._places.key(path)

    def member(self, path: Path) -> Span | None:
        """Return the span of the member at ``path`` and a comma; none in a document with a duplicate key."""
        return None if self._has_duplicate_keys else self._places.member(path)

    def remarks(self, depth: int = 0) -> Iterable[Remark]:
        """Return a remark for each key of the body or of a mailbox, or around them, that appears again."""
        return self._places.duplicate_keys(depth) if self._has_duplicate_keys else ()

    @cached_property
    def _places(self) -> Places:
        from mailbox_schema.lint.sources.json_places import Places  # noqa: PLC0415  # as above

        return Places(self._source, has_duplicate_keys=self._has_duplicate_keys)


class _DuplicateKeyError(Exception):
    """An object has the same key twice."""


def _parse(text: str) -> tuple[object, bool]:
    """Return the value of ``text``, and whether one of its objects has a key twice: the last one counts."""
    try:
        return _DECODE_UNIQUE(text), False
    except _DuplicateKeyError:
        pass  # the error holds what was parsed, so it goes first
    return _DECODE(text), True


def _to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _DuplicateKeyError
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise SourceError("not JSON: NaN and Infinity are not numbers")


def _parse_bounded_int(digits: str) -> int:
    if len(digits.removeprefix("-")) > longest_number():
        raise ValueError
    return int(digits)


def _decoder(to_object: Callable[[list[tuple[str, Any]]], object] | None) -> Callable[[str], object]:
    """Return the standard parser; it makes each object by ``to_object``, if that is given."""
    return json.JSONDecoder(
        parse_constant=_refuse_constant,
        # By default, CPython since 3.10.7 refuses the same by itself.
        parse_int=None if longest_number() == own_limit() else _parse_bounded_int,
        object_pairs_hook=to_object,
    ).decode


_DECODE: Final = _decoder(None)
_DECODE_UNIQUE: Final = _decoder(_to_object)
