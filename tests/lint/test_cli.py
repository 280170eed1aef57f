"""The command: its exact output and its exit status."""

import json
import os
import re
from pathlib import Path

import pytest
from golden import body, mailbox
from lint.command import Run

from mailbox_schema import __version__
from mailbox_schema.__main__ import run as entry_point
from mailbox_schema.lint import check, running
from mailbox_schema.schema import schema_names, schema_text

ADD = "add `mailboxes`, a list of mailboxes"
COUNT = "mailboxes must be provided and have size in range <1,200>"
PORT = "must be provided and in range <1,65535>"


def write(name: str, content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    Path(name).write_bytes(data)
    return name


def test_a_clean_file_has_no_findings(run: Run) -> None:
    write("a.json", body())
    assert run("check", "a.json") == (0, "", "1 file checked: no findings\n")


def test_a_violation_is_printed_with_its_hint(run: Run) -> None:
    write("a.json", body(smtp_port="587", imap_port=0))
    assert run("check", "a.json") == (
        1,
        f"a.json:1:{column('a.json', '587') - 1}: error: mailbox[0].smtp_port {PORT} [port] [*]\n"
        "    hint: write the number without quotes\n"
        f"a.json:1:{column('a.json', '0}')}: error: mailbox[0].imap_port {PORT} [port]\n",
        "1 file checked: 2 violations; [*] 1 fixable with --fix\n",
    )


def column(name: str, text: str) -> int:
    return Path(name).read_text(encoding="utf-8").index(text) + 1


def test_files_are_sorted_and_checked_once_each(run: Run) -> None:
    write("b.json", body(smtp_port=0))
    write("a.json", body(imap_port=0, smtp_server="x:25"))
    write("c.json", body())
    assert run("check", "b.json", "a.json", "c.json", "b.json") == (
        1,
        f"a.json:1:{column('a.json', 'x:25') - 1}: warning: mailbox[0].smtp_server is not a plain host name [server-name]\n"
        "    hint: remove the port\n"
        f"a.json:1:{column('a.json', '0}')}: error: mailbox[0].imap_port {PORT} [port]\n"
        f"b.json:1:{column('b.json', '0,')}: error: mailbox[0].smtp_port {PORT} [port]\n",
        "3 files checked: 2 violations, 1 warning; 1 fixable with --fix --unsafe-fixes\n",
    )


def test_standard_input_is_checked_under_its_name(run: Run) -> None:
    data = json.dumps([mailbox(imap_port=0)]).encode()
    place = data.index(b"0}") + 1
    line = f"mailbox[0].imap_port {PORT} [port]\n"
    assert run("check", "-", "-", stdin=data) == (
        1,
        f"<stdin>:1:{place}: error: {line}",
        "1 file checked: 1 violation\n",
    )
    named = ("check", "-", "--stdin-filename", "x/mailboxes.yaml")
    assert run(*named, stdin=data) == (
        1,
        f"x/mailboxes.yaml:1:{place}: error: {line}",
        "1 file checked: 1 violation\n",
    )
    typed = ("check", "-", "--type", "jsonl")
    assert run(*typed, stdin=data[1:-1])[1] == f"<stdin>:1:{place - 1}: error: {line}"


def test_the_file_type_comes_from_the_name_or_the_option(run: Run) -> None:
    write("a.txt", body(imap_port=0))
    assert run("check", "a.txt") == (
        2,
        "",
        "a.txt: can't tell the file type from the name: use --type\n1 file can't be read or parsed\n",
    )
    assert run("check", "--type", "json", "a.txt")[0] == 1
    assert run("check", "b.txt") == (2, "", "b.txt: no such file\n1 file can't be read or parsed\n")


@pytest.mark.parametrize(
    ("value", "taken_for", "lines"),
    [
        (body(), "a request body", []),
        ([mailbox(), mailbox(imap_port=0)], "a list of mailboxes", [f"mailbox[1].imap_port {PORT} [port]"]),
        (mailbox(imap_port=0), "one mailbox", [f"mailbox[0].imap_port {PORT} [port]"]),
        ({**mailbox(), "mailboxes": None}, "a request body", [f"{COUNT} [mailbox-count]"]),
        (
            {"completion_notification_types": []},
            "a request body",
            [f"{COUNT} [mailbox-count]", f"    hint: {ADD}"],
        ),
        ([], "a list of mailboxes", [f"{COUNT} [mailbox-count]", "    hint: add a mailbox"]),
        ({}, "a request body", [f"{COUNT} [mailbox-count]", f"    hint: {ADD}"]),
        ("text", "a request body", ["body must be an object [body-object]"]),
        (None, "a request body", ["body must be an object [body-object]"]),
    ],
)
def test_verbose_shows_what_a_file_was_taken_for(
    run: Run, value: object, taken_for: str, lines: list[str]
) -> None:
    write("a.json", value)
    status, output, errors = run("check", "--verbose", "--select", "contract", "a.json")
    assert [re.sub(r"^a\.json:1:\d+: error: ", "", line) for line in output.splitlines()][
        : len(lines)
    ] == lines
    found = "1 violation" if lines else "no findings"
    assert errors == f"a.json: read as {taken_for}\n1 file checked: {found}\n"
    assert status == (1 if lines else 0)


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "bad.json: empty"),
        (b" \n ", "bad.json: empty"),
        (b"\xef\xbb\xbf", "bad.json: empty"),
        (b'{"mailboxes":\n  ["\xe9"]}', "bad.json:2:5: not UTF-8"),
        ('{"mailboxes": []}'.encode("utf-16"), "bad.json:1:1: not UTF-8 but UTF-16"),
        (b'{"mailboxes": [}', "bad.json:1:16: not JSON: a value was expected here"),
        (b'{"mailboxes": []', "bad.json:1:17: not JSON: a comma or a closing bracket is missing"),
        (b"{} {}", "bad.json:1:4: not JSON: something follows the end of the value"),
        (b'\xef\xbb\xbf["\xc3\xa9\xc3\xa9\xff', "bad.json:1:5: not UTF-8"),
        (b'{"mailboxes": [],\n}', "bad.json:1:17: not JSON: a comma before the closing bracket"),
        (b'{"mailboxes": [1,\n]}', "bad.json:1:17: not JSON: a comma before the closing bracket"),
        (b"{ // x\n}", "bad.json:1:3: not JSON: JSON has no comments"),
        (b"# x\n{}", "bad.json:1:1: not JSON: JSON has no comments"),
        (b'{"a": 0993}', "bad.json:1:7: not JSON: a number can't begin with 0"),
        (b"\xef\xbb\xbf{,", "bad.json:1:2: not JSON: a key in double quotes was expected here"),
        (
            '{"\u00e9": "\u00e9", x'.encode(),
            "bad.json:1:12: not JSON: a key in double quotes was expected here",
        ),
        (b'["a\x00b"]', "bad.json:1:4: a NUL character"),
        (
            b'["a\x01b"]',
            "bad.json:1:4: not JSON: a control character in a string, such as a tab or a line break",
        ),
        (b'["a\\qb"]', "bad.json:1:4: not JSON: a backslash in a string has to be written as `\\\\`"),
        (b'{"NaN":\n "\\"NaN",\n "x": NaN}', "bad.json:3:7: not JSON: NaN and Infinity are not numbers"),
        (b"[Infinity]", "bad.json:1:2: not JSON: NaN and Infinity are not numbers"),
        (b"[-Infinity]", "bad.json:1:2: not JSON: NaN and Infinity are not numbers"),
        (DEEP, "bad.json: nested too deeply"),
        (b'{"a": ' * 100_000, "bad.json: nested too deeply"),
        (
            b'{"x": "'
            + b"8" * 5000
            + b'", "y": 0.'
            + b"7" * 5000
            + b',\n "smtp_port": '
            + b"9" * 5000
            + b"}",
            "bad.json:2:15: a number of more than 4300 digits",
        ),
        (b"[-" + b"9" * 5000 + b"]", "bad.json:1:2: a number of more than 4300 digits"),
    ],
)
def test_a_file_that_can_not_be_parsed_gets_one_line(run: Run, content: bytes, complaint: str) -> None:
    """One clear line on standard error naming the file, exit status 2; the others are still checked."""
    write("bad.json", content)
    write("good.json", body(imap_port=0))
    assert run("check", "bad.json", "good.json") == (
        2,
        f"good.json:1:{column('good.json', '0}')}: error: mailbox[0].imap_port {PORT} [port]\n",
        f"{complaint}\n1 file checked: 1 violation; 1 file can't be read or parsed\n",
    )


