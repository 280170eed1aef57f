"""Fixes: what each changes, what is left alone, and the properties of a fixed file."""

import csv
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from canaries import SECRET_FIELDS
from golden import body, mailbox
from hypothesis import given
from hypothesis import strategies as st
from lint.command import KINDS, Run, check_files, folder, process, write
from lint.test_positions import offset_of

from mailbox_schema.contract import FIELDS, MAILBOX_COUNT
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document


def fixed(kind: str, data: bytes, *flags: str) -> bytes:
    """Return the file after a run with ``--fix`` and these flags."""
    with folder() as make:
        name = make(kind, data)
        check_files("--fix", *flags, name)
        return Path(name).read_bytes()


# What a fix changes

REQUIRED: Final = json.dumps(mailbox())[1:-1]


def in_json(member: str) -> bytes:
    return f'{{"mailboxes": [{{{REQUIRED}, {member}}}]}}'.encode()


def in_yaml(lines: str) -> bytes:
    head = "".join(f"{name}: {json.dumps(value)}\n" for name, value in mailbox().items())
    return f"{head}{lines}\n".encode()


SAFE: Final[dict[str, list[tuple[str, str]]]] = {
    "json": [
        ('"daily_sending_limit": "50"', '"daily_sending_limit": 50'),
        ('"daily_sending_limit" : " 050\\t"  ', '"daily_sending_limit" : 50  '),
        ('"daily_sending_limit": "\\u00a050"', '"daily_sending_limit": 50'),
        ('"daily_sending_limit": "0000000050"', '"daily_sending_limit": 50'),
        (
            '"sending_wait_time_from": "60", "sending_wait_time_to": "90"',
            '"sending_wait_time_from": 60, "sending_wait_time_to": 90',
        ),
        ('"bcc": " a@getpiedpiper.com\\n"', '"bcc": "a@getpiedpiper.com"'),
        ('"bcc": "MailTo: a@getpiedpiper.com"', '"bcc": "a@getpiedpiper.com"'),
        ('"bcc": "' + " " * 994 + 'a@b.co"', '"bcc": "a@b.co"'),
        ('"bcc": " j\\u00f6rg@getpiedpiper.com"', '"bcc": "j\\u00f6rg@getpiedpiper.com"'),
        ('"open_tracking_domain": "https:\\/\\/a.io\\/"', '"open_tracking_domain": "a.io"'),
        ('"open_tracking_domain": "HTTP://a.io"', '"open_tracking_domain": "a.io"'),
        ('"open_tracking_domain": " a.io/ "', '"open_tracking_domain": "a.io"'),
        ('"open_tracking_domain": "http://M\u00dcN.de/"', '"open_tracking_domain": "m\u00fcn.de"'),
        ('"open_tracking_domain": "M\\u00dcN.de"', '"open_tracking_domain": "m\\u00fcn.de"'),
    ],
    "yaml": [
        ("daily_sending_limit: '50'  # c", "daily_sending_limit: 50  # c"),
        ('daily_sending_limit: "50"', "daily_sending_limit: 50"),
        ("daily_sending_limit: 50\u00a0", "daily_sending_limit: 50"),
        ("daily_sending_limit: 0050", "daily_sending_limit: 50"),
        ("daily_sending_limit: +050", "daily_sending_limit: 50"),
        ("daily_sending_limit: 0o62", "daily_sending_limit: 50"),
        ("daily_sending_limit: 5e1", "daily_sending_limit: 50"),
        ("smtp_from_name: no", 'smtp_from_name: "no"'),
        ("smtp_from_name: 1:30 # c", 'smtp_from_name: "1:30" # c'),
        ("footer: 2024-01-01", 'footer: "2024-01-01"'),
        ("bcc: ' a@getpiedpiper.com'", "bcc: 'a@getpiedpiper.com'"),
        ("bcc: 'mailto:*@getpiedpiper.com'", "bcc: '*@getpiedpiper.com'"),
        ("bcc: mailto:a@getpiedpiper.com", "bcc: a@getpiedpiper.com"),
        ("bcc: mailto:_a@getpiedpiper.com", "bcc: _a@getpiedpiper.com"),
        (
            "open_tracking_domain: https://a.io/  # https://a.io/",
            "open_tracking_domain: a.io  # https://a.io/",
        ),
        ("open_tracking_domain: M\u00dcN.de", "open_tracking_domain: m\u00fcn.de"),
        ("'open_tracking_domain':\n  a.io/", "'open_tracking_domain':\n  a.io"),
    ],
}


@pytest.mark.parametrize(("before", "after"), SAFE["json"])
def test_a_safe_fix_in_json(before: str, after: str) -> None:
    assert fixed("json", in_json(before)) == in_json(after)


@pytest.mark.parametrize(("before", "after"), SAFE["yaml"])
def test_a_safe_fix_in_yaml(before: str, after: str) -> None:
    assert fixed("yaml", in_yaml(before)) == in_yaml(after)


@pytest.mark.parametrize("mark", ["*", "&", "!", "'", "%", "`", "|", "{", "#", "-", "?"])
def test_no_mark_of_yaml_comes_to_the_beginning(mark: str) -> None:
    """It would turn the rest into an alias, a tag or a comment."""
    plain = f"bcc: mailto:{mark}a@getpiedpiper.com"
    assert fixed("yaml", in_yaml(plain)) == in_yaml(plain)
    quoted = f'bcc: "mailto:{mark}a@getpiedpiper.com"'
    assert fixed("yaml", in_yaml(quoted)) == in_yaml(quoted.replace("mailto:", ""))


