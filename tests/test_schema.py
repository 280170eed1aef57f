"""The JSON Schema document is standard, exact in ASCII, and loaded anew each time."""

import json
import re
from pathlib import Path

import pytest
from golden import VENDOR_FULL, VENDOR_REQUIRED, cases
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mailbox_schema import load_schema, schema
from mailbox_schema.strategies import VALID_DOMAINS, VALID_EMAILS, any_text, edited
from mailbox_schema.values import is_blank, is_domain, is_email

DOCUMENT = Path(__file__).parent.parent / "schemas" / "request.schema.json"


def test_the_document_passes_its_metaschema() -> None:
    Draft202012Validator.check_schema(load_schema())


def test_the_examples_are_the_vendors() -> None:
    assert load_schema()["examples"] == [VENDOR_FULL, VENDOR_REQUIRED]


def test_each_load_returns_a_new_document() -> None:
    load_schema()["title"] = "changed"
    assert load_schema() == json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert schema.schema_text() == DOCUMENT.read_text(encoding="utf-8")


def test_an_unknown_name_is_a_value_error_that_lists_the_known_ones() -> None:
    for name in ("../request", "", "Request"):
        with pytest.raises(
            ValueError, match=rf"\Aunknown schema '{name}'; available: {', '.join(schema.schema_names())}\Z"
        ):
            load_schema(name)


def test_documents_are_found_in_the_package_or_next_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside, next_to_it = tmp_path / "package" / "schemas", tmp_path / "schemas"
    monkeypatch.setattr(schema, "_FOLDERS", (inside, next_to_it))
    with pytest.raises(
        FileNotFoundError, match=r"\Athe schema documents are missing from this installation\Z"
    ):
        load_schema()
    next_to_it.mkdir()
    (next_to_it / "other.schema.json").write_text('{"title": "next to it"}', encoding="utf-8")
    assert schema.schema_names() == ["other"]
    inside.mkdir(parents=True)
    assert schema.schema_names() == ["other"]
    (inside / "other.schema.json").write_text('{"title": "inside"}', encoding="utf-8")
    assert load_schema("other") == {"title": "inside"}


def test_a_document_is_named_by_its_folder_and_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(schema, "_FOLDERS", (tmp_path,))
    for path in ("a.schema.json", "b.json", "responses/c.schema.json", "notes.md", "npm/package.json"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("{}", encoding="utf-8")
    assert schema.schema_names() == ["a", "b", "responses/c"]


def test_the_document_has_only_standard_keywords() -> None:
    """A strict validator refuses to compile a keyword it doesn't know."""
    known = {
        "$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "examples", "type", "required",
        "properties", "items", "enum", "minItems", "maxItems", "minimum", "maximum", "maxLength", "pattern",
        "writeOnly", "allOf", "not",
    }  # fmt: skip

    def check(subschema: dict[str, object]) -> None:
        assert set(subschema) <= known
        for keyword, value in subschema.items():
            if keyword in {"properties", "$defs"}:
                assert isinstance(value, dict)
                for inner in value.values():
                    check(inner)
            elif keyword in {"items", "not"}:
                assert isinstance(value, dict)
                check(value)
            elif keyword == "allOf":
                assert isinstance(value, list)
                for inner in value:
                    check(inner)

    check(load_schema())


def test_the_document_refers_to_nothing_outside_itself() -> None:
    references = set(re.findall(r'"\$ref": "([^"]*)"', DOCUMENT.read_text(encoding="utf-8")))
    assert references == {f"#/$defs/{name}" for name in load_schema()["$defs"]}


# The patterns alone, as validators in other languages have them.

DEFINITIONS = {name: Draft202012Validator(definition) for name, definition in load_schema()["$defs"].items()}


@given(any_text() | st.characters(codec="utf-8"))
def test_the_pattern_of_not_blank_is_exact(text: str) -> None:
    assert DEFINITIONS["notBlank"].is_valid(text) is not is_blank(text)


def has_a_label(text: str) -> bool:
    return "xn--" in text.lower()


@given(edited(edited(st.sampled_from(VALID_EMAILS))))
@example("jared@getpiedpiper.com\n")
@example("jared@1.2")
@example("jared@Xa--b.com")
def test_the_patterns_of_an_email_are_exact_for_ascii_and_accept_every_valid_one(text: str) -> None:
    taken = DEFINITIONS["email"].is_valid(text)
    assert taken or not is_email(text)
    if text.isascii() and not has_a_label(text):
        assert taken is is_email(text)


@given(edited(edited(st.sampled_from(VALID_DOMAINS))))
@example("open-domain.com\n")
@example("a.b-\n")
def test_the_patterns_of_a_domain_are_exact_for_ascii_and_accept_every_valid_one(text: str) -> None:
    taken = DEFINITIONS["domain"].is_valid(text)
    assert taken or not is_domain(text)
    if text.isascii() and not has_a_label(text):
        assert taken is is_domain(text)


def test_the_patterns_catch_the_common_mistakes() -> None:
    """All golden cases that the patterns let through are listed here."""
    let_through = []
    for case in cases():
        if case.group in {"email", "domain"} and case.details:
            mailbox = case.body["mailboxes"][0]
            name, definition = (
                ("bcc", "email") if case.group == "email" else ("open_tracking_domain", "domain")
            )
            if DEFINITIONS[definition].is_valid(mailbox[name]):
                let_through.append(case.description.removeprefix("not valid: "))
    assert let_through == [
        r"bu\u0308cher.example",
        "xn--a.example",
        "xn---bbk.example",
        r"1a.\u05d0\u05d1",
        r"\u05d0a.example",
        r"\ud800.example",
        r"\xfc" * 60 + ".example",
        "jared@xn--a.com",
        r"jared@\ud800.com",
        r"\udfff@example.com",
    ]