def test_a_file_that_can_not_be_read_gets_one_line(run: Run) -> None:
    Path("folder.json").mkdir()
    Path("loop.json").symlink_to("loop.json")
    write("good.json", body())
    names = [
        "missing.json",
        "folder.json",
        "loop.json",
        "nul\0.json",
        "good.json/x.json",
        "new\nline\x1b.json",
    ]
    assert run("check", *names, "good.json") == (
        2,
        "",
        f"good.json/x.json: can't be read: {os.strerror(20)}\n"
        f"loop.json: can't be read: {os.strerror(40)}\n"
        "missing.json: no such file\n"
        "new\\nline\\x1b.json: no such file\n"
        "nul\\x00.json: no such file\n"
        "folder.json: no files of mailboxes found\n"
        "1 file checked: no findings; 5 files can't be read or parsed\n",
    )


def test_a_file_without_permission_gets_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(check, "open", refuse, raising=False)
    assert run("check", "locked.json") == (
        2,
        "",
        "locked.json: can't be read: Permission denied\n1 file can't be read or parsed\n",
    )


def test_a_huge_number_is_out_of_range(run: Run) -> None:
    write("a.json", json.dumps(body()).replace("993", "9" * 4000).encode())
    place = column("a.json", "9" * 4000)
    assert run("check", "a.json")[:2] == (1, f"a.json:1:{place}: error: mailbox[0].imap_port {PORT} [port]\n")


