"""One module a file type: text -> documents with the position of every value."""

import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO, Final, Protocol

    class Source(Protocol):
        """The module of a type."""

        def documents(self, stream: BinaryIO) -> Iterator["Document | Remark"]:
            """Yield what ``stream`` holds."""


Path = tuple["str | int", ...]
"""Where a value stands in a document: the keys and indices that lead to it."""
Position = tuple[int, int]
"""A line and a column, both from 1; the column in characters."""

# Two hundred mailboxes with generous footers are a few megabytes; what is much larger is a mistake, and
# parsing it would take the memory of the machine.
LARGEST_SOURCE: "Final" = 64 * 1024 * 1024

# Room for so much is made at once: most files are smaller.
_READ_AT_ONCE: "Final" = 64 * 1024

# The longest number that is read: what CPython reads by default, whatever the interpreter reads.
_LONGEST_NUMBER: "Final" = 4300

UTF_16: "Final" = "not UTF-8 but UTF-16"

LINE_END: "Final" = r"\r\n|\n|\r"
"""The pattern of what ends a line."""


class SourceError(Exception):
    """A source can't be read or parsed; says why in one line, without quoting the source.

    ``position`` is ``None`` where the reason has no place.
    """

    def __init__(self, reason: str, position: "Position | None" = None) -> None:
        super().__init__(reason, position)
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
        self._has_other_ends = "\r" in text
        self._starts_of_lines: "list[int] | None" = None
        # An offset, the number of its line from 0, and the offset at which that starts.
        self._last_asked = 0, 0, 0

    def position(self, offset: int) -> Position:
        """Return the position of the character at ``offset``."""
        if self._has_other_ends or self._starts_of_lines is not None or offset < self._last_asked[0]:
            from bisect import bisect_right  # noqa: PLC0415  # for the rare text only

            starts = self._starts()
            line = bisect_right(starts, offset) - 1
            return self._first_line + line, offset - starts[line] + 1
        # As long as it goes forwards, counting on is much faster than listing the lines.
        known, line, line_start = self._last_asked
        further = self.text.count("\n", known, offset)
        if further:
            line_start = self.text.rfind("\n", known, offset) + 1
        line += further
        self._last_asked = offset, line, line_start
        return self._first_line + line, offset - line_start + 1

    def offset(self, line: int) -> int:
        """Return the offset at which ``line`` starts."""
        return self._starts()[line - self._first_line]

    def _starts(self) -> "list[int]":
        if self._starts_of_lines is None:
            from re import finditer  # noqa: PLC0415  # for the rare text only

            self._starts_of_lines = [0, *(end.end() for end in finditer(LINE_END, self.text))]
        return self._starts_of_lines


class Remark:
    """Something that the source itself shows, and its value doesn't: a doubled key, a ragged row."""

    __slots__ = ("hint", "message", "position", "rule")

    def __init__(self, rule: str, position: Position, message: str, hint: "str | None" = None) -> None:
        self.rule = rule
        self.position = position
        self.message = message
        self.hint = hint


def doubled_key(position: Position) -> Remark:
    """Return the remark for a key that stands a second time."""
    return Remark(
        "duplicate-key", position, "the key stands here a second time", "remove one of them: the last counts"
    )


_NOTHING_PLAIN: "Final[Callable[[Path], str | None]]" = dict[Path, str]().get


