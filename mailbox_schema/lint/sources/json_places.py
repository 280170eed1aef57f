"""Where the values of JSON text stand, and why what is no JSON isn't.

Looked for only when asked for: then the way to the value is walked once more, with the parser's own scanner
skipping what lies beside it.
"""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # the parser's own, like scan_once

from mailbox_schema.lint.sources import SourceError, doubled_key, longest_number
from mailbox_schema.lint.sources.json import ConstantError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from mailbox_schema.lint.sources import Path, Position, Remark, Text

    _Offsets = tuple[int | None, int]


# Why it is no JSON

# What the standard parser stumbles over is looked for once more, outside strings, for its place.
_STRING: "Final" = r'"(?:[^"\\]|\\.)*"'
_CONSTANT: "Final" = re.compile(rf"{_STRING}|(-?Infinity|NaN)", re.DOTALL)
_INTEGER: "Final" = re.compile(
    rf"{_STRING}|-?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|-?([0-9]+)", re.DOTALL
)
_SPACE: "Final" = re.compile(r"[ \t\n\r]*")


def refusal(error: Exception, source: "Text") -> SourceError:
    """Return why ``source`` is refused, and where, for the error that the parser raised."""
    if isinstance(error, json.JSONDecodeError):
        reason, offset = _reason(error)
        return SourceError(f"not JSON: {reason}", source.position(offset))
    if isinstance(error, ConstantError):
        place = _first(_CONSTANT, source)
        return SourceError("not JSON: NaN and Infinity are no numbers", place)
    if isinstance(error, RecursionError):
        return SourceError("nested too deeply")
    # A number of too many digits: the interpreter refuses it, or our parser.
    limit = longest_number()
    return SourceError(f"a number of more than {limit} digits", _first(_INTEGER, source, limit))


_TRAILING_COMMA: "Final" = re.compile(r",[ \t\n\r]*[\]}]")
_COMMENT: "Final" = re.compile(r"[ \t\n\r]*(//|/\*|#)")


def _reason(error: json.JSONDecodeError) -> "tuple[str, int]":
    """Return why and where, in the parser's fixed sentences, or in ours for what people really get wrong."""
    text, offset = error.doc, error.pos
    # Python 3.13 stops at the comma, earlier ones at the bracket.
    comma = offset if text[offset : offset + 1] == "," else len(text[:offset].rstrip()) - 1
    if comma >= 0 and _TRAILING_COMMA.match(text, comma):
        return "a comma before the closing bracket", comma
    if text.startswith("\ufeff"):
        return "a second byte order mark", 0
    if comment := _COMMENT.match(text, offset):
        return "JSON has no comments", comment.start(1)
    if text[offset - 1 : offset] == "0" and text[offset : offset + 1].isdigit():
        return "a number does not begin with 0", offset - 1
    if error.msg == "Extra data":
        return "something follows the end of the value", offset
    # What stands behind a colon or a quote may be a character of the text.
    said = error.msg if "delimiter" in error.msg else re.split("[:'\"]", error.msg)[0]
    return said[:1].lower() + said[1:].strip().removesuffix(" at"), offset


def _first(pattern: "re.Pattern[str]", source: "Text", longer_than: int = 0) -> "Position":
    """Return the position of the first match of the pattern's group that is longer than that."""
    matches = (match for match in pattern.finditer(source.text) if len(match[1] or "") > longer_than)
    return source.position(next(matches).start())


# A body holds a list of mailboxes: a key that is doubled deeper inside is no field's.
_DEEPEST_DOUBLED_KEY: "Final" = 3

_COLON: "Final" = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_COMMA: "Final" = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*")


class Places:
    """Where the values of a text stand that has been parsed and is known to be JSON.

    A place is a pair of offsets, of the key (``None`` for an item) and of the value.
    """

    def __init__(self, source: "Text", *, has_doubled_keys: bool) -> None:
        self._source = source
        self._text = source.text
        self._has_doubled_keys = has_doubled_keys
        self._scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # the parser's own scanner
        self._root = _end(_SPACE, self._text, 0)
        self._walks: "dict[int, tuple[dict[str | int, _Offsets], Iterator[tuple[str | int, _Offsets]]]]" = {}

    def locate(self, path: "Path") -> "tuple[Position | None, Position | None]":
        """Return the positions of the key and of the value at ``path``, where there are any."""
        key: "int | None" = None
        value = self._root
        for step in path:
            found = self._find(value, step)
            if found is None:
                return None, None
            key, value = found
        position = self._source.position
        return None if key is None else position(key), position(value)

    def doubled_keys(self) -> "list[Remark]":
        """Return a remark for each key of the body or of a mailbox that stands a second time."""
        remarks: list[Remark] = []
        containers = [self._root]
        for _ in range(_DEEPEST_DOUBLED_KEY):
            inside: list[int] = []
            for start in containers:
                seen: set[str | int] = set()
                for step, (key, value) in self._members(start):
                    inside.append(value)
                    if step in seen:
                        remarks.append(doubled_key(self._source.position(key or 0)))
                    seen.add(step)
            containers = inside
        return remarks

    def _find(self, start: int, step: "str | int") -> "_Offsets | None":
        """Return the place of a member or item of the value at ``start``; of a doubled key, the last.

        The walk through a value goes no further than it has to, and on from there the next time.
        """
        if start not in self._walks:
            self._walks[start] = {}, self._members(start)
        found, rest = self._walks[start]
        if step not in found or self._has_doubled_keys:
            for passed, offsets in rest:
                found[passed] = offsets
                if passed == step and not self._has_doubled_keys:
                    break
        return found.get(step)

    def _members(self, start: int) -> "Iterator[tuple[str | int, _Offsets]]":
        """Yield the members of the object, or the items of the array, at ``start``, with their places."""
        text = self._text
        bracket = text[start]
        if bracket not in "{[":
            return
        place = _end(_SPACE, text, start + 1)
        number = 0
        while text[place] not in "}]":
            if bracket == "{":
                key, behind = scanstring(text, place + 1)
                value = _end(_COLON, text, behind)
                yield key, (place, value)
            else:
                value = place
                yield number, (None, value)
                number += 1
            place = _end(_COMMA, text, self._end_of_value(value))

    def _end_of_value(self, start: int) -> int:
        """Return the offset behind the value at ``start``.

        A mailbox is nearly always an object without objects and escapes in it, and ends at the next brace
        that is outside a string: several times faster to find than by parsing it once more.
        """
        text = self._text
        if text[start] == "{":
            brace = text.find("}", start)
            is_outside_strings = text.count('"', start, brace) % 2 == 0 and text.find("\\", start, brace) < 0
            if is_outside_strings and text.find("{", start + 1, brace) < 0:
                return brace + 1
        try:
            end: int = self._scan(text, start)[1]
        except RecursionError:  # so deep that it could be read from a shallower place of the program only
            raise SourceError("nested too deeply") from None
        return end


def _end(pattern: "re.Pattern[str]", text: str, start: int) -> int:
    match = pattern.match(text, start)
    return start if match is None else match.end()
