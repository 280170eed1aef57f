"""Forms: text to a mailbox, to the letter, and every violation next to its field."""

import copy
import itertools
import json
import pickle
import re
from collections import UserDict
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from golden import VENDOR_FULL, mailbox
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import FormData, UploadFile
from werkzeug.datastructures import CombinedMultiDict, FileStorage, ImmutableMultiDict, MultiDict

from mailbox_schema import FIELDS, Violation, forms, is_valid, load_schema, parse_failure, validate
from mailbox_schema.contract import MAILBOX_OBJECT, MAILBOXES, PASSWORDS, SECRET_FIELDS
from mailbox_schema.forms import (
    MAX_CHARACTERS,
    MAX_INPUTS,
    FormResult,
    SummaryLine,
    error_id,
    error_summary,
    field_help,
    field_id,
    field_label,
    help_id,
    html_attributes,
    parse_form,
    parse_formset,
)
from mailbox_schema.responses import redact
from mailbox_schema.strategies import VALID_DOMAINS, any_text, doubtful_mailboxes, json_values, mailboxes
from mailbox_schema.values import RESOURCE_ERRORS

INTEGERS = [field.name for field in FIELDS.values() if field.type == "integer"]
TEXTS = [field.name for field in FIELDS.values() if field.type == "string"]
REQUIRED = [field.name for field in FIELDS.values() if field.required]

PORT_HINT = "write a whole number from 1 to 65535, in digits only"
COUNT = "mailboxes must be provided and have size in range <1,200>"
NUMBERING = "number the mailboxes from 0 to 199, without a gap"


def rendered(of: dict[str, Any]) -> dict[str, str]:
    """Return the form strings of a mailbox: what an edit form would show and send again."""
    return {
        name: str(int(value)) if FIELDS[name].type == "integer" else value
        for name, value in of.items()
        if value is not None
    }


def filled_in(**changes: Any) -> dict[str, Any]:
    """Return the form strings of the vendor's required fields, changed; ``...`` removes one."""
    changed = rendered(mailbox()) | changes
    return {name: value for name, value in changed.items() if value is not ...}


def shown(form: FormResult) -> dict[str, tuple[str, str | None]]:
    return {v.field or "": (v.message, v.hint) for v in form.violations}


def form_values() -> st.SearchStrategy[Any]:
    numerals = st.integers(-1, 70000).map(str) | st.sampled_from(
        [" 587 ", "1e5", "0587", "\u0665\u0668\u0667"]
    )
    single = st.one_of(any_text(), numerals, json_values())
    return st.one_of(single, st.lists(single, max_size=2), st.lists(single, max_size=2).map(tuple))


@st.composite
def form_data(draw: st.DrawFn) -> Any:
    """Any form: of a mailbox near the edges of the contract, some inputs changed; or any value."""
    if draw(st.integers(0, 19)) == 0:
        return draw(json_values())
    item = draw(doubtful_mailboxes())
    sent = {
        name: json.dumps(value) if isinstance(value, int | float) else value
        for name, value in (item if isinstance(item, dict) else {}).items()
    }
    return sent | draw(
        st.dictionaries(st.sampled_from(list(FIELDS)) | st.text(max_size=5), form_values(), max_size=4)
    )


# Integers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("587", 587),
        (" 587", 587),
        ("587 ", 587),
        ("\t587\r\n", 587),
        ("\u3000587\u2003", 587),
        ("1", 1),
        ("65535", 65535),
    ],
)
def test_an_integer_is_read_with_spaces_around_it(text: str, number: int) -> None:
    form = parse_form(filled_in(smtp_port=text))
    assert form.mailbox == mailbox(smtp_port=number)
    assert type(form.mailbox["smtp_port"]) is int
    assert form.ok


@pytest.mark.parametrize(
    "text",
    [
        "5_87",
        "0x10",
        "0o17",
        "0b11",
        "\u0661\u0662",  # Arabic digits
        "\uff11\uff12",  # full-width digits
        "\u00b2",  # a superscript, a digit to str.isdigit()
        "587.0",
        "587.",
        "587,0",
        "5,87",
        "1e3",
        "1E3",
        "+587",
        "0587",
        "00",
        "5 87",
        "587 465",
        "587\u00a0",  # a no-break space is not blank in the contract
        "587\u200b",
        "587\0",
        "--1",
        "-",
        "port",
        "true",
        "null",
        "NaN",
        "Infinity",
        "\ud800",
        "${SMTP_PORT}",
        "<script>alert(1)</script>",
        "9" * 19,
        "9" * 100_000,
    ],
)
def test_other_texts_that_look_like_numbers_are_errors(text: str) -> None:
    form = parse_form(filled_in(smtp_port=text))
    assert shown(form) == {"smtp_port": (FIELDS["smtp_port"].message, PORT_HINT)}
    assert form.body() == {"mailboxes": [mailbox(smtp_port=text)]}
    assert not is_valid(form.body())


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("65536", 65536), ("-1", -1), ("9" * 18, 10**18 - 1)])
def test_a_number_out_of_range_is_read_and_refused(text: str, number: int) -> None:
    form = parse_form(filled_in(smtp_port=text))
    assert form.mailbox == mailbox(smtp_port=number)
    assert form.errors == {"smtp_port": "must be provided and in range <1,65535>"}


def test_an_unreadable_optional_number_is_an_error_and_not_absent() -> None:
    form = parse_form(filled_in(daily_sending_limit="5k"))
    assert shown(form) == {
        "daily_sending_limit": (
            "if provided must be in range <1,5500>",
            "write a whole number from 1 to 5500, in digits only",
        )
    }


