"""JSON text -> its one document, by the standard parser."""

import json

from mailbox_schema.lint.sources import Document, decode, longest_number, own_limit, read_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO, Final, NoReturn

    from mailbox_schema.lint.sources import Path, Position, Remark, Text
    from mailbox_schema.lint.sources.json_places import Places


def documents(stream: "BinaryIO") -> "Iterator[Document]":
    """Yield the one document of ``stream``.

    :raises SourceError: if it is not UTF-8, or not JSON (RFC 8259)
    """
    yield document(decode(read_whole(stream)))


def document(source: "Text", index: "int | None" = None) -> Document:
    """Return the document that ``source`` holds.

    :raises SourceError: if it is not JSON (RFC 8259)
    """
    try:
        value, has_doubled_keys = _PARSER.parsed(source.text)
    except (ValueError, ConstantError, RecursionError) as error:
        from mailbox_schema.lint.sources.json_places import refusal  # noqa: PLC0415  # for what is no JSON only

        raise refusal(error, source) from None
    places = _PlacesOnceAsked(source, has_doubled_keys=has_doubled_keys)
    return Document(
        value,
        places.locate,
        index=index,
        remarks=places.doubled_keys if has_doubled_keys else list,
    )


class _PlacesOnceAsked:
    """Where the values of a text stand: nobody asks where nothing is found."""

    def __init__(self, source: "Text", *, has_doubled_keys: bool) -> None:
        self._source = source
        self._has_doubled_keys = has_doubled_keys
        self._places: "Places | None" = None

    def locate(self, path: "Path") -> "tuple[Position | None, Position | None]":
        """Return the positions of the key and of the value at ``path``, where there are any."""
        return self._found().locate(path)

    def doubled_keys(self) -> "list[Remark]":
        """Return a remark for each key of the body or of a mailbox that stands a second time."""
        return self._found().doubled_keys()

    def _found(self) -> "Places":
        if self._places is None:
            from mailbox_schema.lint.sources.json_places import Places  # noqa: PLC0415  # once somebody asks

            self._places = Places(self._source, has_doubled_keys=self._has_doubled_keys)
        return self._places


# The parser


class ConstantError(Exception):
    """NaN, Infinity or -Infinity was read."""


class _Parser:
    """The standard parser, made once for all texts; remembers of the last one whether a key stands twice."""

    def __init__(self) -> None:
        self._has_doubled_keys = False
        self._decode = json.JSONDecoder(
            parse_constant=_refuse_constant,
            # By default, CPython since 3.10.7 refuses the same by itself.
            parse_int=None if longest_number() == own_limit() else _bounded_int,
            object_pairs_hook=self._to_object,
        ).decode

    def parsed(self, text: str) -> "tuple[object, bool]":
        """Return the value of ``text``, and whether one of its objects has a key twice."""
        self._has_doubled_keys = False
        value: object = self._decode(text)
        return value, self._has_doubled_keys

    def _to_object(self, pairs: "list[tuple[str, Any]]") -> "dict[str, Any]":
        members = dict(pairs)
        if len(members) < len(pairs):
            self._has_doubled_keys = True
        return members


def _refuse_constant(_name: str) -> "NoReturn":
    raise ConstantError


def _bounded_int(digits: str) -> int:
    if len(digits.removeprefix("-")) > longest_number():
        raise ValueError
    return int(digits)


_PARSER: "Final" = _Parser()
