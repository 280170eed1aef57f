"""The Django REST framework example, by the framework's own test client."""

import json
from typing import Any

import pytest
from api.serializers import MailboxSerializer
from django.http import QueryDict
from django.test import Client
from pages import BROKEN, FILLED_IN, LINES, MAILBOX, Page
from rest_framework.test import APIClient

from mailbox_schema import failure_response, iter_violations, load_schema
from mailbox_schema.forms import MAX_CHARACTERS

PROJECT = "api"
NOT_CONFIRMED = {"code": "UNKNOWN", "details": ["the service did not confirm the request"]}
JSON = "application/json"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
pytestmark = pytest.mark.usefixtures("project")


def test_json_is_sent_as_it_came(sent: list[Any]) -> None:
    response = APIClient().post("/", MAILBOX, format="json")
    assert (response.status_code, list(response.json())) == (202, ["batch_id"])
    assert "no-store" in response.headers["cache-control"]
    assert sent == [{"mailboxes": [MAILBOX]}]


def test_the_apis_own_refusal_is_passed_on_without_what_it_quotes() -> None:
    refused = MAILBOX | {"smtp_server": "refused.example", "smtp_password": "not-a-real-password"}
    response = APIClient().post("/", refused, format="json")
    assert response.status_code == 400
    assert response.json()["details"] == ["mailbox[0].smtp_server refused the login of (not shown)"]
    broken = MAILBOX | {"smtp_server": "broken.example"}
    response = APIClient().post("/", broken, format="json")
    assert (response.status_code, response.json()) == (502, NOT_CONFIRMED)


def test_a_body_too_large_is_not_read() -> None:
    response = APIClient(headers=BROWSER).post("/", "[" + " " * 3_000_000, content_type=JSON)
    assert (response.status_code, response.json()) == (413, {"detail": "the request is too large"})


@pytest.mark.parametrize(
    "sent",
    [
        {},
        MAILBOX | {"smtp_port": "587", "smtp_password": 12345, "imap_port": True},
        MAILBOX | {"bcc": "", "footer": None},
        [],
        None,
        5,
        [MAILBOX],
    ],
)
def test_broken_json_gets_the_vendors_answer(sent: Any) -> None:
    response = APIClient().post("/", sent, format="json")
    if sent is None:  # Django's client sends nothing for it, which the framework reads as no data
        sent = {}
    assert response.status_code == 400
    assert response.json() == failure_response(iter_violations({"mailboxes": [sent]}))


def test_a_broken_form_gets_the_vendors_answer_if_no_page_is_requested() -> None:
    response = APIClient().post("/", BROKEN, format="multipart")
    assert response.status_code == 400
    assert response.json() == {"code": "VALIDATION_FAILURE", "details": LINES}


def test_the_answer_to_text_that_is_not_json_quotes_nothing() -> None:
    response = APIClient().post("/", '{"smtp_password": "not-real', content_type=JSON)
    assert response.status_code == 400
    assert "not-real" not in response.content.decode()


def test_programs_get_the_document() -> None:
    assert APIClient().get("/").json() == load_schema()


def test_a_form_too_large_is_refused_whole() -> None:
    data = QueryDict(mutable=True)
    data["footer"] = "x" * MAX_CHARACTERS
    serializer = MailboxSerializer(data=data)
    assert not serializer.is_valid()
    assert serializer.errors == {"non_field_errors": ["The form is too large."]}
    assert serializer.data == {}


@pytest.mark.parametrize(
    "sent", ["[]", "{}", '{"smtp_password": "\\ud800"}', '{"footer": "\\ud800", "bcc": 5}']
)
def test_json_is_answered_with_json_whatever_is_requested(sent: str) -> None:
    response = APIClient(headers=BROWSER).post("/", sent, content_type=JSON)
    assert response.status_code == 400
    assert response.json() == failure_response(iter_violations({"mailboxes": [json.loads(sent)]}))


@pytest.mark.parametrize("sent", ["[" * 100_000, '{"x": NaN}', '{"x": 1e999}', "{", '"\\'])
@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_text_that_is_not_json_is_refused(sent: str, headers: dict[str, str]) -> None:
    response = APIClient(headers=headers).post("/", sent, content_type=JSON)
    assert response.status_code == 400
    assert response.json() == {"code": "UNKNOWN", "details": ["body must be JSON"]}


def test_the_csrf_token_is_required_with_a_form() -> None:
    client = Client(enforce_csrf_checks=True, headers=BROWSER)
    assert client.post("/", FILLED_IN).status_code == 403
    assert client.post("/", "x", content_type="text/plain").status_code == 403
    token = Page(client.get("/").content.decode()).inputs["csrfmiddlewaretoken"].value
    assert client.post("/", {**FILLED_IN, "csrfmiddlewaretoken": token}).status_code == 302
    assert client.post("/", MAILBOX, content_type=JSON).status_code == 202


def test_the_mail_about_an_error_contains_nothing_of_the_form(
    mails: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_data: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("api.serializers.parse_form", fail)
    client = APIClient(headers=BROWSER, raise_request_exception=False)
    assert client.post("/", BROKEN, format="multipart").status_code == 500
    ((text, html),) = mails
    assert "RuntimeError" in html
    assert "not-a-real-password" not in text + html


def test_the_repr_of_a_serializer_contains_nothing_of_the_form() -> None:
    serializer = MailboxSerializer(data=BROKEN)
    serializer.is_valid()
    assert "not-a-real-password" not in repr(serializer)
