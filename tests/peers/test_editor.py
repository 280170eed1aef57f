"""What an editor shows, by the engines of VS Code's JSON and YAML support; ``|`` is the cursor."""

import json
from typing import Any, NamedTuple

import pytest
from golden import body
from node import needs_node, run_node

from mailbox_schema import FIELDS, is_valid, load_schema
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_OBJECT,
    MAILBOXES,
    WAIT_TIMES,
)
from mailbox_schema.values import is_domain

pytestmark = needs_node

PORT = """\
Port of the SMTP server.

The API's message: `must be provided and in range <1,65535>`

Provenance: verbatim: the wording is in the vendor's API reference (there for imap_port)."""


class Shown(NamedTuple):
    """Completions with their descriptions; hover; what is underlined, where its line and column begin, and why."""

    completions: dict[str, str]
    hover: str
    underlined: list[tuple[str, tuple[int, int], str]]


JSON_ENGINE, YAML_ENGINE = ENGINES = "editor.mjs", "yaml-editor.mjs"


def answers(engine: str, requests: list[dict[str, Any]]) -> Any:
    return run_node(engine, {"schema": load_schema("request-editor"), "requests": requests})


def shown(text: str, engine: str = JSON_ENGINE) -> Shown:
    offset = text.index("|")
    answer = answers(engine, [{"text": text.replace("|", "", 1), "offset": offset}])[0]
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
    assert offered == {'"MAIL"': "By email", '"IN_APP"': "In the app"}


def test_completion_offers_a_whole_mailbox_and_the_usual_port() -> None:
    assert shown('{"mailboxes": [|]}').completions == {"mailbox": "A mailbox with the required fields"}
    for name, port in (("smtp_port", "465"), ("imap_port", "993")):
        assert shown(f'{{"mailboxes": [{{"{name}": |}}]}}').completions == {port: ""}
        assert shown(f"mailboxes:\n  - {name}: |\n", YAML_ENGINE).completions == {port: ""}


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


WHOLE_MAILBOX = MAILBOX[MAILBOX.index("{", 1) :].partition("\n  ]")[0]


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
                WHOLE_MAILBOX.replace('"imap_port": 993', '"imap_port": 993, "sending_wait_time_from": 10'),
                (2, 4),
                f"sending_wait_time_from {FIELDS['sending_wait_time_from'].message}",
            ),
        ),
    ],
)
def test_a_mistake_is_underlined_where_it_is(
    old: str, new: str, expected: tuple[str, tuple[int, int], str]
) -> None:
    assert underlined(old, new) == [expected]


# By the rule of the field: values of every kind that the schema refuses.
MISTAKES: dict[str, tuple[Any, ...]] = {
    "not-blank": ("", "\t ", 5, True, ["x"], {}),
    "email": (
        "",
        "jared",
        "jared@getpiedpiper",
        "a..b@c.de",
        "a@" + "b" * 64 + ".com",
        "x" * 300,
        5,
        ["x@y.de"],
    ),
    "domain": (
        "",
        "https://x.de",
        "x",
        "-x.de",
        "x_y.de",
        "a" * 64 + ".de",
        ("a" * 60 + ".") * 5 + "de",
        5,
        [],
    ),
    "port": (0, -1, 65536, 10**9, "465", 46.5, False, [465]),
    "daily-limit": (0, 5501, "10", 0.5, True, {}),
    "wait-time": (9, 10000, "30", 30.5, True, [30]),
}


def mistakes() -> list[tuple[str, Any, str]]:
    """Return bodies with one mistake, each with what is underlined and the message."""
    listed: list[tuple[str, Any, str]] = []
    for name, field in FIELDS.items():
        values = (*MISTAKES[field.rule], *([None] if field.required else []))
        listed += [(json.dumps(value), body_with(**{name: value}), field.message) for value in values]
        if field.required:
            lacking = body()
            del lacking["mailboxes"][0][name]
            listed.append((json.dumps(lacking["mailboxes"][0]), lacking, f"{name} {field.message}"))
    for row, value in ((MAILBOXES, []), (MAILBOXES, {}), (MAILBOXES, body()["mailboxes"] * 201)):
        listed.append((json.dumps(value), {row.key: value}, row.message))
    for value in ("MAIL", {}):
        row = COMPLETION_NOTIFICATION_TYPES
        listed.append((json.dumps(value), {**body(), row.key: value}, row.message))
    listed.append(('"SMS"', {**body(), "completion_notification_types": ["MAIL", "SMS"]}, row.message))
    listed.append(("{}", {}, f"mailboxes {MAILBOXES.message}"))
    listed.append(("5", {"mailboxes": [5]}, MAILBOX_OBJECT.message))
    listed.append(("[]", [], BODY_OBJECT.message))
    return listed


def body_with(**changes: Any) -> Any:
    """Return a valid body but for the changes; a wait time comes with the other one."""
    partners = {"sending_wait_time_from": {"sending_wait_time_to": 9999}}
    partners["sending_wait_time_to"] = {"sending_wait_time_from": 10}
    (name,) = changes
    return body(**partners.get(name, {}), **changes)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_mistake_has_the_sentence_of_the_api_and_no_other(engine: str) -> None:
    """JSON is YAML too, so both engines get the same text."""
    listed = mistakes()
    given = answers(engine, [{"text": json.dumps(each), "offset": 0} for _, each, _ in listed])
    found = [[(what, why) for what, _, why in answer["diagnostics"]] for answer in given]
    assert found == [[(what, message)] for what, _, message in listed]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wait_time_alone_has_the_sentence_of_the_api(engine: str) -> None:
    for name in WAIT_TIMES:
        alone = body(**{name: 30})
        (answer,) = answers(engine, [{"text": json.dumps(alone), "offset": 0}])
        assert [(what, why) for what, _, why in answer["diagnostics"]] == [
            (json.dumps(alone["mailboxes"][0]), f"{name} {FIELDS[name].message}")
        ]


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
    in_yaml = shown(YAML, YAML_ENGINE)
    example = "Example:\n\n```yaml\n465\n```"
    assert (
        in_yaml.hover
        == f"#### SMTP port\n\n{PORT}\n\n{example}\n\nSource: [schema.json](file:///schema.json)"
    )
    assert in_yaml.underlined == []


def test_completion_in_yaml_offers_every_field() -> None:
    fields = load_schema()["$defs"]["mailbox"]["properties"]
    offered = shown(YAML + "    |\n", YAML_ENGINE).completions
    absent = [name for name in FIELDS if f"{name}:" not in YAML]
    del offered["mailbox"]  # the snippet: a whole new item of the list
    assert offered == {name: fields[name]["description"] for name in absent}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("imap_port: 993", "imap_port: 0", ("0", (8, 15), FIELDS["imap_port"].message)),
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
    assert shown(YAML.replace(old, new), YAML_ENGINE).underlined == [expected]


def test_a_domain_past_u_ffff_is_too_long_in_yaml_though_it_is_valid() -> None:
    domain = ".".join(["\U00020000" * 55] * 4)
    assert is_domain(domain)
    assert underlined('"imap_port": 993', f'"imap_port": 993, "open_tracking_domain": "{domain}"') == []
    in_yaml = YAML.replace("imap_port: 993", f"imap_port: 993.0\n    open_tracking_domain: {domain}")
    assert shown(in_yaml, YAML_ENGINE).underlined == [
        (domain, (9, 26), FIELDS["open_tracking_domain"].message)
    ]
