"""Every violation has one reason, and every reason of a field has a sentence."""

import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from golden import body, mailbox
from hypothesis import example, given
from hypothesis import strategies as st

from mailbox_schema import FIELDS, MAX_MAILBOXES, Violation, iter_violations
from mailbox_schema.contract import BODY_CONSTRAINTS
from mailbox_schema.forms import field_label, parse_form, parse_formset
from mailbox_schema.sentences import ADVICE, SENTENCES, UNEXPLAINED, template_for
from mailbox_schema.strategies import doubtful_bodies
from mailbox_schema.violation import Reason

ABSENT: Final = ...
ENCRYPTED: Final = "ENC[AES256_GCM,data:bm90LXJlYWw=]"
INTEGER: Final[dict[Reason, list[Any]]] = {
    "blank": ["", " \t"],
    "type": ["465", "x", True, 465.5, float("nan"), [465], {}],
    "placeholder": ["${PORT}", "{{ port }}"],
    "encrypted": [ENCRYPTED],
    "below": [0, -1, -(10**400)],
    "above": [65536, 10**400, 1e300],
}
TEXT: Final[dict[Reason, list[Any]]] = {"blank": ["", " \u3000"], "type": [5, 0.5, False, ["x"], {"x": 1}]}
NOT_FILLED_IN: Final[dict[Reason, list[Any]]] = {
    "placeholder": ["${VAR}", "<changeme>"],
    "encrypted": [ENCRYPTED],
    "invisible": ["jared@getpiedpiper.com\u200b", "\ufefftrack.example.com"],
}
ABSENCE: Final[dict[Reason, list[Any]]] = {"missing": [ABSENT], "null": [None]}

# The values that have each reason, by rule.
WITNESSES: Final[dict[str, dict[Reason, list[Any]]]] = {
    "email": {
        **TEXT,
        **NOT_FILLED_IN,
        "scheme": ["mailto:jared@getpiedpiper.com"],
        "url": ["https://getpiedpiper.com"],
        "several": ["jared@getpiedpiper.com, dinesh@getpiedpiper.com"],
        "display-name": ["Jared <jared@getpiedpiper.com>", "jared@getpiedpiper.com (Jared)"],
        "whitespace": [" jared@getpiedpiper.com", "jared@getpiedpiper.com\n", "ja red@getpiedpiper"],
        "at-sign": ["jared", "jared@@getpiedpiper.com", "jared\uff20getpiedpiper.com"],
        "incomplete": ["jared@", "@getpiedpiper.com", "jared@getpiedpiper"],
        "reserved": ["jared@getpiedpiper.test"],
        "malformed": ["jared..dunn@getpiedpiper.com", "jared@pied_piper.com", "a" * 1001],
    },
    "domain": {
        **TEXT,
        **NOT_FILLED_IN,
        "scheme": ["https://open-domain.com", "ftp://x.com/y", "http://localhost"],
        "url": ["open-domain.com:443", "open-domain.com/track", "//open-domain.com"][:2],
        "several": ["a.example, b.example"],
        "whitespace": [" open-domain.com", "open domain.com"],
        "incomplete": ["localhost"],
        "filler": ["-", "N/A"],
        "malformed": ["open-domain.com.", "*.open-domain.com", "192.0.2.1", "a_b.com", "a" * 1001],
    },
    "not-blank": TEXT,
    "port": INTEGER,
    "daily-limit": {**INTEGER, "above": [5501]},
}
WAIT_TIMES: Final = ("sending_wait_time_from", "sending_wait_time_to")


def wait_times(field: str) -> dict[Reason, list[tuple[Any, Any]]]:
    """Return the value of ``field`` and that of its partner for each reason."""
    ends = {"sending_wait_time_from": (9, 9998, 30, 25), "sending_wait_time_to": (19, 15, 25, 30)}
    below, valid, inverted, partner = ends[field]
    others = {reason: [(each, valid) for each in values] for reason, values in INTEGER.items()}
    return {
        **others,
        "below": [(below, 20 if field.endswith("from") else 10)],
        "above": [(10000, valid)],
        "unpaired": [(30, None), (30, ABSENT)],
        "inverted": [(inverted, partner), (25, 25)],
    }


