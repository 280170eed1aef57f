"""The error of ensure_valid."""

import pickle

import pytest

from mailbox_schema import InvalidBody, ensure_valid, failure_response


def test_the_error_survives_pickling() -> None:
    with pytest.raises(InvalidBody) as caught:
        ensure_valid({"mailboxes": [None]})
    twin = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own
    assert twin.violations == caught.value.violations
    assert str(twin) == str(caught.value) == "mailbox[0] must be an object"


def test_the_error_holds_nothing_of_the_body() -> None:
    secret = "not-a-real-password"
    with pytest.raises(InvalidBody) as caught:
        ensure_valid({"mailboxes": [{"smtp_password": [secret], "smtp_login": {secret: secret}}]})
    shown = repr(caught.value) + str(caught.value) + repr(vars(caught.value)) + str(caught.value.response)
    assert secret not in shown
    assert isinstance(caught.value, ValueError)


def test_a_failure_response_is_made_of_violations() -> None:
    with pytest.raises(TypeError, match=r"\Aa Violation is wanted, not str\Z"):
        failure_response("abc")  # type: ignore[arg-type]  # that it is refused is what is tested
