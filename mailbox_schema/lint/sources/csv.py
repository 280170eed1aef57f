"""CSV text -> its one document, a list of mailboxes; the vendor's own upload format.

The names of the columns are the API's fields or the vendor's labels, in any case, with spaces or
underscores. A blank cell is an absent value; a port or another integer is read strictly; everything
else stays text to the letter.
"""

import csv
import re

from mailbox_schema.contract import FIELDS
from mailbox_schema.hints import nearest
from mailbox_schema.lint.sources import LINE_END, Document, Remark, SourceError, decode, read_whole
from mailbox_schema.values import JAVA_WHITESPACE, is_blank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Final

    from mailbox_schema.lint.sources import Path, Position, Text

_DELIMITERS: "Final" = (",", ";", "\t", "|")
_INTEGER: "Final" = re.compile(r"-?[0-9]{1,30}")

# What Excel writes, and reads, above the header.
_SEPARATOR: "Final" = re.compile(r"sep=(.)[\r\n]")
_ROWS_ABOVE_A_HEADER: "Final" = 10

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
    separator = _SEPARATOR.match(source.text)
    delimiter = separator[1] if separator else _delimiter(source.text)
    rows = _rows(source, delimiter)[1 if separator else 0 :]
    if not rows:
        raise SourceError("empty")
    fields = _fields(rows[0][1])
    if not any(fields):
        raise SourceError(_why_no_header(rows), (rows[0][0], 1))
    table = _Table(source, delimiter, fields, rows)
    yield Document(table.mailboxes, table.locate, remarks=table.remarks, is_typed=False, size=len(data))


def _fields(header: "list[str]") -> "list[str | None]":
    return [_FIELD_BY_NAME.get(_squashed(name)) for name in header]


def _why_no_header(rows: "list[tuple[int, list[str]]]") -> str:
    for line, row in rows[1:_ROWS_ABOVE_A_HEADER]:
        if any(_fields(row)):
            return f"its header is on line {line}: remove what stands above it"
    return "no column of its first line is a field"


def _delimiter(text: str) -> str:
    """Return the delimiter by which one of the first lines has the most names of fields."""
    begins = text.lstrip(JAVA_WHITESPACE + '"' + "".join(_DELIMITERS))
    lines = re.split(LINE_END, begins, maxsplit=_ROWS_ABOVE_A_HEADER)[:_ROWS_ABOVE_A_HEADER]

    def known_names(delimiter: str) -> int:
        return max(
            sum(_squashed(name) in _FIELD_BY_NAME for name in _cells(line, delimiter)) for line in lines
        )

    return max(_DELIMITERS, key=known_names)


def _cells(line: str, delimiter: str) -> "list[str]":
    return line.replace('"', "").split(delimiter)


def _rows(source: "Text", delimiter: str) -> "list[tuple[int, list[str]]]":
    """Return each row that has a cell that is not blank, with the number of the line it begins on."""
    lines = re.sub(LINE_END, lambda end: end[0] + "\x00", source.text).split("\x00")
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
        raise SourceError(f"not CSV: {reason}", (begins, 1)) from None
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
        self._cell = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n]*')
        self._known_line = 0
        self._known_offsets: "list[int]" = []
        self.mailboxes = [self._mailbox(row) for _, row in self._rows]

    def _mailbox(self, row: "list[str]") -> "dict[str, object]":
        # Of a doubled column the last counts, blank or not.
        cells = {field: cell for field, cell in zip(self._fields, row, strict=False) if field is not None}
        return {field: _value(field, cell) for field, cell in cells.items() if not is_blank(cell)}

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

    def _position(self, row: "tuple[int, list[str]]", column: int) -> "Position":
        """Return the position at which the cell in ``column`` of ``row`` starts."""
        line, cells = row
        if self._known_line != line:
            self._known_line, self._known_offsets = line, list(self._offsets(line, len(cells)))
        return self._source.position(self._known_offsets[column])

    def _offsets(self, line: int, cells: int) -> "Iterator[int]":
        start = self._source.offset(line)
        for _ in range(cells):
            yield start
            match = self._cell.match(self._source.text, start)
            start = (start if match is None else match.end()) + 1

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
        missing = [name for name in FIELDS if FIELDS[name].required and name not in seen]
        if missing:
            message = f"missing: the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
            yield Remark("missing-column", self._position(self._header, 0), message)

    def _ragged_rows(self) -> "Iterator[Remark]":
        width = len(self._fields)
        for index, row in enumerate(self._rows):
            # Surplus cells that are blank shift nothing.
            if len(row[1]) < width or not all(map(is_blank, row[1][width:])):
                message = f"mailbox[{index}] has {len(row[1])} cells, the header line has {width}"
                hint = "put a cell that holds the delimiter in quotes" if len(row[1]) > width else None
                yield Remark("ragged-row", self._position(row, 0), message, hint)


def _value(field: str, cell: str) -> object:
    """Return an integer for what is written as one in an integer field, else the text to the letter."""
    is_integer = FIELDS[field].type == "integer" and _INTEGER.fullmatch(cell)
    return int(cell) if is_integer else cell