def witnesses() -> list[tuple[str, Reason, dict[str, Any]]]:
    """Return a field, a reason, and what changes a valid mailbox so that the field has this reason."""
    rows: list[tuple[str, Reason, dict[str, Any]]] = []
    for field in FIELDS.values():
        if field.rule == "wait-time":
            partner = next(name for name in WAIT_TIMES if name != field.name)
            rows += [
                (field.name, reason, {field.name: own, partner: other})
                for reason, pairs in wait_times(field.name).items()
                for own, other in pairs
            ]
        else:
            values = {**WITNESSES[field.rule], **(ABSENCE if field.required else {})}
            rows += [(field.name, why, {field.name: value}) for why, each in values.items() for value in each]
    return rows


TYPES: Final = "completion_notification_types"
AROUND: Final[list[tuple[str, Reason, Any]]] = [
    ("body-object", "null", None),
    ("body-object", "type", []),
    ("mailbox-object", "null", {"mailboxes": [None]}),
    ("mailbox-object", "type", {"mailboxes": ["x"]}),
    ("mailboxes", "missing", {}),
    ("mailboxes", "null", {"mailboxes": None}),
    ("mailboxes", "type", {"mailboxes": mailbox()}),
    ("mailboxes", "below", {"mailboxes": []}),
    ("mailboxes", "above", {"mailboxes": [mailbox()] * (MAX_MAILBOXES + 1)}),
    (TYPES, "type", {**body(), TYPES: "MAIL"}),
    (TYPES, "unknown", {**body(), TYPES: ["mail"]}),
    (TYPES, "unknown", {**body(), TYPES: [None]}),
]


def subject(violation: Violation) -> str | None:
    return violation.field or violation.rule


@pytest.mark.parametrize(("field", "reason", "changes"), witnesses())
def test_a_value_built_for_a_reason_has_it(field: str, reason: Reason, changes: dict[str, Any]) -> None:
    found = {violation.field: violation.reason for violation in iter_violations(body(**changes))}
    assert found[field] == reason


@pytest.mark.parametrize(("about", "reason", "whole"), AROUND)
def test_a_body_built_for_a_reason_has_it(about: str, reason: Reason, whole: Any) -> None:
    assert [(subject(v), v.reason) for v in iter_violations(whole)] == [(about, reason)]


@given(doubtful_bodies())
def test_every_violation_has_one_reason_and_its_sentence(doubtful: Any) -> None:
    for violation in iter_violations(doubtful):
        assert violation.reason in SENTENCES[subject(violation) or ""]
        assert template_for(violation) == SENTENCES[subject(violation) or ""][violation.reason]


def test_the_catalogue_has_exactly_the_reasons_of_each_field() -> None:
    expected: dict[str, set[Reason | None]] = {}
    for about, reason, _ in witnesses() + AROUND:
        expected.setdefault(about, {None}).add(reason)
    assert {about: set(templates) for about, templates in SENTENCES.items()} == expected
    assert set().union(*expected.values()) == {None, *get_args(Reason)}


TEMPLATES: Final = sorted(
    {UNEXPLAINED, ADVICE}.union(*(templates.values() for templates in SENTENCES.values()))
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_one_whole_sentence_with_named_placeholders(template: str) -> None:
    names = {name for _, name, *_ in string.Formatter().parse(template) if name is not None}
    assert names <= {"label", "minimum", "maximum"}
    assert template.startswith("{label} ") or names <= {"maximum"}
    assert template.endswith(".")
    assert template.isascii()
    assert template.isprintable()
    assert len(template) < 110


def test_the_page_explains_every_reason() -> None:
    page = (Path(__file__).parent.parent / "docs/violations.md").read_text(encoding="utf-8")
    table = page.partition("| reason | cause |\n|---|---|\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(get_args(Reason))


def sentences(of: object, **options: Any) -> list[str]:
    return [violation.sentence(**options) for violation in iter_violations(of)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"smtp_port": "465"}, "smtp_port must be a whole number from 1 to 65535."),
        ({"smtp_port": 0}, "smtp_port must be 1 or more."),
        ({"smtp_port": 65536}, "smtp_port must be 65535 or less."),
        ({"smtp_port": ABSENT}, "smtp_port is required."),
        ({"smtp_port": ""}, "smtp_port must not be blank."),
        ({"imap_password": 5}, "imap_password must be text."),
        ({"bcc": "mailto:a@b.com"}, "bcc must be only the email address, without mailto: in front of it."),
        ({"bcc": "jared"}, "bcc must contain one @, as in name@example.com."),
        ({"bcc": "jared@x.com "}, "bcc must not contain spaces."),
        (
            {"open_tracking_domain": "https://x.com"},
            "open_tracking_domain must be only the domain, such as track.example.com, without https:// in front of it.",
        ),
        (
            {"sending_wait_time_to": 30},
            "sending_wait_time_to must be given together with the other wait time.",
        ),
    ],
)
def test_a_sentence_names_the_field_and_the_cause(changes: dict[str, Any], expected: str) -> None:
    assert sentences(body(**changes)) == [expected]


