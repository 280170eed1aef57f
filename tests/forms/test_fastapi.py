"""The FastAPI example, by FastAPI's own test client."""

import json
import re
from typing import Any, Final

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from golden import VENDOR_FULL, body, cases
from jsonschema import Draft202012Validator
from main import MAX_BYTES, api, app
from pages import FILLED_IN, Page

from mailbox_schema import FIELDS, failure_response, iter_violations, load_schema

CLIENT = TestClient(app, follow_redirects=False)
NOT_CONFIRMED = {"code": "UNKNOWN", "details": ["the service did not confirm the request"]}
JSON = {"content-type": "application/json"}


def test_a_form_too_large_is_refused_whole() -> None:
    # Starlette itself refuses a single value of more than a megabyte.
    large = dict.fromkeys(("footer", "smtp_from_name", "smtp_server"), "x" * 700_000)
    page = Page(CLIENT.post("/", data=large).text)
    assert page.summary == ["The form is too large."]
    assert page.errors() == {}
    assert not any(page.typed().values())


def test_a_form_of_another_site_is_refused() -> None:
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "https://other.example"}).status_code == 403
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "null"}).status_code == 403
    assert CLIENT.post("/", data=FILLED_IN, headers={"origin": "http://testserver"}).status_code == 303


# JSON


@pytest.mark.parametrize(
    "valid", [VENDOR_FULL, body(smtp_port=465.0), body(smtp_password="\ud800"), body(color="blue")]
)
def test_a_valid_body_is_sent_without_unknown_keys(valid: Any, sent: list[Any]) -> None:
    response = CLIENT.post("/mailboxes", content=json.dumps(valid), headers=JSON)
    assert (response.status_code, list(response.json())) == (202, ["batch_id"])
    given = [{name: v for name, v in item.items() if name in FIELDS} for item in valid["mailboxes"]]
    assert sent == [valid | {"mailboxes": given}]


def test_the_apis_own_refusal_is_passed_on_without_what_it_quotes() -> None:
    refused = body(smtp_server="refused.example", smtp_password="not-a-real-password")
    response = CLIENT.post("/mailboxes", json=refused)
    assert response.status_code == 400
    assert response.json()["details"] == ["mailbox[0].smtp_server refused the login of (not shown)"]
    response = CLIENT.post("/mailboxes", json=body(smtp_server="broken.example"))
    assert (response.status_code, response.json()) == (502, NOT_CONFIRMED)


def test_a_body_too_large_is_not_read() -> None:
    response = CLIENT.post("/mailboxes", content=b"[" + b" " * MAX_BYTES, headers=JSON)
    assert (response.status_code, response.json()) == (413, {"detail": "the request is too large"})


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


def test_json_that_is_nested_too_deep_is_refused() -> None:
    text = "[" * 100_000
    response = CLIENT.post("/mailboxes", content=text, headers={"content-type": "application/json"})
    assert (response.status_code, len(response.content) < 1000) == (400, True)


def test_an_empty_request_is_not_an_object() -> None:
    assert CLIENT.post("/mailboxes").json() == {
        "code": "VALIDATION_FAILURE",
        "details": ["body must be an object"],
    }


def test_other_routes_keep_fastapis_own_answer() -> None:
    other = FastAPI()
    other.include_router(api)
    other.post("/numbers")(numbers)
    client = TestClient(other)
    assert client.post("/numbers", json=["x"]).status_code == 422
    assert client.post("/mailboxes", json=[]).status_code == 400


def numbers(numbers: list[int]) -> None:
    """Take a body that is not of the contract."""


def test_the_openapi_page_shows_the_models() -> None:
    document = CLIENT.get("/openapi.json").json()
    operation = document["paths"]["/mailboxes"]["post"]
    shown = operation["requestBody"]["content"]["application/json"]["schema"]
    assert shown == {"$ref": "#/components/schemas/Body"}
    assert sorted(operation["responses"]) == ["202", "4XX"]
    schemas = document["components"]["schemas"]
    referred = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred == set(schemas) == {"Accepted", "Body", "Failure", "Mailbox"}
    judge = Draft202012Validator({**document, "$ref": "#/components/schemas/Body"})
    for case in cases():
        assert judge.is_valid(case.body) is DOCUMENT.is_valid(case.body)
    assert CLIENT.get("/docs").status_code == 200


DOCUMENT: Final = Draft202012Validator(load_schema())
