"""Edges that were wrong once: read errors, odd ends of lines, cut-off records, answers and what they quote."""

import contextlib
import io
import json
from pathlib import Path
from typing import BinaryIO, Final
from unittest.mock import patch

import pytest
from golden import mailbox

from mailbox_schema.lint import checking
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
    real = checking.opened  # there is no file that fails on every machine
    name = f"a.{ending}"

    def opened(file: str, *, is_read_whole: bool) -> BinaryIO:
        return io.BufferedReader(Failing()) if file == name else real(file, is_read_whole=is_read_whole)

    with patch.object(checking, "opened", opened):
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


# Found by reading and by strangers' files.


@pytest.mark.parametrize("plain", ["0x_", "0b_", "-0b_", "+0x_", "1_" + "0" * 5000, "0o8", "190:20:30"])
def test_what_only_yaml_1_1_takes_for_a_number(plain: str) -> None:
    write("a.yaml", f"- {json.dumps(mailbox(smtp_login='LOGIN'))}\n".replace('"LOGIN"', f"{plain} "))
    status, output, errors = checked("--select", "yaml-ambiguous", "a.yaml")
    assert "Traceback" not in errors
    assert status == 0
    expected = "" if plain == "0o8" else "read differently by YAML 1.1 and 1.2"
    assert (expected in output) if expected else output == ""


def test_a_csv_of_delimiters_only_is_empty() -> None:
    write("a.csv", ",,,\n,,\n")
    assert checked("a.csv") == (2, "", "a.csv: empty\n1 file can't be read or parsed\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "My mailboxes\nof 2026\nsmtp_email;smtp_port\na@b.com;465\n",
            "a.csv:1:1: its header is on line 3: remove what stands above it",
        ),
        ("a@b.com,465\n", "a.csv:1:1: no column of its first line is a field"),
        ("\n\nx,y\n", "a.csv:3:1: no column of its first line is a field"),
    ],
)
def test_a_csv_whose_first_line_is_no_header(text: str, complaint: str) -> None:
    write("a.csv", text)
    assert checked("a.csv") == (2, "", f"{complaint}\n1 file can't be read or parsed\n")


def test_the_line_that_excel_writes_above_the_header() -> None:
    write("a.csv", "sep=;\r\nsmtp_email;smtp_port;imap_port\r\na@b.com;0;993\r\n")
    output = checked("--select", "port", "--ignore", "advice", "a.csv")[1]
    assert (
        output.splitlines()[0]
        == "a.csv:3:9: mailbox[0].smtp_port must be provided and in range <1,65535> [port]"
    )


def test_a_quote_within_a_cell_does_not_shift_what_follows() -> None:
    write("a.csv", 'smtp_email,smtp_from_name,smtp_port,imap_port\na@b.com,Jared "J" Dunn,99999,993\n')
    output = checked("--select", "port", "a.csv")[1]
    assert (
        output.splitlines()[0]
        == "a.csv:2:24: mailbox[0].smtp_port must be provided and in range <1,65535> [port]"
    )


def test_of_a_doubled_column_the_last_counts_blank_or_not() -> None:
    write("a.csv", "imap_port,smtp_port,smtp_port\n993,99999,\n")
    assert checked("--select", "port", "a.csv")[1] == (
        "a.csv:2:11: mailbox[0].smtp_port must be provided and in range <1,65535> [port]\n    hint: fill in the cell\n"
    )


def test_surplus_blank_cells_are_not_ragged() -> None:
    write("a.csv", "smtp_email,smtp_port\na@b.com,465,,\nb@b.com,465,,x\nc@b.com\n")
    output = checked("--select", "ragged-row", "a.csv")[1]
    assert [line.split(" ")[0] for line in output.splitlines() if "hint" not in line] == [
        "a.csv:3:1:",
        "a.csv:4:1:",
    ]


def test_positions_asked_for_backwards() -> None:
    names = list(mailbox())
    rows = [dict.fromkeys(reversed(names), 0) for _ in range(3)]
    write("a.json", json.dumps(rows, indent=1))
    lines = Path("a.json").read_text(encoding="utf-8").splitlines()
    for line in checked("--select", "contract", "a.json")[1].splitlines():
        if "hint" not in line:
            place, message = line.split(": ", 1)
            number, column = map(int, place.split(":")[1:])
            field = message.partition(".")[2].partition(" ")[0]
            assert lines[number - 1][: column - 1].strip() == f'"{field}":'


