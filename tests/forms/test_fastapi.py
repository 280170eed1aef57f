"""The FastAPI example, by FastAPI's own test client."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from golden import VENDOR_FULL, body
from main import app
from model import BulkRequest
from pages import BROKEN, ERRORS, FILLED_IN, HUGE, MAILBOX, Page, shown_again
from pydantic import ValidationError

from mailbox_schema import FIELDS, failure_response, iter_violations, load_schema
from mailbox_schema.forms import html_attributes

CLIENT = TestClient(app)


def test_the_empty_form_shows_every_field() -> None:
    page = Page(CLIENT.get("/").text)
    assert list(page.inputs) == list(FIELDS)
    assert page.errors() == {}
    for name in FIELDS:
        expected = {key: str(value) for key, value in html_attributes(name).items()}
        assert expected.items() <= page.inputs[name].attributes.items()


def test_a_valid_form_gives_the_body() -> None:
    response = CLIENT.post("/", data=FILLED_IN)
    assert response.status_code == 200
    assert response.json() == {"mailboxes": [MAILBOX]}


def test_a_broken_form_is_shown_again() -> None:
    response = CLIENT.post("/", data=BROKEN)
    page = Page(response.text)
    assert response.status_code == 400
    assert page.errors() == ERRORS
    assert page.typed() == shown_again(BROKEN) | {"click_tracking_domain": ""}
    assert page.scripts == 0
    assert "not-a-real-password" not in response.text


def test_a_name_sent_twice_and_an_uploaded_file_are_errors() -> None:
    twice = CLIENT.post("/", data={**FILLED_IN, "smtp_port": ["587", "465"]})
    assert Page(twice.text).errors() == {"smtp_port": ERRORS["smtp_port"]}
    without = {name: text for name, text in FILLED_IN.items() if name != "smtp_password"}
    upload = CLIENT.post("/", data=without, files={"smtp_password": ("x.txt", b"not-a-real-password")})
    assert Page(upload.text).errors() == {"smtp_password": "must not be blank"}
    assert "not-a-real-password" not in upload.text


def test_a_form_too_large_is_refused_whole() -> None:
    # Starlette itself refuses a single value of more than a megabyte.
    large = dict.fromkeys(("footer", "smtp_from_name", "smtp_server"), "x" * 900_000)
    page = Page(CLIENT.post("/", data=large).text)
    assert page.messages == ["the form is too large"]
    assert page.errors() == {}
    assert not any(page.typed().values())


@pytest.mark.parametrize("sent", HUGE)
def test_the_answer_to_a_huge_form_is_short(sent: str) -> None:
    response = CLIENT.post("/", content=sent, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code == 400
    assert re.search("too large|too many|exceeded", response.text, re.IGNORECASE)
    assert "xxx" not in response.text
    assert len(response.content) < 20_000


def test_a_form_of_another_site_is_refused() -> None:
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "https://other.example"}).status_code == 403
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "null"}).status_code == 403
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "http://testserver"}).status_code == 200


# JSON


@pytest.mark.parametrize(
    "sent", [VENDOR_FULL, body(smtp_port=465.0), body(smtp_password="\ud800"), body(color="blue")]
)
def test_a_valid_body_is_kept_as_it_came(sent: Any) -> None:
    response = CLIENT.post(
        "/mailboxes", content=json.dumps(sent), headers={"content-type": "application/json"}
    )
    assert response.status_code == 200
    assert response.json() == sent


@pytest.mark.parametrize(
    "sent",
    [
        {},
        [],
        None,
        5,
        "x",
        {"mailboxes": []},
        body(smtp_port="465", smtp_password=12345),
        body(smtp_port=465.5, imap_port=True),
        body(smtp_email="jared@localhost", bcc=" "),
        {"mailboxes": [None]},
    ],
)
def test_a_broken_body_gets_the_vendors_answer(sent: Any) -> None:
    response = CLIENT.post("/mailboxes", json=sent)
    assert response.status_code == 400
    assert response.json() == failure_response(iter_violations(sent))


def test_the_answer_to_a_long_list_is_short() -> None:
    sent: Any = {"mailboxes": [{}] * 100_000}
    response = CLIENT.post("/mailboxes", json=sent)
    assert response.status_code == 400
    assert response.json() == failure_response([next(iter_violations(sent))])
    assert len(response.content) < 1000


@pytest.mark.parametrize("text", ["{", "not-a-real-password", '{"smtp_password": "not-a-real-password'])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    response = CLIENT.post("/mailboxes", content=text, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json() == {"code": "UNKNOWN", "details": ["body must be JSON"]}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_have_is_refused(number: float) -> None:
    text = json.dumps(body(color=number)).replace("Infinity", "1e999")
    response = CLIENT.post("/mailboxes", content=text, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json() == {"code": "UNKNOWN", "details": ["body must be JSON"]}


def test_json_that_is_nested_too_deep_is_refused() -> None:
    text = "[" * 100_000
    response = CLIENT.post("/mailboxes", content=text, headers={"content-type": "application/json"})
    assert (response.status_code, len(response.content) < 1000) == (400, True)


def test_an_empty_request_is_not_an_object() -> None:
    assert CLIENT.post("/mailboxes").json() == {
        "code": "VALIDATION_FAILURE",
        "details": ["body must be an object"],
    }


def test_the_models_own_error_hides_what_was_sent() -> None:
    with pytest.raises(ValidationError) as caught:
        BulkRequest.model_validate({"smtp_password": "not-real"})
    assert "not-real" not in str(caught.value)
    assert "mailboxes must be provided and have size in range <1,200>" in str(caught.value)
    assert "not-real" not in str(caught.value.errors(include_input=False))


def test_the_models_repr_hides_what_was_sent() -> None:
    assert repr(BulkRequest.model_validate(VENDOR_FULL)) == "BulkRequest()"


def test_the_schema_of_the_model_is_the_document() -> None:
    assert BulkRequest.model_json_schema() == load_schema()


def test_the_openapi_page_shows_the_document() -> None:
    document = CLIENT.get("/openapi.json").json()
    operation = document["paths"]["/mailboxes"]["post"]
    shown = operation["requestBody"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "#/components/schemas/BulkRequest"}
    assert document["components"]["schemas"]["BulkRequest"] == load_schema()
    assert sorted(operation["responses"]) == ["200", "4XX"]
    # It has an $id, so that its references are resolved within it, wherever it is.
    assert document["components"]["schemas"]["BulkRequest"]["$id"]
    assert CLIENT.get("/docs").status_code == 200