@pytest.mark.parametrize(
    "line",
    [
        "click_tracking_domain: https://1.5e3",
        "open_tracking_domain: https://0.1e3/",
        'daily_sending_limit: "50"#a-comment',
    ],
)
def test_no_text_becomes_another_type(line: str) -> None:
    assert fixed("yaml", in_yaml(line), "--unsafe-fixes") == in_yaml(line)


@pytest.mark.parametrize("host", ["587", "true", "no", "1:30", "1_000"])
def test_no_server_becomes_another_type(host: str) -> None:
    data = in_yaml("bcc: a@b.co").replace(b'"imap.server.io"', f"https://{host}/".encode())
    assert fixed("yaml", data, "--unsafe-fixes") == data


BLANK: Final = 'bcc: ""'


@pytest.mark.parametrize(
    "text",
    [
        f"{{{REQUIRED},\n {BLANK}\n , footer: x}}\n",
        f"- &common\n  bcc: a@b.co\n- <<: *common\n  {BLANK}\n  footer: x\n",
    ],
)
def test_a_member_that_others_need_is_not_left_out(run: Run, text: str) -> None:
    write("a.yaml", text)
    (blank,) = json.loads(run("check", "--select", "email", "--quiet", "--format", "json", "a.yaml")[1])[-1:]
    assert (blank["field"], blank["fix"]) == ("bcc", None)


def test_the_edits_of_a_fix_do_not_overlap(run: Run) -> None:
    write(
        "a.json",
        json.dumps([mailbox(open_tracking_domain="http://M\u00dcN.de/M\u00dcN.de")], ensure_ascii=False),
    )
    (found,) = json.loads(run("check", "--quiet", "--format", "json", "a.json")[1])
    places = [place for each in found["fix"]["edits"] for place in (each["column"], each["end_column"])]
    assert places == sorted(places)


def test_no_quote_comes_to_the_beginning_of_a_cell() -> None:
    """It would open a quoted cell."""
    data = b'SMTP server;IMAP server\n "a.io" ; b.io\n'
    assert fixed("csv", data, "--unsafe-fixes") == b'SMTP server;IMAP server\n "a.io" ;b.io\n'


def test_notification_types_are_written_in_capitals() -> None:
    before, after = (
        json.dumps(body() | {"completion_notification_types": types}).encode()
        for types in (["mail", "MAIL", "in_App"], ["MAIL", "MAIL", "IN_APP"])
    )
    assert fixed("json", before) == after


def test_a_server_loses_its_spaces() -> None:
    data = json.dumps(body(smtp_server=" smtp.server.io\u00a0")).encode()
    assert fixed("json", data) == json.dumps(body(smtp_server="smtp.server.io")).encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", ",;\t|")
def test_safe_fixes_in_csv(delimiter: str, end: str, mark: bytes) -> None:
    def rows(*cells: list[str]) -> bytes:
        return mark + "".join(delimiter.join(row) + end for row in cells).encode()

    header = ["IMAP port", "smtp_password", "SMTP email", "open tracking domain", "SMTP server"]
    before = rows(
        header,
        ["\u00a0993", '" x"', '" a@b.co\n"', "HTTPS://a.io/", "a.io "],
        [],
        ["993", "", "mailto:a@b.co"],
    )
    after = rows(header, ["993", '" x"', '"a@b.co"', "a.io", "a.io"], [], ["993", "", "a@b.co"])
    assert fixed("csv", before) == after


def test_the_lines_of_json_lines_are_fixed_each() -> None:
    """A line that is not UTF-8, and carriage returns within lines, don't shift the places of the others."""
    good, bad = (json.dumps(mailbox(smtp_port=port)).encode() for port in (587, "587"))
    lines = b'\xef\xbb\xbf\r\n%s\r\n\r\r\n"\xff"\n{\n%s\r\r\n[\r%s\r]\n%s'
    assert fixed("jsonl", lines % (bad, bad, bad, bad)) == lines % (good, good, bad, good)


UNSAFE: Final[dict[str, list[tuple[str, str]]]] = {
    "json": [
        ('"open_tracking_domain": "http://M\u00dcN.de/M\u00dcN.de"', '"open_tracking_domain": "m\u00fcn.de"'),
        ('"daily_sending_limt": 50', '"daily_sending_limit": 50'),
        ('"daily_sending_limt": "50"', '"daily_sending_limit": 50'),
        ('"dailySendingLimit": 50', '"daily_sending_limit": 50'),
        ('"footer": "", "bcc": null', '"bcc": null'),
        ('"bcc": null, "footer" : " "\n', '"bcc": null\n'),
        ('"bcc": null, "daily_sending_limit": ""', '"bcc": null'),
        ('"bcc": "", "footer": "", "smtp_from_name": "x"', '"smtp_from_name": "x"'),
        ('"smtp_from_name": "x", "bcc": "", "footer": ""', '"smtp_from_name": "x"'),
        ('"bcc": "Jared Dunn <a@getpiedpiper.com>"', '"bcc": "a@getpiedpiper.com"'),
        ('"bcc": "\\"Dunn, J.\\" <a@getpiedpiper.com> "', '"bcc": "a@getpiedpiper.com"'),
        ('"open_tracking_domain": "https://a.io:443/x/a.io?y"', '"open_tracking_domain": "a.io"'),
    ],
    "yaml": [
        ("daily_sending_limt: 50", "daily_sending_limit: 50"),
        ("'smtp-from-name' : a", "'smtp_from_name' : a"),
        ("footer: ''\nbcc: a@b.co", "bcc: a@b.co"),
        ('bcc: a@b.co\nfooter: "  " \t', "bcc: a@b.co"),
        ("bcc: Jared <a@b.co>", "bcc: a@b.co"),
        (
            "sending_wait_time_to: 90\nsending_wait_time_from: '60'",
            "sending_wait_time_to: 90\nsending_wait_time_from: 60",
        ),
    ],
}


