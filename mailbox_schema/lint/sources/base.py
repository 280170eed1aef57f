"""What all sources share: text with positions, documents, remarks, errors, bounds."""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.contract import BODY_KEYS, FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from mailbox_schema.lint.sources.comments import Comment

Path = tuple[str | int, ...]
"""The way to a value in a document: the keys and indices that lead to it."""
Position = tuple[int, int]
"""A line and a column, both from 1; the column in characters."""

_MEGABYTE: Final = 1024 * 1024
# The bounds: two hundred mailboxes with generous footers are a few megabytes, and a much larger file is a
# mistake. docs/linting.md shows how much memory the largest files take.
LARGEST_SOURCE: Final = 64 * _MEGABYTE
"""The most bytes of a file that is read whole."""
LARGEST_RECORD: Final = 4 * _MEGABYTE
"""The most bytes of a line or row of a file that is read as a stream."""
MOST_VALUES: Final = 1_000_000
"""The most values of a file that is read whole, or of a line."""

_READ_AT_ONCE: Final = 65_536
# The longest number that is read: CPython's default, whatever this interpreter's setting.
_LONGEST_NUMBER: Final = 4300

NOT_UTF_8: Final = "not UTF-8"
UTF_16: Final = "not UTF-8 but UTF-16"
EMPTY: Final = "empty"
ONLY_COMMENTS: Final = "empty: it has only comments"

# The tags of Helm and Jinja that begin a value or a line; a quoted one is the placeholder of a value.
HELM_OR_JINJA: Final = re.compile(
    r"""(?<!["'])\{(?:%|\{-?[ \t]*(?:[.$]|(?:if|range|with|include|define|end|toYaml)\b))"""
)
ANY_TAG: Final = re.compile(r"""(?<!["'])\{[{%]""")
"""In JSON, no brace follows another."""

LINE_END: Final = re.compile(r"\r\n|\n|\r")


class SourceError(Exception):
    """A source can't be read or parsed; gives the reason in one line, without quoting the source.

    ``position`` is ``None`` where the reason has no place.
    """

    def __init__(self, reason: str, position: Position | None = None) -> None:
        self.reason = reason
        self.position = position


class Tagged(str):
    """The text of a YAML scalar with a tag of the application's own, such as ``!vault``."""

    __slots__ = ()


class Text:
    r"""The text of a source, and the positions in it.

    >>> Text("a\r\nbc").position(4)
    (2, 2)
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self._first_line = first_line
        self._line_starts: array[int] | None = None

    def position(self, offset: int) -> Position:
        """Return the position of the character at ``offset``."""
        starts = self._starts()
        line = bisect_right(starts, offset) - 1
        return self._first_line + line, offset - starts[line] + 1

    def offset(self, position: Position) -> int:
        """Return the offset of the character at ``position``."""
        line, column = position
        return self._starts()[line - self._first_line] + column - 1

    def line(self, offset: int) -> tuple[int, int]:
        """Return the offsets of the start of the line at ``offset``, and of the start of the next."""
        starts = self._starts()
        number = bisect_right(starts, offset)
        return starts[number - 1], starts[number] if number < len(starts) else len(self.text)

    def _starts(self) -> array[int]:
        if self._line_starts is None:
            self._line_starts = array("q", [0])
            self._line_starts.extend(end.end() for end in LINE_END.finditer(self.text))
        return self._line_starts


class Span(NamedTuple):
    """A part of a source that a fix may change: a scalar as it is written, or a whole member.

    - ``start``, ``end``: its offsets in ``source``, including quotes
    - ``characters``: of a scalar, the offset of each character of its text, and of the end of the last
    """

    source: Text
    start: int
    end: int
    characters: Sequence[int] = ()


def written(source: Text, start: int, text: str, quotes: str) -> Span | None:
    """Return the span of a scalar that is written as its text, with or without quotes; else ``None``."""
    quote = source.text[start : start + 1]
    if quote and quote in quotes:
        end = source.text.find(quote, start + 1) + 1
        characters = range(start + 1, end)
    else:
        end = start + len(text)
        characters = range(start, end + 1)
    is_same = source.text[characters[0] : characters[-1]] == text
    return Span(source, start, end, characters) if is_same else None


class Remark:
    """A finding of the source itself, which the parsed value doesn't show: a duplicate key, a ragged row.

    ``rename`` is the span of a misspelled name, and what it is meant for.
    """

    __slots__ = ("hint", "message", "position", "rename", "rule")

    def __init__(
        self,
        rule: str,
        position: Position,
        message: str,
        hint: str | None = None,
        rename: tuple[Span, str] | None = None,
    ) -> None:
        self.rule = rule
        self.rename = rename
        self.position = position
        self.message = message
        self.hint = hint


def duplicate_key(key: str, position: Position) -> Remark:
    """Return the remark for a key that appears again; it is named if it can't be a secret."""
    message = f"duplicate key {key}" if key in FIELDS or key in BODY_KEYS else "duplicate key"
    return Remark("duplicate-key", position, message, "remove one of them: the last one counts")


