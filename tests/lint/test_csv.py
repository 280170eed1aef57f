"""CSV: header, delimiter and cells."""

import pytest
from golden import mailbox
from lint.command import Run, write


@pytest.mark.parametrize("before", ["\n", " \n\r\n"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_below_blank_lines(run: Run, before: str, delimiter: str) -> None:
    row = mailbox(smtp_port=0)
    write("a.csv", f"{before}{delimiter.join(row)}\n{delimiter.join(map(str, row.values()))}\n")
    status, output, _ = run("check", "a.csv")
    assert status == 1
    assert output.startswith(f"a.csv:{before.count(chr(10)) + 2}:")
    assert output.count("\n") == 1


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
