"""A violation prints as the API's line, is parsed back from it, and is a value."""

import copy
import json
import pickle
import random
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from fastapi.encoders import jsonable_encoder
from hypothesis import example, given
from hypothesis import strategies as st

from mailbox_schema import Violation, iter_violations
from mailbox_schema.strategies import any_text, doubtful_bodies
from mailbox_schema.violation import Reason, checked_violation

PORT = "must be provided and in range <1,65535>"


@pytest.mark.parametrize(
    ("line", "index", "field", "rule", "message", "path", "pointer"),
    [
        (
            f"mailbox[0].smtp_port {PORT}",
            0,
            "smtp_port",
            "port",
            PORT,
            "mailbox[0].smtp_port",
            "/mailboxes/0/smtp_port",
        ),
        (
            "mailbox[199] must be an object",
            199,
            None,
            "mailbox-object",
            "must be an object",
            "mailbox[199]",
            "/mailboxes/199",
        ),
        ("body must be an object", None, None, "body-object", "must be an object", "body", ""),
        (
            "mailboxes must be provided and have size in range <1,200>",
            None,
            "mailboxes",
            "mailbox-count",
            "must be provided and have size in range <1,200>",
            "mailboxes",
            "/mailboxes",
        ),
        (
            "completion_notification_types if provided must contain only MAIL and IN_APP",
            None,
            "completion_notification_types",
            "notification-types",
            "if provided must contain only MAIL and IN_APP",
            "completion_notification_types",
            "/completion_notification_types",
        ),
        # Lines that the contract doesn't know.
        (
            "mailbox[2].color must be blue",
            2,
            "color",
            None,
            "must be blue",
            "mailbox[2].color",
            "/mailboxes/2/color",
        ),
        (
            "mailbox[2].smtp_port is wrong",
            2,
            "smtp_port",
            None,
            "is wrong",
            "mailbox[2].smtp_port",
            "/mailboxes/2/smtp_port",
        ),
        (
            "mailbox[2].a/b~c is wrong",
            2,
            "a/b~c",
            None,
            "is wrong",
            "mailbox[2].a/b~c",
            "/mailboxes/2/a~1b~0c",
        ),
        ("mailbox[7] is a duplicate", 7, None, None, "is a duplicate", "mailbox[7]", "/mailboxes/7"),
        (
            "mailboxes are too many",
            None,
            "mailboxes",
            None,
            "are too many",
            "mailboxes",
            "/mailboxes",
        ),
        (
            "webhook_url must be valid",
            None,
            "webhook_url",
            None,
            "must be valid",
            "webhook_url",
            "/webhook_url",
        ),
        ("Too many requests", None, None, None, "Too many requests", "", ""),
        ("rate_limit exceeded", None, None, None, "rate_limit exceeded", "", ""),
        ("mailbox[01].smtp_port is odd", None, None, None, "mailbox[01].smtp_port is odd", "", ""),
        ("mailbox[\u0661] is odd", None, None, None, "mailbox[\u0661] is odd", "", ""),
        ("", None, None, None, "", "", ""),
    ],
)
def test_a_line_is_parsed_into_its_parts_and_printed_again(  # noqa: PLR0913, PLR0917  # a table of a violation's attributes
    line: str,
    index: int | None,
    field: str | None,
    rule: str | None,
    message: str,
    path: str,
    pointer: str,
) -> None:
    violation = Violation.parse(line)
    assert (violation.index, violation.field, violation.rule, violation.message) == (
        index,
        field,
        rule,
        message,
    )
    assert violation.hint is None
    assert violation.path == path
    assert violation.pointer == pointer
    assert str(violation) == line


@given(doubtful_bodies())
def test_every_violation_is_parsed_back_from_its_line(body: object) -> None:
    """Issue: "for every violation Violation.parse(str(v)) names the same index, field and message"."""
    for violation in iter_violations(body):
        parsed = Violation.parse(str(violation))
        assert parsed == violation
        assert hash(parsed) == hash(violation)


