"""The schema and the rules, two hand-written statements of one contract, agree."""

from typing import Any

import pytest
from golden import Case, cases
from hypothesis import given
from unspoken import WAIT_TIME_ORDER, Unspoken, spoken_violations

from mailbox_schema import FIELDS, MAX_MAILBOXES, iter_violations, load_schema
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_COUNT,
    MAILBOX_OBJECT,
    MAILBOXES,
    NOTIFICATION_TYPES,
)
from mailbox_schema.schema import validator
from mailbox_schema.strategies import bodies, doubtful_bodies

SCHEMA = load_schema()
MAILBOX = SCHEMA["$defs"]["mailbox"]
VALIDATOR = validator()

# 1. Structure.


def test_schema_has_the_fields_in_their_order() -> None:
    assert list(MAILBOX["properties"]) == list(FIELDS)
    assert MAILBOX["required"] == [field.name for field in FIELDS.values() if field.required]
    assert MAILBOX["type"] == "object"


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_has_the_same_type_limits_and_definition(name: str) -> None:
    field, stated = FIELDS[name], MAILBOX["properties"][name]
    expected: dict[str, Any] = {"type": field.type if field.required else [field.type, "null"]}
    if field.secret:
        expected |= {"writeOnly": True}
    if field.limits is not None:
        expected |= {"minimum": field.limits.minimum, "maximum": field.limits.maximum}
    definitions = {"not-blank": "notBlank", "email": "email", "domain": "domain"}
    if field.rule in definitions:
        expected |= {"$ref": f"#/$defs/{definitions[field.rule]}"}
    assert {key: stated[key] for key in stated if key not in {"title", "description"}} == expected


@pytest.mark.parametrize("name", FIELDS)
def test_a_description_ends_with_the_exact_message_and_its_provenance(name: str) -> None:
    field = FIELDS[name]
    description = MAILBOX["properties"][name]["description"]
    assert description.partition(". Message, ")[2] == f"{field.provenance}: {field.message}"


def test_schema_states_the_constraints_on_the_body() -> None:
    mailboxes, types = SCHEMA["properties"].values()
    assert SCHEMA["type"] == "object"
    assert SCHEMA["required"] == [MAILBOXES.key]
    assert list(SCHEMA["properties"]) == [MAILBOXES.key, COMPLETION_NOTIFICATION_TYPES.key]
    assert (mailboxes["minItems"], mailboxes["maxItems"]) == MAILBOX_COUNT == (1, MAX_MAILBOXES)
    assert types["items"] == {"enum": list(NOTIFICATION_TYPES)}
    assert types["type"] == ["array", "null"]
    for stated, row in ((mailboxes, MAILBOXES), (types, COMPLETION_NOTIFICATION_TYPES)):
        message = f"{row.provenance}: {row.key} {row.message}"
        assert stated["description"].partition(". Message, ")[2] == message
    assert MAILBOX["description"].endswith(
        f"{MAILBOX_OBJECT.provenance}: mailbox[<index>] {MAILBOX_OBJECT.message}"
    )
    assert f"not an object, {BODY_OBJECT.provenance}: body {BODY_OBJECT.message}. " in SCHEMA["description"]


# 2. Behavior, and 3. what JSON Schema can't say.


# Our validator decides every address and domain, so one thing is left.
UNSPOKEN = (WAIT_TIME_ORDER,)


@pytest.mark.parametrize("unspoken", UNSPOKEN, ids=lambda unspoken: unspoken.what)
def test_every_exception_has_a_witness(unspoken: Unspoken) -> None:
    violations = list(iter_violations(unspoken.witness))
    assert violations
    assert all(unspoken.recognizes(violation, unspoken.witness) for violation in violations)
    assert VALIDATOR.is_valid(unspoken.witness)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.group}: {case.description}")
def test_schema_and_rules_agree_on_the_golden_cases(case: Case) -> None:
    assert VALIDATOR.is_valid(case.body) is (not spoken_violations(case.body, UNSPOKEN))


@given(bodies())
def test_schema_accepts_what_the_rules_accept(valid: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(valid)


@given(doubtful_bodies())
def test_schema_and_rules_agree(doubtful: Any) -> None:
    assert VALIDATOR.is_valid(doubtful) is (not spoken_violations(doubtful, UNSPOKEN))
