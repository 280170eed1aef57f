"""The Flask example, by Flask's own test client."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from app import app
from flask.testing import FlaskClient
from mailbox_form import MailboxForm
from pages import BROKEN, ERRORS, FILLED_IN, HUGE, MAILBOX, Page, shown_again

from mailbox_schema import FIELDS
from mailbox_schema.forms import MAX_INPUTS, field_help, field_label, html_attributes

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def token(client: FlaskClient) -> dict[str, str]:
    return {"csrf_token": Page(client.get("/").text).inputs["csrf_token"].value}


def test_the_empty_form_shows_every_field(client: FlaskClient) -> None:
    page = Page(client.get("/").text)
    assert list(page.inputs) == ["csrf_token", *FIELDS]
    assert page.errors() == {}
    for name in FIELDS:
        shown = page.inputs[name].attributes
        expected = {key: str(value) for key, value in html_attributes(name).items() if value is not True}
        assert expected.items() <= shown.items()
        assert ("required" in shown) is FIELDS[name].required


def test_labels_and_helps_are_shown() -> None:
    with app.test_request_context():
        field = MailboxForm()["smtp_port"]
    assert (field.label.text, field.description) == (field_label("smtp_port"), field_help("smtp_port"))


def test_a_valid_form_gives_the_body(client: FlaskClient) -> None:
    response = client.post("/", data=FILLED_IN | token(client))
    assert response.status_code == 200
    assert response.get_json() == {"mailboxes": [MAILBOX]}


def test_a_broken_form_is_shown_again(client: FlaskClient) -> None:
    response = client.post("/", data=BROKEN | token(client))
    page = Page(response.text)
    assert response.status_code == 400
    assert page.errors() == ERRORS
    assert page.typed() == shown_again(BROKEN) | {"click_tracking_domain": ""}
    assert page.scripts == 0
    assert "not-a-real-password" not in response.text


def test_a_name_sent_twice_is_an_error(client: FlaskClient) -> None:
    sent: dict[str, Any] = FILLED_IN | token(client) | {"smtp_port": ["587", "465"]}
    assert Page(client.post("/", data=sent).text).errors() == {"smtp_port": ERRORS["smtp_port"]}


def test_an_uploaded_file_is_an_error(client: FlaskClient) -> None:
    sent = {**FILLED_IN, **token(client), "bcc": (io.BytesIO(b"not-real"), "not-real.txt")}
    response = client.post("/", data=sent)
    assert response.status_code == 400
    assert Page(response.text).errors() == {"bcc": ERRORS["bcc"]}
    assert "not-real" not in response.text


def test_a_form_too_large_is_refused_whole() -> None:
    large = "&".join(f"x{number}=" for number in range(MAX_INPUTS + 1))
    with app.test_request_context(method="POST", data=large, content_type=FORM):
        form = MailboxForm()
        assert not form.validate()
    assert form.form_errors == ["the form is too large"]


@pytest.mark.parametrize("sent", HUGE)
def test_the_answer_to_a_huge_form_is_short(client: FlaskClient, sent: str) -> None:
    response = client.post("/", data=sent, content_type=FORM)
    assert response.status_code in {400, 413}
    assert "too large" in response.text.lower()
    assert "xxx" not in response.text
    assert len(response.data) < 20_000


def test_the_csrf_token_is_required(client: FlaskClient) -> None:
    response = client.post("/", data=FILLED_IN)
    assert response.status_code == 400
    assert Page(response.text).messages == ["The CSRF token is missing."]
    assert client.post("/", data=FILLED_IN | token(client)).status_code == 200