@pytest.mark.parametrize(("before", "after"), UNSAFE["json"])
def test_an_unsafe_fix_in_json(before: str, after: str) -> None:
    assert fixed("json", in_json(before), "--unsafe-fixes") == in_json(after)


@pytest.mark.parametrize(("before", "after"), UNSAFE["yaml"])
def test_an_unsafe_fix_in_yaml(before: str, after: str) -> None:
    assert fixed("yaml", in_yaml(before), "--unsafe-fixes") == in_yaml(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://smtp.server.io", "smtp.server.io"),
        ("smtp.server.io:465", "smtp.server.io"),
        ("ssl://smtp.server.io:465/", "smtp.server.io"),
        ("https://jared@smtp.server.io.", "smtp.server.io"),
        ("192.0.2.1:25", "192.0.2.1"),
    ],
)
def test_an_unsafe_fix_trims_a_server(before: str, after: str) -> None:
    data = json.dumps(body(smtp_server=before)).encode()
    assert fixed("json", data) == data
    assert fixed("json", data, "--unsafe-fixes") == json.dumps(body(smtp_server=after)).encode()


def test_a_diff_names_the_lines_of_the_file_in_every_round(run: Run) -> None:
    """The name is fixed first, and its number in the next round, when a line above is gone."""
    rows = mailbox(footer="", daily_sending_limit=...)
    text = "".join(f"{name}: {json.dumps(value)}\n" for name, value in rows.items() if value is not ...)
    write("a.yaml", f"{text}daily_sending_limt: '50'\n")
    lines = [line.partition(":")[0] for line in text.splitlines()]
    footer, limit = lines.index("footer") + 1, len(lines) + 1
    assert run("check", "-q", "--diff", "--unsafe-fixes", "a.yaml") == (
        1,
        "--- a.yaml\n+++ a.yaml\n"
        f"@@ -{footer} +{footer} @@ mailbox[0].footer: leave it out\n-footer\n"
        f"@@ -{limit} +{limit} @@ mailbox[0].daily_sending_limt: rename it to `daily_sending_limit`\n"
        "-daily_sending_limt\n+daily_sending_limit\n"
        f"@@ -{limit} +{limit} @@ mailbox[0].daily_sending_limit: write the number in digits only\n"
        "-'(not shown)'\n+(not shown)\n",
        "",
    )


def test_an_unsafe_fix_renames_a_column() -> None:
    rows = 'SMTP email,"smtp prot",IMAP prt,imap prot,SMTP pasword\na@b.co,\xa0587,993,993,x\n'.encode()
    fix = rows.replace(b"smtp prot", b"smtp_port").replace(b"\xc2\xa0587", b"587")
    assert fixed("csv", rows) == rows
    assert fixed("csv", rows, "--unsafe-fixes") == fix


# What is left alone

BODIES: Final[list[Any]] = [
    body(smtp_password=" x ", imap_password=587, smtp_login="no"),
    body(smtp_server=["x:25"]),
    body(smtp_server="https://"),
    body(smtp_server="${HOST}:25"),
    body(smtp_server=" ", smtp_email=" "),
    {"mailboxes": [mailbox(), None, 5], "completion_notification_types": "mail"},
    body() | {"completion_notification_types": ["mail", "x"]},
    body() | {"completion_notification_types": ["mail", 5]},
    *(body() | {"completion_notification_types": types} for types in (None, 5, {"mail": "mail"})),
    body() | {"mailboxes": ["mail"] * 201},
    {"mailbox": []},
    [],
    5,
]

