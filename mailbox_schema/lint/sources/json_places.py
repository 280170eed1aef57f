"""Positions of the values of JSON text.

They are searched for on request only: the way to a value is walked once more, and the parser's own scanner
skips the values next to it.
"""

from __future__ import annotations

import json
import re
from array import array
from json.decoder import scanstring  # type: ignore[attr-defined]  # the parser's own, like scan_once
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.sources.base import SourceError, Span, duplicate_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailbox_schema.lint.sources.base import Path, Position, Remark, Text

    _Matcher = Callable[[str, int], re.Match[str]]

# A body holds a list of mailboxes: a duplicate key deeper inside is not in a field's place.
_DEEPEST_DUPLICATE_KEY: Final = 3

_SCAN: Final = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # the parser's own scanner
# Each of them matches wherever it is used, because the text is known to be JSON.
_SPACE: Final[_Matcher] = re.compile(r"[ \t\n\r]*").match  # type: ignore[assignment]  # never None, as just said
_COLON: Final[_Matcher] = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match  # type: ignore[assignment]  # as above
# A character of a string: above U+FFFF, two escapes make one.
_CHARACTER: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\?.", re.DOTALL
)
_COMMA: Final[_Matcher] = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*").match  # type: ignore[assignment]  # as above


class Places:
    """The positions of the values in a text that has been parsed, and so is known to be JSON."""

    def __init__(self, source: Text, *, has_duplicate_keys: bool) -> None:
        self._source = source
        self._text = source.text
        self._has_duplicate_keys = has_duplicate_keys
        self._root = _SPACE(self._text, 0).end()
        # One walk for each depth: findings come mailbox by mailbox, and all walks together may not take much
        # more memory than the text.
        self._walks: dict[int, _ArrayWalk | _ObjectWalk] = {}

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of the key and of the value at ``path``, where there are any."""
        found = self._offsets(path)
        if found is None:
            return None, None
        key, value = found
        position = self._source.position
        return None if key is None else position(key), position(value)

    def scalar(self, path: Path) -> Span | None:
        """Return the span of the scalar at ``path``, if there is one."""
        found = self._offsets(path)
        return None if found is None or self._text[found[1]] in {"{", "["} else self._span(found[1])

    def key(self, path: Path) -> Span | None:
        """Return the span of the key at ``path``, if there is one."""
        found = self._offsets(path)
        return None if found is None or found[0] is None else self._span(found[0])

    def member(self, path: Path) -> Span:
        """Return the span of the member at ``path`` and a comma; there is another member next to it."""
        _, start = self._offsets(path[:-1]) or (None, self._root)
        members = list(self._members(start))
        number = [key for key, _, _ in members].index(str(path[-1]))
        if number + 1 < len(members):
            return Span(self._source, members[number][1], members[number + 1][1])
        before, own = (self._end_of_value(value) for _, _, value in members[-2:])
        return Span(self._source, before, own)

    def _span(self, start: int) -> Span:
        end = self._end_of_value(start)
        if self._text[start] != '"':
            return Span(self._source, start, end, range(start, end + 1))
        if "\\" not in self._text[start:end]:
            return Span(self._source, start, end, range(start + 1, end))
        characters = array("q", [each.start() for each in _CHARACTER.finditer(self._text, start + 1, end)])
        return Span(self._source, start, end, characters)

    def _offsets(self, path: Path) -> tuple[int | None, int] | None:
        """Return the offsets of the key and of the value at ``path``, where there are any."""
        key: int | None = None
        value = self._root
        for depth, step in enumerate(path):
            found = self._find(depth, value, step)
            if found is None:
                return None
            key, value = found
        return key, value

    def duplicate_keys(self, depth: int) -> list[Remark]:
        """Return a remark for each key that appears again: of the body, of a mailbox, or of what is around.

        The body is so many levels deep.
        """
        remarks: list[Remark] = []
        containers = array("q", [self._root])
        for _ in range(depth + _DEEPEST_DUPLICATE_KEY):
            inside = array("q")
            for start in containers:
                seen: set[str] = set()
                for key, place, value in self._members(start):
                    inside.append(value)
                    if key in seen:
                        remarks.append(duplicate_key(key, self._source.position(place)))
                    seen.add(key)
                inside.extend(self._items(start))
            containers = inside
        return remarks

    def _find(self, depth: int, start: int, step: str | int) -> tuple[int | None, int] | None:
        """Return the offsets of the key and the value of a member or item of the value at ``start``."""
        walk = self._walks.get(depth)
        if walk is None or walk.start != start:
            walk = (
                _ObjectWalk(start, self._members(start), is_to_the_end=self._has_duplicate_keys)
                if self._text[start] == "{"
                else _ArrayWalk(start, self._items(start))
            )
            self._walks[depth] = walk
        return walk.find(step)

    def _members(self, start: int) -> Iterator[tuple[str, int, int]]:
        """Yield the key, its offset and the value's offset for each member of the object at ``start``."""
        text = self._text
        if text[start] != "{":
            return
        place = _SPACE(text, start + 1).end()
        while text[place] != "}":
            key, behind = scanstring(text, place + 1)
            value = _COLON(text, behind).end()
            yield key, place, value
            place = _COMMA(text, self._end_of_value(value)).end()

    def _items(self, start: int) -> Iterator[int]:
        """Yield the offset of each item of the array at ``start``."""
        text = self._text
        if text[start] != "[":
            return
        place = _SPACE(text, start + 1).end()
        while text[place] != "]":
            yield place
            place = _COMMA(text, self._end_of_value(place)).end()

    def _end_of_value(self, start: int) -> int:
        """Return the offset behind the value at ``start``."""
        try:
            end: int = _SCAN(self._text, start)[1]
        except RecursionError:  # so deep that it can be parsed only from a shallower place in the program
            raise SourceError("nested too deeply") from None
        return end


class _ObjectWalk:
    """The members of an object, walked as far as they were asked for; of a duplicate key, the last counts."""

    def __init__(self, start: int, members: Iterator[tuple[str, int, int]], *, is_to_the_end: bool) -> None:
        self.start = start
        self._members = members
        self._is_to_the_end = is_to_the_end
        self._found: dict[str | int, tuple[int, int]] = {}

    def find(self, step: str | int) -> tuple[int, int] | None:
        if step not in self._found or self._is_to_the_end:
            for key, place, value in self._members:
                self._found[key] = place, value
                if key == step and not self._is_to_the_end:
                    break
        return self._found.get(step)


class _ArrayWalk:
    """The items of an array, walked as far as they were asked for."""

    def __init__(self, start: int, items: Iterator[int]) -> None:
        self.start = start
        self._items = items
        self._found = array("q")

    def find(self, step: str | int) -> tuple[None, int] | None:
        if not isinstance(step, int):
            return None
        while len(self._found) <= step:
            place = next(self._items, None)
            if place is None:
                return None
            self._found.append(place)
        return None, self._found[step]
