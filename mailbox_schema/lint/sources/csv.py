"""CSV text -> its mailboxes, one for each row, read row by row; the vendor's own upload format.

The names of the columns are the API's fields or the vendor's labels, in any case, with spaces or
underscores. A blank cell is an absent value; a port or another integer is read if it is written in digits,
with or without spaces around them; everything else stays text, character for character.

The rows are one request. Its first document has as many as make it too large; each later one has the rows
that follow, so that memory doesn't grow with the file.
"""

from __future__ import annotations

import csv
import re
from _thread import allocate_lock
from array import array
from io import StringIO
from itertools import chain, dropwhile, islice
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import FIELDS, MAX_MAILBOXES
from mailbox_schema.lint.sources.base import (
    EMPTY,
    LARGEST_RECORD,
    NOT_UTF_8,
    UTF_16,
    Document,
    Remark,
    SourceError,
    Span,
    Text,
    decode_line,
    read_lines,
    written,
)
from mailbox_schema.values import JAVA_WHITESPACE, is_blank
from mailbox_schema.vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from mailbox_schema.lint.sources.base import Path, Position

_DELIMITERS: Final = ",;\t|"
_INTEGER: Final = re.compile(r"-?[0-9]{1,30}")

# The line that Excel writes, and reads, above the header.
_SEPARATOR: Final = re.compile(r'sep=([^"\r\n])(?![^\r\n])')
_ROWS_ABOVE_HEADER: Final = 10
_MOST_COLUMNS: Final = 1000
# Of so many columns the names are compared with the fields, to suggest one.
_MOST_COMPARED: Final = 100

# help center, "Adding mailboxes": the upload's own template has this misspelling.
_MISSPELLED: Final = {"smptfromname": "smtp_from_name"}
_IN_NAMES: Final = re.compile(r"[\s_-]+")


def _squash(name: str) -> str:
    return _IN_NAMES.sub("", name).casefold()


_FIELD_BY_NAME: Final = {_squash(name): name for name in FIELDS} | _MISSPELLED


_BETWEEN_CELLS: Final = JAVA_WHITESPACE + _DELIMITERS


def documents(stream: BinaryIO) -> Iterator[Document]:
    """Yield the rows of ``stream`` in documents.

    :raises SourceError: if it is not UTF-8, not CSV, or no column is a field
    """
    reader = _Reader(stream)
    header = next(reader.rows, None)
    if header is None:
        raise SourceError(EMPTY)
    columns = _Columns(header, reader.delimiter)
    if not any(columns.fields):
        raise SourceError(_explain_header(reader.rows), (header.line, 1))
    if len(columns.fields) > _MOST_COLUMNS:
        raise SourceError(f"more than {_MOST_COLUMNS:,} columns", (header.line, 1))
    first_rows: dict[str, int] = {}
    first_index = bytes_before = 0
    while True:
        rows, error = _take(reader.rows, MAX_MAILBOXES + (not first_index))
        has_blank_end = error is None and reader.size > bytes_before
        if rows or has_blank_end:
            yield _Table(columns, rows, first_index, first_rows, (bytes_before, reader.size))
        if error is not None:
            raise error
        if not rows:
            return
        first_index += len(rows)
        bytes_before = reader.size


def _take(rows: Iterator[_Row], most: int) -> tuple[list[_Row], SourceError | None]:
    """Return the next rows, and the error that ended them."""
    taken: list[_Row] = []
    try:
        taken.extend(islice(rows, most))
    except SourceError as error:
        return taken, error
    return taken, None


def _explain_header(rows: Iterator[_Row]) -> str:
    for row in islice(rows, _ROWS_ABOVE_HEADER):
        if any(map(_field, row.cells)):
            return f"the header is on line {row.line}: remove the lines above it"
    return "no column in the first line is an API field"


def _field(name: str) -> str | None:
    return _FIELD_BY_NAME.get(_squash(name))


# Reading


class _Row:
    """A row: the line that it begins on, its lines, how many characters they have, and its cells."""

    __slots__ = ("cells", "line", "lines", "size")
    cells: list[str]
    line: int

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size = 0


