"""What an editor shows, by the engines of VS Code's JSON and YAML support; ``|`` is the cursor."""

import json
from typing import Any, NamedTuple

import pytest
from node import needs_node, run_node

from mailbox_schema import FIELDS, is_valid, load_schema
from mailbox_schema.values import is_domain

pytestmark = needs_node

PORT = "Port of the SMTP server. Message, V (there for imap_port): must be provided and in range <1,65535>"


class Shown(NamedTuple):
    """Completions with their descriptions; hover; what is underlined, where its line and column begin, and why."""

    completions: dict[str, str]
    hover: str
    underlined: list[tuple[str, tuple[int, int], str]]


def shown(text: str, engine: str = "editor.mjs") -> Shown:
    offset = text.index("|")
    request = {"text": text.replace("|", "", 1), "offset": offset}
    answer: Any = run_node(engine, {"schema": load_schema("request-editor"), "requests": [request]})[0]
    hover = "".join(part["value"] if isinstance(part, dict) else part for part in answer["hover"])
    return Shown(
        dict(answer["completions"]),
        hover.replace("\\", ""),  # Markdown's escapes
        [(what, (line, column), why) for what, (line, column), why in answer["diagnostics"]],
    )


def test_completion_offers_every_field_with_its_description() -> None:
    fields = load_schema()["$defs"]["mailbox"]["properties"]
    assert shown('{"mailboxes": [{|}]}').completions == {name: fields[name]["description"] for name in FIELDS}


def test_completion_leaves_out_keys_that_are_present() -> None:
    offered = shown('{"mailboxes": [{"smtp_port": 465, |}]}').completions
    assert set(offered) == set(FIELDS) - {"smtp_port"}


def test_completion_offers_the_notification_types() -> None:
    offered = shown('{"mailboxes": [], "completion_notification_types": [|]}').completions
    assert set(offered) == {'"MAIL"', '"IN_APP"'}


def test_hover_shows_limits_and_provenance() -> None:
    assert shown('{"mailboxes": [{"smtp_p|ort": 465}]}').hover == f"SMTP port\n\n{PORT}"


MAILBOX = """\
{
  "mailboxes": [
    {
      "smtp_email": "jared@getpiedpiper.com",
      "smtp_password": "not-a-real-password",
      "smtp_server": "smtp.server.io",
      "smtp_port": 465,
      "imap_email": "jared@getpiedpiper.com",
      "imap_password": "not-a-real-password",
      "imap_server": "imap.server.io",
      "imap_port": 993
    }
  ]
}|
"""


MAILBOX_OBJECT = MAILBOX[MAILBOX.index("{", 1) :].partition("\n  ]")[0]


def underlined(old: str, new: str) -> list[tuple[str, tuple[int, int], str]]:
    assert MAILBOX.count(old) == 1
    return shown(MAILBOX.replace(old, new)).underlined


