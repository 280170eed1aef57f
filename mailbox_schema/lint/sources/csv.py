"""CSV text -> its one document, a list of mailboxes; the vendor's own upload format.

The names of the columns are the API's fields or the vendor's labels, in any case, with spaces or
underscores. A blank cell is an absent value; a port or another integer is read strictly; everything
else stays text to the letter.
"""

import csv
import re

from mailbox_schema.contract import FIELDS
from mailbox_schema.hints import nearest
from mailbox_schema.lint.sources import LINE_END, Document, Position, Remark, SourceError, decode, read_whole
from mailbox_schema.values import JAVA_WHITESPACE, is_blank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Final

    from mailbox_schema.lint.sources import Path, Text

_DELIMITERS: "Final" = (",", ";", "\t", "|")
_INTEGER: "Final" = re.compile(r"-?[0-9]{1,30}")

# help centre, "Adding mailboxes": the upload's own template has this misspelling.
_MISSPELT: "Final" = {"smptfromname": "smtp_from_name"}


def _squashed(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


_FIELD_BY_NAME: "Final" = {_squashed(name): name for name in FIELDS} | _MISSPELT


def documents(stream: "BinaryIO") -> "Iterator[Document]":
    """Yield the one document of ``stream``.

    :raises SourceError: if it is not UTF-8, not CSV, or no column is a field's
    """
    data = read_whole(stream)
    source = decode(data)
    delimiter = _delimiter(source.text)
    rows = _rows(source, delimiter)
    if not rows:
        raise SourceError("empty")
    _, header = rows[0]
    fields = [_FIELD_BY_NAME.get(_squashed(name)) for name in header]
    if not any(fields):
        raise SourceError("no column of its first line is a field", Position(1, 1))
    table = _Table(source, delimiter, fields, rows)
    yield Document(table.mailboxes, table.locate, remarks=table.remarks, is_typed=False, size=len(data))


def _delimiter(text: str) -> str:
    """Return the delimiter by which the first line that is not blank has the most names of fields."""
    begins = text.lstrip(JAVA_WHITESPACE + '"' + "".join(_DELIMITERS))
    first_line = LINE_END.split(begins, maxsplit=1)[0].replace('"', "")

    def known_names(delimiter: str) -> int:
        return sum(_squashed(name) in _FIELD_BY_NAME for name in first_line.split(delimiter))

    return max(_DELIMITERS, key=known_names)


def _rows(source: "Text", delimiter: str) -> "list[tuple[int, list[str]]]":
    """Return each row that has a cell that is not blank, with the number of the line it begins on."""
    lines = LINE_END.sub(lambda end: end[0] + "\x00", source.text).split("\x00")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    limit = csv.field_size_limit(len(source.text) + 1)
    rows = []
    begins = 1
    try:
        for row in reader:
            if not all(map(is_blank, row)):
                rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = "a quote that is not closed" if "end of data" in str(error) else "a quote within a cell"
        raise SourceError(f"not CSV: {reason}", Position(begins, 1)) from None
    finally:
        csv.field_size_limit(limit)
    return rows


class _Table:
    """The rows below the header as mailboxes, and where their cells stand."""

    def __init__(
        self, source: "Text", delimiter: str, fields: "list[str | None]", rows: "list[tuple[int, list[str]]]"
    ) -> None:
        self._source = source
        self._fields = fields
        self._header, *self._rows = rows
        self._cell = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n"]*')
        self.mailboxes = [self._mailbox(row) for _, row in self._rows]

    def _mailbox(self, row: "list[str]") -> "dict[str, object]":
        cells = zip(self._fields, row, strict=False)
        return {
            field: _value(field, cell) for field, cell in cells if field is not None and not is_blank(cell)
        }

    def locate(self, path: "Path") -> "tuple[Position | None, Position | None]":
        """Return the position of the cell at ``path``; of the row or the header, where there is none."""
        if not path:
            return None, self._position(self._header, 0)
        if int(path[0]) >= len(self._rows):
            return None, None
        row = self._rows[int(path[0])]
        if len(path) == 1:
            return None, self._position(row, 0)
        columns = [number for number, field in enumerate(self._fields) if field == path[1]]
        if not columns or columns[-1] >= len(row[1]):
            return None, None
        return None, self._position(row, columns[-1])

    def _position(self, row: "tuple[int, list[str]]", column: int) -> Position:
        """Return the position at which the cell in ``column`` of ``row`` starts."""
        start = self._source.offset(row[0])
        text = self._source.text
        for _ in range(column):
            match = self._cell.match(text, start)
            start = (start if match is None else match.end()) + 1
        return self._source.position(start)

    def remarks(self) -> "list[Remark]":
        """Return what the header and the shape of the rows show."""
        return [*self._header_remarks(), *self._ragged_rows()]

    def _header_remarks(self) -> "Iterator[Remark]":
        seen: set[str] = set()
        for column, (field, name) in enumerate(zip(self._fields, self._header[1], strict=True)):
            position = self._position(self._header, column)
            if field is None:
                # Its name is not said: without a header line it would be somebody's password.
                meant = nearest(name, FIELDS)
                hint = None if meant is None else f"did you mean `{meant}`?"
                message = "the column has no name" if is_blank(name) else "the column is no field of the API"
                yield Remark("unknown-field", position, message, hint)
            elif field in seen:
                hint = "remove one of them: the last counts"
                yield Remark("duplicate-key", position, f"the column {field} stands here a second time", hint)
            else:
                seen.add(field)
        for name in FIELDS:
            if FIELDS[name].required and name not in seen:
                message = f"the column {name} is missing"
                yield Remark("missing-column", self._position(self._header, 0), message)

    def _ragged_rows(self) -> "Iterator[Remark]":
        width = len(self._fields)
        for index, row in enumerate(self._rows):
            if len(row[1]) != width:
                message = f"mailbox[{index}] has {len(row[1])} cells, the header line has {width}"
                hint = "put a cell that holds the delimiter in quotes" if len(row[1]) > width else None
                yield Remark("ragged-row", self._position(row, 0), message, hint)


def _value(field: str, cell: str) -> object:
    """Return an integer for what is written as one in an integer field, else the text to the letter."""
    is_integer = FIELDS[field].type == "integer" and _INTEGER.fullmatch(cell)
    return int(cell) if is_integer else cell