class Document:
    """A value that a source holds, and where its parts stand.

    - ``value``: as ``json.loads`` would give it
    - ``index``: of a record that is one mailbox of a stream; ``None`` for a whole request
    - ``remarks``: what the source itself shows
    - ``is_typed``: whether the source tells numbers from text (CSV does not)
    - ``size``: of the source, in bytes
    - ``plain``: the text of the plain scalar of YAML at a path, where one stands there
    """

    def __init__(  # noqa: PLR0913  # one for each thing a source knows about a document
        self,
        value: object,
        locate: "Callable[[Path], tuple[Position | None, Position | None]]",
        *,
        index: "int | None" = None,
        remarks: "Callable[[], list[Remark]]" = list,
        is_typed: bool = True,
        size: int = 0,
        plain: "Callable[[Path], str | None]" = _NOTHING_PLAIN,
    ) -> None:
        self.value = value
        self.index = index
        self.remarks = remarks
        self.is_typed = is_typed
        self.size = size
        self.plain = plain
        self._locate = locate

    def position(self, path: Path) -> Position:
        """Return the position of the value at ``path``; of what holds it, where it is absent."""
        _, value = self._locate(path)
        while value is None:
            path = path[:-1]
            _, value = self._locate(path)
        return value

    def key_position(self, path: Path) -> Position:
        """Return the position of the key at ``path``; of its value, where it has none."""
        key, _ = self._locate(path)
        return key or self.position(path)


def decode(data: bytes, first_line: int = 1) -> Text:
    """Return the text of ``data``: UTF-8, with or without a byte order mark.

    :raises SourceError: if there is none, or it is not UTF-8
    """
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = Text(data[: error.start].decode(), first_line)
        is_utf_16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        reason = UTF_16 if is_utf_16 else "not UTF-8"
        raise SourceError(reason, before.position(len(before.text))) from None
    if "\0" in text:
        raise SourceError("a NUL character", Text(text, first_line).position(text.index("\0")))
    if not text or text.isspace():
        raise SourceError("empty")
    if text.startswith("$ANSIBLE_VAULT;"):
        raise SourceError("encrypted as a whole with Ansible Vault: decrypt it first")
    return Text(text, first_line)


def own_limit() -> int:
    """Return the most digits of a number that the interpreter reads; 0 for no limit."""
    limit: int = getattr(sys, "get_int_max_str_digits", int)()
    return limit


def longest_number() -> int:
    """Return the most digits of a number that is read from a source."""
    return min(_LONGEST_NUMBER, own_limit() or _LONGEST_NUMBER)


def unreadable(error: OSError) -> SourceError:
    """Return the error that says why a source can't be read."""
    return SourceError(f"can't be read: {error.strerror}")


def read_whole(stream: "BinaryIO") -> bytes:
    """Return what ``stream`` holds.

    :raises SourceError: if it can't be read, or is larger than any file of mailboxes
    """
    parts: "list[bytes]" = []
    size = 0
    try:
        while size <= LARGEST_SOURCE and (part := stream.read(_READ_AT_ONCE)):
            parts.append(part)
            size += len(part)
    except OSError as error:
        raise unreadable(error) from None
    if size > LARGEST_SOURCE:
        raise SourceError(f"larger than {LARGEST_SOURCE // 1024 // 1024} MB")
    return b"".join(parts)


def documents(stream: "BinaryIO", kind: str) -> "Iterator[Document | Remark]":
    """Yield the documents of a source of the type ``kind``, a value of :data:`KINDS`.

    :raises SourceError: if it can't be read or parsed
    """
    try:
        yield from _source(kind).documents(stream)
    except OSError as error:  # a stream that is read as the documents are asked for
        raise unreadable(error) from None


def _source(kind: str) -> "Source":
    """Return the module of a type: each is loaded for its own files only."""
    if kind == "json":
        from mailbox_schema.lint.sources import json  # noqa: PLC0415  # as said

        return json
    if kind == "jsonl":
        from mailbox_schema.lint.sources import jsonl  # noqa: PLC0415  # as said

        return jsonl
    if kind == "csv":
        from mailbox_schema.lint.sources import csv  # noqa: PLC0415  # as said

        return csv
    from mailbox_schema.lint.sources import yaml  # noqa: PLC0415  # as said

    return yaml


KINDS: "Final" = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""The type of a source, by the ending of its name."""


def kind_of(name: str) -> str:
    """Return the type of the source ``name``.

    >>> kind_of("config/mailboxes.YML")
    'yaml'

    :raises SourceError: if the name doesn't tell
    """
    for ending, kind in KINDS.items():
        if name.lower().endswith(ending):
            return kind
    raise SourceError("its name does not tell its type: use --type")