def test_nothing_is_underlined_in_a_valid_file() -> None:
    assert shown(MAILBOX).underlined == []
    named = MAILBOX.replace(
        '{\n  "mailboxes"',
        '{\n  "$schema": "https://mailbox-schema.example/schemas/request-editor.schema.json",\n  "mailboxes"',
    )
    assert shown(named).underlined == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"smtp_port": 465', '"smtp_port": 0', ("0", (6, 19), "Value is below the minimum of 1.")),
        (
            '"imap_port": 993',
            '"imap_port": 70000',
            ("70000", (10, 19), "Value is above the maximum of 65535."),
        ),
        (
            '"imap_port": 993',
            '"imap_port": "993"',
            ('"993"', (10, 19), "must be provided and in range <1,65535>"),
        ),
        (
            '"smtp_email": "jared@getpiedpiper.com"',
            '"smtp_email": "jared"',
            ('"jared"', (3, 20), "must be provided and be a valid email address"),
        ),
        (
            '"smtp_email": "jared@getpiedpiper.com"',
            '"smtp_email": "jared@getpiedpiper"',
            ('"jared@getpiedpiper"', (3, 20), "must be provided and be a valid email address"),
        ),
        (
            '"imap_password": "not-a-real-password"',
            '"imap_password": " "',
            ('" "', (8, 23), "must not be blank"),
        ),
        (
            '"imap_port": 993',
            '"imap_port": 993, "bcc": "a..b@c.de"',
            ('"a..b@c.de"', (10, 31), "if provided must be a valid email address"),
        ),
        (
            '"imap_port": 993',
            '"imap_port": 993, "open_tracking_domain": "https://x.de"',
            ('"https://x.de"', (10, 48), "if provided must be a valid domain"),
        ),
        (
            '"imap_port": 993',
            '"imap_port": 993, "daily_sending_limt": 100',
            ('"daily_sending_limt"', (10, 24), "Property daily_sending_limt is not allowed."),
        ),
        (
            '"imap_port": 993',
            '"imap_port": 993, "sending_wait_time_from": 10',
            (
                MAILBOX_OBJECT.replace('"imap_port": 993', '"imap_port": 993, "sending_wait_time_from": 10'),
                (2, 4),
                f"sending_wait_time_from {FIELDS['sending_wait_time_from'].message}",
            ),
        ),
        (
            '      "smtp_server": "smtp.server.io",\n',
            "",
            ("{", (2, 4), 'Missing property "smtp_server".'),
        ),
    ],
)
def test_a_mistake_is_underlined_where_it_is(
    old: str, new: str, expected: tuple[str, tuple[int, int], str]
) -> None:
    assert underlined(old, new) == [expected]


def test_an_integer_with_a_point_is_underlined_though_it_is_valid() -> None:
    changed = '"smtp_port": 465.0'
    assert is_valid(json.loads(MAILBOX.replace('"smtp_port": 465', changed).replace("|", "")))
    assert underlined('"smtp_port": 465', changed) == [
        ("465.0", (6, 19), "must be provided and in range <1,65535>")
    ]


YAML = """\
mailboxes:
  - smtp_email: jared@getpiedpiper.com
    smtp_password: not-a-real-password
    smtp_server: smtp.server.io
    smtp_p|ort: 465
    imap_email: jared@getpiedpiper.com
    imap_password: not-a-real-password
    imap_server: imap.server.io
    imap_port: 993
"""


def test_hover_in_yaml_shows_limits_and_provenance() -> None:
    in_yaml = shown(YAML, "yaml-editor.mjs")
    assert in_yaml.hover == f"#### SMTP port\n\n{PORT}\n\nSource: [schema.json](file:///schema.json)"
    assert in_yaml.underlined == []


def test_completion_in_yaml_offers_every_field() -> None:
    fields = load_schema()["$defs"]["mailbox"]["properties"]
    offered = shown(YAML + "    |\n", "yaml-editor.mjs").completions
    absent = [name for name in FIELDS if f"{name}:" not in YAML]
    del offered["Mailbox"]  # the engine's own: a whole new item of the list
    assert offered == {name: fields[name]["description"] for name in absent}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("imap_port: 993", "imap_port: 0", ("0", (8, 15), "Value is below the minimum of 1.")),
        (
            "imap_port: 993",
            "imap_port: 993\n    daily_sending_limt: 5",
            ("daily_sending_limt", (9, 4), "Property daily_sending_limt is not allowed."),
        ),
        (
            "imap_password: not-a-real-password",
            "imap_password: 12345",
            ("12345", (6, 19), "must not be blank"),
        ),
    ],
)
def test_a_mistake_in_yaml_is_underlined_where_it_is(
    old: str, new: str, expected: tuple[str, tuple[int, int], str]
) -> None:
    assert shown(YAML.replace(old, new), "yaml-editor.mjs").underlined == [expected]


def test_a_domain_past_u_ffff_is_too_long_in_yaml_though_it_is_valid() -> None:
    domain = ".".join(["\U00020000" * 55] * 4)
    assert is_domain(domain)
    assert underlined('"imap_port": 993', f'"imap_port": 993, "open_tracking_domain": "{domain}"') == []
    in_yaml = YAML.replace("imap_port: 993", f"imap_port: 993.0\n    open_tracking_domain: {domain}")
    assert shown(in_yaml, "yaml-editor.mjs").underlined == [
        (domain, (9, 26), "String is longer than the maximum length of 253.")
    ]