LEFT_ALONE: Final[dict[str, list[bytes]]] = {
    "json": [
        *map(
            in_json,
            [
                '"daily_sending_limit": "0"',
                '"daily_sending_limit": "99999999999"',
                '"daily_sending_limit": "00000000050"',
                '"daily_sending_limit": "-5"',
                '"daily_sending_limit": "${LIMIT}"',
                '"daily_sending_limit": "5 0"',
                '"daily_sending_limit": 5.5',
                '"daily_sending_limit": "50", "daily_sending_limit": "60"',
                '"bcc": "a@b.co <a@b.co>"',
                '"bcc": "a@b"',
                '"bcc": " ${BCC}"',
                '"bcc": "' + " " * 995 + 'a@b.co"',
                '"open_tracking_domain": "a_b.io/"',
                '"open_tracking_domain": "\u0130.io/"',
                '"open_tracking_domain": ["a.io/"]',
                '"open_tracking_domain": "' + "x" * 1001 + '"',
                '"footer": 5',
                '"sending_wait_time_from": ""',
                '"smtp_login": ""',
                '"smtp_logn": "x"',
                '"dailysendinglimit": 5, "daily-sending-limit": 5',
                '"smtpPort": 5',
                '"color": 5',
                ", ".join(f'"x{number}": 1' for number in range(20)) + ', "daily_sending_limt": 5',
            ],
        ),
        *(json.dumps(value).encode() for value in BODIES),
        b'{"mailboxes": [{"footer": ""}]}',
    ],
    "yaml": [
        *map(
            in_yaml,
            [
                "daily_sending_limit: &a '50'",
                "daily_sending_limit: !x '50'",
                "daily_sending_limit: !!str 50",
                'daily_sending_limit: "\\x350"',
                "daily_sending_limit: |\n  50",
                "footer: >\n  \n",
                "bcc: ' a@b.co\n  '",
                "bcc: ' it''s@b.co'",
                "footer: '' # c",
                "? footer\n: ''",
                "footer:\n  ''",
                "x: &x {bcc: ' a@b.co'}\n<<: *x",
                "<<: {bcc: ' a@b.co'}",
                "bcc: ' a@b.co'\nbcc: ' a@b.co'",
                "&k footer: ''",
                "smtp_password: no\nsmtp_login: no",
            ],
        ),
        b"x: &x [{smtp_port: '587'}]\nmailboxes: *x\n",
        b"mailboxes: &x [{smtp_port: '587'}]\n",
        b"mailboxes: !!seq [{smtp_port: '587'}]\n",
        b"- &x {smtp_port: '587'}\n- *x\n",
        b"- footer: ''\n  smtp_port: 5\n",
        b"{footer: '',\n bcc: '',\n smtp_port: 5,\n}\n",
        b"!x {smtp_port: '587'}\n",
    ],
    "csv": [
        b"smtp_port,smtp_port\n 587, 587\n",
        b'bcc\n" ""a""@b.co"\n',
        b"smtp_port,smtp prt,smtp prot\n5,5,5\n",
        b"smtp_email,smtp_login,x\n a@b,  ,",
    ],
    "jsonl": [b'{"smtp_port": "587"\n', b"[]\n5\n"],
}


@pytest.mark.parametrize(
    ("kind", "data"), [(kind, data) for kind, each in LEFT_ALONE.items() for data in each]
)
def test_a_file_without_a_certain_fix_is_left_alone(kind: str, data: bytes) -> None:
    assert fixed(kind, data, "--unsafe-fixes") == data


@pytest.mark.parametrize("kind", ["json", "yaml", "jsonl"])
def test_mailboxes_under_a_key_are_fixed(kind: str) -> None:
    before, after = (
        json.dumps({"smtp_port": "587", "x": {"y": [row]}}).encode()
        for row in (
            # A blank member in braces is left out in JSON only.
            mailbox(smtp_port="587", daily_sending_limt=5, footer=... if kind == "yaml" else ""),
            mailbox(smtp_port=587, daily_sending_limit=5),
        )
    )
    assert fixed(kind, before, "--at", "x.y.0" if kind == "jsonl" else "x.y", "--unsafe-fixes") == after


def test_only_findings_that_are_looked_for_are_fixed() -> None:
    data = json.dumps(body(smtp_port="587", bcc=" a@b.co")).encode()
    assert (
        fixed("json", data, "--select", "email") == json.dumps(body(smtp_port="587", bcc="a@b.co")).encode()
    )


# The command


FIXABLE: Final = body(smtp_port="587", imap_server=" imap.server.io", footer="")
FIXED: Final = body(smtp_port=587, imap_server="imap.server.io", footer="")
LEFT: Final = "error: mailbox[0].footer if provided must not be blank [not-blank]\n    hint: leave the field out or fill it in\n"


def test_what_is_not_fixed_is_reported(run: Run) -> None:
    write("a.json", FIXABLE)
    column = json.dumps(FIXED).index('""}') + 1
    assert run("check", "--fix", "a.json") == (
        1,
        f"a.json:1:{column}: {LEFT}",
        "1 file checked: 2 fixed, 1 violation left; 1 fixable with --fix --unsafe-fixes\n",
    )
    assert Path("a.json").read_text("utf-8") == json.dumps(FIXED)
    assert run("check", "--fix", "--unsafe-fixes", "a.json") == (
        0,
        "",
        "1 file checked: 1 fixed, no findings left\n",
    )
    assert run("check", "--fix", "--unsafe-fixes", "a.json") == (0, "", "1 file checked: no findings\n")


def test_unsafe_fixes_are_marked_if_they_are_wanted(run: Run) -> None:
    write("a.json", body(footer=""))
    column = json.dumps(body(footer="")).index('""}') + 1
    marked = LEFT.replace("\n", " [*]\n", 1)
    assert run("check", "a.json")[1:] == (
        f"a.json:1:{column}: {LEFT}",
        "1 file checked: 1 violation; 1 fixable with --fix --unsafe-fixes\n",
    )
    assert run("check", "--unsafe-fixes", "a.json")[1:] == (
        f"a.json:1:{column}: {marked}",
        "1 file checked: 1 violation; [*] 1 fixable with --fix\n",
    )