@given(any_text() | st.from_regex(r"mailbox\[[0-9]*\](\.\S*)?( .*)?", fullmatch=True))
@example("mailbox[0]. x")
@example("mailbox[0].smtp_port ")
@example(f"mailbox[{'9' * 5000}].smtp_port {PORT}")
@example(f"mailbox[0].smtp_port {PORT}\n")
@example("mailbox[0].mailboxes must be provided and have size in range <1,200>")
def test_any_line_is_parsed_and_printed_again_to_the_letter(line: str) -> None:
    assert str(Violation.parse(line)) == line


@given(doubtful_bodies(), st.randoms(use_true_random=False))
def test_violations_sort_in_the_contracts_order(body: object, chance: random.Random) -> None:
    violations = list(iter_violations(body))
    shuffled = list(violations)
    chance.shuffle(shuffled)
    assert sorted(shuffled) == violations


def test_unknown_fields_and_lines_sort_after_the_known_ones() -> None:
    lines = [
        "body must be an object",
        "mailboxes must be provided and have size in range <1,200>",
        "mailbox[0] must be an object",
        f"mailbox[0].smtp_port {PORT}",
        "mailbox[0].daily_sending_limit if provided must be in range <1,5500>",
        "mailbox[0].color must be blue",
        f"mailbox[10].smtp_port {PORT}",
        "completion_notification_types if provided must contain only MAIL and IN_APP",
        "Too many requests",
    ]
    assert [str(violation) for violation in sorted(map(Violation.parse, reversed(lines)))] == lines


def test_violations_compare_only_with_violations() -> None:
    first, second = Violation(0, "bcc", "email", "m"), Violation(1, "bcc", "email", "m")
    assert (first == 3) is False
    assert first < second
    assert first <= second
    assert second > first
    assert first != second
    assert first != "mailbox[0].bcc m"
    with pytest.raises(TypeError, match=r"\A'<' not supported between instances of 'Violation' and 'str'\Z"):
        first < "mailbox[0].bcc m"  # noqa: B015  # the test is that it can't be compared


def test_the_hint_and_the_reason_are_not_part_of_the_line_or_of_equality() -> None:
    hinted = Violation(0, "bcc", "email", "m", "write one address only", "several")
    assert hinted == Violation(0, "bcc", "email", "m")
    assert hash(hinted) == hash(Violation(0, "bcc", "email", "m"))
    assert str(hinted) == "mailbox[0].bcc m"


def test_a_violation_is_immutable_and_slotted() -> None:
    violation = Violation(0, "bcc", "email", "m")
    with pytest.raises(AttributeError, match=r"\Aa Violation is immutable: can't set 'index'\Z"):
        violation.index = 1
    with pytest.raises(AttributeError, match=r"\Aa Violation is immutable: can't set 'color'\Z"):
        violation.color = "blue"
    with pytest.raises(AttributeError, match=r"\Aa Violation is immutable: can't delete 'index'\Z"):
        del violation.index
    assert not hasattr(violation, "__dict__")
    violation.__init__(1, "smtp_port", "port", "changed")  # type: ignore[misc]  # the test is that it changes nothing
    assert repr(violation) == "Violation(0, 'bcc', 'email', 'm')"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_violation_survives_pickling_and_copying(protocol: int) -> None:
    violation = Violation(0, "bcc", "email", "m", "write one address only", "several")
    for twin in (
        pickle.loads(pickle.dumps(violation, protocol)),  # noqa: S301  # our own
        copy.copy(violation),
        copy.deepcopy(violation),
    ):
        assert twin == violation
        assert twin.hint == "write one address only"
        assert twin.reason == "several"


def test_repr_looks_like_the_call_and_hides_unknown_words() -> None:
    assert repr(Violation(0, "bcc", "email", "m")) == "Violation(0, 'bcc', 'email', 'm')"
    assert (
        repr(Violation(None, None, None, "m", "write one address only"))
        == "Violation(None, None, None, '(not shown)', hint='write one address only')"
    )
    assert (
        repr(Violation(0, "bcc", "email", "m", "write one address only", "several"))
        == "Violation(0, 'bcc', 'email', 'm', hint='write one address only', reason='several')"
    )
    assert repr(Violation(0, "bcc", "email", "m", reason="blank")) == (
        "Violation(0, 'bcc', 'email', 'm', reason='blank')"
    )


