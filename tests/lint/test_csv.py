"""CSV: header, delimiter and cells."""

import io
import tracemalloc

import pytest
from golden import mailbox
from lint.command import Run, write
from lint.test_positions import read

from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document
from mailbox_schema.lint.sources.csv import begins_with_fields


@pytest.mark.parametrize("before", ["\n", " \n\r\n"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_below_blank_lines(run: Run, before: str, delimiter: str) -> None:
    row = mailbox(smtp_port=0)
    write("a.csv", f"{before}{delimiter.join(row)}\n{delimiter.join(map(str, row.values()))}\n")
    status, output, _ = run("check", "a.csv")
    assert status == 1
    assert output.startswith(f"a.csv:{before.count(chr(10)) + 2}:")
    assert output.count("\n") == 1


def test_a_cell_of_many_lines_takes_little_memory() -> None:
    data = b'footer\n"%s"\n' % (b"a\n" * 200_000)
    tracemalloc.start()
    (document,) = documents(io.BytesIO(data), "csv")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(document, Document)
    assert document.value == [{"footer": "a\n" * 200_000}]
    assert most < 50 * len(data)


@pytest.mark.parametrize("text", [",,\n", '"",""\n\n', " ,\n,\t\n"])
def test_a_csv_file_of_blank_cells_is_empty(run: Run, text: str) -> None:
    write("a.csv", text)
    assert run("check", "a.csv") == (2, "", "a.csv: empty\n1 file can't be read or parsed\n")


def test_a_csv_file_of_delimiters_only_is_empty(run: Run) -> None:
    write("a.csv", ",,,\n,,\n")
    assert run("check", "a.csv") == (2, "", "a.csv: empty\n1 file can't be read or parsed\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "My mailboxes\nof 2026\nsmtp_email;smtp_port\na@b.com;465\n",
            "a.csv:1:1: the header is on line 3: remove the lines above it",
        ),
        ("a@b.com,465\n", "a.csv:1:1: no column in the first line is an API field"),
        ("\n\nx,y\n", "a.csv:3:1: no column in the first line is an API field"),
        ("x\n" * 10 + "bcc\n", "a.csv:1:1: the header is on line 11: remove the lines above it"),
        ("x\n" * 11 + "bcc\n", "a.csv:1:1: no column in the first line is an API field"),
    ],
)
def test_a_csv_file_whose_first_line_is_not_a_header_is_refused(run: Run, text: str, complaint: str) -> None:
    write("a.csv", text)
    assert run("check", "a.csv") == (2, "", f"{complaint}\n1 file can't be read or parsed\n")


def test_the_separator_line_of_excel_is_skipped(run: Run) -> None:
    write("a.csv", "sep=;\r\nsmtp_email;smtp_port;imap_port\r\na@b.com;0;993\r\n")
    output = run("check", "--select", "port", "--ignore", "advice", "a.csv")[1]
    assert (
        output.splitlines()[0]
        == "a.csv:3:9: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]"
    )


def test_a_quote_within_a_cell_does_not_shift_what_follows(run: Run) -> None:
    write("a.csv", 'smtp_email,smtp_from_name,smtp_port,imap_port\na@b.com,Jared "J" Dunn,99999,993\n')
    output = run("check", "--select", "port", "a.csv")[1]
    assert (
        output.splitlines()[0]
        == "a.csv:2:24: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]"
    )


@pytest.mark.parametrize(
    "cell", ['"Jared ""J"""', '"""J"" Dunn"', '""""', '""""""', '"a""""b"', '"a,""b"",c"', '""', ""]
)
def test_quotes_within_quotes_do_not_shift_what_follows(cell: str) -> None:
    document = read(f"smtp_from_name,smtp_port\n{cell},99999\n", "csv")
    assert document.position((0, "smtp_port")) == (2, len(f"{cell},") + 1)


@pytest.mark.parametrize(
    ("line", "is_header"),
    [
        ("smtp_email", True),
        ("x;SMTP port;y", True),
        ("x,bcc|y", False),
        ('"x";"bcc";"y"', True),
        ('"x"|"y"', False),
        ("sep=;", True),
        ("sep=;\r", True),
        ("sep=;;", False),
        ("sep=", False),
        ("", False),
    ],
)
def test_the_first_line_tells_a_csv_file(line: str, is_header: bool) -> None:
    assert begins_with_fields(line) is is_header


def test_a_separator_line_alone_is_empty(run: Run) -> None:
    write("a.csv", "sep=;")
    assert run("check", "a.csv") == (2, "", "a.csv: empty\n1 file can't be read or parsed\n")


def test_the_last_of_duplicate_columns_counts_even_if_blank(run: Run) -> None:
    write("a.csv", "imap_port,smtp_port,smtp_port\n993,99999,\n")
    assert run("check", "--select", "port", "a.csv")[1] == (
        "a.csv:2:11: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n    hint: fill in the cell\n"
    )


