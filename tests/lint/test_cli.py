"""The command: what it prints, to the letter, and its exit status."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import body, mailbox

from mailbox_schema import __version__
from mailbox_schema.lint import checking, cli
from mailbox_schema.schema import schema_names, schema_text

ADD = "add `mailboxes`, a list of mailboxes"
COUNT = "mailboxes must be provided and have size in range <1,200>"
PORT = "must be provided and in range <1,65535>"

Run = Callable[..., tuple[int, str, str]]


def write(name: str, content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    Path(name).write_bytes(data)
    return name


def test_clean(run: Run) -> None:
    write("a.json", body())
    assert run("check", "a.json") == (0, "", "1 file checked: no findings\n")


def test_violations_and_hints(run: Run) -> None:
    write("a.json", body(smtp_port="587", imap_port=0))
    assert run("check", "a.json") == (
        1,
        f"a.json:1:{column('a.json', '587') - 1}: mailbox[0].smtp_port {PORT} [port]\n"
        "    hint: write 587 without quotes\n"
        f"a.json:1:{column('a.json', '0}')}: mailbox[0].imap_port {PORT} [port]\n",
        "1 file checked: 2 violations\n",
    )


def column(name: str, text: str) -> int:
    return Path(name).read_text(encoding="utf-8").index(text) + 1


def test_several_files_sorted_and_each_once(run: Run) -> None:
    write("b.json", body(smtp_port=0))
    write("a.json", body(imap_port=0, smtp_server="x:25"))
    write("c.json", body())
    assert run("check", "b.json", "a.json", "c.json", "b.json") == (
        1,
        f"a.json:1:{column('a.json', 'x:25') - 1}: warning: mailbox[0].smtp_server is no plain host name [server-name]\n"
        "    hint: remove the port\n"
        f"a.json:1:{column('a.json', '0}')}: mailbox[0].imap_port {PORT} [port]\n"
        f"b.json:1:{column('b.json', '0,')}: mailbox[0].smtp_port {PORT} [port]\n",
        "3 files checked: 2 violations, 1 warning\n",
    )


def test_standard_input(run: Run) -> None:
    data = json.dumps([mailbox(imap_port=0)]).encode()
    place = data.index(b"0}") + 1
    line = f"mailbox[0].imap_port {PORT} [port]\n"
    assert run("check", "-", "-", stdin=data) == (
        1,
        f"<stdin>:1:{place}: {line}",
        "1 file checked: 1 violation\n",
    )
    named = ("check", "-", "--stdin-filename", "x/mailboxes.yaml")
    assert run(*named, stdin=data) == (
        1,
        f"x/mailboxes.yaml:1:{place}: {line}",
        "1 file checked: 1 violation\n",
    )
    typed = ("check", "-", "--type", "jsonl")
    assert run(*typed, stdin=data[1:-1])[1] == f"<stdin>:1:{place - 1}: {line}"


def test_the_type_is_told_by_the_name_or_the_option(run: Run) -> None:
    write("a.txt", body(imap_port=0))
    assert run("check", "a.txt") == (
        2,
        "",
        "a.txt: its name does not tell its type: use --type\n1 file can't be read or parsed\n",
    )
    assert run("check", "--type", "json", "a.txt")[0] == 1


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
def test_what_a_file_is_taken_for(run: Run, value: object, taken_for: str, lines: list[str]) -> None:
    write("a.json", value)
    status, output, errors = run("check", "--verbose", "--select", "contract", "a.json")
    assert [re.sub(r"^a\.json:1:\d+: ", "", line) for line in output.splitlines()][: len(lines)] == lines
    found = "1 violation" if lines else "no findings"
    assert errors == f"a.json: taken for {taken_for}\n1 file checked: {found}\n"
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
        (b'{"mailboxes": [}', "bad.json:1:16: not JSON: expecting value"),
        (b'{"mailboxes": []', "bad.json:1:17: not JSON: expecting ',' delimiter"),
        (b"{} {}", "bad.json:1:4: not JSON: something follows the end of the value"),
        (b'\xef\xbb\xbf["\xc3\xa9\xc3\xa9\xff', "bad.json:1:5: not UTF-8"),
        (b'{"mailboxes": [],\n}', "bad.json:1:17: not JSON: a comma before the closing bracket"),
        (b'{"mailboxes": [1,\n]}', "bad.json:1:17: not JSON: a comma before the closing bracket"),
        (b"{ // x\n}", "bad.json:1:3: not JSON: JSON has no comments"),
        (b"# x\n{}", "bad.json:1:1: not JSON: JSON has no comments"),
        (b'{"a": 0993}', "bad.json:1:7: not JSON: a number does not begin with 0"),
        (b"\xef\xbb\xbf{,", "bad.json:1:2: not JSON: expecting property name enclosed in double quotes"),
        (
            '{"\u00e9": "\u00e9", x'.encode(),
            "bad.json:1:12: not JSON: expecting property name enclosed in double quotes",
        ),
        (b'["a\x00b"]', "bad.json:1:4: a NUL character"),
        (b'["a\x01b"]', "bad.json:1:4: not JSON: invalid control character"),
        (b'["a\\qb"]', "bad.json:1:4: not JSON: invalid \\escape"),
        (b'{"NaN":\n "\\"NaN",\n "x": NaN}', "bad.json:3:7: not JSON: NaN and Infinity are no numbers"),
        (b"[Infinity]", "bad.json:1:2: not JSON: NaN and Infinity are no numbers"),
        (b"[-Infinity]", "bad.json:1:2: not JSON: NaN and Infinity are no numbers"),
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
def test_a_file_that_can_not_be_parsed(run: Run, content: bytes, complaint: str) -> None:
    """One clear line on standard error naming the file, exit status 2; the others are still checked."""
    write("bad.json", content)
    write("good.json", body(imap_port=0))
    assert run("check", "bad.json", "good.json") == (
        2,
        f"good.json:1:{column('good.json', '0}')}: mailbox[0].imap_port {PORT} [port]\n",
        f"{complaint}\n1 file checked: 1 violation; 1 file can't be read or parsed\n",
    )


def test_a_file_that_can_not_be_read(run: Run) -> None:
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
        "folder.json: is a folder, not a file\n"
        f"good.json/x.json: can't be read: {os.strerror(20)}\n"
        f"loop.json: can't be read: {os.strerror(40)}\n"
        "missing.json: no such file\n"
        "new\\nline\\x1b.json: no such file\n"
        "nul\\x00.json: no such file\n"
        "1 file checked: no findings; 6 files can't be read or parsed\n",
    )


def test_an_unreadable_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str, _mode: str, *, buffering: int) -> None:  # noqa: ARG001  # as it is called
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checking, "open", refuse, raising=False)
    assert run("check", "locked.json") == (
        2,
        "",
        "locked.json: can't be read: Permission denied\n1 file can't be read or parsed\n",
    )


def test_a_huge_number_that_is_read_is_only_out_of_range(run: Run) -> None:
    write("a.json", json.dumps(body()).replace("993", "9" * 4000).encode())
    place = column("a.json", "9" * 4000)
    assert run("check", "a.json")[:2] == (1, f"a.json:1:{place}: mailbox[0].imap_port {PORT} [port]\n")


@pytest.mark.parametrize(("limit", "most"), [("0", 4300), ("640", 640), ("4300", 4300), ("100000", 4300)])
@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_the_longest_number_that_is_read(tmp_path: Path, limit: str, most: int, ending: str) -> None:
    content = f'{{"z": 1, "x": "{"8" * 5000}", "y": -{"9" * 4301}}}'
    (tmp_path / f"a.{ending}").write_text(content, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "mailbox_schema", "check", "--quiet", f"a.{ending}"],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONINTMAXSTRDIGITS": limit},
    )
    expected = (2, "", f"a.{ending}:1:5024: a number of more than {most} digits\n")
    assert (done.returncode, done.stdout, done.stderr) == expected


def test_no_secret_is_printed(run: Run) -> None:
    secret = "not-a-real-password"
    write("a.json", body(smtp_password=[secret], imap_password={secret: secret}, smtp_login=[secret]))
    write("b.json", f'{{"smtp_password": "{secret}\n'.encode())
    write("c.json", f'{{"smtp_password": {secret}}}'.encode())
    status, output, errors = run("check", "-v", "a.json", "b.json", "c.json")
    assert status == 2
    assert secret not in output + errors
    assert errors == (
        "a.json: taken for a request body\n"
        "b.json:1:39: not JSON: invalid control character\n"
        "c.json:1:19: not JSON: expecting value\n"
        "1 file checked: 3 violations; 2 files can't be read or parsed\n"
    )


def test_warnings_fail_the_run_only_with_strict(run: Run) -> None:
    write("a.json", body(imap_port=465))
    place = column("a.json", "465}")
    line = f"a.json:1:{place}: warning: mailbox[0].imap_port is a port of SMTP [port-role]\n    hint: the usual port is 993\n"
    assert run("check", "a.json") == (0, line, "1 file checked: 1 warning\n")
    assert run("check", "--strict", "a.json") == (1, line, "1 file checked: 1 warning\n")


def test_quiet_and_statistics(run: Run) -> None:
    write(
        "a.json",
        body(imap_port=465, smtp_port=0, bcc="x", open_tracking_domain="y", click_tracking_domain="z"),
    )
    status, output, errors = run("check", "--quiet", "--statistics", "a.json")
    assert status == 1
    assert len(output.splitlines()) == 9
    assert errors == "      2 domain\n      1 email\n      1 port\n      1 port-role\n"


def test_select_and_ignore(run: Run) -> None:
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


def test_placeholders_may_be_allowed(run: Run) -> None:
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


def test_a_rule_that_there_is_not(run: Run) -> None:
    write("a.json", body())
    for option in ("--select", "--extend-select", "--ignore"):
        complaint = f"mailbox-schema check: error: {option}: no rule 'prot-role'; did you mean 'port-role'?\n"
        assert run("check", option, "email,prot-role", "a.json") == (2, "", complaint)
    assert run("check", "--select", "zzz", "a.json") == (
        2,
        "",
        "mailbox-schema check: error: --select: no rule 'zzz'\n",
    )


def test_wrong_usage(run: Run) -> None:
    for arguments, complaint in (
        (["check"], "mailbox-schema check: error: the following arguments are required: FILE"),
        ([], "mailbox-schema: error: the following arguments are required: COMMAND"),
        (["check", "--colour", "x"], "mailbox-schema: error: unrecognized arguments: --colour"),
    ):
        status, output, errors = run(*arguments)
        assert (status, output) == (2, "")
        assert errors.splitlines()[-1] == complaint


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"mailbox-schema {__version__}\n", "")


def test_schema(run: Run) -> None:
    assert run("schema") == (0, schema_text(), "")
    assert run("schema", "request") == (0, schema_text(), "")


def test_a_schema_that_there_is_not(run: Run) -> None:
    known = ", ".join(schema_names())
    assert run("schema", "reqest") == (2, "", f"no schema 'reqest'; there are: {known}\n")


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

V  verbatim: the wording stands in the vendor's API reference
R  required: the constraint is documented by the vendor, the wording is ours
I  inferred: neither the edge nor the wording is documented, our decision

ADVICE             SEVERITY
unknown-field      warning     A key is no field of the API.
duplicate-key      warning     A key, or a column of a CSV file, stands a second time.
duplicate-mailbox  warning     The same `smtp_email` stands twice in one request.
server-name        warning     A server is no plain host name.
port-role          warning     A port of IMAP stands in `smtp_port`, or one of SMTP in `imap_port`.
app-password       warning     A password for Gmail or Outlook can't be an app password.
placeholder        warning     A value holds a placeholder that nobody replaced.
yaml-ambiguous     warning     A value without quotes is read differently by YAML 1.1 and YAML 1.2.
missing-column     warning     A CSV file lacks the column of a required field.
ragged-row         error       A row of a CSV file has more or fewer cells than the header line.
syntax             error       A line of a JSON Lines file is not JSON.
csv-upload         on request  The vendor's own CSV upload asks for more than its API.
plaintext-secret   on request  A password stands in the file as it is.
response           error       The API found it, and we don't know the rule: a line of `--response`.
"""


