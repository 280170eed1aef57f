"""CSV files of several documents: 201 rows, then 200 each; nothing shows at the border between them."""

import io
import json
from itertools import pairwise
from typing import Any, Final

import pytest
from golden import mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import Run, check_files, folder, write

from mailbox_schema.contract import FIELDS
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document

NAMES: Final = list(mailbox())
HEADER: Final = ",".join(NAMES)
COUNT: Final = "mailboxes must be provided and have size in range <1,200>"
PORT: Final = "must be provided and in range <1,65535>"
BORDERS: Final = (0, 1, 198, 199, 200, 201, 202, 203, 399, 400, 401, 402, 403)

LINE_ENDS: Final = pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
ENDS_AT_END: Final = pytest.mark.parametrize("is_ended", [True, False], ids=["ended", "not ended"])


def row(number: int, **changes: Any) -> str:
    """Return a valid row, changed, with an address of its own."""
    cells = mailbox(**{"smtp_email": f"a{number}@getpiedpiper.com", **changes})
    return ",".join(str(cells[name]) for name in NAMES)


def text_of(rows: list[str], line_end: str = "\n", *, is_ended: bool = True) -> str:
    return line_end.join([HEADER, *rows]) + line_end * is_ended


def found_in(run: Run, *arguments: str) -> list[tuple[int, int, str]]:
    """Return the line, the column and the message of each finding."""
    found = json.loads(run("check", "--format", "json", *arguments)[1])
    return [(finding["line"], finding["column"], finding["message"]) for finding in found]


def test_the_documents_have_201_rows_and_then_200_each() -> None:
    stream = io.BytesIO(text_of([row(number) for number in range(802)]).encode())
    found = [document for document in documents(stream, "csv") if isinstance(document, Document)]
    sizes = [len(document.records or document.value) for document in found]  # type: ignore[arg-type]  # of CSV, a list
    assert sizes == [201, 200, 200, 200, 1]
    assert [document.first_index for document in found] == [0, 201, 401, 601, 801]
    # What was read before a document is what was read after the one before it; all of it after the last.
    assert found[0].bytes_before == 0
    assert all(before.bytes_after == after.bytes_before for before, after in pairwise(found))
    assert found[-1].bytes_after == stream.tell()


@pytest.mark.parametrize("amount", [1, 199, 200])
def test_200_rows_are_one_request(run: Run, amount: int) -> None:
    write("a.csv", text_of([row(number) for number in range(amount)]))
    assert run("check", "a.csv") == (0, "", "1 file checked: no findings\n")


@pytest.mark.parametrize("amount", [201, 202, 400, 401, 402, 601, 602])
def test_more_than_200_rows_are_too_many_and_reported_once(run: Run, amount: int) -> None:
    write("a.csv", text_of([row(number) for number in range(amount)]))
    assert run("check", "a.csv") == (
        1,
        f"a.csv:1:1: error: {COUNT} [mailbox-count]\n    hint: split it into several requests\n",
        "1 file checked: 1 violation\n",
    )


@LINE_ENDS
@ENDS_AT_END
def test_positions_and_indices_are_right_across_documents(run: Run, line_end: str, is_ended: bool) -> None:
    rows = [row(number, smtp_port=0 if number in BORDERS else 465) for number in range(404)]
    write("a.csv", text_of(rows, line_end, is_ended=is_ended))
    assert found_in(run, "--select", "port", "a.csv") == [
        (number + 2, rows[number].index(",0,") + 2, f"mailbox[{number}].smtp_port {PORT}")
        for number in BORDERS
    ]


@LINE_ENDS
@ENDS_AT_END
@pytest.mark.parametrize("amount", [200, 201, 202, 401])
def test_the_last_row_is_checked_whatever_ends_it(
    run: Run, line_end: str, is_ended: bool, amount: int
) -> None:
    rows = [row(number) for number in range(amount - 1)] + [row(amount, imap_port=0)]
    write("a.csv", text_of(rows, line_end, is_ended=is_ended))
    assert found_in(run, "--select", "port", "a.csv") == [
        (amount + 1, len(rows[-1]), f"mailbox[{amount - 1}].imap_port {PORT}")
    ]


@LINE_ENDS
@pytest.mark.parametrize("last", ["5", ",", "5,", ",5", "55", ",,", '""'])
@ENDS_AT_END
def test_a_short_last_row_is_read_whatever_ends_the_lines(
    run: Run, line_end: str, last: str, is_ended: bool
) -> None:
    for rows in (["1,2", last], [last]):
        text = line_end.join(["smtp_port,imap_port", *rows]) + line_end * is_ended
        write("a.csv", text)
        write("expected.csv", text.replace(line_end, "\n"))
        found = [run("check", "--format", "json", name) for name in ("a.csv", "expected.csv")]
        assert found[0] == (found[1][0], found[1][1].replace("expected.csv", "a.csv"), found[1][2])


