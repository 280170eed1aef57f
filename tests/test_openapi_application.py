"""The OpenAPI document describes an application that answers by our own rules.

schemathesis sends requests drawn from the document: the valid ones have to be accepted, the others refused,
and every answer has to be as described.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from vendor import API_KEY, BULK, application

from mailbox_schema import FIELDS, Violation, load_schema, parse_failure
from mailbox_schema.contract import BODY_KEYS, WAIT_TIMES
from mailbox_schema.strategies import VALID_DOMAINS, VALID_EMAILS
from mailbox_schema.values import as_array, as_integer, as_object

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not here (it needs Python 3.11)")


def drawn_document() -> dict[str, Any]:
    """Return the document as schemathesis can draw from it.

    It can't draw addresses from their patterns and falls back to the examples every time. So the patterns are
    removed, and the two definitions get a format that it has a strategy for.
    """
    document = load_schema("openapi")
    for name, values in (("Email", VALID_EMAILS), ("Domain", VALID_DOMAINS)):
        schemathesis.openapi.format(f"mailbox-schema-{name}", st.sampled_from(values))
        document["components"]["schemas"][name]["format"] = f"mailbox-schema-{name}"
    document["components"]["examples"] = {}
    del document["paths"][BULK]["post"]["requestBody"]["content"]["application/json"]["examples"]
    return document


API: Final = schemathesis.openapi.from_dict(drawn_document())
API.app = application()
TAKEN: Final[list[Any]] = []
REFUSED: Final[list[Violation]] = []


@API.auth()
class Key:
    def get(self, _case: Any, _context: Any) -> str:
        return API_KEY

    def set(self, case: Any, key: str, _context: Any) -> None:
        case.headers = {**(case.headers or {}), "x-api-key": key}


def is_unspoken(body: object) -> bool:
    """Return whether a body has a mistake that JSON Schema can't express: see test_agreement.py."""
    mailboxes = as_array((as_object(body, ("mailboxes",)) or {}).get("mailboxes")) or ()
    return any(map(is_out_of_order, mailboxes))


def is_out_of_order(mailbox: object) -> bool:
    times = as_object(mailbox, WAIT_TIMES) or {}
    first, second = (as_integer(times.get(name)) for name in WAIT_TIMES)
    return first is not None and second is not None and first >= second


@pytest.fixture(scope="module", autouse=True)
def something_was_asked() -> Iterator[None]:
    """Check that every field was refused at least once, and bodies of many kinds were accepted."""
    yield
    if TAKEN:
        assert {violation.field for violation in REFUSED} >= {*FIELDS, *BODY_KEYS, None}
        assert {name for body in TAKEN for mailbox in body["mailboxes"] for name in mailbox} >= set(FIELDS)


@API.parametrize()  # type: ignore[untyped-decorator]  # schemathesis may be missing, so mypy can't see it
@settings(suppress_health_check=list(HealthCheck))
def test_the_application_answers_as_documented(case: Any) -> None:
    assume(not is_unspoken(case.body))
    response = case.call()
    case.validate_response(response)
    if response.status_code == 202:
        TAKEN.append(case.body)
    if response.status_code == 400:
        REFUSED.extend(parse_failure(json.loads(response.content)))
