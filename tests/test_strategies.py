"""The strategies, which other people's tests rely on."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from oracle import lines

from mailbox_schema import FIELDS, Violation, is_valid, iter_violations
from mailbox_schema.contract import BODY_CONSTRAINTS
from mailbox_schema.strategies import BrokenBody, bodies, broken_bodies, doubtful_values, mailboxes

# The same examples every time, whatever the profile.
FIXED = settings(
    max_examples=300, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@given(bodies())
def test_bodies_are_valid(body: dict[str, Any]) -> None:
    assert list(iter_violations(body)) == []


@given(mailboxes())
def test_mailboxes_are_valid(mailbox: dict[str, Any]) -> None:
    assert is_valid({"mailboxes": [mailbox]})


@given(broken_bodies())
def test_broken_bodies_give_exactly_the_expected_violations(broken: BrokenBody) -> None:
    assert broken.violations
    assert list(iter_violations(broken.body)) == broken.violations
    assert lines(broken.body) == [str(violation) for violation in broken.violations]


def test_an_unknown_field_is_a_value_error_that_lists_the_known_ones() -> None:
    known = ", ".join(FIELDS)
    with pytest.raises(ValueError, match=rf"\Ano field 'mailboxes'; available: {known}\Z"):
        doubtful_values("mailboxes")


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
