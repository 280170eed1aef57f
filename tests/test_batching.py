"""Batches: any number of rows, in order, none lost, and the way back from a violation to its row."""

from collections.abc import Iterator
from itertools import count, islice
from operator import itemgetter
from typing import Any

import pytest
from golden import mailbox
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import MAX_MAILBOXES, Violation, batches, iter_violations, parse_failure, validate
from mailbox_schema.strategies import any_text, doubtful_mailboxes


@given(st.lists(doubtful_mailboxes(), max_size=7), st.integers(1, 5))
def test_the_batches_are_the_rows_in_order(rows: list[Any], size: int) -> None:
    found = list(batches(rows, size))
    assert [row for batch in found for row in batch.rows] == rows
    assert [row for batch in found for row in batch.body["mailboxes"]] == rows
    assert [len(batch.rows) for batch in found[:-1]] == [size] * (len(found) - 1)
    assert all(batch.rows for batch in found)


@given(st.lists(doubtful_mailboxes(), min_size=1, max_size=7), st.integers(1, 5))
def test_a_violation_is_mapped_to_the_row_that_has_it(rows: list[Any], size: int) -> None:
    """Ours, and the same line in the vendor's answer."""
    found: list[tuple[int | None, str]] = []
    for batch in batches(rows, size):
        ours = list(iter_violations(batch.body))
        theirs = parse_failure({"code": "VALIDATION_FAILURE", "details": validate(batch.body)})
        numbers = [batch.number_of(violation) for violation in ours]
        assert [batch.number_of(violation) for violation in theirs] == numbers
        assert [batch.row_of(violation) for violation in ours] == [rows[number or 0] for number in numbers]
        found += zip(numbers, [violation.message for violation in ours], strict=True)
    whole = iter_violations({"mailboxes": rows})
    assert found == [(violation.index, violation.message) for violation in whole]


def test_rows_are_taken_when_a_batch_is_asked_for() -> None:
    taken: list[int] = []

    def rows() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    found = batches(rows(), 3, mailbox=lambda number: mailbox(smtp_port=number))
    assert taken == []
    first, second = islice(found, 2)
    assert taken == [0, 1, 2, 3, 4, 5]
    assert (first.rows, second.rows, second.start) == ((0, 1, 2), (3, 4, 5), 3)
    assert second.body == {"mailboxes": [mailbox(smtp_port=number) for number in (3, 4, 5)]}


def test_a_row_may_be_anything_that_has_a_mailbox() -> None:
    rows = [("a.csv:2", mailbox()), ("a.csv:3", mailbox(smtp_port=0))]
    (batch,) = batches(rows, mailbox=itemgetter(1))
    (violation,) = iter_violations(batch.body)
    assert batch.row_of(violation) == rows[1]
    assert batch.number_of(violation) == 1


def test_the_body_has_the_notification_types_that_are_given() -> None:
    (batch,) = batches([mailbox()], completion_notification_types=["MAIL"])
    assert batch.body == {"mailboxes": [mailbox()], "completion_notification_types": ["MAIL"]}
    (batch,) = batches([mailbox()], completion_notification_types=[])
    assert batch.body == {"mailboxes": [mailbox()], "completion_notification_types": []}


def test_by_default_a_batch_has_as_many_mailboxes_as_a_request_may() -> None:
    found = list(batches([mailbox()] * (2 * MAX_MAILBOXES + 1)))
    assert [len(batch.rows) for batch in found] == [MAX_MAILBOXES, MAX_MAILBOXES, 1]
    assert [validate(batch.body) for batch in found] == [[], [], []]
    assert list(batches([])) == []


@given(
    any_text().map(Violation.parse) | st.integers(2, 10**18 - 1).map(lambda n: Violation(n, None, None, "x"))
)
def test_a_line_about_no_row_of_the_batch_has_no_row(violation: Violation) -> None:
    *_, batch = batches([mailbox()] * 5, 3)
    assert batch.number_of(violation) is None
    assert batch.row_of(violation) is None


@pytest.mark.parametrize("size", [0, 201, -1, True, "5", 2.5, 2.0, None])
def test_another_size_is_a_value_error_at_once(size: Any) -> None:
    with pytest.raises(ValueError, match=r"\Asize must be an integer from 1 to 200\Z"):
        batches([], size)


def test_only_a_violation_has_a_row() -> None:
    (batch,) = batches([mailbox()])
    for wrong in (3, "mailbox[0] must be an object", None):
        with pytest.raises(TypeError, match=r"\Aexpected a Violation, got (int|str|NoneType)\Z"):
            batch.number_of(wrong)  # type: ignore[arg-type]  # the test is that it is refused


def test_the_repr_shows_nothing_of_the_rows() -> None:
    assert [repr(batch) for batch in batches([mailbox()] * 3, 2)] == [
        "<Batch: rows 0 to 1>",
        "<Batch: rows 2 to 2>",
    ]