def test_wait_times_are_read_as_integers() -> None:
    both = {"sending_wait_time_from": "20", "sending_wait_time_to": "10"}
    assert list(parse_form(filled_in(**both)).errors) == list(both)
    assert list(parse_form(filled_in(sending_wait_time_to="20")).errors) == ["sending_wait_time_to"]
    # A partner that can't be read is charged alone, as the contract says.
    assert list(parse_form(filled_in(**both | {"sending_wait_time_to": "x"})).errors) == [
        "sending_wait_time_to"
    ]


# Text


@pytest.mark.parametrize(
    "text",
    [
        "0012345",
        "12345",
        "1e5",
        "0x1F",
        "-0",
        "587.0",
        "true",
        "null",
        "NaN",
        " not-real ",
        "not-real\n",
        "\u00a0",
        "\u0000",
        "p\u00e4sswort-not-real",
        "pa\u0308sswort-not-real",
        "\U0001f511",
        "\ud800",
        "<b>&amp;\"'",
        "%20+",
    ],
)
def test_a_password_is_kept_to_the_letter(text: str) -> None:
    form = parse_form(filled_in(smtp_password=text, imap_password=text, smtp_login=text))
    assert form.mailbox == mailbox(smtp_password=text, imap_password=text, smtp_login=text)
    assert form.ok


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_field_is_kept_to_the_letter(name: str) -> None:
    text = {"email": "JARED@getpiedpiper.com", "domain": "TRACK.Example.COM"}.get(FIELDS[name].rule, " 007 ")
    form = parse_form(filled_in(**{name: text}))
    assert form.mailbox == mailbox(**{name: text})
    assert form.ok


def test_spaces_around_an_address_are_an_error_and_not_removed() -> None:
    form = parse_form(filled_in(bcc=" jared@getpiedpiper.com"))
    assert shown(form) == {
        "bcc": ("if provided must be a valid email address", "remove the spaces around the address")
    }


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n", "\u3000", None, [], [""], ["  "], [None], ()])
@pytest.mark.parametrize("name", FIELDS)
def test_blank_is_absent(name: str, blank: object) -> None:
    form = parse_form(filled_in(**{name: blank}))
    assert form.mailbox == mailbox(**{name: ...})
    expected = {name: (FIELDS[name].message, "fill it in")} if FIELDS[name].required else {}
    assert shown(form) == expected


def test_an_empty_form_asks_for_every_required_field() -> None:
    expected = {name: (FIELDS[name].message, "fill it in") for name in REQUIRED}
    assert shown(parse_form({})) == expected
    assert shown(parse_form(dict.fromkeys(FIELDS, ""))) == expected


def test_a_broken_form_gives_lines_hints_and_typed_text() -> None:
    form = parse_form(
        parse_qs(
            "csrfmiddlewaretoken=x&smtp_email=Jared+%3Cjared@getpiedpiper.com%3E&smtp_password=+&smtp_port=465.0"
            "&smtp_server=smtp.server.io&imap_email=jared@getpiedpiper.com&imap_password=0012345"
            "&imap_server=imap.server.io&imap_port=993&imap_port=993&open_tracking_domain=https://open-domain.com"
            "&sending_wait_time_from=30&sending_wait_time_to=20&daily_sending_limit=",
            keep_blank_values=True,
        )
    )
    assert [str(violation) for violation in form.violations] == [
        "mailbox[0].smtp_email must be provided and be a valid email address",
        "mailbox[0].smtp_password must not be blank",
        "mailbox[0].smtp_port must be provided and in range <1,65535>",
        "mailbox[0].imap_port must be provided and in range <1,65535>",
        "mailbox[0].open_tracking_domain if provided must be a valid domain",
        "mailbox[0].sending_wait_time_from if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>",
        "mailbox[0].sending_wait_time_to if provided must be present along with and higher than sending_wait_time_from and be in range <20,9999>",
    ]
    assert form.hints == {
        "smtp_email": "write only the address, without a name or angle brackets",
        "smtp_password": "fill it in",
        "smtp_port": PORT_HINT,
        "imap_port": "the form sends it more than once",
        "open_tracking_domain": "remove `https://`",
        "sending_wait_time_from": "make `sending_wait_time_from` lower than `sending_wait_time_to`",
        "sending_wait_time_to": "make `sending_wait_time_from` lower than `sending_wait_time_to`",
    }
    assert form.typed == {
        "smtp_email": "Jared <jared@getpiedpiper.com>",
        "smtp_server": "smtp.server.io",
        "smtp_port": "465.0",
        "imap_email": "jared@getpiedpiper.com",
        "imap_server": "imap.server.io",
        "open_tracking_domain": "https://open-domain.com",
        "sending_wait_time_from": "30",
        "sending_wait_time_to": "20",
    }
    assert repr(form) == (
        "<FormResult: errors in mailbox[0].smtp_email, mailbox[0].smtp_password, mailbox[0].smtp_port,"
        " mailbox[0].imap_port, mailbox[0].open_tracking_domain, mailbox[0].sending_wait_time_from,"
        " mailbox[0].sending_wait_time_to>"
    )


# Kinds of form data, and their values


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("values", [["a", "b"], ["587", "587"], ["", "587"], ("a", None, "b")])
def test_a_name_sent_twice_is_an_error_on_its_field(name: str, values: Any) -> None:
    form = parse_form(filled_in(**{name: values}))
    violation = next(violation for violation in form.violations if violation.field == name)
    assert (violation.message, violation.hint) == (FIELDS[name].message, "the form sends it more than once")
    assert not is_valid(form.body())