def test_a_file_that_is_encrypted_as_a_whole() -> None:
    write("a.yaml", "$ANSIBLE_VAULT;1.1;AES256\n616263\n")
    assert checked("a.yaml") == (
        2,
        "",
        "a.yaml: encrypted as a whole with Ansible Vault: decrypt it first\n1 file can't be read or parsed\n",
    )


def test_a_file_that_sops_has_encrypted() -> None:
    cipher = "ENC[AES256_GCM,data:Zm9v/a,iv:x,tag:y,type:str]"
    write("a.json", json.dumps({"mailboxes": [dict.fromkeys(mailbox(), cipher)], "sops": {"mac": "x"}}))
    _, output, errors = checked("a.json")
    assert {line for line in output.splitlines() if "hint" in line} == {
        "    hint: it is encrypted: decrypt the file first"
    }
    assert errors == "1 file checked: 4 violations\n"
    assert checked("--allow-placeholders", "a.json") == (0, "", "1 file checked: no findings\n")


def test_keys_that_hold_anchors_are_passed_over() -> None:
    text = "defaults: &d\n  smtp_port: 465\n.base: &b 3\n_x: 1\nnotify: me\nmailboxes:\n  - <<: *d\n"
    write("a.yaml", text)
    assert checked("--select", "unknown-field", "a.yaml")[1] == (
        "a.yaml:5:1: warning: notify is no field of the API [unknown-field]\n"
    )


def test_a_key_that_changed_places_with_its_value_is_not_named() -> None:
    write("a.json", json.dumps([{**mailbox(), "zq9Zekrit": "smtp_login"}]))
    assert "zq9" not in "".join(map(str, checked("--format", "json", "a.json")[1:]))


@pytest.mark.parametrize(
    "value",
    ["${{ secrets.X }}", "${A:-${B}}", "<%= x %>", "#{x}", "__PORT__", "YOUR_PORT", "%PORT%", "$PORT"],
)
def test_what_is_wholly_a_placeholder(value: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_port=value, smtp_password=value, smtp_server=value)]))
    assert (
        checked("--allow-placeholders", "--select", "all", "--ignore", "plaintext-secret", "a.json")[1] == ""
    )
    assert "smtp_password" not in checked("--select", "plaintext-secret", "a.json")[1]


@pytest.mark.parametrize("value", ["pa%WORD%x", "$ecret1234", "a$B"])
def test_a_password_that_only_looks_like_a_placeholder(value: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_password=value)]))
    assert checked("--select", "placeholder", "a.json")[1] == ""
    assert "smtp_password" in checked("--select", "plaintext-secret", "a.json")[1]


@pytest.mark.parametrize(
    ("server", "hint"),
    [
        ("n/a", "write a host name, not a filler"),
        ("-", "write a host name, not a filler"),
        ("smtp.server.io\u200b", "remove the invisible characters"),
        ("smtp,server.io", "a host name has no comma or semicolon"),
        ("smtp..io", "a part between two dots is missing"),
        ("https://${HOST}/", "remove `https://` and the slash at the end"),
    ],
)
def test_servers_that_are_no_host_names(server: str, hint: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_server=server)]))
    column = json.dumps([mailbox(smtp_server=server)]).index('"smtp_server"') + 16
    assert checked("--select", "server-name", "a.json")[1] == (
        f"a.json:1:{column}: warning: mailbox[0].smtp_server is no plain host name [server-name]\n    hint: {hint}\n"
    )


def test_an_app_password_pasted_with_no_break_spaces() -> None:
    password = "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"
    write("a.json", json.dumps([mailbox(smtp_server="smtp.gmail.com:465", smtp_password=password)]))
    output = checked("--select", "app-password", "a.json")[1]
    assert output.splitlines()[1] == "    hint: write plain spaces in it, or none"