def test_no_password_is_printed(run: Run) -> None:
    secret = "not-a-real-password"
    write("a.json", body(smtp_password=[secret], imap_password={secret: secret}, smtp_login=[secret]))
    write("b.json", f'{{"smtp_password": "{secret}\n'.encode())
    write("c.json", f'{{"smtp_password": {secret}}}'.encode())
    status, output, errors = run("check", "-v", "a.json", "b.json", "c.json")
    assert status == 2
    assert secret not in output + errors
    assert errors == (
        "a.json: read as a request body\n"
        "b.json:1:39: not JSON: a control character in a string, such as a tab or a line break\n"
        "c.json:1:19: not JSON: a value was expected here\n"
        "1 file checked: 3 violations; 2 files can't be read or parsed\n"
    )


def test_warnings_fail_the_run_only_with_strict(run: Run) -> None:
    write("a.json", body(imap_port=465))
    place = column("a.json", "465}")
    line = f"a.json:1:{place}: warning: mailbox[0].imap_port is an SMTP port [port-role]\n    hint: the usual port is 993\n"
    assert run("check", "a.json") == (0, line, "1 file checked: 1 warning\n")
    assert run("check", "--strict", "a.json") == (1, line, "1 file checked: 1 warning\n")


def test_quiet_omits_the_summary_and_statistics_count_the_rules(run: Run) -> None:
    write(
        "a.json",
        body(imap_port=465, smtp_port=0, bcc="x", open_tracking_domain="y", click_tracking_domain="z"),
    )
    status, output, errors = run("check", "--quiet", "--statistics", "a.json")
    assert status == 1
    assert len(output.splitlines()) == 9
    assert errors == "      2 domain\n      1 email\n      1 port\n      1 port-role\n"


def test_select_and_ignore_choose_the_rules(run: Run) -> None:
    write("a.json", body(imap_port=465, smtp_port=0, bcc="x"))

    def rules(*options: str) -> list[str]:
        found = json.loads(run("check", "--format", "json", *options, "a.json")[1])
        return [finding["rule"] for finding in found]

    assert rules() == ["port", "port-role", "email"]
    assert rules("--select", "port,email") == ["port", "email"]
    assert rules("--select", "contract") == ["port", "email"]
    assert rules("--select", "advice") == ["port-role"]
    assert rules("--ignore", "contract") == ["port-role"]
    assert rules("--extend-select", "plaintext-secret") == [
        "plaintext-secret",
        "port",
        "plaintext-secret",
        "port-role",
        "email",
    ]
    assert rules("--select", "all", "--ignore", "port, port-role") == [
        "plaintext-secret",
        "plaintext-secret",
        "email",
    ]


def test_allowed_placeholders_are_not_findings(run: Run) -> None:
    template = body(smtp_email="${EMAIL}", smtp_port="{{ port }}", imap_password="<changeme>", bcc="x${BCC}")
    write("a.json", template)
    assert run("check", "--quiet", "a.json")[0] == 1
    status, output, _ = run("check", "--allow-placeholders", "--format", "json", "a.json")
    assert [(finding["rule"], finding["field"]) for finding in json.loads(output)] == [("email", "bcc")]
    assert status == 1
    write("a.json", {"mailboxes": "${MAILBOXES}"})
    assert run("check", "--allow-placeholders", "a.json") == (0, "", "1 file checked: no findings\n")
    write("a.json", {"mailboxes": ["${MAILBOX}", 3, {}]})
    assert run("check", "--allow-placeholders", "a.json")[2] == "1 file checked: 9 violations\n"