@LINE_ENDS
def test_quoted_line_breaks_do_not_shift_later_positions(run: Run, line_end: str) -> None:
    broken = {199, 200, 201, 202, 399, 400, 401}
    footer = f'"<p>{line_end}a, ""b""{line_end}</p>"'
    rows = [
        f"{footer if number in broken else 'x'},{0 if number in BORDERS else 465}" for number in range(404)
    ]
    write("a.csv", line_end.join(["footer,smtp_port", *rows]) + line_end)
    expected, line = [], 2
    for number in range(404):
        last = line + 2 * (number in broken)
        if number in BORDERS:
            column = len('</p>",') + 1 if number in broken else len("x,") + 1
            expected.append((last, column, f"mailbox[{number}].smtp_port {PORT}"))
        line = last + 1
    found = found_in(run, "--select", "port", "a.csv")
    assert [finding for finding in found if "smtp_port" in finding[2]] == expected


def test_blank_rows_are_not_counted(run: Run) -> None:
    rows = [row(number, smtp_port=0 if number in BORDERS else 465) for number in range(404)]
    text = "\n".join([HEADER, *(f"{cells}\n,,\n" for cells in rows)])
    write("a.csv", text)
    assert found_in(run, "--select", "port", "a.csv") == [
        (3 * number + 2, rows[number].index(",0,") + 2, f"mailbox[{number}].smtp_port {PORT}")
        for number in BORDERS
    ]


# Addresses


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (0, 1),
        (0, 200),
        (0, 201),
        (199, 200),
        (200, 201),
        (200, 202),
        (201, 202),
        (399, 400),
        (400, 401),
        (0, 403),
    ],
)
def test_an_address_that_appears_again_in_another_document_is_reported(
    run: Run, first: int, second: int
) -> None:
    rows = [row(number) for number in range(404)]
    rows[second] = row(first)
    write("a.csv", text_of(rows))
    assert found_in(run, "--select", "duplicate-mailbox", "a.csv") == [
        (second + 2, 1, f"mailbox[{second}].smtp_email is the same as mailbox[{first}].smtp_email")
    ]


def test_the_first_of_several_equal_addresses_is_named(run: Run) -> None:
    write("a.csv", text_of([row(0)] * 402))
    found = found_in(run, "--select", "duplicate-mailbox", "a.csv")
    assert [message for _, _, message in found] == [
        f"mailbox[{number}].smtp_email is the same as mailbox[0].smtp_email" for number in range(1, 402)
    ]


def test_each_file_has_its_own_addresses(run: Run) -> None:
    for name in ("a.csv", "b.csv"):
        write(name, text_of([row(number) for number in range(202)]))
    assert found_in(run, "--select", "duplicate-mailbox", "a.csv", "b.csv") == []


# A file that can't be read to its end


@pytest.mark.parametrize(
    ("last", "place", "reason"),
    [
        (b"jared@getpiedpiper.com,\xe4", "302:24", "not UTF-8: save it as CSV UTF-8"),
        (b"jared@getpiedpiper.com,\0", "302:24", "a NUL character"),
        (b'jared@getpiedpiper.com,"x\n', "302:1", "not CSV: a quote is not closed"),
        (b'"x"y,', "302:1", "not CSV: text follows the closing quote of a cell"),
    ],
)
def test_findings_before_an_error_are_reported(run: Run, last: bytes, place: str, reason: str) -> None:
    rows = [row(number, smtp_port=0 if number in {0, 200} else 465) for number in range(300)]
    write("a.csv", text_of(rows).encode() + last)
    column = rows[0].index(",0,") + 2
    assert run("check", "a.csv") == (
        2,
        f"a.csv:1:1: error: {COUNT} [mailbox-count]\n    hint: split it into several requests\n"
        f"a.csv:2:{column}: error: mailbox[0].smtp_port {PORT} [port]\n"
        f"a.csv:202:{column + 2}: error: mailbox[200].smtp_port {PORT} [port]\n",
        f"a.csv:{place}: {reason}\n3 violations; 1 file can't be read or parsed\n",
    )


def test_findings_in_the_document_of_an_error_are_reported(run: Run) -> None:
    rows = [row(number, smtp_port=0 if number in {200, 201, 299} else 465) for number in range(300)]
    write("a.csv", text_of(rows).encode() + b"\xe4")
    output = run("check", "--select", "port", "a.csv")[1]
    assert [line.partition("[")[2].partition("]")[0] for line in output.splitlines()] == ["200", "201", "299"]


# The separator line, and the size


@LINE_ENDS
@pytest.mark.parametrize("separator", [";", "\t", "|", ",", ":"])
def test_the_separator_line_counts_as_a_line(run: Run, separator: str, line_end: str) -> None:
    rows = [f"a{number}@b.com{separator}{0 if number in BORDERS else 465}" for number in range(404)]
    header = f"smtp_email{separator}smtp_port"
    write("a.csv", line_end.join([f"sep={separator}", header, *rows]))
    found = found_in(run, "--select", "port", "a.csv")
    assert [finding for finding in found if "smtp_port" in finding[2]] == [
        (number + 3, rows[number].rindex("0") + 1, f"mailbox[{number}].smtp_port {PORT}")
        for number in BORDERS
    ]