def test_a_port_is_the_contracts_integer() -> None:
    write("a.json", json.dumps([mailbox(smtp_port=993.0)]))
    assert "is a port of IMAP" in checked("--select", "port-role", "a.json")[1]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"smtp_password": "hunter2"}, "mailbox[0].hunter2 must not be blank"),
        ({"smtp_password": "hunter2"}, "mailbox[0].smtp_password HUNTER2 is weak"),
        ({"smtp_password": "pass_word"}, "pass_word must be x"),
        ({"smtp_login": 99887766}, "mailbox[0].smtp_login [99887766] refused"),
        ({"smtp_login": " sp ace "}, "mailbox[0].smtp_login (sp ace) is bad"),
        ({"smtp_login": ["zq9x"]}, "mailbox[0].smtp_login zq9x is bad"),
        ({"smtp_login": {"zq9x": 1}}, "mailbox[0].smtp_login zq9x is bad"),
        ({"smtp_login": 'a"b'}, 'mailbox[0].smtp_login a\\"b is bad'),
    ],
)
def test_an_answer_that_quotes_a_secret_in_any_spelling(changes: dict[str, object], line: str) -> None:
    write("a.json", json.dumps([mailbox(**changes)]))
    answer(line)
    output = checked("--response", "answer.json", "a.json")[1]
    assert "(what the API says is not shown: it quotes a secret) [response]" in output.splitlines()[0]
    for spelt in ("hunter2", "pass_word", "99887766", "sp ace", "zq9x", 'a"b', 'a\\"b'):
        assert spelt not in output.lower()


def test_a_wrong_configuration_is_told_before_anything_is_checked() -> None:
    write("a.json", json.dumps([mailbox(smtp_port=0)]))
    Path("cfg").mkdir()
    write("cfg/pyproject.toml", "[tool.mailbox-schema]\nignore = ['prot']\n")
    write("cfg/b.json", json.dumps([mailbox()]))
    status, output, errors = checked("--format", "json", "a.json", "cfg/b.json")
    assert (status, output) == (2, "")
    assert errors.endswith("ignore: no rule 'prot'; did you mean 'port'?\n")


def test_a_configuration_that_is_too_deep() -> None:
    write("pyproject.toml", f"# mailbox-schema\nx = {'[' * 5000}")
    write("a.json", json.dumps([mailbox()]))
    status, output, errors = checked("a.json")
    assert (status, output) == (2, "")
    assert errors.endswith("pyproject.toml: not TOML\n")


def test_a_file_that_can_not_be_read_stands_in_the_reports_that_have_a_place_for_it() -> None:
    write("a.yaml", "a: [")
    assert checked("--format", "github", "a.yaml", "missing.json")[1] == (
        "::error file=a.yaml,line=1,col=5,title=unreadable::not YAML: did not find expected node content\n"
        "::error file=missing.json,line=1,col=1,title=unreadable::no such file\n"
    )
    assert checked("--format", "json", "a.yaml")[1] == "[]\n"
    (run,) = json.loads(checked("--format", "sarif", "a.yaml")[1])["runs"]
    assert run["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [
                {
                    "level": "error",
                    "message": {"text": "not YAML: did not find expected node content"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "a.yaml"},
                                "region": {"startLine": 1, "startColumn": 5},
                            }
                        }
                    ],
                }
            ],
        }
    ]
    assert run["results"] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [*x]\n", "a.yaml:1:8: an alias stands within what it refers to"),
        ("a: *x\n", "a.yaml:1:4: an alias has no anchor before it"),
        ("? {a: b}\n: c\n", "a.yaml:1:3: a key has to be text"),
        ("a: &x [1]\n*x : 2\n", "a.yaml:2:1: a key has to be text"),
        ("port: {{ port }}\n", "a.yaml:1:7: a placeholder such as `{{ name }}` has to stand in quotes"),
        ("<<: 3\n", "a.yaml:1:5: a merge key takes a mapping, or a list of them"),
    ],
)
def test_yaml_that_is_no_json(text: str, reason: str) -> None:
    write("a.yaml", text)
    assert checked("a.yaml") == (2, "", f"{reason}\n1 file can't be read or parsed\n")


def test_yaml_keys_by_alias_and_with_anchors() -> None:
    write("a.yaml", "&port smtp_port: 1\nfooter: *port\nbcc: &k imap_port\n*k : 2\n")
    with Path("a.yaml").open("rb") as stream:
        (document,) = (it for it in documents(stream, "yaml") if isinstance(it, Document))
    assert document.value == {"smtp_port": 1, "footer": "smtp_port", "bcc": "imap_port", "imap_port": 2}


def test_a_tag_of_an_application_is_filled_in_later() -> None:
    write("a.yaml", "- {" + ", ".join(f"{name}: !env X" for name in mailbox()) + "}\n")
    assert checked("--allow-placeholders", "a.yaml") == (0, "", "1 file checked: no findings\n")
    assert checked("a.yaml")[2] == "1 file checked: 4 violations\n"