class _Reader:
    """Reads the rows of a stream that are not blank, by the standard parser.

    ``size`` is the number of bytes read so far, ``delimiter`` the one by which one of the first lines has the
    most names of fields.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.size = 0
        lines = dropwhile(lambda line: not line[1].strip(_BETWEEN_CELLS), self._lines(stream))
        first = list(islice(lines, _ROWS_ABOVE_HEADER))
        separator = _SEPARATOR.match(first[0][1]) if first else None
        self.delimiter = separator[1] if separator else _delimiter([text for _, text in first])
        self.rows = self._rows(chain(first[1:] if separator else first, lines))

    def _lines(self, stream: BinaryIO) -> Iterator[tuple[int, str]]:
        """Yield each line with its end, and before it its number."""
        number = 1
        for _, data in read_lines(stream):
            self.size += len(data)
            try:
                text = decode_line(data, number)
            except SourceError as error:
                if error.reason not in {NOT_UTF_8, UTF_16}:
                    raise
                raise SourceError(f"{error.reason}: save it as CSV UTF-8", error.position) from None
            has_several = "\r" in text.removesuffix("\n").removesuffix("\r")
            for line in StringIO(text, newline="") if has_several else (text,):
                yield number, line
                number += 1

    def _rows(self, lines: Iterator[tuple[int, str]]) -> Iterator[_Row]:
        reader = csv.reader(self._feed(lines), delimiter=self.delimiter, strict=True)
        while True:
            self._row = row = _Row()
            try:
                with _RAISED_LIMIT:
                    row.cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                is_open = "end of data" in str(error)
                reason = "a quote is not closed" if is_open else "text follows the closing quote of a cell"
                raise SourceError(f"not CSV: {reason}", (row.line, 1)) from None
            if not all(map(is_blank, row.cells)):
                yield row

    def _feed(self, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
        """Yield the text of each line, and add the line to the row.

        :raises SourceError: if the row is too long
        """
        for number, text in lines:
            row = self._row
            if not row.lines:
                row.line = number
            row.lines.append(text)
            row.size += len(text)
            if row.size > LARGEST_RECORD:
                raise SourceError(f"a row of more than {LARGEST_RECORD // 2**20} MB", (row.line, 1))
            yield text


class _RaisedLimit:
    """Raises the parser's limit, which is global and may be lower, while any thread reads a row."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._readers = self._before = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._readers == 0:
                self._before = csv.field_size_limit(LARGEST_RECORD)
            self._readers += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._readers -= 1
            if self._readers == 0:
                csv.field_size_limit(self._before)


_RAISED_LIMIT: Final = _RaisedLimit()


def _delimiter(lines: list[str]) -> str:
    def most_names(delimiter: str) -> int:
        return max((_known_names(line, delimiter) for line in lines), default=0)

    return max(_DELIMITERS, key=most_names)


def _known_names(line: str, delimiter: str) -> int:
    """Return how many names of fields a line has, which may be the header."""
    return sum(_field(name) is not None for name in line.replace('"', "").split(delimiter))


def begins_with_fields(line: str) -> bool:
    """Return whether a line, the first of a source, is a header or the line that Excel writes above it."""
    is_separator = _SEPARATOR.match(line) is not None
    return is_separator or any(_known_names(line, delimiter) for delimiter in _DELIMITERS)


# Rows as mailboxes


class _Columns:
    """The columns by their header: the field of each, and where each field is."""

    def __init__(self, header: _Row, delimiter: str) -> None:
        self.header = header
        self.fields = [_field(name) for name in header.cells]
        # Of a duplicate column the last counts, blank or not.
        self.by_field = {field: column for column, field in enumerate(self.fields) if field is not None}
        self.has_duplicates = len(self.by_field) < sum(field is not None for field in self.fields)
        self._delimiter = delimiter
        self._located: tuple[_Row, Text, array[int]] | None = None

    def mailbox(self, cells: list[str]) -> dict[str, object]:
        """Return the mailbox in the cells of a row."""
        mailbox: dict[str, object] = {}
        width = len(cells)
        for field, column in self.by_field.items():
            cell = cells[column] if column < width else ""
            if cell and not (cell.isspace() and is_blank(cell)):
                mailbox[field] = _number_or_text(cell) if field in _INTEGERS else cell
        return mailbox

    def position(self, row: _Row, column: int) -> Position:
        """Return the position at which the cell in ``column`` of ``row`` starts."""
        text, start = self._locate(row, column)
        return text.position(start)

    def cell(self, row: _Row, column: int) -> Span | None:
        """Return the span of the cell in ``column`` of ``row``, unless it contains quotes."""
        text, start = self._locate(row, column)
        return written(text, start, row.cells[column], '"')

    def _locate(self, row: _Row, column: int) -> tuple[Text, int]:
        """Return the text of ``row``, and the offset in it at which the cell in ``column`` starts."""
        # One after another, positions in the same row are asked for.
        if self._located is None or self._located[0] is not row:
            text = "".join(row.lines)
            self._located = row, Text(text, row.line), array("q", self._starts(text, len(row.cells)))
        _, text_of_row, starts = self._located
        return text_of_row, starts[column]

    def _starts(self, text: str, cells: int) -> Iterator[int]:
        start = 0
        for _ in range(cells):
            yield start
            start = text.find(self._delimiter, _end_of_quotes(text, start)) + 1

    def remarks(self) -> Iterator[Remark]:
        """Yield the findings of the header."""
        seen: set[str] = set()
        meants = [
            nearest(self.header.cells[column], FIELDS) if field is None and column < _MOST_COMPARED else None
            for column, field in enumerate(self.fields)
        ]
        for column, field in enumerate(self.fields):
            if field is None:
                yield self._unknown(column, meants)
            elif field in seen:
                message, hint = f"duplicate column {field}", "remove one of them: the last one counts"
                yield Remark("duplicate-key", self.position(self.header, column), message, hint)
            else:
                seen.add(field)
        missing = [name for name in FIELDS if FIELDS[name].required and name not in seen]
        if missing:
            message = f"missing column{'s' * (len(missing) > 1)}: {', '.join(missing)}"
            yield Remark("missing-column", self.position(self.header, 0), message, "add the column")

    def _unknown(self, column: int, meants: list[str | None]) -> Remark:
        """Return the finding of a column that is not a field; ``meants`` are the fields such columns mean."""
        # The name is not shown: without a header line it would be somebody's password.
        has_name = not is_blank(self.header.cells[column])
        message = "the column is not an API field" if has_name else "the column has no name"
        position, meant = self.position(self.header, column), meants[column]
        if meant is None:
            return Remark("unknown-field", position, message)
        is_certain = meant not in self.by_field and meants.count(meant) == 1
        span = self.cell(self.header, column) if is_certain else None
        rename = None if span is None else (span, meant)
        return Remark("unknown-field", position, message, f"did you mean `{meant}`?", rename)