def test_an_unknown_rule_is_wrong_usage(run: Run) -> None:
    write("a.json", body())
    for option in ("--select", "--extend-select", "--ignore"):
        complaint = (
            f"mailbox-schema check: error: {option}: unknown rule 'prot-role'; did you mean 'port-role'?\n"
        )
        assert run("check", option, "email,prot-role", "a.json") == (2, "", complaint)
    assert run("check", "--select", "zzz", "a.json") == (
        2,
        "",
        "mailbox-schema check: error: --select: unknown rule 'zzz'\n",
    )


def test_wrong_usage_exits_2(run: Run) -> None:
    for arguments, complaint in (
        (["check"], "mailbox-schema check: error: the following arguments are required: FILE"),
        ([], "mailbox-schema: error: the following arguments are required: COMMAND"),
        (["check", "--colour", "x"], "mailbox-schema: error: unrecognized arguments: --colour"),
    ):
        status, output, errors = run(*arguments)
        assert (status, output) == (2, "")
        assert errors.splitlines()[-1] == complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["check", "a", "--x\x1b[31m"], "mailbox-schema: error: unrecognized arguments: --x\\x1b[31m"),
        (["check", "a", "--a\nb", "-\r"], "mailbox-schema: error: unrecognized arguments: --a\\nb -\\r"),
        (["check", "--format", "\x1b]0;x\x07", "a"], None),
        (["\x9b31m"], None),
        (["check", "--format=\u202etxt", "a"], None),
        (["check", "--type", "js\non", "a"], None),
        (["check", "--select", "po\x1brt", "a"], None),
        (["check", "--s\x1b=1", "a"], None),
        (["explain", "po\nrt\x1b"], None),
        (["schema", "\x1breq"], None),
    ],
)
def test_complaints_about_usage_have_no_control_characters(
    run: Run, arguments: list[str], complaint: str | None
) -> None:
    status, output, errors = run(*arguments)
    assert (status, output) == (2, "")
    lines = errors.splitlines()
    assert errors == "".join(f"{line}\n" for line in lines)
    assert all(line.isprintable() for line in lines)
    if complaint is not None:
        assert lines[-1] == complaint
    # The complaint is one line, whatever the argument has in it.
    assert sum(not line.startswith((" ", "usage: ")) for line in lines) == 1


def test_version_is_printed(run: Run) -> None:
    assert run("--version") == (0, f"mailbox-schema {__version__}\n", "")


def test_schema_prints_the_request_by_default(run: Run) -> None:
    assert run("schema") == (0, schema_text(), "")
    assert run("schema", "request") == (0, schema_text(), "")


def test_an_unknown_schema_lists_all(run: Run) -> None:
    known = ", ".join(schema_names())
    assert run("schema", "reqest") == (2, "", f"unknown schema 'reqest'; available: {known}\n")


