"""Advice: the examples of every rule's page, and the edges between reported and not."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden import body, mailbox
from lint.command import Run, write

from mailbox_schema.lint.advice import ADVICE
from mailbox_schema.lint.catalogue import RULES

Found = list[tuple[int, int, str, str | None]]

EXAMPLE = re.compile(r"^(Reported|Not reported):\n\n```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    (name, match[1], match[2], match[3]) for name in ADVICE for match in EXAMPLE.finditer(RULES[name].page)
]


@pytest.mark.parametrize("name", ADVICE)
def test_a_page_has_an_example_that_is_reported_and_one_that_is_not(name: str) -> None:
    assert [example[1] for example in EXAMPLES if example[0] == name] == ["Reported", "Not reported"]


@pytest.mark.parametrize(("name", "verdict", "kind", "text"), EXAMPLES)
def test_the_examples_of_a_page_are_true(run: Run, name: str, verdict: str, kind: str, text: str) -> None:
    Path(f"example.{kind}").write_text(text, encoding="utf-8")
    _, output, errors = run("check", "--format", "json", "--select", name, f"example.{kind}")
    found = {finding["rule"] for finding in json.loads(output)}
    assert found == ({name} if verdict == "Reported" else set()), errors


@pytest.fixture
def advised(run: Run) -> Callable[..., Found]:
    """Return the findings of one rule: line, column, message, hint."""

    def advised(name: str, value: object, kind: str = "json") -> Found:
        text = value if isinstance(value, str) else json.dumps(value)
        Path(f"a.{kind}").write_text(text, encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(
            run("check", "--format", "json", "--select", name, f"a.{kind}")[1]
        )
        return [(it["line"], it["column"], it["message"], it["hint"]) for it in found]

    return advised


def messages(found: Found) -> list[tuple[str, str | None]]:
    return [(message, hint) for _, _, message, hint in found]


def test_an_unknown_key_is_named_if_it_is_made_of_known_words(advised: Callable[..., Found]) -> None:
    text = '{"mailboxes": [{\n"smtpPort": 1, "ID": 1, "x y": 1, "dailySendingLimit": 1}],\n"$schema": "", "x-a": 1, "notify": 2}'
    assert advised("unknown-field", text) == [
        (2, 1, "mailbox[0].smtpPort is not an API field", "did you mean `smtp_port`?"),
        (2, 16, "mailbox[0].ID is not an API field", None),
        (2, 25, "mailbox[0] has an unknown key", None),
        (2, 35, "mailbox[0].dailySendingLimit is not an API field", "did you mean `daily_sending_limit`?"),
        (3, 26, "the body has an unknown key", None),
    ]


@pytest.mark.parametrize(
    "secret", ["zq9Secret", "zq9Secret_and_more", "Secret"], ids=["the same", "longer", "a part"]
)
def test_a_key_that_resembles_a_secret_is_not_named(advised: Callable[..., Found], secret: str) -> None:
    found = advised("unknown-field", body(smtp_password=secret, zq9Secret=1))
    assert messages(found) == [("mailbox[0] has an unknown key", None)]


def test_a_file_without_a_body_has_no_unknown_body_keys(advised: Callable[..., Found]) -> None:
    assert advised("unknown-field", {"notify": 2}) == []
    assert advised("unknown-field", [mailbox()]) == []


def test_an_address_that_appears_again_is_reported(advised: Callable[..., Found]) -> None:
    rows = [mailbox(), mailbox(smtp_email="a@b.com"), mailbox(), mailbox(smtp_email="A@B.com "), mailbox()]
    assert messages(advised("duplicate-mailbox", rows)) == [
        ("mailbox[2].smtp_email is the same as mailbox[0].smtp_email", None),
        ("mailbox[3].smtp_email is the same as mailbox[1].smtp_email", None),
        ("mailbox[4].smtp_email is the same as mailbox[0].smtp_email", None),
    ]
    assert (
        advised("duplicate-mailbox", [mailbox(smtp_email=email) for email in ("", "", None, None, 3, 3)])
        == []
    )
    assert advised("duplicate-mailbox", [mailbox(smtp_email="${EMAIL}")] * 2) == []
    assert advised("duplicate-mailbox", "\n".join([json.dumps(mailbox())] * 2), "jsonl") == []


@pytest.mark.parametrize(
    ("server", "hint"),
    [
        ("smtp.server.io", None),
        ("localhost", None),
        ("mail", None),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("[2001:db8::1]", None),
        ("smtp_server.internal", None),
        ("${SMTP_SERVER}", None),
        ("", None),
        ("https://smtp.server.io", "remove `https://`"),
        ("smtp://smtp.server.io", "remove the scheme"),
        ("smtp.server.io:465", "remove the port"),
        ("smtp.server.io/mail", "remove the path"),
        ("smtp.server.io.", "remove the dot at the end"),
        (" smtp.server.io", "remove the spaces around it"),
        ("smtp server.io", "a host name can't contain spaces"),
        ("jared@getpiedpiper.com", "write a host name, not an email address"),
        ("ssl://smtp.server.io:465/", "remove the scheme, the port and the slash at the end"),
    ],
)
def test_a_server_that_is_not_a_plain_host_name_is_reported(
    advised: Callable[..., Found], server: str, hint: str | None
) -> None:
    expected = [] if hint is None else [("mailbox[0].imap_server is not a plain host name", hint)]
    assert messages(advised("server-name", body(imap_server=server))) == expected


def test_a_server_that_is_not_text_gets_no_advice(advised: Callable[..., Found]) -> None:
    assert advised("server-name", body(imap_server=3)) == []


@pytest.mark.parametrize(
    ("field", "port", "message"),
    [
        *(("smtp_port", port, "is an IMAP port") for port in (143, 993)),
        *(("imap_port", port, "is an SMTP port") for port in (25, 465, 587, 2525)),
        *(("smtp_port", port, None) for port in (25, 465, 587, 2525, 1025, "993", None)),
        *(("imap_port", port, None) for port in (143, 993, 1143, "25", None)),
    ],
)
def test_a_port_of_the_other_protocol_is_reported(
    advised: Callable[..., Found], field: str, port: object, message: str | None
) -> None:
    hint = "the usual port is 465 or 587" if field == "smtp_port" else "the usual port is 993"
    expected = [] if message is None else [(f"mailbox[0].{field} {message}", hint)]
    assert messages(advised("port-role", body(**{field: port}))) == expected


@pytest.mark.parametrize(
    ("server", "password", "is_reported"),
    [
        ("smtp.gmail.com", "not-a-real-password", True),
        ("SMTP.GMAIL.COM", "not-a-real-password", True),
        ("smtp.office365.com", "abcd efgh ijkl mno", True),
        ("outlook.office365.com", "abcdefghijklmno1", True),
        ("smtp-mail.outlook.com", "abcdefghijklmnop", False),
        ("smtp.gmail.com", "abcd efgh ijkl mnop", False),
        ("smtp.gmail.com", "ABCDEFGHIJKLMNOP", False),
        ("smtp.gmail.com", "${APP_PASSWORD}", False),
        ("smtp.gmail.com", "ENC[AES256_GCM,data:bm90LXJlYWw=,type:str]", False),
        ("smtp.gmail.com", "", False),
        ("smtp.gmail.com", 12345, False),
        ("smtp.server.io", "not-a-real-password", False),
        ("notgmail.com", "not-a-real-password", False),
        (None, "not-a-real-password", False),
    ],
)
def test_a_password_that_can_not_be_an_app_password_is_reported(
    advised: Callable[..., Found], server: object, password: object, is_reported: bool
) -> None:
    message = "mailbox[0].smtp_password can't be an app password, which this server requires"
    expected = [(message, "create an app password in the account's security settings")]
    found = advised("app-password", body(smtp_server=server, smtp_password=password))
    assert messages(found) == (expected if is_reported else [])


def test_the_imap_password_is_checked_against_the_imap_server(advised: Callable[..., Found]) -> None:
    found = advised("app-password", body(imap_server="imap.gmail.com"))
    assert [message for message, _ in messages(found)] == [
        "mailbox[0].imap_password can't be an app password, which this server requires"
    ]


@pytest.mark.parametrize(
    ("value", "is_reported"),
    [
        ("${VAR}", True),
        ("{{ var }}", True),
        ("$VAR", True),
        ("%VAR%", True),
        ("<changeme>", True),
        ("changeme", True),
        ("prefix-${VAR}", True),
        ("not-a-real-password", False),
        ("pa$$word", False),
        ("100%", False),
        ("a<b>c", False),
    ],
)
def test_a_placeholder_is_reported(advised: Callable[..., Found], value: str, is_reported: bool) -> None:
    expected = [("mailbox[0].imap_password has a placeholder", "fill in the placeholder")]
    assert messages(advised("placeholder", body(imap_password=value))) == (expected if is_reported else [])


@pytest.mark.parametrize(
    ("footer", "is_reported"),
    [("<div>{{FIRST_NAME}}</div>", False), ("<p>", False), ("<p>${NAME}</p>", True), ("$(NAME)", True)],
)
def test_html_and_the_vendors_snippets_in_a_footer_are_not_placeholders(
    advised: Callable[..., Found], footer: str, is_reported: bool
) -> None:
    assert bool(advised("placeholder", body(footer=footer))) is is_reported


def test_a_placeholder_that_is_a_violation_is_reported_once(advised: Callable[..., Found]) -> None:
    expected = [
        ("mailbox[0].smtp_email must be provided and be a valid email address", "fill in the placeholder")
    ]
    assert messages(advised("default", body(smtp_email="${EMAIL}"))) == expected
    alone = [("mailbox[0].smtp_email has a placeholder", "fill in the placeholder")]
    assert messages(advised("placeholder", body(smtp_email="${EMAIL}"))) == alone


YAML = """\
smtp_email: jared@getpiedpiper.com
smtp_login: {}
smtp_password: "no"
"""


@pytest.mark.parametrize(
    ("plain", "is_reported"),
    [
        ("yes", True),
        ("1_000", True),
        ("12:30:45", True),
        ("2024-01-01", True),
        ("0o14", True),
        ("jared", False),
        ("'no'", False),
        ('"0123"', False),
        ("!!str no", False),
        ("n", False),
    ],
)
def test_a_scalar_that_yaml_1_1_reads_differently_is_reported(
    advised: Callable[..., Found], plain: str, is_reported: bool
) -> None:
    found = advised("yaml-ambiguous", YAML.format(plain), "yaml")
    message = "mailbox[0].smtp_login is read differently by YAML 1.1 and 1.2"
    assert found == ([(2, 13, message, "write it in quotes")] if is_reported else [])


def test_only_fields_in_yaml_are_ambiguous(advised: Callable[..., Found]) -> None:
    assert advised("yaml-ambiguous", "color: no\nsmtp_port: 465\n", "yaml") == []
    assert advised("yaml-ambiguous", "smtp_port: 0465\n", "yaml") == [
        (
            1,
            12,
            "mailbox[0].smtp_port is read differently by YAML 1.1 and 1.2",
            "write the number in plain digits",
        )
    ]
    assert advised("yaml-ambiguous", '{"smtp_login": "no"}') == []


def test_what_the_upload_refuses_is_reported(advised: Callable[..., Found]) -> None:
    header = "SMTP email,SMTP login,SMTP from name,BCC\n"
    assert advised("csv-upload", f"{header}a@b.com,a,A,\nb@b.com,,-,-\n", "csv") == [
        (3, 9, "mailbox[1].smtp_login is mandatory in the upload", "fill it in"),
        (3, 10, "mailbox[1].smtp_from_name is a filler", "leave the cell blank"),
        (3, 12, "mailbox[1].bcc is a filler", "leave the cell blank"),
    ]
    limit = 200 * 1024
    for size, expected in (
        (limit - 1, []),
        (limit, [("the upload accepts files under 200 KB", "split it into several files")]),
    ):
        row = f"{header}a@b.com,a,A,"
        assert messages(advised("csv-upload", row + "x" * (size - len(row)), "csv")) == expected
    assert advised("csv-upload", body()) == []


@pytest.mark.parametrize(
    ("password", "is_reported"),
    [
        ("not-a-real-password", True),
        (12345, True),
        ("${PASSWORD}", False),
        ("{{ password }}", False),
        ("ENC[AES256_GCM,data:bm90LXJlYWw=,iv:x,tag:y,type:str]", False),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", False),
        ("ENC", True),
        ("", False),
        (None, False),
    ],
)
def test_a_password_in_plain_text_is_reported(
    advised: Callable[..., Found], password: object, is_reported: bool
) -> None:
    found = advised("plaintext-secret", [{"smtp_password": password}])
    message = "mailbox[0].smtp_password is stored in plain text"
    assert messages(found) == (
        [(message, "keep it in a secret store, or encrypt the file")] if is_reported else []
    )


def test_a_value_with_an_application_tag_is_not_in_plain_text(advised: Callable[..., Found]) -> None:
    vault = "smtp_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\nimap_password: !secret mail\n"
    assert advised("plaintext-secret", vault, "yaml") == []
    assert advised("placeholder", "smtp_password: !env '${X}'\n", "yaml") == []


def test_duplicate_keys_of_the_body_and_of_mailboxes_are_reported(advised: Callable[..., Found]) -> None:
    hint = "remove one of them: the last one counts"
    text = '{"mailboxes": 1, "mailboxes":\n[{"bcc": 1, "x": {"y": 1, "y": 2}, "bcc": 2}]}'
    assert advised("duplicate-key", text) == [
        (1, 18, "duplicate key mailboxes", hint),
        (2, 36, "duplicate key bcc", hint),
    ]
    assert advised("duplicate-key", "bcc: a\nfooter: x\nbcc: b\n", "yaml") == [
        (3, 1, "duplicate key bcc", hint)
    ]
    # Another key may be a secret.
    assert advised("duplicate-key", '[{"x": 1, "x": 2}]') == [(1, 11, "duplicate key", hint)]


def test_unknown_duplicate_and_missing_columns_are_reported(advised: Callable[..., Found]) -> None:
    text = "SMTP email,E-Mail,,smtp pasword,smtp_email,SMPT from name\na@b.com,x,y,z,b@b.com,\n"
    assert advised("unknown-field", text, "csv") == [
        (1, 12, "the column is not an API field", None),
        (1, 19, "the column has no name", None),
        (1, 20, "the column is not an API field", "did you mean `smtp_password`?"),
    ]
    assert advised("duplicate-key", text, "csv") == [
        (1, 33, "duplicate column smtp_email", "remove one of them: the last one counts")
    ]
    names = "smtp_password, smtp_server, smtp_port, imap_email, imap_password, imap_server, imap_port"
    assert advised("missing-column", text, "csv") == [(1, 1, f"missing columns: {names}", "add the column")]
    alone = "smtp_email,smtp_password,smtp_server,smtp_port,imap_email,imap_password,imap_server\na@b.com\n"
    assert messages(advised("missing-column", alone, "csv")) == [
        ("missing column: imap_port", "add the column")
    ]


def test_rows_with_more_or_fewer_cells_than_the_header_are_reported(advised: Callable[..., Found]) -> None:
    text = "smtp_email,smtp_port\na@b.com\nb@b.com,465,x\n\n,\nc@b.com,465\n"
    assert advised("ragged-row", text, "csv") == [
        (2, 1, "mailbox[0] has 1 cell, the header has 2", None),
        (
            3,
            1,
            "mailbox[1] has 3 cells, the header has 2",
            "put a cell that contains the delimiter in quotes",
        ),
    ]


@pytest.mark.parametrize("plain", ["0x_", "0b_", "-0b_", "+0x_", "1_" + "0" * 5000, "0o8", "190:20:30"])
def test_a_number_of_yaml_1_1_alone_is_ambiguous(run: Run, plain: str) -> None:
    write("a.yaml", f"- {json.dumps(mailbox(smtp_login='LOGIN'))}\n".replace('"LOGIN"', f"{plain} "))
    status, output, errors = run("check", "--select", "yaml-ambiguous", "a.yaml")
    assert "Traceback" not in errors
    assert status == 0
    expected = "" if plain == "0o8" else "read differently by YAML 1.1 and 1.2"
    assert (expected in output) if expected else output == ""


def test_keys_for_anchors_are_skipped(run: Run) -> None:
    text = "defaults: &d\n  smtp_port: 465\n.base: &b 3\n_x: 1\nnotify: me\nmailboxes:\n  - <<: *d\n"
    write("a.yaml", text)
    assert run("check", "--select", "unknown-field", "a.yaml")[1] == (
        "a.yaml:5:1: warning: the body has an unknown key [unknown-field]\n"
    )


@pytest.mark.parametrize(
    ("server", "hint"),
    [
        ("n/a", "write a host name, not a filler"),
        ("-", "write a host name, not a filler"),
        ("smtp.server.io\u200b", "remove the invisible characters"),
        ("smtp,server.io", "a host name can't contain a comma or semicolon"),
        ("smtp..io", "a part of the host name is empty"),
        ("https://${HOST}/", "remove `https://` and the slash at the end"),
    ],
)
def test_the_hint_names_what_is_wrong_with_a_server(run: Run, server: str, hint: str) -> None:
    write("a.json", json.dumps([mailbox(smtp_server=server)]))
    column = json.dumps([mailbox(smtp_server=server)]).index('"smtp_server"') + 16
    assert run("check", "--select", "server-name", "a.json")[1] == (
        f"a.json:1:{column}: warning: mailbox[0].smtp_server is not a plain host name [server-name]\n    hint: {hint}\n"
    )


def test_an_app_password_with_no_break_spaces_needs_plain_ones(run: Run) -> None:
    password = "abcd\u00a0efgh\u00a0ijkl\u00a0mnop"
    write("a.json", json.dumps([mailbox(smtp_server="smtp.gmail.com:465", smtp_password=password)]))
    output = run("check", "--select", "app-password", "a.json")[1]
    assert output.splitlines()[1] == "    hint: write plain spaces in it, or none"


def test_a_port_written_as_a_float_is_a_port(run: Run) -> None:
    write("a.json", json.dumps([mailbox(smtp_port=993.0)]))
    assert "is an IMAP port" in run("check", "--select", "port-role", "a.json")[1]
