"""The command: what it prints, to the letter, and its exit status."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from golden import body, mailbox

from mailbox_schema import __version__
from mailbox_schema.lint import cli
from mailbox_schema.lint.cli import main
from mailbox_schema.schema import schema_text

ADD = "add `mailboxes`, a list of mailboxes"
COUNT = "mailboxes must be provided and have size in range <1,200>"
PORT = "must be provided and in range <1,65535>"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder; return its status, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


def write(name: str, content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    Path(name).write_bytes(data)
    return name


def test_clean(run: Run) -> None:
    write("a.json", body())
    assert run("check", "a.json") == (0, "", "1 file checked, no violations\n")


def test_violations_and_hints(run: Run) -> None:
    write("a.json", body(smtp_port="587", imap_port=0))
    assert run("check", "a.json") == (
        1,
        f"a.json: mailbox[0].smtp_port {PORT} (hint: write 587 without quotes)\n"
        f"a.json: mailbox[0].imap_port {PORT}\n",
        "1 file checked, 2 violations in 1\n",
    )


def test_several_files_in_the_order_given(run: Run) -> None:
    write("b.json", body(smtp_port=0))
    write("a.json", body(imap_port=0))
    write("c.json", body())
    assert run("check", "b.json", "a.json", "c.json") == (
        1,
        f"b.json: mailbox[0].smtp_port {PORT}\na.json: mailbox[0].imap_port {PORT}\n",
        "3 files checked, 2 violations in 2\n",
    )


def test_standard_input(run: Run) -> None:
    assert run("check", "-", stdin=json.dumps(body(imap_port=0)).encode()) == (
        1,
        f"<stdin>: mailbox[0].imap_port {PORT}\n",
        "1 file checked, 1 violation in 1\n",
    )


@pytest.mark.parametrize(
    ("value", "taken_for", "lines"),
    [
        (body(), "a request body", []),
        ([mailbox(), mailbox(imap_port=0)], "a list of mailboxes", [f"mailbox[1].imap_port {PORT}"]),
        (mailbox(imap_port=0), "one mailbox", [f"mailbox[0].imap_port {PORT}"]),
        (
            {**mailbox(), "mailboxes": None},
            "a request body",
            [f"{COUNT} (hint: {ADD})"],
        ),
        (
            {"completion_notification_types": []},
            "a request body",
            [f"{COUNT} (hint: {ADD})"],
        ),
        (
            [],
            "a list of mailboxes",
            [f"{COUNT} (hint: add a mailbox)"],
        ),
        (
            {},
            "a request body",
            [f"{COUNT} (hint: {ADD})"],
        ),
        ("text", "a request body", ["body must be an object"]),
        (None, "a request body", ["body must be an object"]),
    ],
)
def test_what_a_file_is_taken_for(run: Run, value: object, taken_for: str, lines: list[str]) -> None:
    write("a.json", value)
    status, output, errors = run("check", "--verbose", "a.json")
    assert output.splitlines() == [f"a.json: {line}" for line in lines]
    found = "1 violation in 1" if lines else "no violations"
    assert errors == f"a.json: taken for {taken_for}\n1 file checked, {found}\n"
    assert status == (1 if lines else 0)


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "bad.json:1:1: empty"),
        (b" \n ", "bad.json:1:1: empty"),
        (b"\xef\xbb\xbf", "bad.json:1:1: empty"),
        (b'{"mailboxes":\n  ["\xe9"]}', "bad.json:2:5: not UTF-8"),
        ('{"mailboxes": []}'.encode("utf-16"), "bad.json:1:1: not UTF-8"),
        (b'{"mailboxes": [}', "bad.json:1:16: not JSON: expecting value"),
        (b'{"mailboxes": []', "bad.json:1:17: not JSON: expecting ',' delimiter"),
        (b"{} {}", "bad.json:1:4: not JSON: extra data"),
        (b"\xef\xbb\xbf{,", "bad.json:1:2: not JSON: expecting property name enclosed in double quotes"),
        (
            '{"\u00e9": "\u00e9", x'.encode(),
            "bad.json:1:12: not JSON: expecting property name enclosed in double quotes",
        ),
        (b'["a\x00b"]', "bad.json:1:4: not JSON: invalid control character"),
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
        (b"[-" + b"9" * 5000 + b"]", "bad.json:1:3: a number of more than 4300 digits"),
    ],
)
def test_a_file_that_can_not_be_parsed(run: Run, content: bytes, complaint: str) -> None:
    """One clear line on standard error naming the file, exit status 2; the others are still checked."""
    write("bad.json", content)
    write("good.json", body(imap_port=0))
    assert run("check", "bad.json", "good.json") == (
        2,
        f"good.json: mailbox[0].imap_port {PORT}\n",
        f"{complaint}\n1 file checked, 1 violation in 1, 1 file could not be read\n",
    )


def test_a_file_that_can_not_be_read(run: Run) -> None:
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    write("good.json", body())
    names = ["missing.json", "folder", "loop", "nul\0", "good.json/x", "new\nline"]
    assert run("check", *names, "good.json") == (
        2,
        "",
        "missing.json: no such file\n"
        "folder: is a folder, not a file\n"
        f"loop: can't be read: {os.strerror(40)}\n"
        "nul\0: no such file\n"
        f"good.json/x: can't be read: {os.strerror(20)}\n"
        "new\\nline: no such file\n"
        "1 file checked, no violations, 6 files could not be read\n",
    )


def test_an_unreadable_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cli, "open", refuse, raising=False)
    assert run("check", "locked.json") == (
        2,
        "",
        "locked.json: can't be read: Permission denied\n0 files checked, no violations, 1 file could not be read\n",
    )


def test_a_huge_number_that_is_read_is_only_out_of_range(run: Run) -> None:
    write("a.json", json.dumps(body()).replace("993", "9" * 4000).encode())
    assert run("check", "a.json")[:2] == (1, f"a.json: mailbox[0].imap_port {PORT}\n")


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
        "1 file checked, 3 violations in 1, 2 files could not be read\n"
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
    assert run("schema", "reqest") == (2, "", "no schema 'reqest'; there is: request\n")


RULES = """\
RULE                PROVENANCE  PATH                                    MESSAGE
body-object         I           body                                    must be an object
mailbox-count       R, I        mailboxes                               must be provided and have size in range <1,200>
mailbox-object      I           mailbox[i]                              must be an object
notification-types  R, I        completion_notification_types           if provided must contain only MAIL and IN_APP
email               R           mailbox[i].smtp_email                   must be provided and be a valid email address
not-blank           R           mailbox[i].smtp_login                   if provided must not be blank
not-blank           V           mailbox[i].smtp_password                must not be blank
not-blank           R           mailbox[i].smtp_server                  must not be blank
port                V           mailbox[i].smtp_port                    must be provided and in range <1,65535>
not-blank           R           mailbox[i].smtp_from_name               if provided must not be blank
email               R           mailbox[i].imap_email                   must be provided and be a valid email address
not-blank           V           mailbox[i].imap_password                must not be blank
not-blank           R           mailbox[i].imap_server                  must not be blank
port                V           mailbox[i].imap_port                    must be provided and in range <1,65535>
not-blank           R           mailbox[i].footer                       if provided must not be blank
email               R           mailbox[i].bcc                          if provided must be a valid email address
domain              V           mailbox[i].open_tracking_domain         if provided must be a valid domain
domain              V           mailbox[i].click_tracking_domain        if provided must be a valid domain
domain              V           mailbox[i].unsubscribe_tracking_domain  if provided must be a valid domain
wait-time           V           mailbox[i].sending_wait_time_from       if provided must be present along with and\
 lower than sending_wait_time_to and be in range <10,9999>
wait-time           V           mailbox[i].sending_wait_time_to         if provided must be present along with and\
 higher than sending_wait_time_from and be in range <20,9999>
daily-limit         R           mailbox[i].daily_sending_limit          if provided must be in range <1,5500>

V  verbatim: the wording stands in the vendor's API reference
R  required: the constraint is documented by the vendor, the wording is ours
I  inferred: neither the edge nor the wording is documented, our decision
"""


def test_rules(run: Run) -> None:
    assert run("rules") == (0, RULES, "")


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