@pytest.mark.parametrize("name", FIELDS)
def test_a_list_of_one_text_is_that_text(name: str) -> None:
    sent = rendered(VENDOR_FULL["mailboxes"][0])
    assert parse_form({**sent, name: [sent[name]]}).mailbox == VENDOR_FULL["mailboxes"][0]


@pytest.mark.parametrize(
    "value",
    [
        587,
        5.5,
        True,
        b"not-real",
        {"a": "b"},
        [["a"]],
        [["a", "b"]],
        object(),
        UploadFile(BytesIO()),
        FileStorage(),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("name", TEXTS)
def test_a_value_that_is_not_text_is_an_error_on_its_field(name: str, value: object) -> None:
    form = parse_form(filled_in(**{name: value}))
    assert form.errors == {name: FIELDS[name].message}
    assert set(form.hints) == {name}


def test_the_hint_for_a_value_that_is_not_text_is_not_about_json() -> None:
    hint = "the form sends something that is not text"
    assert parse_form(filled_in(smtp_password=12345)).hints == {"smtp_password": hint}
    assert parse_form(filled_in(smtp_port=True)).hints == {"smtp_port": "write a number, not true or false"}
    assert parse_form(filled_in(smtp_port=FileStorage())).hints == {"smtp_port": hint}


@pytest.mark.parametrize("value", [587, 587.0])
def test_a_number_in_an_integer_field_is_accepted(value: object) -> None:
    assert parse_form(filled_in(smtp_port=value)).ok


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("587 ", "587"),
        ("\u3000587", "587"),
        ("\uff19\uff19\uff13", "993"),  # full-width digits
        ("\u00b2", "\u00b2"),
        ("0587", "587"),
        ("00", "0"),
        ("+587", "+587"),
        ("5 87", "5 87"),
        ("\u0661\u0662", "12"),  # Arabic digits
        ("\uff19" * 18, "9" * 18),
        ("\uff19" * 40, "9" * 40),
        ("\uff19" * 41, "\uff19" * 41),
        ("x", "x"),
    ],
)
def test_a_number_is_shown_again_in_plain_digits(text: str, shown: str) -> None:
    assert parse_form(filled_in(smtp_port=text)).typed["smtp_port"] == shown
    assert parse_form(filled_in(smtp_server=text)).typed["smtp_server"] == text


@pytest.mark.parametrize("text", ["0587", "\uff15\uff18\uff17", "\u0665\u0668\u0667", "0000065535"])
def test_a_number_that_is_shown_differently_is_to_be_checked(text: str) -> None:
    form = parse_form(filled_in(smtp_port=text))
    assert form.sentences == {
        "smtp_port": "SMTP port is shown in plain digits now: check it, and send the form again."
    }
    assert parse_form(filled_in(smtp_port=form.typed["smtp_port"])).ok


@pytest.mark.parametrize("text", ["00", "065536", "x", "5 87", "+587", "9" * 50, ["587", "587"], True])
def test_another_number_is_named_by_its_range(text: Any) -> None:
    sentence = "SMTP port must be a whole number from 1 to 65535."
    assert parse_form(filled_in(smtp_port=text)).sentences == {"smtp_port": sentence}


def test_a_number_of_thousands_of_digits_is_not_shown_again() -> None:
    form = parse_form(filled_in(smtp_port=10**5000))
    assert list(form.errors) == ["smtp_port"]
    assert "smtp_port" not in form.typed