def test_sentences_about_the_body_around_the_mailboxes() -> None:
    assert [sentences(whole)[0] for _, _, whole in AROUND] == [
        "body must contain a list of mailboxes.",
        "body must contain a list of mailboxes.",
        "mailbox[0] is empty: fill it in or remove it.",
        "mailbox[0] must be one mailbox with its fields.",
        "Add at least one mailbox.",
        "Add at least one mailbox.",
        "mailboxes must be a list of 1 to 200 mailboxes.",
        "Add at least one mailbox.",
        "Send at most 200 mailboxes at a time.",
        "completion_notification_types must be a list of MAIL and IN_APP.",
        "completion_notification_types must contain only MAIL and IN_APP.",
        "completion_notification_types must contain only MAIL and IN_APP.",
    ]


class Lazy:
    """A translation that becomes text when it is read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize("as_given", [str, Lazy])
def test_a_label_and_a_translation_replace_the_english(as_given: Callable[[str], Any]) -> None:
    german = {"{label} must be a whole number from {minimum} to {maximum}.": "{label}: {minimum}-{maximum}"}
    said = sentences(
        body(imap_port="x"), label=as_given("Port {x}"), translate=lambda text: as_given(german[text])
    )
    assert said == ["Port {x}: 1-65535"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "mailbox[0].bcc if provided must be a valid email address",
            "bcc must be a valid email address, such as name@example.com.",
        ),
        ("mailbox[0].bcc is odd", "bcc is not accepted."),
        ("mailbox[0].qz7Wq7 is odd", "body is not accepted."),
        ("mailbox[7] is odd", "body is not accepted."),
        ("qz7Wq7", "body is not accepted."),
        ("mailbox[7] must be an object", "mailbox[7] must be one mailbox with its fields."),
        ("body must be an object", "body must contain a list of mailboxes."),
    ],
)
def test_a_line_of_the_api_gets_a_sentence_without_its_words(line: str, sentence: str) -> None:
    assert Violation.parse(line).reason is None
    assert Violation.parse(line).sentence() == sentence


def test_a_reason_that_a_field_can_not_have_gets_the_general_sentence() -> None:
    row = FIELDS["bcc"]
    violation = Violation(0, row.name, row.rule, row.message, None, "inverted")
    assert violation.sentence() == "bcc must be a valid email address, such as name@example.com."
    assert Violation(0, None, "advice", "is weak").sentence("It") == "It may need a second look."


@given(st.text() | st.sampled_from([row.rule for row in BODY_CONSTRAINTS]), st.text(), st.text())
@example("port", "smtp_port", "{label.__class__}")
def test_any_violation_and_label_give_a_sentence(rule: str, field: str, label: str) -> None:
    assert Violation(None, field, rule, "x").sentence(label)


def test_a_form_keeps_the_reasons() -> None:
    form = parse_form({**mailbox(smtp_port="5_87", imap_port=""), "bcc": ["a@b.com", "a@b.com"]})
    assert [(v.reason, v.sentence(field_label(v.field or ""))) for v in form.violations] == [
        ("type", "SMTP port must be a whole number from 1 to 65535."),
        ("missing", "IMAP port is required."),
        ("type", "BCC must be one email address, such as name@example.com."),
    ]
    assert [v.reason for v in parse_form(3).violations] == ["type"]
    assert [v.reason for v in parse_formset({}).violations] == ["missing"]
    assert [v.reason for v in parse_formset({"mailboxes-7-bcc": "x"}).violations] == ["type"]