def test_rules(run: Run) -> None:
    assert run("rules") == (0, RULES, "")


def test_explain(run: Run) -> None:
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
    assert run("explain", "csv-upload")[1].splitlines()[0] == "csv-upload (advice, warning, only on request)"
    assert run("explain", "emial") == (2, "", "no rule 'emial'; did you mean 'email'?\n")


# As a process of its own.


def test_as_a_module() -> None:
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "mailbox_schema", "--version"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"mailbox-schema {__version__}\n", "")


def test_a_reader_that_goes_away() -> None:
    with subprocess.Popen(  # our own command
        [sys.executable, "-m", "mailbox_schema", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 2


def test_a_file_name_that_the_terminal_can_not_show(tmp_path: Path) -> None:
    (tmp_path / "b\u00fc\udcff.json").write_text("{", encoding="utf-8")
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "mailbox_schema", "check", "b\u00fc\udcff.json"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.stderr.splitlines()[0] == (
        b"b\\xfc\\udcff.json:1:2: not JSON: expecting property name enclosed in double quotes"
    )


def test_importing_loads_no_third_party_module() -> None:
    """Design: "importing mailbox_schema loads no third-party module until a value needs it"."""
    program = (
        "import sys; before = set(sys.modules); import mailbox_schema, mailbox_schema.lint.cli;"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}"
        " - sys.stdlib_module_names))"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout == "['mailbox_schema']\n"


# Closed and full streams, and the terminal.


@pytest.mark.parametrize(
    ("redirection", "status", "errors"),
    [
        ("<&-", 2, "<stdin>: standard input is closed\n1 file can't be read or parsed\n"),
        (">&-", 2, "the output can't be written: standard output is closed\n"),
        ("--select domain >&-", 0, "1 file checked: no findings\n"),
        ("--quiet >/dev/full", 2, "the output can't be written: No space left on device\n"),
        ("2>&-", 1, ""),
        ("2>/dev/full", 2, ""),
        (">/dev/full 2>&1", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full(tmp_path: Path, redirection: str, status: int, errors: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(body(imap_port=0)), encoding="utf-8")
    file = "-" if redirection == "<&-" else "a.json"
    done = subprocess.run(  # noqa: S602  # our own command, redirected
        f"{sys.executable} -m mailbox_schema check {file} {redirection}",
        shell=True,
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (status, errors)


def test_stopped_from_the_keyboard(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_name: str, *, is_read_whole: bool) -> None:  # noqa: ARG001  # as it is called
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "opened", stop)
    assert run("check", "a.json") == (130, "", "")


def test_a_schema_that_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox_schema.schema._FOLDERS", ())
    assert run("schema") == (2, "", "the schema documents are missing from this installation\n")


def test_progress_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(cli, "_SECONDS_BETWEEN", -1.0)
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


def test_no_progress_of_a_run_that_is_soon_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    write("a.json", body())
    assert run("check", "--quiet", "a.json") == (0, "", "")


def test_no_progress_elsewhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_SECONDS_BETWEEN", -1.0)
    write("a.json", body())
    assert run("check", "--quiet", "a.json") == (0, "", "")