def _number_or_text(cell: str) -> int | str:
    """Return what is written as an integer, with or without spaces around it, as one; all else as it is."""
    numeral = cell.strip(JAVA_WHITESPACE)
    return int(numeral) if _INTEGER.fullmatch(numeral) else cell


def _end_of_quotes(text: str, start: int) -> int:
    """Return the offset after the closing quote of the cell at ``start``; ``start`` if it has no quotes."""
    if not text.startswith('"', start):
        return start
    end = text.find('"', start + 1) + 1
    while text.startswith('"', end):  # a doubled quote is one of the cell's characters
        end = text.find('"', end + 1) + 1
    return end


_INTEGERS: Final = frozenset(field.name for field in FIELDS.values() if field.type == "integer")


class _Table(Document):
    """Some of the rows as mailboxes, and the positions of their cells."""

    def __init__(
        self,
        columns: _Columns,
        rows: list[_Row],
        first_index: int,
        first_rows: dict[str, int],
        read: tuple[int, int],
    ) -> None:
        self._columns = columns
        self.columns = columns.by_field
        self._rows = rows
        self.value = [columns.mailbox(row.cells) for row in rows]
        self.records = self.value if first_index else None
        self.first_index = first_index
        self.first_rows = first_rows
        self.bytes_before, self.bytes_after = read

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the position of the cell at ``path``; of the row or the header, where there is none."""
        if not path:
            return None, self._columns.position(self._columns.header, 0)
        number = int(path[0]) - self.first_index
        if not 0 <= number < len(self._rows):
            return None, None
        row = self._rows[number]
        column = 0 if len(path) == 1 else self._columns.by_field.get(str(path[1]), len(row.cells))
        return None, self._columns.position(row, column) if column < len(row.cells) else None

    def reads_as_text(self, text: str) -> bool:
        """Return whether a cell without quotes is read as just this text: a quote would open a quoted one."""
        return not text.startswith('"')

    def scalar(self, path: Path) -> Span | None:
        """Return the span of the cell at ``path``; none where a column appears twice."""
        row = self._rows[int(path[0]) - self.first_index]
        column = self._columns.by_field[str(path[1])]
        return None if self._columns.has_duplicates else self._columns.cell(row, column)

    def remarks(self, *_: int) -> list[Remark]:
        """Return the findings of the header, with the first rows, and of the shape of the rows."""
        remarks = [] if self.first_index else list(self._columns.remarks())
        return [*remarks, *self._ragged_rows()]

    def _ragged_rows(self) -> Iterator[Remark]:
        width = len(self._columns.fields)
        for index, row in enumerate(self._rows, self.first_index):
            if len(row.cells) != width:
                cells = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
                message = f"mailbox[{index}] has {cells}, the header has {width}"
                hint = _hint_for_surplus(row.cells[width:])
                yield Remark("ragged-row", self._columns.position(row, 0), message, hint)


def _hint_for_surplus(surplus: list[str]) -> str | None:
    """Return how to fix a row with surplus cells: blank ones may come from a shift, too."""
    if not surplus:
        return None
    quotes = "put a cell that contains the delimiter in quotes"
    return f"{quotes}, or remove the empty cells at the end" if all(map(is_blank, surplus)) else quotes
