"""The rules agree with a second, independent reading of the contract, line for line."""

import oracle
import pytest
from golden import Case, cases
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import validate
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    VALID_DOMAINS,
    VALID_EMAILS,
    doubtful_bodies,
    edited,
)
from mailbox_schema.values import is_blank, is_domain, is_email


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.group}: {case.description}")
def test_the_oracle_gives_the_lines_of_the_golden_cases(case: Case) -> None:
    assert oracle.lines(case.body) == case.details


@given(doubtful_bodies())
def test_both_readings_give_the_same_lines(body: object) -> None:
    assert validate(body) == oracle.lines(body)


@given(edited(edited(st.sampled_from(VALID_DOMAINS + BROKEN_DOMAINS))))
def test_both_readings_accept_the_same_domains(text: str) -> None:
    assert is_domain(text) is oracle.is_domain(text)


@given(edited(edited(st.sampled_from(VALID_EMAILS + BROKEN_EMAILS))))
def test_both_readings_accept_the_same_addresses(text: str) -> None:
    assert is_email(text) is oracle.is_email(text)


@given(st.text())
def test_both_readings_agree_on_blank_text(text: str) -> None:
    assert is_blank(text) is not oracle.not_blank(text)
