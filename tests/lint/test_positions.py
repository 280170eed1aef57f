"""Positions, by properties: a value is found wherever it is put."""

import csv
import io
import json
import math
import pathlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import pytest
from golden import mailbox
from hypothesis import example, given
from hypothesis import strategies as st
from lint.command import Run, write

from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.sources import documents, json_places
from mailbox_schema.lint.sources.base import Document, Position, SourceError, Span, Text
from mailbox_schema.values import JAVA_WHITESPACE, is_blank

Path = tuple[str | int, ...]


def read(data: bytes | str, kind: str) -> Document:
    found = list(documents(io.BytesIO(data.encode() if isinstance(data, str) else data), kind))
    (document,) = found
    assert isinstance(document, Document)
    return document


def offset_of(text: str, position: Position) -> int:
    """Return the offset of a position, found by walking through the text."""
    line, column, offset = 1, 1, 0
    while (line, column) != position:
        assert offset < len(text), f"no such place: {position}"
        is_end = text[offset] == "\n" or (text[offset] == "\r" and text[offset + 1 : offset + 2] != "\n")
        line, column = (line + 1, 1) if is_end else (line, column + 1)
        offset += 1
    return offset


def paths(value: object, start: Path = ()) -> Iterator[tuple[Path, object]]:
    yield start, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from paths(member, (*start, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*start, index))


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Draw objects and arrays of everything that JSON has."""
    floats = st.floats(allow_nan=False, allow_infinity=False)
    scalars = st.none() | st.booleans() | st.integers() | floats | texts
    inside = st.recursive(
        scalars,
        lambda part: st.lists(part, max_size=4) | st.dictionaries(texts, part, max_size=4),
        max_leaves=12,
    )
    return st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4)


any_text: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "mailboxes",
        "smtp_port",
        '"',
        "\\",
        "{",
        "]",
        ",:",
        "\U0001f600",
        "a\u2028b\u0085c",
        "\ufeff",
        "<<",
        "~",
    ]
)
spaces: Final = st.text(" \t\n\r", max_size=3)
decode_at: Final = json.JSONDecoder().raw_decode


def test_a_text_has_lines_columns_and_offsets() -> None:
    text, later = Text("a\r\n\nb\rc"), Text("a\n\rb", 5)
    positions = [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (4, 1), (4, 2)]
    assert [text.position(offset) for offset in range(8)] == positions
    assert [text.offset(position) for position in positions] == list(range(8))
    assert [text.line(offset) for offset in range(8)] == [
        *[(0, 3)] * 3,
        (3, 4),
        *[(4, 6)] * 2,
        *[(6, 7)] * 2,
    ]
    positions = [(5, 1), (5, 2), (6, 1), (7, 1), (7, 2)]
    assert [later.position(offset) for offset in range(5)] == positions
    assert [later.offset(position) for position in positions] == list(range(5))


@pytest.mark.parametrize(
    ("kind", "data", "path", "span"),
    [
        ("yaml", "a: 'b' # 'c'\n", ("a",), "'b'"),
        ("yaml", "a: '' # 'c'\n", ("a",), "''"),
        ("yaml", "a: b # c\n", ("a",), "b"),
        ("yaml", 'a: "b\\n" # c\n', ("a",), None),
        ("csv", 'smtp_email,bcc\n"a,b","c"\n', (0, "smtp_email"), '"a,b"'),
        ("csv", 'smtp_email,bcc\n"a""b","c"\n', (0, "smtp_email"), None),
        ("csv", "smtp_email,bcc\na,c\n", (0, "bcc"), "c"),
    ],
)
def test_a_scalar_that_is_written_as_its_text_has_a_span(
    kind: str, data: str, path: Path, span: str | None
) -> None:
    found = read(data, kind).scalar(path)
    assert (found and found.source.text[found.start : found.end]) == span


def test_a_document_has_no_places_unless_its_type_has_them() -> None:
    with pytest.raises(NotImplementedError):
        Document().locate(())
    assert Document().plain(()) is None


# JSON


@given(
    values(any_text),
    st.none() | st.integers(0, 5) | spaces,
    spaces,
    spaces,
    spaces,
    spaces,
    st.booleans(),
    st.booleans(),
)
def test_a_position_in_json_is_where_the_value_begins(  # noqa: PLR0913, PLR0917  # a dump has as many settings
    value: Any, indent: int | str | None, a: str, b: str, c: str, d: str, has_escapes: bool, has_mark: bool
) -> None:
    text = json.dumps(value, indent=indent, separators=(f"{a},{b}", f"{c}:{d}"), ensure_ascii=has_escapes)
    text = f"{a}{text}{b}"
    document = read(("\ufeff" if has_mark else "") + text, "json")
    assert document.value == value
    for path, part in paths(value):
        assert decode_at(text, offset_of(text, document.position(path)))[0] == part
        if path and isinstance(path[-1], str):
            key = offset_of(text, document.key_position(path))
            found, end = decode_at(text, key)
            assert found == path[-1]
            assert text[end:].lstrip(" \t\n\r").startswith(":")


@given(values(any_text), any_text, st.booleans())
def test_an_absent_value_is_located_where_its_holder_begins(value: Any, name: str, has_escapes: bool) -> None:
    document = read(json.dumps(value, indent=1, ensure_ascii=has_escapes), "json")
    for path, part in paths(value):
        if isinstance(part, dict) and name not in part:
            assert document.position((*path, name)) == document.position(path)


def decoded(span: Span) -> list[Any]:
    """Return the value of each character of a scalar's text."""
    text = span.source.text
    return [json.loads(f'"{text[start:end]}"') for start, end in pairwise(span.characters)]