class Pairs(UserDict[str, str]):
    """A mapping like those of aiohttp and WebOb, whose items are everything that was sent."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs

    def items(self) -> Any:
        return self.pairs


CONTAINERS: dict[str, Any] = {
    "dict": lambda pairs: {name: [v for n, v in pairs if n == name] for name, _ in pairs},
    "parse_qs": lambda pairs: parse_qs(urlencode(pairs), keep_blank_values=True),
    "werkzeug": MultiDict,
    "werkzeug immutable": ImmutableMultiDict,
    "werkzeug combined": lambda pairs: CombinedMultiDict([MultiDict(pairs)]),
    "starlette": FormData,
    "pairs": Pairs,
}


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_form_data_of_every_framework_is_read(container: Any) -> None:
    pairs = [*rendered(VENDOR_FULL["mailboxes"][0]).items(), ("csrf_token", "x"), ("csrf_token", "y")]
    form = parse_form(container(pairs))
    assert form.body() == {"mailboxes": VENDOR_FULL["mailboxes"]}
    assert form.ok
    twice = parse_form(container([*pairs, ("smtp_port", "465")]))
    assert shown(twice) == {"smtp_port": (FIELDS["smtp_port"].message, "the form sends it more than once")}
    rows = [(f"mailboxes-0-{name}", value) for name, value in pairs]
    assert parse_formset(container(rows)).body() == {"mailboxes": VENDOR_FULL["mailboxes"]}
    assert not parse_formset(container([*rows, rows[0]])).ok


class Raising(dict[str, str]):
    def items(self) -> Any:
        raise RuntimeError("not-a-real-password")


class RaisingAtTheName:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("not-a-real-password")


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "smtp_port=587",
        b"",
        [],
        [("smtp_port", "587")],
        object(),
        dict,
        Raising(),
        RaisingAtTheName(),
    ],
    ids=lambda data: type(data).__name__,
)
def test_an_object_that_is_not_form_data_is_refused_whole(data: object) -> None:
    form = parse_form(data)
    assert dict(form.mailbox) == {}
    assert dict(form.body()) == {"mailboxes": [None]}
    assert shown(form) == {"": ("must be an object", "this is not form data")}
    assert form.errors == {"": "must be an object"}
    assert form.typed == {}
    assert repr(form) == "<FormResult: errors in mailbox[0]>"
    assert validate(form.body()) == ["mailbox[0] must be an object"]
    formset = parse_formset(data)
    assert formset.errors == {"mailboxes": MAILBOXES.message}
    assert [violation.hint for violation in formset.violations] == ["this is not form data"]
    assert validate(formset.body()) == [COUNT]


def test_names_that_are_not_text_are_ignored() -> None:
    others: dict[object, str] = {1: "x", None: "y", b"smtp_port": "z", ("a",): "w"}
    assert parse_form(filled_in() | others).ok


def test_the_form_is_not_changed() -> None:
    data = {"smtp_port": ["587", "465"], "smtp_email": " "}
    parse_form(data)
    parse_formset(data)
    assert data == {"smtp_port": ["587", "465"], "smtp_email": " "}


# Limits


class Counted:
    """A form of any number of inputs, which counts how many were read."""

    def __init__(self, count: int, value: str) -> None:
        self.count, self.value, self.asked = count, value, 0

    def multi_items(self) -> Iterator[tuple[str, str]]:
        for number in range(self.count):
            self.asked += 1
            yield f"x{number}", self.value


MEGABYTE = "x" * 1_000_000


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        (Counted(100_000, "x"), MAX_INPUTS + 1),
        (Counted(10, MEGABYTE), 2),
        (Counted(10**9, ""), MAX_INPUTS + 1),
    ],
    ids=["100,000 keys", "10 MB", "more keys than there can be"],
)
def test_a_large_form_is_refused_early_with_one_line(data: Counted, asked: int) -> None:
    form = parse_form(data)
    assert shown(form) == {"": ("must be an object", "the form is too large")}
    assert data.asked == asked
    formset = parse_formset(data)
    assert formset.errors == {"mailboxes": MAILBOXES.message}
    assert [violation.hint for violation in formset.violations] == ["the form is too large"]
    assert data.asked == 2 * asked


@pytest.mark.parametrize(
    "data",
    [
        {"footer": "x" * 10_000_000},
        {"x" * 10_000_000: ""},
        {"footer": "\U0001f511" * 2_500_000},  # 10 MB in UTF-8
        {"csrf_token": ["x"] * 100_000},
        {f"x{number}": "" for number in range(100_000)},
        MultiDict([("x", "")] * 100_000),
    ],
    ids=["value", "name", "four bytes a character", "values of one key", "keys", "multidict"],
)
def test_large_form_data_of_every_framework_is_refused(data: Any) -> None:
    assert shown(parse_form(data)) == {"": ("must be an object", "the form is too large")}


def test_the_limits_are_those_of_their_descriptions() -> None:
    assert (MAX_INPUTS, MAX_CHARACTERS) == (10_000, 2_000_000)


def test_a_form_exactly_at_the_limits_is_read() -> None:
    sent = filled_in()
    assert parse_form(sent | {f"x{number}": "" for number in range(MAX_INPUTS - len(sent))}).ok
    assert not parse_form(sent | {f"x{number}": "" for number in range(MAX_INPUTS - len(sent) + 1)}).ok
    room = MAX_CHARACTERS - sum(len(name) + len(value) for name, value in sent.items()) - len("footer")
    assert parse_form(sent | {"footer": "x" * room}).ok
    assert parse_form(sent | {"footer": "x" * room, "": []}).ok
    assert not parse_form(sent | {"footer": "x" * (room + 1)}).ok


def test_a_longer_form_gives_no_longer_answer() -> None:
    form = parse_form(dict.fromkeys(FIELDS, "é" * (MAX_CHARACTERS // 40)))
    assert len(form.violations) < len(FIELDS)
    assert sum(len(str(v)) + len(v.hint or "") for v in form.violations) < 5000


# Several mailboxes


def several(spelling: str, count: int, **changes: Any) -> dict[str, Any]:
    return {
        spelling.format(index, name): value
        for index in range(count)
        for name, value in filled_in(**changes).items()
    }


@pytest.mark.parametrize(
    ("data", "reason", "sentence"),
    [
        (None, "type", "This is not form data."),
        ({"footer": MEGABYTE * 3}, "type", "The form is too large."),
        ({}, "missing", "Add a mailbox."),
        ({"mailboxes-200-footer": "a"}, "type", "Number the mailboxes from 0 to 199, without a gap."),
    ],
)
def test_a_form_that_is_refused_whole_has_a_reason_and_a_sentence(
    data: object, reason: str, sentence: str
) -> None:
    formset = parse_formset(data)
    assert [violation.reason for violation in formset.violations] == [reason]
    assert [formset.sentence(violation) for violation in formset.violations] == [sentence]


def test_another_hint_about_a_form_becomes_a_sentence() -> None:
    hint = "split it into several requests"
    violation = Violation(None, "mailboxes", "mailbox-count", MAILBOXES.message, hint, "above")
    assert parse_formset({}).sentence(violation) == "Split it into several requests."


SPELLINGS = ["mailboxes-{}-{}", "mailboxes[{}][{}]", "mailboxes.{}.{}"]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("count", [1, 2, 200])
def test_the_three_spellings_give_the_same_mailboxes(spelling: str, count: int) -> None:
    formset = parse_formset(several(spelling, count))
    assert formset.body() == {"mailboxes": [mailbox()] * count}
    assert formset.ok
    assert formset.errors == {}
    assert repr(formset) == "<FormsetResult: ok>"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_mailbox_has_its_errors_at_its_index(spelling: str) -> None:
    sent = several(spelling, 3) | {spelling.format(2, "smtp_port"): "x", spelling.format(1, "smtp_email"): ""}
    formset = parse_formset(sent)
    assert formset.errors == {
        "mailbox[1].smtp_email": "must be provided and be a valid email address",
        "mailbox[2].smtp_port": "must be provided and in range <1,65535>",
    }
    assert [form.errors for form in formset.forms] == [
        {},
        {"smtp_email": "must be provided and be a valid email address"},
        {"smtp_port": "must be provided and in range <1,65535>"},
    ]
    assert formset.forms[2].hints == {"smtp_port": PORT_HINT}
    assert formset.mailboxes[1:] == [mailbox(smtp_email=...), mailbox(smtp_port="x")]
    assert repr(formset) == "<FormsetResult: errors in mailbox[1].smtp_email, mailbox[2].smtp_port>"


def test_inputs_may_come_in_any_order_and_in_mixed_spellings() -> None:
    sent = several("mailboxes-{}-{}", 12)
    backwards = dict(reversed(sent.items()))
    assert parse_formset(backwards).body() == parse_formset(sent).body()
    mixed = {
        SPELLINGS[number % 3].format(0, name): value
        for number, (name, value) in enumerate(filled_in().items())
    }
    assert parse_formset(mixed).body() == {"mailboxes": [mailbox()]}
    twice = {"mailboxes-0-smtp_port": "587", "mailboxes[0][smtp_port]": "587"}
    assert parse_formset(twice).forms[0].hints["smtp_port"] == "the form sends it more than once"


@pytest.mark.parametrize(
    "ignored",
    [
        "mailboxes-TOTAL_FORMS",
        "mailboxes-INITIAL_FORMS",
        "mailboxes-MIN_NUM_FORMS",
        "mailboxes-MAX_NUM_FORMS",
        "mailboxes-__prefix__-smtp_email",  # Django's empty form, in a template of the page
        "mailboxes-0-id",
        "mailboxes-999-color",
        "csrfmiddlewaretoken",
        "smtp_email",
        "other-5-smtp_email",
        "mailboxes-5-smtp_email]",
        "mailboxes[5]-smtp_email",
        "mailboxes-5-smtp_email\n",
        "",
    ],
)
def test_other_names_are_ignored(ignored: str) -> None:
    assert parse_formset(several("mailboxes-{}-{}", 1) | {ignored: "1"}).body() == {"mailboxes": [mailbox()]}


@pytest.mark.parametrize(
    "index",
    ["2", "199", "200", "1000000", "9" * 100_000, "00", "01", "0" * 100_000],
    ids=lambda index: index[:9],
)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_gaps_and_huge_numbers_are_refused_whole(spelling: str, index: str) -> None:
    formset = parse_formset(several(spelling, 1) | {spelling.format(index, "smtp_port"): "587"})
    assert formset.forms == ()
    assert formset.violations == (Violation(None, "mailboxes", "mailbox-count", MAILBOXES.message),)
    assert formset.violations[0].hint == NUMBERING
    assert validate(formset.body()) == [COUNT]
    assert repr(formset) == "<FormsetResult: errors in mailboxes>"


def test_a_formset_that_starts_at_1_is_refused() -> None:
    assert parse_formset({"mailboxes-1-smtp_port": "587"}).errors == {"mailboxes": MAILBOXES.message}


def test_201_mailboxes_are_refused_whole() -> None:
    assert parse_formset(several("mailboxes-{}-{}", 201)).errors == {"mailboxes": MAILBOXES.message}


def test_a_formset_without_a_mailbox_gives_the_line_of_the_count() -> None:
    formset = parse_formset({"mailboxes-TOTAL_FORMS": "0"})
    assert formset.errors == {"mailboxes": MAILBOXES.message}
    assert formset.violations[0].hint == "add a mailbox"


def test_a_blank_row_is_an_empty_mailbox() -> None:
    formset = parse_formset({f"mailboxes-0-{name}": "" for name in FIELDS})
    assert list(formset.forms[0].errors) == REQUIRED
    nothing = parse_formset({"mailboxes-0-smtp_email": None})
    assert list(nothing.forms[0].errors) == REQUIRED


def test_the_repr_of_many_errors_is_short() -> None:
    assert repr(parse_formset({f"mailboxes-{index}-footer": "" for index in range(200)})).endswith(", ...>")


# Messages


def test_messages_are_replaced_by_rule_and_field_or_by_rule_and_the_lines_are_kept() -> None:
    messages = {
        ("port", "imap_port"): "IMAP: eine Zahl von 1 bis 65535",
        ("port", None): "eine Zahl von 1 bis 65535",
        ("not-blank", "smtp_server"): "bitte ausf\u00fcllen",
    }
    form = parse_form({}, messages)
    assert form.errors == {name: FIELDS[name].message for name in REQUIRED} | {
        "smtp_server": "bitte ausf\u00fcllen",
        "smtp_port": "eine Zahl von 1 bis 65535",
        "imap_port": "IMAP: eine Zahl von 1 bis 65535",
    }
    assert [str(violation) for violation in form.violations] == validate({"mailboxes": [{}]})


def test_messages_of_a_formset_are_replaced() -> None:
    messages = {
        ("port", None): "eine Zahl",
        ("mailbox-count", "mailboxes"): "1 bis 200",
        ("mailbox-object", None): "kein Formular",
    }
    formset = parse_formset(several("mailboxes-{}-{}", 2, smtp_port="x"), messages)
    assert formset.errors == {"mailbox[0].smtp_port": "eine Zahl", "mailbox[1].smtp_port": "eine Zahl"}
    assert formset.forms[1].errors == {"smtp_port": "eine Zahl"}
    assert parse_formset({}, messages).errors == {"mailboxes": "1 bis 200"}
    assert parse_form(None, messages).errors == {"": "kein Formular"}


def test_a_lazy_translation_becomes_text_when_it_is_read() -> None:
    class Lazy:
        language = "de"

        def __str__(self) -> str:
            return {"de": "eine Zahl", "fr": "un nombre"}[self.language]

    lazy = Lazy()
    form = parse_form(filled_in(smtp_port=""), {("port", "smtp_port"): lazy})
    assert form.errors == {"smtp_port": "eine Zahl"}
    lazy.language = "fr"
    assert form.errors == {"smtp_port": "un nombre"}


# Rendering


def test_labels_and_helps_are_those_of_the_schema() -> None:
    properties = load_schema()["$defs"]["mailbox"]["properties"]
    assert {name: field_label(name) for name in FIELDS} == {n: row["title"] for n, row in properties.items()}
    for name, row in properties.items():
        assert field_help(name).startswith(row["description"].partition(". Message,")[0])
        assert re.fullmatch(r"[A-Z][^<>&]*\.", field_help(name))
    assert (
        field_help("open_tracking_domain")
        == "Custom domain that tracks opened emails, such as track.example.com."
    )
    assert (
        field_help("sending_wait_time_from")
        == "Shortest pause between two emails, in seconds, from 10 to 9999."
    )


VERBATIM = {"autocapitalize": "none", "spellcheck": "false"}
EMAIL = {"type": "email", "inputmode": "email", "autocomplete": "email", **VERBATIM}
PASSWORD = {"type": "password", "autocomplete": "new-password"}
HOST = {"type": "text", "inputmode": "url", "autocomplete": "off", **VERBATIM}
DOMAIN = HOST | {"pattern": r"[^\s\/:@.]+(\.[^\s\/:@.]+)+"}
NUMBER = {"type": "text", "inputmode": "numeric", "pattern": r"\s*[0-9]+\s*", "autocomplete": "off"}


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("smtp_email", {**EMAIL, "required": True}),
        ("smtp_login", {"type": "text", "autocomplete": "off", **VERBATIM}),
        ("smtp_password", {**PASSWORD, "required": True}),
        ("smtp_server", {**HOST, "required": True}),
        ("smtp_port", {**NUMBER, "title": field_help("smtp_port"), "required": True}),
        ("smtp_from_name", {"type": "text", "autocomplete": "name", "spellcheck": "false"}),
        ("imap_email", {**EMAIL, "required": True}),
        ("imap_password", {**PASSWORD, "required": True}),
        ("imap_server", {**HOST, "required": True}),
        ("imap_port", {**NUMBER, "title": field_help("imap_port"), "required": True}),
        ("footer", {"rows": 4, "autocomplete": "off"}),
        ("bcc", {**EMAIL, "autocomplete": "off"}),
        ("open_tracking_domain", {**DOMAIN, "title": field_help("open_tracking_domain")}),
        ("click_tracking_domain", {**DOMAIN, "title": field_help("click_tracking_domain")}),
        ("unsubscribe_tracking_domain", {**DOMAIN, "title": field_help("unsubscribe_tracking_domain")}),
        ("sending_wait_time_from", {**NUMBER, "title": field_help("sending_wait_time_from")}),
        ("sending_wait_time_to", {**NUMBER, "title": field_help("sending_wait_time_to")}),
        ("daily_sending_limit", {**NUMBER, "title": field_help("daily_sending_limit")}),
    ],
)
def test_html_attributes_of_a_field_are_these(name: str, attributes: dict[str, Any]) -> None:
    assert html_attributes(name) == attributes
    assert html_attributes(name) is not html_attributes(name)


def test_attributes_follow_the_contract() -> None:
    for name, field in FIELDS.items():
        attributes = html_attributes(name)
        assert attributes.get("required", False) is field.required
        assert (attributes.get("inputmode") == "numeric") is (field.type == "integer")
        assert (attributes.get("type") == "password") is (name in PASSWORDS)
        if field.limits:
            assert all(re.fullmatch(attributes["pattern"], f" {limit} ") for limit in field.limits)
            assert field_help(name).endswith(f", from {field.limits.minimum} to {field.limits.maximum}.")


def test_attributes_with_a_form_name_the_help_and_the_error() -> None:
    form = parse_form(filled_in(smtp_port="0"))
    assert html_attributes("smtp_port", form) == html_attributes("smtp_port") | {
        "aria-describedby": "smtp_port-error smtp_port-help",
        "aria-invalid": "true",
    }
    assert html_attributes("imap_port", form, "mailboxes-0-") == html_attributes("imap_port") | {
        "aria-describedby": "mailboxes-0-imap_port-help"
    }


@pytest.mark.parametrize("prefix", ["", "mailboxes-0-"])
def test_ids_are_the_name_after_the_prefix(prefix: str) -> None:
    for name in FIELDS:
        assert field_id(name, prefix) == prefix + name
        described = html_attributes(name, parse_form({name: ["a", "b"]}), prefix)["aria-describedby"]
        assert described == f"{error_id(name, prefix)} {help_id(name, prefix)}"


TYPE_AGAIN = "Type it again: a password is never sent back to this page."


def test_a_password_that_was_typed_is_to_be_typed_again() -> None:
    form = parse_form(filled_in(imap_password=" "))
    assert field_help("smtp_password", form) == f"{field_help('smtp_password')} {TYPE_AGAIN}"
    others = [name for name in FIELDS if name != "smtp_password"]
    assert [field_help(name, form) for name in others] == [field_help(name) for name in others]
    assert field_help("smtp_password", parse_form(None)) == field_help("smtp_password")


@given(form_data())
def test_the_summary_has_each_violation_once_in_order(data: Any) -> None:
    form = parse_form(data)
    assert error_summary(form) == [
        SummaryLine(violation.field, form.sentence(violation)) for violation in form.violations
    ]
    assert form.sentences == {line.id or "": line.text for line in error_summary(form)}


def test_the_summary_of_a_formset_numbers_the_mailboxes() -> None:
    formset = parse_formset(
        several("mailboxes-{}-{}", 2) | {"mailboxes-1-smtp_port": "0", "mailboxes-1-bcc": "x"}
    )
    (port, bcc) = formset.violations
    assert error_summary(formset) == [
        SummaryLine("mailboxes-1-smtp_port", f"Mailbox 2: {formset.sentence(port)}"),
        SummaryLine("mailboxes-1-bcc", f"Mailbox 2: {formset.sentence(bcc)}"),
    ]
    assert error_summary(parse_formset({})) == [SummaryLine(None, "Add a mailbox.")]
    assert error_summary(parse_formset(None)) == [SummaryLine(None, "This is not form data.")]


def test_a_form_shows_the_violations_of_an_answer_without_what_they_quote() -> None:
    details = [
        "mailbox[0].imap_server refused s3cr3t-Qz7",
        "mailbox[0].s3cr3t-Qz7 must be odd",
        "mailbox[123456789].bcc is odd",
        "Too many requests, s3cr3t-Qz7",
        "mailbox[0].smtp_port must be provided and in range <1,65535>",
    ]
    answered = parse_failure({"code": "UNKNOWN", "details": details})
    form = parse_form(filled_in(), {("port", None): "un port"}).with_violations(answered)
    assert not form.ok
    assert form.mailbox == mailbox()
    assert form.violations == tuple(map(redact, answered))
    assert list(map(str, form.violations)) == [
        "mailbox[0].imap_server refused (not shown)",
        "mailbox[0].(not shown) must be (not shown)",
        "bcc is (not shown)",
        "too many requests, (not shown)",
        "mailbox[0].smtp_port must be provided and in range <1,65535>",
    ]
    assert form.errors["smtp_port"] == "un port"
    assert [line.id for line in error_summary(form)] == ["imap_server", None, "bcc", None, "smtp_port"]
    assert "Qz7" not in repr((form.errors, form.sentences, error_summary(form)))
    assert copy.deepcopy(form).with_violations(()).ok


def test_texts_are_translated_on_request() -> None:
    def translate(text: str) -> str:
        return f"~{text}"

    form = parse_form(filled_in(smtp_port="0"), translate=translate)
    assert field_label("smtp_port", form) == "~SMTP port"
    assert field_help("smtp_login", form) == f"~{field_help('smtp_login')}"
    assert field_help("smtp_port", form) == f"~{field_help('smtp_port')}"
    assert field_help("smtp_password", form).endswith(f" ~{TYPE_AGAIN}")
    assert form.sentences["smtp_port"] == "~~SMTP port must be 1 or more."
    assert parse_form(None, translate=translate).sentences == {"": "~This is not form data."}
    formset = parse_formset({"mailboxes-0-bcc": "x"}, translate=translate)
    assert error_summary(formset)[-1].text.startswith("~Mailbox 1: ~~BCC must ")
    refused = form.with_violations([Violation.parse("mailbox[0].bcc is closed"), Violation.parse("Closed")])
    assert refused.sentences == {
        "bcc": "~~BCC was refused by the service: is closed.",
        "": "~~The form was refused by the service: closed.",
    }


@given(mailboxes())
def test_the_browser_accepts_every_domain_that_the_contract_accepts(valid: dict[str, Any]) -> None:
    for name, value in valid.items():
        if FIELDS[name].rule == "domain" and value is not None:
            assert re.fullmatch(html_attributes(name)["pattern"], value)


@pytest.mark.parametrize(
    "domain", ["localhost", "https://a.example", "a.example/", "a.example:443", "a@b.example", "a b.example"]
)
def test_the_browser_refuses_urls_and_single_labels(domain: str) -> None:
    assert not re.fullmatch(html_attributes("open_tracking_domain")["pattern"], domain)
    assert all(
        re.fullmatch(html_attributes("open_tracking_domain")["pattern"], valid) for valid in VALID_DOMAINS
    )


@pytest.mark.parametrize("function", [field_label, field_help, html_attributes])
def test_an_unknown_field_is_a_key_error(function: Any) -> None:
    with pytest.raises(KeyError):
        function("color")


# Properties


@given(mailboxes())
def test_a_rendered_mailbox_is_parsed_back(valid: dict[str, Any]) -> None:
    """Issue: "for any mailbox the contract accepts, rendering it to form strings and parsing it back
    gives the same mailbox, password to the letter".
    """  # noqa: D205  # the sentence runs on
    form = parse_form(rendered(valid))
    assert form.mailbox == {name: value for name, value in valid.items() if value is not None}
    assert form.ok


@given(st.lists(mailboxes(), min_size=1, max_size=3), st.sampled_from(SPELLINGS))
def test_rendered_mailboxes_are_parsed_back(valid: list[dict[str, Any]], spelling: str) -> None:
    sent = {
        spelling.format(index, name): text
        for index, one in enumerate(valid)
        for name, text in rendered(one).items()
    }
    assert parse_formset(sent).mailboxes == [{n: v for n, v in one.items() if v is not None} for one in valid]


@given(form_data())
@example({"smtp_port": float("nan")})
def test_ok_is_whether_the_body_is_valid(data: Any) -> None:
    """Issue: "for any form input, .ok equals 'the body we would send is valid'"; also line for line."""
    form = parse_form(data)
    assert form.ok is is_valid(form.body())
    assert [str(violation) for violation in form.violations] == validate(form.body())
    assert form.errors == {violation.field or "": violation.message for violation in form.violations}
    repr(form)


@given(
    st.lists(form_data(), max_size=3),
    st.lists(st.integers(0, 3).map(str) | st.sampled_from(["200", "00", "x"]), min_size=3, max_size=3),
    st.sampled_from(SPELLINGS),
)
def test_ok_of_a_formset_is_whether_the_body_is_valid(
    rows: list[Any], indices: list[str], spelling: str
) -> None:
    data = {
        spelling.format(index, name): value
        for index, row in zip(indices, rows, strict=False)
        for name, value in (row.items() if isinstance(row, dict) else ())
    }
    formset = parse_formset(data)
    assert formset.ok is is_valid(formset.body())
    assert [str(violation) for violation in formset.violations] == validate(formset.body())


@given(form_data(), st.text(min_size=1).filter(lambda text: bool(text.strip())))
def test_what_a_form_shows_does_not_depend_on_its_secrets(data: Any, secret: str) -> None:
    """What is shown of a form does not depend on what its secrets are."""
    if not isinstance(data, dict):
        return

    def everything_said(replacement: str) -> tuple[object, ...]:
        form = parse_form(data | dict.fromkeys(SECRET_FIELDS, replacement))
        typed = {name: text for name, text in form.typed.items() if name != "smtp_login"}
        return form.violations, form.hints, form.errors, typed, repr(form)

    assert everything_said(secret) == everything_said("\u4e00")
    assert not set(PASSWORDS) & set(parse_form(data).typed)


@given(form_data())
def test_messages_and_hints_of_any_form_need_no_escaping_in_html(data: Any) -> None:
    """A browser shows it as text: no tag, no character reference. ``<1,`` begins no tag."""
    form = parse_form(data)
    for text in [*form.errors.values(), *form.hints.values(), *form.sentences.values()]:
        assert read_as_html(text) == text
        assert text.isascii()
        assert text.isprintable()


def test_all_texts_about_fields_need_no_escaping_in_html() -> None:
    for text in [
        *(field.message for field in FIELDS.values()),
        MAILBOXES.message,
        MAILBOX_OBJECT.message,
        NUMBERING,
    ]:
        assert read_as_html(text) == text


def read_as_html(text: str) -> str:
    read: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            read.append(data)

    reader = Reader()
    reader.feed(f"{text}.")  # the full stop, so that an unfinished tag is read too
    reader.close()
    return "".join(read)[:-1]


@pytest.mark.parametrize("count", [MAX_INPUTS, MAX_INPUTS + 1])
def test_names_without_a_value_count_as_inputs(count: int) -> None:
    form = parse_form({f"x{number}": [] for number in range(count)})
    assert ("" in form.errors) is (count > MAX_INPUTS)


def test_names_without_a_value_are_not_sent_more_than_once() -> None:
    class Twice:
        def multi_items(self) -> list[tuple[str, object]]:
            return [*filled_in().items(), ("bcc", None), ("bcc", None)]

    assert parse_form(Twice()).mailbox == mailbox()


@pytest.mark.parametrize("error", RESOURCE_ERRORS)
def test_an_error_of_the_machine_is_not_a_verdict(error: type[Exception]) -> None:
    class Exhausted:
        def multi_items(self) -> list[tuple[str, object]]:
            raise error

    with pytest.raises(error):
        parse_form(Exhausted())


def test_endless_names_without_a_value_are_refused() -> None:
    class Endless:
        def __iter__(self) -> Iterator[str]:
            return map(str, itertools.count())

        def getlist(self, _key: str) -> list[str]:
            return []

    assert parse_form(Endless()).hints == {"": "the form is too large"}


def test_a_result_survives_pickling_and_copying() -> None:
    form = parse_form({"smtp_port": "0", "smtp_password": "not-real"}, {("port", None): "a port"})
    for twin in (pickle.loads(pickle.dumps(form)), copy.deepcopy(form)):  # noqa: S301  # our own
        assert (twin.mailbox, twin.violations, twin.errors) == (form.mailbox, form.violations, form.errors)
    assert copy.deepcopy(parse_form({})).errors == parse_form({}).errors


def test_a_number_that_a_program_put_there_is_shown_only_if_it_is_short() -> None:
    longest = 10**18 - 1
    assert FormResult({"smtp_port": longest}, ()).typed == {"smtp_port": str(longest)}
    assert FormResult({"smtp_port": -longest}, ()).typed == {"smtp_port": str(-longest)}
    assert FormResult({"smtp_port": longest + 1}, ()).typed == {}
    assert FormResult({"smtp_port": -longest - 1}, ()).typed == {}


@pytest.mark.parametrize(("count", "end"), [(18, ".bcc>"), (19, ".bcc, ...>")])
def test_the_repr_names_at_most_as_many_errors_as_a_mailbox_has_fields(count: int, end: str) -> None:
    violation = Violation(0, "bcc", "email", "must be valid")
    assert repr(FormResult({}, [violation] * count)).endswith(end)
    assert repr(FormResult({}, [violation] * count)).count("mailbox[0].bcc") == 18


def test_every_public_name_is_defined() -> None:
    assert [name for name in forms.__all__ if not hasattr(forms, name)] == []


@pytest.mark.parametrize("mailbox", [["a"], None, {"password": "not-real", "smtp_password": "not-real"}])
def test_only_fields_of_the_contract_are_shown_again(mailbox: Any) -> None:
    assert FormResult(mailbox, ()).typed == {}


def test_a_line_about_an_unknown_field_belongs_to_the_whole_form() -> None:
    answer = {"code": "UNKNOWN", "details": ["mailbox[0].smtp_prot is odd"]}
    form = parse_form({}).with_violations(parse_failure(answer))
    assert (set(form.errors), set(form.sentences)) == ({""}, {""})