class Document:
    """A value in a source, and the positions of its parts; each file type derives its own.

    - ``value``: as ``json.loads`` would return it
    - ``records``: the mailboxes of a part of a stream, the first at ``first_index``; ``None`` if ``value`` is
      a whole request
    - ``columns``: the fields that the columns of a CSV file hold; ``None`` for other types
    - ``bytes_before``, ``bytes_after``: how much of the source was read before this document, and after it
    - ``comments``: the instructions in comments, of the whole file
    - ``first_rows``: the indices of the addresses seen so far in the request
    """

    value: object
    records: Sequence[object] | None = None
    first_index = 0
    columns: Collection[str] | None = None
    bytes_before = bytes_after = 0
    comments: Sequence[Comment] = ()

    @cached_property
    def first_rows(self) -> dict[str, int]:
        """The indices of the addresses seen so far in the request."""
        return {}

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of the key and of the value at ``path``, where there are any."""
        raise NotImplementedError

    def remarks(self, _depth: int = 0) -> Iterable[Remark]:
        """Return the findings of the source itself; the request may be some levels deep in it."""
        return ()

    def scalar(self, _path: Path) -> Span | None:
        """Return the span of the scalar at ``path``, if it is certain what editing it changes."""
        return None

    def key(self, _path: Path) -> Span | None:
        """Return the span of the key at ``path``, if it is certain what editing it changes."""
        return None

    def member(self, _path: Path) -> Span | None:
        """Return the span whose removal leaves out the key and the value at ``path``, and no other member."""
        return None

    def reads_as_text(self, _text: str) -> bool:
        """Return whether a text that is written without quotes is read as just this text."""
        return True

    def plain(self, _path: Path) -> str | None:
        """Return the text of the plain YAML scalar at a path, if there is one."""
        return None

    def position(self, path: Path) -> Position:
        """Return the position of the value at ``path``; if there is none, of the nearest value around it."""
        _, value = self.locate(path)
        while value is None:
            path = path[:-1]
            _, value = self.locate(path)
        return value

    def key_position(self, path: Path) -> Position:
        """Return the position of the key at ``path``; of its value, where it has none."""
        key, _ = self.locate(path)
        return key or self.position(path)


def decode(data: bytes, first_line: int = 1) -> Text:
    """Return the text of ``data``: UTF-8, with or without a byte order mark.

    :raises SourceError: if there is none, or it is not UTF-8
    """
    text = decode_line(data, first_line)
    if not text or text.isspace():
        raise SourceError(EMPTY)
    return Text(text, first_line)


def decode_line(data: bytes, number: int) -> str:
    """Return the text of the line of that number; a byte order mark may begin the first one.

    :raises SourceError: if it is not UTF-8
    """
    text = _decode_utf_8(data.removeprefix(BOM_UTF8) if number == 1 else data, number)
    if number == 1 and text.startswith("$ANSIBLE_VAULT;"):
        raise SourceError("encrypted as a whole with Ansible Vault: decrypt it first")
    return text


def _decode_utf_8(data: bytes, first_line: int) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = Text(data[: error.start].decode(), first_line)
        is_utf_16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        reason = UTF_16 if is_utf_16 else NOT_UTF_8
        raise SourceError(reason, before.position(len(before.text))) from None
    if "\0" in text:
        raise SourceError("a NUL character", Text(text, first_line).position(text.index("\0")))
    return text


def template_error(source: Text, tag: re.Pattern[str]) -> SourceError | None:
    """Return the error for a text that can't be parsed, if the cause is that it is a template."""
    match = tag.search(source.text)
    if match is None:
        return None
    reason = "a template of Helm or Jinja: render it first, and check the result"
    return SourceError(reason, source.position(match.start()))


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the bytes of each line of ``stream`` that ends with a line feed.

    :raises SourceError: if a line is too long
    """
    number = 0
    while line := stream.readline(LARGEST_RECORD + 1):
        number += 1
        if len(line) > LARGEST_RECORD:
            raise SourceError(f"a line of more than {LARGEST_RECORD // _MEGABYTE} MB", (number, 1))
        yield number, line


def own_limit() -> int:
    """Return the most digits of a number that the interpreter reads; 0 for no limit."""
    limit: int = getattr(sys, "get_int_max_str_digits", int)()
    return limit


def longest_number() -> int:
    """Return the most digits of a number that is read from a source."""
    return min(_LONGEST_NUMBER, own_limit() or _LONGEST_NUMBER)


def unreadable(error: OSError) -> SourceError:
    """Return the error that gives the reason why a source can't be read."""
    return SourceError(f"can't be read: {error.strerror}")


def read_whole(stream: BinaryIO) -> bytes:
    """Return the contents of ``stream``.

    :raises SourceError: if it can't be read, or is larger than any file of mailboxes
    """
    parts: list[bytes] = []
    size = 0
    try:
        while size <= LARGEST_SOURCE and (part := stream.read(_READ_AT_ONCE)):
            parts.append(part)
            size += len(part)
    except OSError as error:
        raise unreadable(error) from None
    if size > LARGEST_SOURCE:
        raise SourceError(f"larger than {LARGEST_SOURCE // _MEGABYTE} MB")
    return b"".join(parts)


def too_many_values(position: Position | None = None) -> SourceError:
    """Return the error for a source with more values than any file of mailboxes."""
    return SourceError(f"more than {MOST_VALUES:,} values", position)