def test_a_missing_cell_and_a_missing_column_have_hints_of_their_own(run: Run) -> None:
    write("a.csv", "smtp_email,smtp_port\na@b.com,\n")
    output = run("check", "--select", "port", "a.csv")[1]
    assert output == (
        "a.csv:2:1: error: mailbox[0].imap_port must be provided and in range <1,65535> [port]\n    hint: add the column\n"
        "a.csv:2:9: error: mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n    hint: fill in the cell\n"
    )


def test_extra_blank_cells_are_ragged(run: Run) -> None:
    """The values before them may be shifted: `Dunn, Jared` without quotes, and the last column blank."""
    rows = "a@b.com,Dunn, Jared,\nb@b.com,,,,\nc@b.com,,,,x\nd@b.com,,\n"
    write("a.csv", f"smtp_email,smtp_from_name,footer\n{rows}")
    output = run("check", "--select", "ragged-row", "a.csv")[1]
    quotes = "    hint: put a cell that contains the delimiter in quotes"
    assert output == (
        "a.csv:2:1: error: mailbox[0] has 4 cells, the header has 3 [ragged-row]\n"
        f"{quotes}, or remove the empty cells at the end\n"
        "a.csv:3:1: error: mailbox[1] has 5 cells, the header has 3 [ragged-row]\n"
        f"{quotes}, or remove the empty cells at the end\n"
        f"a.csv:4:1: error: mailbox[2] has 5 cells, the header has 3 [ragged-row]\n{quotes}\n"
    )


@pytest.mark.parametrize(("columns_before", "hint"), [(99, "did you mean `smtp_port`?"), (100, None)])
def test_a_name_is_suggested_for_the_first_100_columns(columns_before: int, hint: str | None) -> None:
    header = "x," * columns_before + "smtp_prot,smtp_email"
    remark = list(read(f"{header}\n1\n", "csv").remarks())[columns_before]
    assert (remark.rule, remark.position) == ("unknown-field", (1, 2 * columns_before + 1))
    assert (remark.message, remark.hint) == ("the column is not an API field", hint)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("smtp prot,bcc", ["smtp_port"]),
        ("smtp prot,imap prot,bcc", ["smtp_port", "imap_port"]),
        ("smtp prot,smtp prt,bcc", [None, None]),
        ("smtp prot,smtp_port", [None]),
        ('"smtp ""prot""",bcc', [None]),
        ("color,bcc", [None]),
        (",bcc", [None]),
    ],
)
def test_a_column_is_renamed_if_it_is_certain_what_is_meant(header: str, names: list[str | None]) -> None:
    remarks = read(f"{header}\n1\n", "csv").remarks()
    renames = [remark.rename for remark in remarks if remark.rule == "unknown-field"]
    assert [rename and rename[1] for rename in renames] == names


def test_the_span_of_a_cell_begins_and_ends_where_the_cell_does() -> None:
    document = read('bcc,footer,smtp_port,x,y\n,,"465",1,2\n', "csv")
    spans = [document.scalar((0, name)) for name in ("bcc", "footer", "smtp_port")]
    assert [span and span[1:] for span in spans] == [
        (0, 0, range(1)),
        (1, 1, range(1, 2)),
        (2, 7, range(3, 7)),
    ]
    # The text of a row is put together once.
    assert len({id(span and span.source) for span in spans}) == 1


def test_no_cell_has_a_span_where_a_column_appears_twice() -> None:
    assert read("bcc,smtp_port,smtp_port\na@b.co,465,465\n", "csv").scalar((0, "bcc")) is None


def test_a_document_knows_only_its_own_rows() -> None:
    text = "smtp_port\n" + "465\n" * 403
    found = [it for it in documents(io.BytesIO(text.encode()), "csv") if isinstance(it, Document)]
    second = found[1]
    places = [second.locate((index, "smtp_port")) for index in (0, 200, 201, 400, 401)]
    assert places == [(None, None), (None, None), (None, (203, 1)), (None, (402, 1)), (None, None)]
    assert second.position((401, "smtp_port")) == (1, 1)
    span = second.scalar((400, "smtp_port"))
    assert span is not None
    assert span.source.position(span.start) == (402, 1)


@pytest.mark.parametrize("surplus", [0, 1])
def test_a_row_may_have_as_many_characters_as_a_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, surplus: int
) -> None:
    megabyte = 1024 * 1024
    for module in ("base", "csv"):
        monkeypatch.setattr(f"mailbox_schema.lint.sources.{module}.LARGEST_RECORD", megabyte)
    sizes = (megabyte, megabyte + surplus)
    rows = ['"' + "x" * 500_000 + "\n" + "y" * (size - 500_004) + '"\n' for size in sizes]
    assert [len(row) for row in rows] == [*sizes]
    write("a.csv", f"footer\n{''.join(rows)}")
    complaint = "a.csv:4:1: a row of more than 1 MB\n" * surplus
    assert run("check", "-q", "--select", "csv-upload", "a.csv")[2] == complaint