def test_a_diff_shows_no_other_value(run: Run) -> None:
    write("a\n.json", FIXABLE)
    assert run("check", "--diff", "a\n.json") == (
        1,
        "--- a\\n.json\n"
        "+++ a\\n.json\n"
        "@@ -1 +1 @@ mailbox[0].smtp_port: write the number in digits only\n"
        '-"587"\n'
        "+587\n"
        "@@ -1 +1 @@ mailbox[0].imap_server: keep only the host name\n"
        '-" (not shown)"\n'
        '+"(not shown)"\n',
        "1 file checked: 2 fixable\n",
    )
    assert Path("a\n.json").read_text("utf-8") == json.dumps(FIXABLE)


def test_a_diff_of_unsafe_fixes(run: Run) -> None:
    write("a.csv", "SMTP email,smtp prot,Qz7W prt\nJared <a@b.co>,0587,x\n")
    write(
        "b.json",
        [mailbox(footer="", imap_port="0993", imapPort=1, open_tracking_domain="https://M\u00dcN.de:1")],
    )
    write("c.json", body())
    assert run("check", "--diff", "--unsafe-fixes", "a.csv", "b.json", "c.json") == (
        1,
        "--- a.csv\n"
        "+++ a.csv\n"
        "@@ -1 +1 @@ rename it to `smtp_port`\n"
        "-(not shown)\n"
        "+smtp_port\n"
        "@@ -2 +2 @@ mailbox[0].smtp_email: keep only the address\n"
        "-(old text, not shown)\n"
        "+(new text, not shown)\n"
        "--- b.json\n"
        "+++ b.json\n"
        "@@ -1 +1 @@ mailbox[0].imap_port: write the number in digits only\n"
        '-"0993"\n'
        "+993\n"
        "@@ -1 +1 @@ mailbox[0].footer: leave it out\n"
        "-footer\n"
        "@@ -1 +1 @@ mailbox[0].open_tracking_domain: write the domain alone, in lower case\n"
        '-"https://(not shown)"\n'
        '+"(not shown)"\n',
        "3 files checked: 5 fixable\n",
    )


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("http://a.io", "http://(not shown)"),
        ("HTTPS://a.io/", "HTTPS://(not shown)/"),
        (" https://a.io/", " https://(not shown)/"),
        ("https://a.io/,", "https://(not shown)"),
    ],
)
def test_a_diff_shows_what_is_around_a_domain_in_fixed_words_only(run: Run, domain: str, shown: str) -> None:
    write("a.json", body(open_tracking_domain=domain))
    assert run("check", "--diff", "--unsafe-fixes", "--quiet", "a.json") == (
        1,
        "--- a.json\n+++ a.json\n"
        "@@ -1 +1 @@ mailbox[0].open_tracking_domain: keep only the domain\n"
        f'-"{shown}"\n+"(not shown)"\n',
        "",
    )


def test_a_diff_of_notification_types_shows_the_first(run: Run) -> None:
    write("a.json", body() | {"completion_notification_types": ["MAIL", "mail", "in_app"]})
    assert run("check", "--diff", "a.json") == (
        1,
        "--- a.json\n+++ a.json\n"
        "@@ -1 +1 @@ completion_notification_types: write the names in capitals\n"
        '-"mail"\n+"MAIL"\n',
        "1 file checked: 1 fixable\n",
    )


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("others", "fixable"), [(19, 1), (20, 0), (21, 0)])
def test_one_of_more_than_20_unknown_keys_is_not_renamed(
    run: Run, others: int, fixable: int, is_first: bool
) -> None:
    names = [f"x{number}" for number in range(others)]
    names.insert(0 if is_first else others, "daily_sending_limt")
    write("a.json", body(**dict.fromkeys(names, 5)))
    found = json.loads(run("check", "--format", "json", "--select", "unknown-field", "a.json")[1])
    assert len(found) == others + 1
    assert sum(finding["fix"] is not None for finding in found) == fixable


