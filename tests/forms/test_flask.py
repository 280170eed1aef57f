"""The Flask example, by Flask's own test client."""

from collections.abc import Iterator

import pytest
from app import app
from flask.testing import FlaskClient
from mailbox_form import MailboxForm
from pages import FILLED_IN, Page

from mailbox_schema.forms import MAX_INPUTS, SummaryLine

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def token(client: FlaskClient) -> dict[str, str]:
    return {"csrf_token": Page(client.get("/").text).inputs["csrf_token"].value}


def test_a_form_too_large_is_refused_whole() -> None:
    large = "&".join(f"x{number}=" for number in range(MAX_INPUTS + 1))
    with app.test_request_context(method="POST", data=large, content_type=FORM):
        form = MailboxForm()
        assert not form.validate()
        assert form.summary()[1:] == [SummaryLine(None, "The form is too large.")]


def test_the_csrf_token_is_required(client: FlaskClient) -> None:
    response = client.post("/", data=FILLED_IN)
    assert response.status_code == 400
    assert Page(response.text).summary[:1] == ["The CSRF token is missing."]
    assert client.post("/", data=FILLED_IN | token(client)).status_code == 303