# Above U+FFFF, two escapes make one character; one alone is a character too.
@given(values(any_text), st.none() | st.integers(0, 2), st.booleans())
@example(["", '\U0001f600\ud83d\u00e4\n"\\\\', "a\u00e4"], None, True)
@example(["", '\U0001f600\u00e4\n"\\\\', "a\u00e4"], None, False)
def test_a_scalar_in_json_has_the_span_of_each_character(
    value: Any, indent: int | None, has_escapes: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=has_escapes)
    document = read(text, "json")
    for path, part in paths(value):
        span = document.scalar(path)
        if isinstance(part, dict | list):
            assert span is None
        elif isinstance(part, str):
            assert span is not None
            assert json.loads(text[span.start : span.end]) == part
            assert decoded(span) == list(part)
            assert (span.characters[0], span.characters[-1]) == (span.start + 1, span.end - 1)
        else:
            assert span is not None
            assert json.loads(text[span.start : span.end]) == part
            assert list(span.characters) == list(range(span.start, span.end + 1))


@given(values(any_text), st.none() | st.integers(0, 2), st.booleans())
def test_a_key_in_json_has_a_span(value: Any, indent: int | None, has_escapes: bool) -> None:
    document = read(json.dumps(value, indent=indent, ensure_ascii=has_escapes), "json")
    for path, _ in paths(value):
        span = document.key(path)
        if path and isinstance(path[-1], str):
            assert span is not None
            assert "".join(decoded(span)) == path[-1]
        else:
            assert span is None


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("a", '{ "b": [2, 3] , "c": {"d": 4} }'),
        ("b", '{ "a" : 1 , "c": {"d": 4} }'),
        ("c", '{ "a" : 1 , "b": [2, 3] }'),
    ],
)
@pytest.mark.parametrize(
    ("around", "path"), [("%s", ()), (" [%s]", (0,)), ('{"x": 0, "y": [1, %s, 2]}', ("y", 1))]
)
def test_without_the_span_of_a_member_in_json_the_others_are_left(
    name: str, others: str, around: str, path: Path
) -> None:
    text = around % '{ "a" : 1 , "b": [2, 3] , "c": {"d": 4} }'
    span = read(text, "json").member((*path, name))
    assert span is not None
    assert text[: span.start] + text[span.end :] == around % others


@pytest.mark.parametrize(("kind", "text"), [("json", "{}"), ("csv", "bcc\na@b.co\n")])
def test_only_a_quote_in_front_is_not_text(kind: str, text: str) -> None:
    document = read(text, kind)
    assert document.reads_as_text("587") is True
    assert document.reads_as_text('"a') is (kind == "json")


def test_what_is_not_in_json_has_no_span() -> None:
    document = read('{"a": 1, "b": [2]}', "json")
    for path in [("c",), ("b", 1), ("b", "c")]:
        assert document.scalar(path) is document.key(path) is None


