"""Every edition of the request schema gives the same verdict as the original."""

from copy import deepcopy
from typing import Any

import pytest
from _generate.documents import identify
from _generate.editions import EDITIONS
from golden import Case, cases
from hypothesis import given
from jsonschema import Draft7Validator, Draft202012Validator

from mailbox_schema import FIELDS, load_schema
from mailbox_schema.contract import BODY_KEYS
from mailbox_schema.strategies import BrokenBody, bodies, broken_bodies, doubtful_bodies

REQUEST = Draft202012Validator(load_schema())
DRAFT_07 = Draft7Validator(load_schema("request-draft-07"))
STRICT = Draft7Validator(load_schema("request-strict"))
EDITOR = Draft7Validator(load_schema("request-editor"))


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_names_itself(name: str) -> None:
    assert load_schema(name)["$id"] == identify(name)


@pytest.mark.parametrize("name", [name for name in EDITIONS if name != "request-ajv-errors"])
def test_an_edition_passes_the_metaschema_that_it_names(name: str) -> None:
    edition = load_schema(name)
    assert edition["$schema"] == Draft7Validator.META_SCHEMA["$id"]
    Draft7Validator.check_schema(edition)


def test_the_edition_for_ajv_errors_names_no_metaschema_because_of_data_alone() -> None:
    edition = load_schema("request-ajv-errors")
    assert "$schema" not in edition
    mailbox = edition["properties"]["mailboxes"].pop("items")
    Draft7Validator.check_schema(edition)
    errors = Draft7Validator(Draft7Validator.META_SCHEMA).iter_errors(mailbox)
    assert [error.instance for error in errors] == [{"$data": "1/sending_wait_time_to"}] * 2


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.group}: {case.description}")
def test_editions_agree_on_the_golden_cases(case: Case) -> None:
    verdict = REQUEST.is_valid(case.body)
    known = has_only_known_keys(case.body)
    verdicts = [validator.is_valid(case.body) for validator in (DRAFT_07, STRICT, EDITOR)]
    assert verdicts == [verdict, verdict and known, verdict and known]


@given(doubtful_bodies())
def test_editions_agree_near_every_edge(doubtful: Any) -> None:
    verdict = REQUEST.is_valid(doubtful)
    known = has_only_known_keys(doubtful)
    verdicts = [validator.is_valid(doubtful) for validator in (DRAFT_07, STRICT, EDITOR)]
    assert verdicts == [verdict, verdict and known, verdict and known]


@given(bodies())
def test_every_edition_accepts_valid_bodies(body: dict[str, Any]) -> None:
    assert [validator.is_valid(body) for validator in (DRAFT_07, STRICT, EDITOR)] == [True, True, True]


@given(broken_bodies())
def test_every_edition_refuses_what_the_document_refuses(broken: BrokenBody) -> None:
    verdict = REQUEST.is_valid(broken.body)
    assert [validator.is_valid(broken.body) for validator in (DRAFT_07, STRICT, EDITOR)] == [verdict] * 3


def test_a_file_may_name_its_schema() -> None:
    body = load_schema()["examples"][0]
    assert STRICT.is_valid({"$schema": "request-strict.schema.json", **body})
    assert not STRICT.is_valid({"$schema": 1, **body})
    misspelled = deepcopy(body)
    misspelled["mailboxes"][0]["daily_sending_limt"] = 1
    assert DRAFT_07.is_valid(misspelled)
    assert not STRICT.is_valid(misspelled)


def has_only_known_keys(body: Any) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("mailboxes"), list):
        return True
    mailboxes = [mailbox for mailbox in body["mailboxes"] if isinstance(mailbox, dict)]
    return set(body) <= {*BODY_KEYS, "$schema"} and all(set(mailbox) <= set(FIELDS) for mailbox in mailboxes)
