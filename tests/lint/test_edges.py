"""Edges that were wrong once: read errors, odd ends of lines, cut-off records, answers and what they quote."""

import contextlib
import io
import json
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest
from golden import mailbox

from mailbox_schema.lint import cli
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.sources import Document, documents


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def checked(*arguments: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = main(["check", *arguments])
    return status, output.getvalue(), errors.getvalue()


def write(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def answer(*lines: str) -> str:
    return write("answer.json", json.dumps({"code": "VALIDATION_FAILURE", "details": lines}))


# Positions


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"smtp_port": 46', 17, "expecting ',' delimiter"),
        ('{"smtp_password": "abc', 19, "unterminated string starting"),
        ('{"smtp_port":', 14, "expecting value"),
    ],
)
def test_a_line_of_json_lines_that_is_cut_off_is_reported_on_that_line(
    line: str, column: int, reason: str, line_end: str
) -> None:
    write("a.jsonl", f"{line}{line_end}{json.dumps(mailbox())}{line_end}")
    assert checked("a.jsonl") == (
        1,
        f"a.jsonl:1:{column}: mailbox[0] can't be read: not JSON: {reason} [syntax]\n",
        "1 file checked: 1 violation\n",
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("[1, 2, ]", "1:6"), ('{"a": 1,\n}', "1:8"), ('{"a": 1 ,}', "1:9"), ("[[1],\n\n]", "1:5")],
)
def test_a_comma_too_many_is_pointed_at_by_every_version_of_python(text: str, place: str) -> None:
    """From 3.13 on the parser itself names the comma, with a message and a position of its own."""
    write("a.json", text)
    status, _, errors = checked("a.json")
    assert (status, errors.splitlines()[0]) == (
        2,
        f"a.json:{place}: not JSON: a comma before the closing bracket",
    )


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
@pytest.mark.parametrize(
    "text", ['{{"a": "x{}y", "b": 1}}', "a: x{}y\nb: 1\n", "# x{}y\na: 1\nb: 1\n", "a: |\n x{}y\nb: 1\n"]
)
def test_only_line_feeds_and_carriage_returns_end_a_line_of_yaml(text: str, separator: str) -> None:
    """YAML 1.2.2, 5.4: U+0085, U+2028 and U+2029 are ordinary characters; JSON has them in strings."""
    (document,) = documents(io.BytesIO(text.format(separator).encode()), "yaml")
    assert isinstance(document, Document)
    assert isinstance(document.value, dict)
    assert document.value["b"] == 1
    expected = 1 if text.startswith("#") else f"x{separator}y" + "\n" * ("|" in text)
    assert document.value["a"] == expected