def test_a_diff_without_fixes_is_empty(run: Run) -> None:
    write("a.json", body(footer=""))
    assert run("check", "--diff", "a.json") == (0, "", "1 file checked: nothing to fix\n")


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_a_file_that_can_not_be_parsed_is_left_alone(run: Run, flag: str) -> None:
    write("a.csv", 'smtp_port\n\u00a0587\n"')
    write("b.json", FIXABLE)
    status, output, errors = run("check", flag, "--quiet", "a.csv", "b.json")
    assert status == 2
    assert errors == "a.csv:3:1: not CSV: a quote is not closed\n"
    assert ("mailbox[0].smtp_port" in output) is True
    assert Path("a.csv").read_text("utf-8") == 'smtp_port\n\u00a0587\n"'
    assert Path("b.json").read_text("utf-8") == json.dumps(FIXED if flag == "--fix" else FIXABLE)


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_a_file_that_is_too_large_is_left_alone(run: Run, flag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox_schema.lint.sources.base.LARGEST_SOURCE", 10)
    write("a.csv", "smtp_port\n\u00a0587\n")
    assert run("check", flag, "a.csv")[0] == 2


def test_standard_input_is_fixed_to_standard_output(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf- smtp_port: '587'\r\n  x: \xc3\xbc"
    arguments = ("check", "--fix", "--select", "port,unknown-field", "--type", "yaml", "-")
    done = process(*arguments, input=data.decode(), cwd=tmp_path, encoding="utf-8")
    assert done == (
        1,
        "\ufeff- smtp_port: 587\n  x: \xfc",
        "<stdin>:1:3: error: mailbox[0].imap_port must be provided and in range <1,65535> [port]\n"
        "    hint: add the field\n"
        "<stdin>:2:3: warning: mailbox[0] has an unknown key [unknown-field]\n"
        "1 file checked: 1 fixed, 1 violation, 1 warning left\n",
    )


def test_standard_input_that_can_not_be_parsed_goes_to_standard_output(tmp_path: Path) -> None:
    done = process("check", "--fix", "--quiet", "-", input="{\n", cwd=tmp_path)
    assert done == (2, "{\n", "<stdin>:2:1: not JSON: a key in double quotes was expected here\n")


def test_fixes_and_an_answer_exclude_each_other(run: Run) -> None:
    for flag in ("--fix", "--diff"):
        assert run("check", flag, "--response", "a", "b.json") == (
            2,
            "",
            "mailbox-schema check: error: --response can't be used with --fix or --diff\n",
        )


def test_a_diff_is_no_report(run: Run) -> None:
    for option in (("--format", "json"), ("--output", "report.txt")):
        assert run("check", "--diff", *option, "a.json") == (
            2,
            "",
            "mailbox-schema check: error: --diff can't be used with --format or --output\n",
        )


def test_json_and_sarif_have_the_edits(run: Run) -> None:
    write("a.yaml", "- smtp_port: '587'\n  footer: ''\n- smtp_port: 0o12\n  imap_port: 993\u00a0\n")
    rules = ("--select", "port,not-blank,yaml-ambiguous", "--quiet", "a.yaml")
    found = json.loads(run("check", "--format", "json", *rules)[1])
    fixes = [finding["fix"] for finding in found if finding["fix"]]
    assert fixes == [
        {
            "title": "write the number in digits only",
            "is_safe": True,
            "edits": [
                {"line": 1, "column": 14, "end_line": 1, "end_column": 15, "text": ""},
                {"line": 1, "column": 18, "end_line": 1, "end_column": 19, "text": ""},
            ],
        },
        {
            "title": "leave it out",
            "is_safe": False,
            "edits": [{"line": 2, "column": 1, "end_line": 3, "end_column": 1, "text": ""}],
        },
        {
            "title": "write the number in plain digits",
            "is_safe": True,
            "edits": [{"line": 3, "column": 14, "end_line": 3, "end_column": 18, "text": "10"}],
        },
        {
            "title": "write the number in digits only",
            "is_safe": True,
            "edits": [{"line": 4, "column": 17, "end_line": 4, "end_column": 18, "text": ""}],
        },
    ]
    results = json.loads(run("check", "--format", "sarif", *rules)[1])["runs"][0]["results"]

    def change(*replacements: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"artifactLocation": {"uri": "a.yaml"}, "replacements": list(replacements)}]

    def region(line: int, column: int, end_line: int, end_column: int) -> dict[str, Any]:
        names = ("startLine", "startColumn", "endLine", "endColumn")
        return {"deletedRegion": dict(zip(names, (line, column, end_line, end_column), strict=True))}

    assert [fix for result in results for fix in result.get("fixes", [])] == [
        {
            "description": {"text": "write the number in digits only"},
            "artifactChanges": change(region(1, 14, 1, 15), region(1, 18, 1, 19)),
        },
        {
            "description": {"text": "leave it out (unsafe)"},
            "artifactChanges": change(region(2, 1, 3, 1)),
        },
        {
            "description": {"text": "write the number in plain digits"},
            "artifactChanges": change(region(3, 14, 3, 18) | {"insertedContent": {"text": "10"}}),
        },
        {
            "description": {"text": "write the number in digits only"},
            "artifactChanges": change(region(4, 17, 4, 18)),
        },
    ]


def test_the_report_of_fixed_standard_input_needs_no_standard_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert run("check", "--fix", "-", stdin=json.dumps(FIXABLE).encode()) == (1, json.dumps(FIXED), "")


def test_the_rounds_are_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbox_schema.lint.repair._MOST_ROUNDS", 1)
    write("a.jsonl", json.dumps(mailbox(daily_sending_limt="50")))
    done = run("check", "--fix", "--unsafe-fixes", "a.jsonl")
    assert done[2] == "1 file checked: 1 fixed, 1 violation left; [*] 1 fixable with --fix\n"


def test_no_cell_is_left_out() -> None:
    """The cells after it would move to other columns."""
    (document,) = documents(io.BytesIO(b"bcc,footer\na,b\n"), "csv")
    assert isinstance(document, Document)
    assert document.member((0, "bcc")) is None
    assert document.key((0, "bcc")) is None


# Writing


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o754])
def test_the_mode_and_a_link_are_kept(run: Run, mode: int) -> None:
    write("x/a.json", FIXABLE)
    Path("x/a.json").chmod(mode)
    Path("b.json").symlink_to("x/a.json")
    run("check", "--fix", "b.json")
    assert Path("b.json").is_symlink()
    assert Path("x/a.json").read_text("utf-8") == json.dumps(FIXED)
    assert stat.S_IMODE(Path("x/a.json").stat().st_mode) == mode
    assert sorted(map(str, Path().rglob("*"))) == ["b.json", "x", "x/a.json"]