RULES = """\
RULE                PATH                                    PROVENANCE                   MESSAGE
body-object         body                                    I                            must be an object
mailbox-count       mailboxes                               R (the cap), I (wording)     must be provided and have size in range <1,200>
mailbox-object      mailbox[i]                              I                            must be an object
notification-types  completion_notification_types           R (the values), I (wording)  if provided must contain only MAIL and IN_APP
email               mailbox[i].smtp_email                   R                            must be provided and be a valid email address
not-blank           mailbox[i].smtp_login                   R                            if provided must not be blank
not-blank           mailbox[i].smtp_password                V                            must not be blank
not-blank           mailbox[i].smtp_server                  R                            must not be blank
port                mailbox[i].smtp_port                    V (there for imap_port)      must be provided and in range <1,65535>
not-blank           mailbox[i].smtp_from_name               R                            if provided must not be blank
email               mailbox[i].imap_email                   R                            must be provided and be a valid email address
not-blank           mailbox[i].imap_password                V (there for smtp_password)  must not be blank
not-blank           mailbox[i].imap_server                  R                            must not be blank
port                mailbox[i].imap_port                    V                            must be provided and in range <1,65535>
not-blank           mailbox[i].footer                       R                            if provided must not be blank
email               mailbox[i].bcc                          R                            if provided must be a valid email address
domain              mailbox[i].open_tracking_domain         V                            if provided must be a valid domain
domain              mailbox[i].click_tracking_domain        V                            if provided must be a valid domain
domain              mailbox[i].unsubscribe_tracking_domain  V                            if provided must be a valid domain
wait-time           mailbox[i].sending_wait_time_from       V                            if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>
wait-time           mailbox[i].sending_wait_time_to         V                            if provided must be present along with and higher than sending_wait_time_from and be in range <20,9999>
daily-limit         mailbox[i].daily_sending_limit          R                            if provided must be in range <1,5500>

V  verbatim: the wording is in the vendor's API reference
R  required: the constraint is documented by the vendor, the wording is ours
I  inferred: neither the limit nor the wording is documented, our decision

ADVICE             SEVERITY
unknown-field      warning         A key is not an API field.
duplicate-key      warning         A key, or a column of a CSV file, appears twice.
duplicate-mailbox  warning         The same `smtp_email` appears twice in one request.
server-name        warning         A server is not a plain host name.
port-role          warning         `smtp_port` is an IMAP port, or `imap_port` an SMTP port.
app-password       warning         A password for Gmail or Outlook can't be an app password.
placeholder        warning         A value has a placeholder that nobody replaced.
yaml-ambiguous     warning         YAML 1.1 and YAML 1.2 read a value without quotes differently.
unused-ignore      warning         A comment ignores a rule that has no finding there, or that does not exist.
missing-column     warning         A CSV file lacks the column of a required field.
ragged-row         error           A row of a CSV file has more or fewer cells than the header.
syntax             error           A line of a JSON Lines file is not JSON.
csv-upload         off by default  The vendor's own CSV upload requires more than its API.
plaintext-secret   off by default  A password is stored in plain text.
response           error           Only the API found this: a line of `--response` that matches none of our rules.
"""


def test_rules_lists_contract_and_advice(run: Run) -> None:
    assert run("rules") == (0, RULES, "")


def test_explain_prints_the_page_of_a_rule(run: Run) -> None:
    assert run("explain", "port") == (
        0,
        "port (contract)\n"
        "\n"
        "The value is an integer from 1 to 65535.\n"
        "\n"
        '`465` and `465.0` are integers; `"465"` and `true` are not.\n'
        "\n"
        "What the API says:\n"
        "\n"
        f"    mailbox[i].smtp_port {PORT}  [V (there for imap_port)]\n"
        f"    mailbox[i].imap_port {PORT}  [V]\n",
        "",
    )
    assert run("explain", "syntax")[1].splitlines()[0] == "syntax (advice, error)"
    assert run("explain", "csv-upload")[1].splitlines()[0] == "csv-upload (advice, warning, off by default)"
    assert run("explain", "emial") == (2, "", "unknown rule 'emial'; did you mean 'email'?\n")


def test_an_interrupt_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "open_source", stop)
    monkeypatch.setattr("sys.argv", ["mailbox-schema", "check", "a.json"])
    monkeypatch.setattr("gc.freeze", lambda: None)
    assert entry_point() == 130


def test_pypy_can_not_freeze(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write("a.json", body())
    monkeypatch.setattr("sys.argv", ["mailbox-schema", "check", "a.json"])
    monkeypatch.delattr("gc.freeze")
    assert entry_point() == 0
    assert capsys.readouterr() == ("", "1 file checked: no findings\n")


def test_missing_schema_documents_are_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox_schema.schema._FOLDERS", ())
    assert run("schema") == (2, "", "the schema documents are missing from this installation\n")


def test_progress_is_shown_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(running, "_SECONDS_BETWEEN", -1.0)
    write("a.json", body())
    write("b.json", body(imap_port=0))
    Path("c.jsonl").write_text(f"{json.dumps(mailbox())}\n" * 2, encoding="utf-8")
    _, _, errors = run("check", "--quiet", "a.json", "b.json", "c.jsonl", "d.json")
    assert errors == (
        "\r0 of 4 files\x1b[K"
        "\r1 of 4 files\x1b[K"
        "\r\x1b[K"
        "\r2 of 4 files\x1b[K"
        "\rc.jsonl: 1 record\x1b[K"
        "\r3 of 4 files\x1b[K"
        "\r\x1b[K"
        "d.json: no such file\n"
    )


def test_a_short_run_shows_no_progress(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    write("a.json", body())
    assert run("check", "--quiet", "a.json") == (0, "", "")


def test_no_progress_is_shown_without_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_SECONDS_BETWEEN", -1.0)
    write("a.json", body())
    assert run("check", "--quiet", "a.json") == (0, "", "")