@pytest.mark.parametrize("before", ["\n", " \n\r\n"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_below_blank_lines(before: str, delimiter: str) -> None:
    row = mailbox(smtp_port=0)
    write("a.csv", f"{before}{delimiter.join(row)}\n{delimiter.join(map(str, row.values()))}\n")
    status, output, _ = checked("a.csv")
    assert status == 1
    assert output.startswith(f"a.csv:{before.count(chr(10)) + 2}:")
    assert output.count("\n") == 1


@pytest.mark.parametrize("text", [",,\n", '"",""\n\n', " ,\n,\t\n"])
def test_a_csv_file_of_blank_cells_is_empty(text: str) -> None:
    write("a.csv", text)
    assert checked("a.csv") == (2, "", "a.csv: empty\n1 file can't be read or parsed\n")


# Files that can't be read


class Failing(io.RawIOBase):
    """A file whose disk fails."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("ending", ["json", "yaml", "csv", "jsonl"])
def test_a_file_that_fails_while_it_is_read(ending: str) -> None:
    """It is opened, and then can't be read: that is no fault of the output, and the others go on."""
    write("z.json", "1")
    real = cli._opened  # noqa: SLF001  # there is no file that fails on every machine
    name = f"a.{ending}"

    def opened(file: str) -> io.BufferedReader:
        return io.BufferedReader(Failing()) if file == name else real(file)  # type: ignore[return-value]  # a file

    with patch.object(cli, "_opened", opened):
        assert checked(name, "z.json") == (
            2,
            "z.json:1:1: body must be an object [body-object]\n",
            f"{name}: can't be read: Input/output error\n"
            "1 file checked: 1 violation; 1 file can't be read or parsed\n",
        )


def test_a_json_lines_file_of_another_encoding_is_refused_as_a_whole() -> None:
    """Issue: one line, exit status 2; not a finding for each of a million lines."""
    write("a.jsonl", "\n".join([json.dumps(mailbox())] * 3).encode("utf-16"))
    assert checked("a.jsonl") == (
        2,
        "",
        "a.jsonl:1:1: not UTF-8 but UTF-16\n1 file can't be read or parsed\n",
    )


# Secrets

FLOW: Final = "{smtp_email: jared@getpiedpiper.com, smtp_password, zq9Zekritbfg, smtp_server: x}\n"


def test_a_password_that_became_a_key_of_yaml_is_not_shown() -> None:
    """A comma for a colon, in YAML's flow style: no key has a value then, and the password is a key."""
    assert "zq9Zekrit" not in checked(write("a.yaml", FLOW))[1]
    text = json.dumps({"mailboxes": [mailbox(smtp_password="zq9Zekritbfg")]})
    write("b.yaml", text.replace('"smtp_password":', '"smtp_password",'))
    assert "zq9Zekrit" not in checked("b.yaml")[1]


@pytest.mark.parametrize("password", [1234567890, 12345678.5])
def test_a_password_that_is_a_number_is_not_shown_when_the_answer_quotes_it(password: float) -> None:
    write("a.json", json.dumps([mailbox(imap_password=password)]))
    answer(f"mailbox[0].imap_password {password} must be text", f"mailbox[0].imap_server refused {password}")
    assert str(password) not in checked("--response", "answer.json", "a.json")[1]


def test_a_password_of_a_later_record_is_not_shown_when_the_answer_quotes_it() -> None:
    for name, between in (("a.jsonl", "\n"), ("a.yaml", "\n---\n")):
        rows = [mailbox(), mailbox(smtp_password="zq9Zekritbfg")]
        write(name, between.join(map(json.dumps, rows)))
        answer("mailbox[1].smtp_password zq9Zekritbfg is wrong")
        assert "zq9Zekrit" not in checked("--response", "answer.json", name)[1]


# --response


def test_an_answer_about_json_lines_is_located_in_its_lines() -> None:
    write("a.jsonl", "\n\n".join([json.dumps(mailbox())] * 3))
    answer("mailbox[2].smtp_email is connected already", "mailbox[1].smtp_email is connected already")
    _, output, _ = checked("--response", "answer.json", "a.jsonl")
    column = json.dumps(mailbox()).index('"jared') + 1
    assert [line.split(" ")[0] for line in output.splitlines()[::2]] == [
        f"a.jsonl:3:{column}:",
        f"a.jsonl:5:{column}:",
    ]


@pytest.mark.parametrize("line", ["mailbox[7].smtp_port x", "mailbox[7].nothing x", "mailbox[7] x"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.yaml", "a.json"])
def test_an_answer_about_a_mailbox_that_is_not_there(name: str, line: str) -> None:
    row = mailbox()
    as_csv = f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"
    write(name, as_csv if name.endswith("csv") else json.dumps(row))
    answer(line)
    status, output, _ = checked("--response", "answer.json", name)
    assert (status, output) == (1, f"{name}:1:1: {line} [response]\n    hint: only the API found this\n")


def test_an_answer_and_a_file_of_broken_lines() -> None:
    answer("mailbox[0].smtp_port x")
    write("a.jsonl", "{x\n")
    status, _, errors = checked("--response", "answer.json", "a.jsonl")
    assert status in {1, 2}
    assert "Traceback" not in errors