LIMIT: Final = 200 * 1024
UPLOAD: Final = "smtp_email,smtp_login,smtp_from_name,footer\n"
TOO_LARGE: Final = [(1, 1, "the upload accepts files under 200 KB")]


def upload(amount: int, size: int, at: int) -> str:
    """Return a file with this number of rows and bytes, whose row ``at`` is the long one."""
    rows = [f"a{number}@b.com,a,A,\n" for number in range(amount)]
    rows[at] = rows[at][:-1] + "x" * (size - len(UPLOAD) - sum(map(len, rows))) + "\n"
    return UPLOAD + "".join(rows)


@pytest.mark.parametrize("at", [0, 199, 200, 201, 202, 400, 401, 402, 599])
def test_the_size_of_an_upload_is_reported_once_wherever_it_is_passed(run: Run, at: int) -> None:
    for size, expected in (
        (LIMIT - 1, []),
        (LIMIT, TOO_LARGE),
        (LIMIT + 1, TOO_LARGE),
        (2 * LIMIT, TOO_LARGE),
    ):
        text = upload(600, size, at)
        assert len(text) == size
        write("a.csv", text)
        found = found_in(run, "--select", "csv-upload", "a.csv")
        assert found == expected


@pytest.mark.parametrize("amount", [1, 200, 201, 202, 401, 402, 601])
def test_blank_lines_at_the_end_count_for_the_size_of_an_upload(run: Run, amount: int) -> None:
    rows = UPLOAD + "".join(f"a{number}@b.com,a,A,\n" for number in range(amount))
    write("a.csv", rows + "\n" * (LIMIT - len(rows)))
    assert found_in(run, "--select", "csv-upload", "a.csv") == TOO_LARGE


def test_the_size_of_an_upload_is_counted_in_bytes(run: Run) -> None:
    for size, expected in ((LIMIT - 1, []), (LIMIT, TOO_LARGE)):
        start = f"\ufeff{UPLOAD}a@b.com,a,A,".encode()
        rest = "\u00e4" * ((size - len(start)) // 2) + "x" * ((size - len(start)) % 2)
        write("a.csv", start + rest.encode())
        assert found_in(run, "--select", "csv-upload", "a.csv") == expected


# Limits


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("smtp_email\n" + "x" * (4 * 1024 * 1024 + 1), ":2:1: a line of more than 4 MB"),
        ('smtp_email\n\n"' + ("x" * 1_000_000 + "\n") * 5 + '"\n', ":3:1: a row of more than 4 MB"),
        ("smtp_email" + ",x" * 1000 + "\n", ":1:1: more than 1,000 columns"),
    ],
)
def test_a_row_and_a_header_have_a_limit(run: Run, data: str, complaint: str) -> None:
    write("a.csv", data)
    assert run("check", "a.csv") == (2, "", f"a.csv{complaint}\n1 file can't be read or parsed\n")


def test_1000_columns_are_read(run: Run) -> None:
    write("a.csv", "smtp_email" + ",x" * 999 + "\na@b.com" + "," * 999 + "\n")
    assert run("check", "--select", "email", "a.csv")[0] == 1


def test_progress_counts_rows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("mailbox_schema.lint.running._SECONDS_BETWEEN", -1.0)
    write("a.csv", text_of([row(number) for number in range(402)]))
    assert run("check", "--quiet", "--select", "port", "a.csv") == (
        0,
        "",
        "\r0 of 1 file\x1b[K\ra.csv: 201 records\x1b[K\ra.csv: 401 records\x1b[K\r\x1b[K",
    )


# Any table


@given(
    st.lists(st.tuples(st.integers(0, 401), st.sampled_from(list(FIELDS))), max_size=5),
    st.sampled_from([200, 201, 202, 401, 402]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_long_file_has_the_findings_of_its_rows_as_json(
    blank: list[tuple[int, str]], amount: int, line_end: str
) -> None:
    """The same mailboxes get the same lines, from whatever type of file."""
    rows = [mailbox(smtp_email=f"a{number}@getpiedpiper.com") for number in range(amount)]
    for number, name in blank:
        if number < amount:
            rows[number].pop(name, None)
    with folder() as put:
        cells = [",".join(str(content.get(name, "")) for name in NAMES) for content in rows]
        as_csv = check_files("--format", "json", put("csv", text_of(cells, line_end).encode()))
        as_json = check_files("--format", "json", put("json", json.dumps(rows).encode()))
    assert (as_csv[0], as_csv[2]) == (as_json[0], as_json[2])
    keys = ("rule", "message", "index", "field", "pointer")
    found = [[[finding[key] for key in keys] for finding in json.loads(it[1])] for it in (as_csv, as_json)]
    assert sorted(map(str, found[0])) == sorted(map(str, found[1]))
