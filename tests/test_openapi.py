"""The OpenAPI document is valid, complete, and gives the same verdicts as the schema documents."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from _generate.documents import TYPE_NAMES
from _generate.openapi import EXAMPLES
from golden import cases
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from vendor import BULK

from mailbox_schema import FIELDS, __version__, load_schema
from mailbox_schema.schema import schema_names
from mailbox_schema.strategies import (
    VALID_DOMAINS,
    VALID_EMAILS,
    any_text,
    bodies,
    broken_bodies,
    doubtful_bodies,
    edited,
)

OPENAPI: Final = load_schema("openapi")


def test_the_document_is_valid() -> None:
    judge = pytest.importorskip(
        "openapi_spec_validator",
        reason="openapi-spec-validator is not here (it needs jsonschema 4.26)",
        exc_type=ImportError,
    )
    assert list(judge.OpenAPIV31SpecValidator(OPENAPI).iter_errors()) == []
    assert OPENAPI["info"]["version"] == __version__


def test_every_answer_has_a_component() -> None:
    answers = {name for name in schema_names() if name.startswith("responses/")}
    assert set(TYPE_NAMES) == {"request", *answers} == set(EXAMPLES)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_references_stay_inside_the_document_and_every_component_is_used() -> None:
    referred = {tuple(reference.split("/")) for reference in references(OPENAPI)}
    components = {
        ("#", "components", kind, name)
        for kind in ("schemas", "examples", "responses")
        for name in OPENAPI["components"][kind]
    }
    assert referred == components


def test_the_answers_are_those_that_the_vendor_documents() -> None:
    assert {
        (path.removeprefix(BULK), method): list(operation["responses"])
        for path, operations in OPENAPI["paths"].items()
        for method, operation in operations.items()
    } == {
        ("", "post"): ["202", "400", "401", "404", "409", "500"],
        ("/{batch_id}/summary", "get"): ["200", "401", "404", "500"],
    }


def validator_of(component: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{component}", **OPENAPI})


@pytest.mark.parametrize("name", ["NotBlank", "Email", "Domain"])
def test_a_field_is_a_reference_with_null_as_its_alternative(name: str) -> None:
    """Generators of code read a component whole, and ignore what is next to a reference."""
    schemas = OPENAPI["components"]["schemas"]
    reference = {"$ref": f"#/components/schemas/{name}"}
    rule = {"NotBlank": "not-blank", "Email": "email", "Domain": "domain"}[name]
    assert schemas[name]["type"] == "string"
    for field in FIELDS.values():
        if field.rule == rule:
            stated = schemas["Mailbox"]["properties"][field.name]
            shown = {key: stated[key] for key in stated if key not in {"title", "description", "writeOnly"}}
            assert shown == (reference if field.required else {"anyOf": [reference, {"type": "null"}]})


BODY: Final = validator_of("Body"), Draft202012Validator(load_schema())


@given(doubtful_bodies() | bodies() | broken_bodies().map(lambda broken: broken.body))
def test_a_component_accepts_what_its_document_accepts(body: object) -> None:
    component, document = BODY
    assert component.is_valid(body) is document.is_valid(body)


COMPONENTS: Final = {"email": validator_of("Email"), "domain": validator_of("Domain")}
DEFINITIONS: Final = load_schema()["$defs"]


@pytest.mark.parametrize("name", ["email", "domain"])
@given(data=st.data())
def test_the_stronger_pattern_of_a_component_changes_no_verdict(name: str, data: st.DataObject) -> None:
    valid = st.sampled_from({"email": VALID_EMAILS, "domain": VALID_DOMAINS}[name])
    text = data.draw(edited(edited(edited(valid))) | any_text())
    assert COMPONENTS[name].is_valid(text) is Draft202012Validator(DEFINITIONS[name]).is_valid(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        *(("a@b\u3002com", True), ("a@\uff0ecom", True), ("a@b.c\uff61d", True), ("a@b", False)),
        *(("a b@c.com", False), ("a.@b.com", False), ("a@b..com", False), ("a@b_c.com", False)),
    ],
)
def test_the_pattern_of_an_address_alone_refuses_the_common_mistakes(text: str, verdict: bool) -> None:
    pattern = OPENAPI["components"]["schemas"]["Email"]["pattern"]
    assert (re.search(pattern, text) is not None) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        *(("b.com", True), ("a-b.c-d.com", True), ("\xfc.example", True), ("b", False), ("b.com.", False)),
        *(("https://b.com", False), ("b_c.com", False), ("-b.com", False), ("b-.com", False)),
    ],
)
def test_the_pattern_of_a_domain_alone_refuses_the_common_mistakes(text: str, verdict: bool) -> None:
    pattern = OPENAPI["components"]["schemas"]["Domain"]["pattern"]
    assert (re.search(pattern, text) is not None) is verdict


def test_a_component_agrees_with_its_document_on_the_examples_and_golden_cases() -> None:
    component, document = BODY
    for case in cases():
        assert component.is_valid(case.body) is document.is_valid(case.body)
    for name, examples in EXAMPLES.items():
        for example in examples:
            validator_of(TYPE_NAMES[name]).validate(OPENAPI["components"]["examples"][example]["value"])
