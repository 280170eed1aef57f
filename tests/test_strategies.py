"""The strategies, which other people's tests rely on."""

from typing import Any

import pytest
from golden import body
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from oracle import lines

from mailbox_schema import FIELDS, Violation, is_valid, iter_violations, strategies
from mailbox_schema.contract import BODY_CONSTRAINTS, WAIT_TIMES
from mailbox_schema.sentences import SENTENCES
from mailbox_schema.strategies import (
    _BROKEN,
    _WAYS,
    BrokenBody,
    bodies,
    broken_bodies,
    doubtful_values,
    mailboxes,
)

# The same examples every time, whatever the profile.
FIXED = settings(
    max_examples=300, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@given(bodies())
def test_bodies_are_valid(drawn_body: dict[str, Any]) -> None:
    assert list(iter_violations(drawn_body)) == []


@given(mailboxes())
def test_mailboxes_are_valid(mailbox: dict[str, Any]) -> None:
    assert is_valid({"mailboxes": [mailbox]})


@given(broken_bodies())
def test_broken_bodies_give_exactly_the_expected_violations(broken: BrokenBody) -> None:
    assert broken.violations
    found = list(iter_violations(broken.body))
    assert found == broken.violations
    assert [violation.reason for violation in found] == [violation.reason for violation in broken.violations]
    assert lines(broken.body) == [str(violation) for violation in broken.violations]


def test_an_unknown_field_is_a_value_error_that_lists_the_known_ones() -> None:
    known = ", ".join(FIELDS)
    with pytest.raises(ValueError, match=rf"\Ano field 'mailboxes'; available: {known}\Z"):
        doubtful_values("mailboxes")
    with pytest.raises(ValueError, match=r"\Ano field 'smtp_prot'; available: smtp_email, "):
        mailboxes(smtp_prot=st.just(465))


def test_every_field_and_every_constraint_of_the_body_is_broken_at_times() -> None:
    found: set[tuple[str | None, str | None]] = set()

    @settings(FIXED, max_examples=600, phases=[Phase.generate])
    @given(broken_bodies())
    def draw(broken: BrokenBody) -> None:
        found.update((violation.field, violation.rule) for violation in broken.violations)

    draw()
    assert found == {(field.name, field.rule) for field in FIELDS.values()} | {
        (row.key, row.rule) for row in BODY_CONSTRAINTS
    }


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in WAIT_TIMES])
def test_every_field_has_every_kind_of_defect_about_equally_often(name: str) -> None:
    """The reason is drawn first, from all that the field can have, so each is as likely as any other."""
    assert {*_WAYS[name], None} == {*SENTENCES[name]}
    assert len(_WAYS[name]) == len(set(_WAYS[name]))
    for reason, values in _BROKEN[FIELDS[name].rule].items():
        for value in drawn(values, 20):
            (violation,) = iter_violations(body(**{name: value}))
            assert (violation.field, violation.reason) == (name, reason)


def test_a_number_in_quotes_is_the_usual_port_of_another_type() -> None:
    found = drawn(_BROKEN["port"]["type"], 200)
    assert sum(isinstance(value, str) and value.isdecimal() for value in found) > 60


def drawn(strategy: st.SearchStrategy[Any], count: int = 100) -> list[Any]:
    values: list[Any] = []

    @settings(FIXED, max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def draw(value: Any) -> None:
        values.append(value)

    draw()
    return values


def test_an_override_is_put_in_whatever_it_draws() -> None:
    found = drawn(mailboxes(smtp_port=st.just("465"), bcc=st.none(), footer=st.just("x")))
    assert {(each["smtp_port"], each["bcc"], each["footer"]) for each in found} == {("465", None, "x")}
    assert {name for each in found for name in each} == {*FIELDS}
    pair = {"sending_wait_time_from": st.just(20), "sending_wait_time_to": st.integers(21, 30)}
    assert all(is_valid({"mailboxes": [each]}) for each in drawn(mailboxes(**pair)))


def test_a_wait_time_is_alone_only_if_no_other_matches() -> None:
    for value in (9999, 9, "30", None):
        lone = drawn(mailboxes(sending_wait_time_from=st.just(value)), 5)
        assert all(each["sending_wait_time_from"] == value for each in lone)
        assert not any("sending_wait_time_to" in each for each in lone)
    found = drawn(mailboxes(sending_wait_time_to=st.just(20)))
    assert {each["sending_wait_time_from"] for each in found} <= set(range(10, 20))
    found = drawn(mailboxes(sending_wait_time_from=st.just(9997.0)))
    assert {each["sending_wait_time_to"] for each in found} <= {9998, 9999}


@pytest.mark.parametrize("name", WAIT_TIMES)
@given(data=st.data())
def test_a_wait_time_gets_a_partner_that_matches_if_there_is_one(name: str, data: st.DataObject) -> None:
    (partner,) = set(WAIT_TIMES) - {name}
    value: Any = data.draw(doubtful_values(name) | st.sampled_from([None, "30", 9998, 9999, 10, 19, 20, 21]))
    mailbox: dict[str, Any] = dict(data.draw(mailboxes(**{name: st.just(value)})))
    assert mailbox[name] is value or mailbox[name] == value
    first = 10 if name == WAIT_TIMES[0] else 20
    is_possible = type(value) in {int, float} and first <= value <= 9999 and value == int(value)
    is_possible = is_possible and not (first == 10 and value == 9999)
    assert (partner in mailbox) is is_possible
    assert is_valid({"mailboxes": [mailbox]}) is (is_possible or value is None)


def test_a_body_has_at_most_as_many_mailboxes_as_asked_for() -> None:
    counts = {len(each["mailboxes"]) for each in drawn(bodies(max_mailboxes=5), 300)}
    assert 3 < max(counts) <= 5
    counts = {len(each["mailboxes"]) for each in drawn(bodies(), 300)}
    assert {1, 2, 3} < counts <= {1, 2, 3, 199, 200}
    ports = bodies(max_mailboxes=2, mailbox=mailboxes(smtp_port=st.just(465)))
    assert {box["smtp_port"] for each in drawn(ports) for box in each["mailboxes"]} == {465}


@pytest.mark.parametrize("most", [0, 201, -1])
def test_another_number_of_mailboxes_is_a_value_error(most: int) -> None:
    with pytest.raises(ValueError, match=r"\Amax_mailboxes must be from 1 to 200\Z"):
        bodies(max_mailboxes=most)


def test_completion_offers_the_public_names_only() -> None:
    assert dir(strategies) == sorted(strategies.__all__)


def test_a_broken_body_shrinks_to_one_mailbox_with_one_mistake() -> None:
    # What Hypothesis draws depends on the modules that are loaded: one run needs more examples than another.
    least = find(
        broken_bodies(),
        lambda broken: broken.violations[0].field == "smtp_port",
        settings=settings(FIXED, max_examples=5000),
    )
    assert least == BrokenBody(
        {
            "mailboxes": [
                {
                    "smtp_email": "jared@getpiedpiper.com",
                    "smtp_password": "not-a-real-password",
                    "smtp_server": "smtp.server.io",
                    "smtp_port": 0,
                    "imap_email": "jared@getpiedpiper.com",
                    "imap_password": "not-a-real-password",
                    "imap_server": "imap.server.io",
                    "imap_port": 993,
                }
            ]
        },
        [Violation(0, "smtp_port", "port", "must be provided and in range <1,65535>")],
    )


def test_a_value_in_place_of_a_strategy_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^smtp_port must be a strategy, such as st\.just\(value\)$"):
        mailboxes(smtp_port=465)  # type: ignore[arg-type]  # the point