def test_a_value_too_deep_for_the_scanner_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be parsed, and not be scanned when the stack has grown; the values before it have a position."""

    def scan(_text: str, _start: int) -> Any:
        raise RecursionError

    document = read('{"a": [], "b": 1}', "json")
    monkeypatch.setattr(json_places, "_SCAN", scan)
    assert document.locate(("a",)) == ((1, 2), (1, 7))
    with pytest.raises(SourceError) as raised:
        document.locate(("b",))
    assert (raised.value.reason, raised.value.position) == ("nested too deeply", None)


@given(values(any_text), spaces)
def test_positions_in_json_lines_are_those_of_json(value: Any, space: str) -> None:
    line = json.dumps(value, ensure_ascii=False)
    alone = read(line, "json")
    blank = space.replace("\r", "")
    found = list(documents(io.BytesIO(f"0\n{blank}\n{line}".encode()), "jsonl"))
    document = found[1]
    assert isinstance(document, Document)
    assert document.first_index == 1
    assert document.records is not None
    assert list(document.records) == [value]
    assert document.value == value
    for path, _ in paths(value):
        assert document.position(path) == (blank.count("\n") + 3, alone.position(path)[1])


# JSON is YAML

# PyYAML reads YAML 1.1, where NEL, LS and PS end a line, and C1 controls are not allowed.
printable: Final = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\u2028\u2029\ufeff"),
    max_size=8,
)


@given(values(printable), st.none() | st.integers(0, 4))
def test_json_read_as_yaml_has_the_same_values_and_positions(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    as_json, as_yaml = read(text, "json"), read(text, "yaml")
    assert json.dumps(as_yaml.value) == json.dumps(as_json.value)
    for path, _ in paths(value):
        assert as_yaml.position(path) == as_json.position(path)
        assert as_yaml.key_position(path) == as_json.key_position(path)


@given(values(printable), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_line_ends_change_no_position(value: Any, line_end: str, has_mark: bool) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    changed = ("\ufeff" if has_mark else "") + text.replace("\n", line_end)
    for kind in ("json", "yaml"):
        before, after = read(text, kind), read(changed, kind)
        assert before.value == after.value
        for path, _ in paths(value):
            assert before.position(path) == after.position(path)


# CSV

NUMERAL: Final = "-?[0-9]+"
INTEGERS: Final = frozenset(name for name, field in FIELDS.items() if field.type == "integer")
cells: Final = (
    st.text(",;\t|\"'\n\r a0\u00e4\U0001f600\u2028\u3000\u0085\x0b", max_size=6)
    | st.integers(-70000, 70000).map(str)
    | st.sampled_from(["0012345", " 465", "465 ", "+465", "465.0", "1_000", "1e3", "\u0664\u0666", "-", "=1"])
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], dict[str, Any]]:
    """Draw a header of fields, rows, and how they are written."""
    header = draw(st.permutations(list(FIELDS)))[: draw(st.integers(2, len(FIELDS)))]
    written: dict[str, Any] = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "quoting": draw(
            st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_NONE])
        ),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n", "\r"])),
    }
    rows = draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=4))
    if written["quoting"] == csv.QUOTE_NONE:
        special = re.compile(f'["\r\n{written["delimiter"]}]')
        rows = [[special.sub("", cell) for cell in row] for row in rows]
    elif written["quoting"] == csv.QUOTE_MINIMAL and written["lineterminator"] != "\r\n":
        # Before Python 3.13, a character that does not end a line is not put in quotes.
        rows = [[re.sub("[\r\n]", "", cell) for cell in row] for row in rows]
    return header, rows, written


def as_csv(row: list[str], written: dict[str, Any]) -> str:
    output = io.StringIO(newline="")
    csv.writer(output, **written).writerow(row)
    return output.getvalue()


@given(tables(), st.booleans())
def test_a_position_in_csv_is_where_the_cell_begins(
    table: tuple[list[str], list[list[str]], dict[str, Any]], has_mark: bool
) -> None:
    header, rows, written = table
    text = "".join(as_csv(row, written) for row in [header, *rows])
    document = read(("\ufeff" if has_mark else "") + text, "csv")
    assert isinstance(document.value, list)
    # No unknown or duplicate column, no ragged row.
    assert {remark.rule for remark in document.remarks()} <= {"missing-column"}
    start, index = len(as_csv(header, written)), 0
    width = len(as_csv(["x"], written))
    for row in rows:
        if not all(map(is_blank, row)):
            mailbox = document.value[index]
            assert mailbox == {
                name: int(cell)
                if name in INTEGERS and re.fullmatch(NUMERAL, cell.strip(JAVA_WHITESPACE))
                else cell
                for name, cell in zip(header, row, strict=True)
                if not is_blank(cell)
            }
            for column, name in enumerate(header):
                before = len(as_csv([*row[:column], "x"], written)) - width
                assert offset_of(text, document.position((index, name))) == start + before
            assert offset_of(text, document.position((index,))) == start
            index += 1
        start += len(as_csv(row, written))
    assert len(document.value) == index


# YAML


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(
            (text, text)
            for text in ("no", "No", "NO", "yes", "Yes", "on", "off", "y", "n", "NULl", "nULL", "tRUE")
        ),
        *(
            (text, text)
            for text in ("1_000", "12:30", "12:30:45", "2024-01-01", "2024-01-01 00:00:00", "0b11")
        ),
        *((text, text) for text in ("0o8", "0O14", "0X1F", "-0x1F", "+0o14", "0x", "1e", "e3", ".", "+")),
        *(
            (text, text)
            for text in ("1.2.3", "..1", ".e3", "-.", "--1", "Inf", "inf", "nan", ".Nan", ".iNf", "=")
        ),
        *((text, text) for text in ("0012345a", "1,000", "~~", "null null", "<<", "\u0664\u0666\u0665")),
        *((text, None) for text in ("~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("-12", -12),
        ("0123", 123),
        ("00", 0),
        ("0o14", 12),
        ("0x1F", 31),
        ("0xff", 255),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5e+1", -5.0),
        ("+1.5E-1", 0.15),
        ("-0.0", -0.0),
        ("685.230_15e+03", "685.230_15e+03"),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("+.INF", math.inf),
        ("''", ""),
        ('""', ""),
        ("'no'", "no"),
        ("'~'", "~"),
        ('"0123"', "0123"),
        ('"\\x41\\u00e4\\U0001F600\\t"', "A\u00e4\U0001f600\t"),
        ("'it''s'", "it's"),
        ("! 12", "12"),
        ("!!str 12", "12"),
        ("!!str", ""),
        ("!!str ~", "~"),
        ("!!int 12", 12),
        ("!!int 0x1F", 31),
        ("!!null ~", None),
        ("!!bool true", True),
        ("!!float 1.5", 1.5),
        ("!<tag:yaml.org,2002:int> 7", 7),
        ("!custom 12", "12"),
        ("!custom", ""),
    ],
)
def test_a_scalar_is_read_by_the_core_schema(written: str, value: object) -> None:
    document = read(f"key: {written}\n", "yaml")
    assert isinstance(document.value, dict)
    found = document.value["key"]
    assert found == value
    assert repr(found) == repr(value) if isinstance(value, float) else isinstance(found, type(value))
    assert document.position(("key",)) == (1, 6)
    assert document.key_position(("key",)) == (1, 1)


def test_nan_is_read_as_not_a_number() -> None:
    value = read("[.nan, .NaN, .NAN]", "yaml").value
    assert isinstance(value, list)
    assert all(math.isnan(item) for item in value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!!int '12'", 12),
        ('!!int "0o14"', 12),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!float 1", 1.0),
    ],
)
def test_a_core_schema_tag_applies_to_a_quoted_scalar_too(written: str, value: object) -> None:
    document = read(f"key: {written}\n", "yaml")
    assert isinstance(document.value, dict)
    assert document.value["key"] == value


@pytest.mark.parametrize("written", ["!!int x", "!!bool no", "!!float text"])
def test_a_tag_that_does_not_match_raises_nothing(written: str) -> None:
    try:
        document = read(f"key: {written}\n", "yaml")
    except SourceError:
        return
    assert isinstance(document.value, dict)
    assert isinstance(document.value["key"], str)


def test_positions_are_right_if_keys_are_in_reverse_order(run: Run) -> None:
    names = list(mailbox())
    rows = [dict.fromkeys(reversed(names), 0) for _ in range(3)]
    write("a.json", json.dumps(rows, indent=1))
    lines = pathlib.Path("a.json").read_text(encoding="utf-8").splitlines()
    for line in run("check", "--select", "contract", "a.json")[1].splitlines():
        if "hint" not in line:
            place, message = line.split(": ", 1)
            number, column = map(int, place.split(":")[1:])
            field = message.partition(".")[2].partition(" ")[0]
            assert lines[number - 1][: column - 1].strip() == f'"{field}":'


@pytest.mark.parametrize("rules", ["plaintext-secret", "plaintext-secret,duplicate-mailbox", "all"])
@pytest.mark.parametrize("changes", [{}, {"smtp_port": 993}, {"smtp_port": 0}, {"bcc": "x", "unknown": 1}])
def test_findings_are_sorted_if_keys_are_in_reverse_order(
    run: Run, changes: dict[str, object], rules: str
) -> None:
    row = dict(reversed(mailbox(**changes).items()))
    write("a.json", json.dumps([row, row], indent=1))
    write("a.jsonl", f"{json.dumps(row)}\n{json.dumps(row)}\n")
    write("a.yaml", json.dumps([row, row], indent=1))
    write("a.csv", "\n".join([",".join(row), *[",".join(map(str, row.values()))] * 2]))
    for name in ("a.json", "a.jsonl", "a.yaml", "a.csv"):
        found = json.loads(run("check", "--format", "json", "--select", rules, name)[1])
        places = [(finding["line"], finding["column"]) for finding in found]
        assert len(places) >= 4
        assert places == sorted(places)