def test_a_file_without_fixes_is_not_written(run: Run) -> None:
    write("a.json", body())
    before = Path("a.json").stat()
    run("check", "--fix", "a.json")
    assert (Path("a.json").stat().st_ino, Path("a.json").stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


def refuse(*_arguments: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", ["fsync", "replace", "chmod"])
def test_an_error_while_writing_leaves_the_file_as_it_was(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write("a.json", FIXABLE)
    monkeypatch.setattr(os, name, refuse)
    assert run("check", "--fix", "a.json") == (
        2,
        "",
        "a.json: can't be written: No space left on device\n1 file can't be read, parsed or written\n",
    )
    assert Path("a.json").read_text("utf-8") == json.dumps(FIXABLE)
    assert os.listdir() == ["a.json"]  # noqa: PTH208  # hidden files, too


def test_a_file_that_may_not_be_written_is_left_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.json", FIXABLE)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert run("check", "--fix", "--quiet", "a.json") == (
        2,
        "",
        "a.json: can't be written: Permission denied\n",
    )


def test_a_file_that_changes_meanwhile_is_left_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.json", FIXABLE)

    def change(descriptor: int) -> None:
        del descriptor
        write("a.json", body())

    monkeypatch.setattr(os, "fsync", change)
    assert run("check", "--fix", "--quiet", "a.json") == (
        2,
        "",
        "a.json: has changed while it was fixed: run the command again\n",
    )
    assert Path("a.json").read_text("utf-8") == json.dumps(body())
    assert os.listdir() == ["a.json"]  # noqa: PTH208  # as above


def test_a_pipe_is_not_written(run: Run, tmp_path: Path) -> None:
    read, write_end = os.pipe()
    os.write(write_end, json.dumps(FIXABLE).encode())
    os.close(write_end)
    done = run("check", "--fix", "--quiet", "--type", "json", f"/dev/fd/{read}")
    os.close(read)
    assert done == (2, "", f"/dev/fd/{read}: can't be fixed: not a regular file\n")
    assert list(tmp_path.iterdir()) == []


# Properties

ADDRESSES: Final = [
    "a@b.co",
    " a@b.co",
    "mailto:a@b.co",
    "mailto:*a@b.co",
    "Jared <a@b.co>",
    "j\u00f6rg@b.co ",
    "a@b",
    "",
    5,
]
DOMAINS: Final = [
    "a.io",
    "https://a.io/",
    " A.io",
    "M\u00dcN.de",
    "http://m\u00dcn.de:8/x",
    "a_b.io",
    "",
    None,
]
NUMBERS: Final = [50, "50", " 060", "x", "${N}", 0, None, ""]
TEXTS: Final = [
    "smtp.server.io",
    " smtp.server.io",
    "https://smtp.server.io:25",
    ' "smtp.server.io"',
    "no",
    "0123",
    "1:30",
    "\u00fc",
    " ",
]
VALUES: Final[dict[str, list[Any]]] = {
    "email": ADDRESSES,
    "domain": DOMAINS,
    "port": NUMBERS,
    "wait-time": NUMBERS,
    "daily-limit": NUMBERS,
    "not-blank": TEXTS,
}
# Of YAML, as they are written.
PLAIN: Final = [
    "0587",
    "+50",
    "0o62",
    "5e1",
    "no",
    "~",
    "1_000",
    "'587'",
    '"587" # c',
    "&a '587'",
    "!x 5",
    "|\n      50",
]


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Mailboxes, most of them broken in a way that can be fixed."""

    def row() -> dict[str, Any]:
        changed: dict[str, Any] = {
            name: draw(st.sampled_from(VALUES[FIELDS[name].rule]))
            for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=8, unique=True))
        }
        extra: dict[str, Any] = draw(
            st.sampled_from([{}, {}, {"daily_sending_limt": "50"}, {"smtpPort": 5}, {"color": "x"}])
        )
        members = [*(mailbox() | changed | extra).items()]
        return dict(draw(st.permutations(members)))

    return [row() for _ in range(draw(st.integers(1, 3)))]


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Files of each type, in many styles, with findings that can be fixed and others."""
    kind = draw(st.sampled_from(KINDS))
    text = WRITERS[kind](draw, draw(rows()))
    end = draw(st.sampled_from(["\n", "\r\n"] + ["\r"] * (kind != "jsonl")))
    mark = draw(st.sampled_from(["", "", "\ufeff"]))
    return kind, (mark + text.replace("\n", end)).encode()


def as_json(draw: st.DrawFn, found: list[dict[str, Any]]) -> str:
    types = draw(st.sampled_from([["MAIL"], ["mail"], ["mail", 5]]))
    value = {"mailboxes": found, "completion_notification_types": types}
    text = json.dumps(value, indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans()))
    text = text.replace("/", "\\/") if draw(st.booleans()) else text
    return text.replace('"bcc"', '"bcc": "x", "bcc"') if draw(st.integers(0, 9)) == 9 else text


def as_json_lines(draw: st.DrawFn, found: list[dict[str, Any]]) -> str:
    between = draw(st.sampled_from(["\n", "\n\n", "\n{\n", "\n \n"]))
    return between.join(json.dumps(row, ensure_ascii=draw(st.booleans())) for row in found)


def as_csv(draw: st.DrawFn, found: list[dict[str, Any]]) -> str:
    names = sorted({name for row in found for name in row})
    output = io.StringIO()
    quoting: Any = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]))
    delimiter = draw(st.sampled_from(",;\t|"))
    writer = csv.DictWriter(output, names, quoting=quoting, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return output.getvalue()


def as_yaml(draw: st.DrawFn, found: list[dict[str, Any]]) -> str:
    def written(name: str, value: object) -> str:
        if name not in SECRET_FIELDS and draw(st.integers(0, 4)) == 4:
            return draw(st.sampled_from(PLAIN))
        styles = [json.dumps(value, ensure_ascii=draw(st.booleans()))]
        if isinstance(value, str):
            styles.append("'" + value.replace("'", "''") + "'")
            is_plain = value[:1].isalpha() and value == value.strip() and ": " not in value
            styles += [value, value + "  # c"] * is_plain
        return draw(st.sampled_from(styles))

    def item(row: dict[str, Any]) -> str:
        if draw(st.integers(0, 5)) == 5:
            return "  - " + json.dumps(row, ensure_ascii=False)
        return "  - " + "\n    ".join(f"{name}: {written(name, value)}" for name, value in row.items())

    items = "\n".join(map(item, found))
    return draw(
        st.sampled_from(["mailboxes:\n{}\n", "# c\nmailboxes:\n{}", "---\nmailboxes:\n{}\n..."])
    ).format(items)


WRITERS: Final[dict[str, Callable[[st.DrawFn, list[dict[str, Any]]], str]]] = {
    "json": as_json,
    "jsonl": as_json_lines,
    "csv": as_csv,
    "yaml": as_yaml,
}


def findings(kind: str, data: bytes) -> list[dict[str, Any]]:
    with folder() as make:
        name = make(kind, data)
        found: list[dict[str, Any]] = json.loads(check_files("--format", "json", "--quiet", name)[1])
    return found


def mailboxes(kind: str, data: bytes) -> list[Any]:
    found: list[Any] = []
    for document in documents(io.BytesIO(data), kind):
        if isinstance(document, Document):
            value: Any = document.value
            found += value.get("mailboxes", [value]) if isinstance(value, dict) else value
        else:  # a line that can't be read has an index, too
            found.append({})
    return found


def edited(data: bytes, edits: list[dict[str, Any]]) -> bytes:
    """Make the edits as an editor does, from the last to the first, by lines and columns."""
    mark = b"\xef\xbb\xbf"
    text = data.removeprefix(mark).decode()
    for edit in sorted(edits, key=lambda each: (each["line"], each["column"]), reverse=True):
        start = offset_of(text, (edit["line"], edit["column"]))
        end = offset_of(text, (edit["end_line"], edit["end_column"]))
        text = text[:start] + edit["text"] + text[end:]
    return (mark if data.startswith(mark) else b"") + text.encode()


@given(broken_files())
def test_a_fixed_file_has_nothing_left_to_fix(file: tuple[str, bytes]) -> None:
    kind, data = file
    safe = fixed(kind, data)
    assert [finding for finding in findings(kind, safe) if (finding["fix"] or {}).get("is_safe")] == []
    assert fixed(kind, safe) == safe
    unsafe = fixed(kind, data, "--unsafe-fixes")
    assert [finding for finding in findings(kind, unsafe) if finding["fix"]] == []
    assert fixed(kind, unsafe, "--unsafe-fixes") == unsafe


@given(broken_files())
def test_everything_outside_the_edits_stays_byte_for_byte(file: tuple[str, bytes]) -> None:
    kind, data = file
    fixes = [finding["fix"] for finding in findings(kind, data) if (finding["fix"] or {}).get("is_safe")]
    assert fixed(kind, data) == edited(data, [edit for fix in fixes for edit in fix["edits"]])


@given(broken_files())
def test_a_value_differs_only_where_a_finding_was(file: tuple[str, bytes]) -> None:
    kind, data = file
    # A fix may make way for another: a field that is left out is free for a misspelled one.
    expected = {(each["index"], each["field"]) for each in findings(kind, data)}
    before, after = mailboxes(kind, data), mailboxes(kind, fixed(kind, data, "--unsafe-fixes"))
    assert len(before) == len(after)
    # A renamed key is found where it was, and is the field's from then on.
    renamed = {"smtpPort": "smtp_port", "daily_sending_limt": "daily_sending_limit"}
    assert changed(before, after) <= expected | {(index, renamed.get(field)) for index, field in expected} | (
        {(index, "daily_sending_limit") for index in range(MAILBOX_COUNT.maximum)} if kind == "csv" else set()
    )
    assert changed(before, after) & {(index, name) for index in range(3) for name in SECRET_FIELDS} == set()


def changed(before: list[Any], after: list[Any]) -> set[tuple[int, str]]:
    return {
        (index, name)
        for index, (old, new) in enumerate(zip(before, after, strict=True))
        for name in (old.keys() | new.keys() if old != new else ())
        if repr(old.get(name)) != repr(new.get(name))
    }