@given(doubtful_bodies())
def test_the_json_form_gives_the_violation_again(body: object) -> None:
    """docs/violations.md: the JSON form."""
    for violation in iter_violations(body):
        form = json.loads(json.dumps(violation.as_dict()))
        assert form == dict(violation) == jsonable_encoder(violation)
        assert list(form) == ["index", "field", "rule", "reason", "message", "line", "pointer", "hint"]
        assert form["line"] == str(violation)
        assert form["pointer"] == violation.pointer
        again = Violation(*(form[name] for name in ("index", "field", "rule", "message", "hint", "reason")))
        assert repr(again) == repr(violation)


@pytest.mark.parametrize("reason", ["odd", "", 3, ["type"], "Type"])
def test_an_unknown_reason_is_a_type_error(reason: Any) -> None:
    with pytest.raises(TypeError) as caught:
        Violation(0, "bcc", "email", "m", None, reason)
    assert str(caught.value) == f"reason must be one of {', '.join(get_args(Reason))}"


def test_a_line_that_is_not_a_string_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"\Aexpected a string, got int\Z"):
        Violation.parse(3)  # type: ignore[arg-type]  # the test is that it is refused


@pytest.mark.parametrize("index", [-1, 10**18, 10**400, True, 0.5, "0"])
def test_an_index_is_an_integer_that_a_line_can_have(index: Any) -> None:
    with pytest.raises(TypeError, match=r"\Aindex must be an integer from 0 to 999999999999999999\Z"):
        Violation(index, "smtp_port", "port", PORT)


def test_the_largest_index_is_read_from_a_line() -> None:
    line = f"mailbox[{'9' * 18}].smtp_port {PORT}"
    assert Violation.parse(line) == Violation(10**18 - 1, "smtp_port", "port", PORT)
    assert Violation.parse(line.replace("[9", "[99")).index is None


@pytest.mark.parametrize(
    "value",
    [
        object.__new__(Violation),
        SimpleNamespace(index=None, field=None, rule=None, message="", hint=None, reason=None),
    ],
)
def test_only_a_whole_violation_is_one(value: object) -> None:
    with pytest.raises(TypeError, match=rf"\Aexpected a Violation, got {type(value).__name__}\Z"):
        checked_violation(value)


def test_the_keys_of_the_body_are_read_with_any_message() -> None:
    for key in ("mailboxes", "completion_notification_types"):
        assert Violation.parse(f"{key} are odd") == Violation(None, key, None, "are odd")


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ((1, None, "mailbox-object", "b"), (1, "smtp_email", "email", "a")),
        ((1, "color", None, "a"), (1, "shape", None, "a")),
        ((1, "bcc", None, "a"), (1, "bcc", "email", "a")),
        ((1, "bcc", "email", "a"), (1, "bcc", "port", "a")),
        ((1, "bcc", "port", "a"), (1, "bcc", "email", "b")),
    ],
)
def test_violations_of_one_mailbox_sort_by_field_message_and_rule(
    lower: tuple[Any, ...], higher: tuple[Any, ...]
) -> None:
    assert Violation(*lower) < Violation(*higher)
    assert not Violation(*higher) < Violation(*lower)
    assert not Violation(*lower) < Violation(*lower)


@pytest.mark.parametrize("name", ["field", "rule", "message", "hint"])
def test_a_part_of_another_type_is_named(name: str) -> None:
    parts: dict[str, Any] = {
        "index": 0,
        "field": "bcc",
        "rule": "email",
        "message": "m",
        "hint": "h",
        name: 3,
    }
    with pytest.raises(TypeError, match=rf"\A{name} must be a string, not int\Z"):
        Violation(**parts)
