"""The pydantic models decide as the rules do, with one error for each violation, and have the document's schema."""

import copy
import json
import pickle
import subprocess
import sys
from typing import Annotated, Any, Final

import pytest
from golden import VENDOR_FULL, VENDOR_REQUIRED, body, cases, mailbox
from hypothesis import given
from jsonschema import Draft202012Validator
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError, WrapValidator, model_validator

from mailbox_schema import FIELDS, Violation, is_valid, iter_mailbox_violations, iter_violations, load_schema
from mailbox_schema.pydantic import Body, Mailbox, SafeModel, hide_inputs
from mailbox_schema.strategies import (
    BrokenBody,
    bodies,
    broken_bodies,
    doubtful_bodies,
    doubtful_mailboxes,
    mailboxes,
)

PASSWORD: Final = "not-a-real-password"


def errors(model: Any, value: object) -> list[Any]:
    """Return the errors of a value; none if it is valid."""
    try:
        TypeAdapter(model).validate_python(value)
    except ValidationError as error:
        return error.errors()
    return []


def lines(value: object) -> list[str]:
    return [each["ctx"]["line"] for each in errors(Body, value)]


# The verdict


def expected(value: object) -> list[Violation]:
    """Return the violations; of too many mailboxes only that."""
    violations = list(iter_violations(value))
    too_many = violations and violations[0].index is None and violations[0].reason == "above"
    return violations[:1] if too_many else violations


@given(doubtful_bodies())
def test_the_verdict_and_the_lines_are_those_of_the_rules(value: Any) -> None:
    assert lines(value) == [str(violation) for violation in expected(value)]
    assert (errors(Body, value) == []) is is_valid(value)


@given(broken_bodies())
def test_a_broken_body_has_an_error_for_each_violation(broken: BrokenBody) -> None:
    assert lines(broken.body) == [str(violation) for violation in broken.violations]


@given(bodies())
def test_a_valid_body_is_returned_without_what_is_absent(value: Any) -> None:
    given_only = {
        "mailboxes": [
            {name: each for name, each in item.items() if each is not None} for item in value["mailboxes"]
        ]
    }
    types = value.get("completion_notification_types")
    returned = Body.model_validate(value).to_body()
    assert returned == given_only | ({} if types is None else {"completion_notification_types": types})
    assert {type(item["smtp_port"]) for item in returned["mailboxes"]} == {int}


@given(doubtful_mailboxes() | mailboxes())
def test_a_mailbox_alone_has_the_errors_of_its_fields(value: Any) -> None:
    violations = list(iter_mailbox_violations(value))
    assert errors(Mailbox, value) == [
        {
            "type": f"mailbox_schema.{violation.rule}",
            "loc": () if violation.field is None else (violation.field,),
            "msg": violation.message,
            "input": "(not shown)",
            "ctx": {"reason": violation.reason, "hint": violation.hint},
        }
        for violation in violations
    ]
    found = errors(list[Mailbox], [value, value])
    assert [each["loc"][0] for each in found] == [0] * len(violations) + [1] * len(violations)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.description)
def test_a_golden_case_has_its_lines(case: Any) -> None:
    assert lines(case.body) == list(map(str, expected(case.body)))


def test_an_error_has_the_place_the_rule_and_the_message() -> None:
    value = {
        "mailboxes": [mailbox(), mailbox(smtp_port="465", bcc="x"), None],
        "completion_notification_types": ["SMS"],
    }
    assert errors(Body, value) == [
        {
            "type": "mailbox_schema.port",
            "loc": ("mailboxes", 1, "smtp_port"),
            "msg": "must be provided and in range <1,65535>",
            "input": "(not shown)",
            "ctx": {
                "reason": "type",
                "hint": "write the number without quotes",
                "line": "mailbox[1].smtp_port must be provided and in range <1,65535>",
            },
        },
        {
            "type": "mailbox_schema.email",
            "loc": ("mailboxes", 1, "bcc"),
            "msg": "if provided must be a valid email address",
            "input": "(not shown)",
            "ctx": {
                "reason": "at-sign",
                "hint": "the `@` is missing",
                "line": "mailbox[1].bcc if provided must be a valid email address",
            },
        },
        {
            "type": "mailbox_schema.mailbox-object",
            "loc": ("mailboxes", 2),
            "msg": "must be an object",
            "input": "(not shown)",
            "ctx": {
                "reason": "null",
                "hint": "remove the empty item",
                "line": "mailbox[2] must be an object",
            },
        },
        {
            "type": "mailbox_schema.notification-types",
            "loc": ("completion_notification_types",),
            "msg": "if provided must contain only MAIL and IN_APP",
            "input": "(not shown)",
            "ctx": {
                "reason": "unknown",
                "hint": None,
                "line": "completion_notification_types if provided must contain only MAIL and IN_APP",
            },
        },
    ]
    assert errors(Body, [])[0]["loc"] == ()


def test_the_text_of_an_error_has_no_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Body.model_validate(body(smtp_port=True, smtp_password=12345678))
    assert str(caught.value) == (
        "2 validation errors for Body\n"
        "mailboxes.0.smtp_password\n"
        "  must not be blank [type=mailbox_schema.not-blank]\n"
        "mailboxes.0.smtp_port\n"
        "  must be provided and in range <1,65535> [type=mailbox_schema.port]"
    )


@pytest.mark.parametrize(("port", "valid"), [(465, True), (465.0, True), ("465", False), (True, False)])
def test_no_value_is_coerced(port: object, valid: bool) -> None:
    assert (errors(Body, body(smtp_port=port)) == []) is valid
    assert (errors(Mailbox, mailbox(smtp_port=port)) == []) is valid
    text = json.dumps(body(smtp_port=port))
    if valid:
        read = Body.model_validate_json(text).mailboxes[0].smtp_port
        assert (read, type(read)) == (465, int)
    else:
        with pytest.raises(ValidationError):
            Body.model_validate_json(text)


def test_null_counts_as_absent_and_unknown_keys_are_ignored() -> None:
    read = Mailbox.model_validate(mailbox(bcc=None, color="blue"))
    assert read.bcc is None
    assert read.to_mailbox() == mailbox()


def test_a_lone_surrogate_is_kept() -> None:
    read = Mailbox.model_validate(mailbox(smtp_password="\ud800", footer="\udfff"))
    assert read.to_mailbox() == mailbox(smtp_password="\ud800", footer="\udfff")


def test_a_hint_may_be_about_an_unknown_key() -> None:
    (error,) = errors(Mailbox, mailbox(smtp_port=..., smtp_prot=465))
    (violation,) = iter_mailbox_violations(mailbox(smtp_port=..., smtp_prot=465))
    assert error["ctx"]["hint"] == violation.hint is not None


# Instances


def test_fields_are_typed_as_in_the_contract() -> None:
    read = Mailbox.model_validate(VENDOR_FULL["mailboxes"][0])
    assert list(Mailbox.model_fields) == list(FIELDS)
    for field in FIELDS.values():
        kind: type[object] = SecretStr if field.secret else {"string": str, "integer": int}[field.type]
        assert type(getattr(read, field.name)) is kind
        assert Mailbox.model_fields[field.name].is_required() is field.required


def test_a_mailbox_is_made_from_keywords_and_from_secrets() -> None:
    secrets = {name: SecretStr(PASSWORD) for name in ("smtp_login", "smtp_password", "imap_password")}
    made = Mailbox(**mailbox(**secrets))
    same = Mailbox(**mailbox(**dict.fromkeys(secrets, PASSWORD)))
    assert made == same
    assert hash(made) == hash(same)
    assert made.to_mailbox() == mailbox(**dict.fromkeys(secrets, PASSWORD))
    assert Body(mailboxes=[made]).to_body() == {"mailboxes": [made.to_mailbox()]}
    assert Body(mailboxes=[made]).mailboxes[0] is made
    assert errors(Body, {"mailboxes": [mailbox(**secrets), mailbox(smtp_password=SecretStr(" "))]}) == errors(
        Body, {"mailboxes": [mailbox(), mailbox(smtp_password=" ")]}
    )
    # Only where a secret belongs.
    assert [each["loc"] for each in errors(Mailbox, mailbox(footer=SecretStr("x")))] == [("footer",)]


def test_an_instance_is_taken_as_it_is() -> None:
    read = Body.model_validate(VENDOR_FULL)
    assert Body.model_validate(read) is read
    assert Mailbox.model_validate(read.mailboxes[0]) is read.mailboxes[0]


def test_an_instance_stays_valid() -> None:
    read = Mailbox.model_validate(mailbox())
    with pytest.raises(ValidationError) as caught:
        read.smtp_password = SecretStr(PASSWORD)
    assert caught.value.errors() == [
        {
            "type": "frozen_instance",
            "loc": ("smtp_password",),
            "msg": "Instance is frozen",
            "input": "(not shown)",
        }
    ]
    changed = read.model_copy(update={"smtp_port": 587, "smtp_password": PASSWORD})
    assert changed.to_mailbox() == mailbox(smtp_port=587, smtp_password=PASSWORD)
    with pytest.raises(ValidationError):
        read.model_copy(update={"smtp_port": 0})
    assert Body(mailboxes=[read]).model_copy() == Body(mailboxes=[read])


def test_an_instance_that_was_not_validated_is_validated_in_a_body() -> None:
    unchecked = [Mailbox.model_construct(**mailbox(smtp_port=0)), Mailbox.model_construct()]
    expected_lines = [str(v) for v in iter_violations({"mailboxes": [mailbox(smtp_port=0), {}]})]
    assert lines({"mailboxes": unchecked}) == expected_lines


def test_dumps_mask_secrets_and_to_body_has_them() -> None:
    read = Body.model_validate(VENDOR_FULL)
    masked = dict.fromkeys(("smtp_login", "smtp_password", "imap_password"), "**********")
    dumped = {**VENDOR_FULL, "mailboxes": [VENDOR_FULL["mailboxes"][0] | masked]}
    assert read.model_dump(mode="json") == json.loads(read.model_dump_json()) == dumped
    assert read.model_dump()["mailboxes"][0]["smtp_login"] == SecretStr("smtp-username")
    assert read.to_body() == VENDOR_FULL
    assert repr(Body.model_validate(VENDOR_REQUIRED).mailboxes[0]) == (
        "Mailbox(smtp_email='jared@getpiedpiper.com', smtp_login=None, smtp_password=SecretStr('**********'), "
        "smtp_server='smtp.server.io', smtp_port=465, smtp_from_name=None, imap_email='jared@getpiedpiper.com', "
        "imap_password=SecretStr('**********'), imap_server='imap.server.io', imap_port=993, footer=None, bcc=None, "
        "open_tracking_domain=None, click_tracking_domain=None, unsubscribe_tracking_domain=None, "
        "sending_wait_time_from=None, sending_wait_time_to=None, daily_sending_limit=None)"
    )


def test_an_instance_can_be_copied_and_pickled() -> None:
    read = Body.model_validate(VENDOR_FULL)
    for each in (copy.copy(read), copy.deepcopy(read), pickle.loads(pickle.dumps(read))):  # noqa: S301  # made here
        assert each == read


class Labeled(Mailbox):
    label: str

    @model_validator(mode="after")
    def check_label(self) -> "Labeled":
        if self.label == "bad":
            raise ValueError("bad label")
        return self


class LabeledBody(Body):
    mailboxes: list[Labeled]  # type: ignore[assignment]  # a list's items can't change their type, a model's can


def test_a_derived_model_may_have_more_fields() -> None:
    read = LabeledBody.model_validate(body(label="sales"))
    assert read.mailboxes[0].label == "sales"
    assert read.to_body() == body()
    assert [each["loc"] for each in errors(LabeledBody, body())] == [("mailboxes", 0, "label")]
    assert errors(Labeled, mailbox(label="bad"))[0]["msg"] == "Value error, bad label"
    assert Labeled.model_json_schema()["properties"]["label"] == {"title": "Label", "type": "string"}
    assert "label" in Labeled.model_json_schema()["required"]


# The schema


def test_the_schema_is_valid_and_complete() -> None:
    schema = Body.model_json_schema()
    Draft202012Validator.check_schema(schema)
    document = load_schema()
    assert sorted(schema["$defs"]) == ["Mailbox"]
    defined = schema["$defs"]["Mailbox"]
    assert list(defined["properties"]) == list(FIELDS)
    assert defined["required"] == document["$defs"]["mailbox"]["required"]
    for name, stated in document["$defs"]["mailbox"]["properties"].items():
        assert defined["properties"][name]["description"] == stated["description"]
    assert Mailbox.model_json_schema() == defined
    assert Body.model_json_schema(mode="serialization") == schema


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.description)
def test_the_schema_decides_as_the_document_does(case: Any) -> None:
    assert BODY_SCHEMA.is_valid(case.body) is DOCUMENT.is_valid(case.body)


BODY_SCHEMA: Final = Draft202012Validator(Body.model_json_schema())
DOCUMENT: Final = Draft202012Validator(load_schema())


# Models, lists and unions around


class Customer(BaseModel):
    name: str
    mailbox: Mailbox
    others: list[Mailbox] = []
    either: Mailbox | int = 0


class SafeCustomer(SafeModel):
    name: str
    mailbox: Mailbox | int
    others: dict[str, Mailbox]


def test_a_model_around_keeps_the_place_and_hides_the_input() -> None:
    wrong = mailbox(smtp_port=0, smtp_password=PASSWORD)
    found = errors(Customer, {"name": "x", "mailbox": wrong, "others": [wrong]})
    assert [each["loc"] for each in found] == [("mailbox", "smtp_port"), ("others", 0, "smtp_port")]
    assert {each["input"] for each in found} == {"(not shown)"}


def test_a_safe_model_hides_the_input_of_every_error() -> None:
    found = errors(
        SafeCustomer, {"mailbox": mailbox(smtp_port=0, smtp_password=PASSWORD), "others": PASSWORD}
    )
    assert [(each["type"], each["loc"], each["input"]) for each in found] == [
        ("missing", ("name",), "(not shown)"),
        ("mailbox_schema.port", ("mailbox", "function-wrap[hide_inputs()]", "smtp_port"), "(not shown)"),
        ("int_type", ("mailbox", "int"), "(not shown)"),
        ("dict_type", ("others",), "(not shown)"),
    ]


def test_an_annotation_hides_the_input_of_a_union() -> None:
    kind = Annotated[Mailbox | int, WrapValidator(hide_inputs)]
    found = errors(kind, mailbox(smtp_port=0, smtp_password=PASSWORD))
    assert [(each["type"], each["input"]) for each in found] == [
        ("mailbox_schema.port", "(not shown)"),
        ("int_type", "(not shown)"),
    ]
    assert errors(kind, 5) == []


@pytest.mark.parametrize("model", [Body, Mailbox, SafeCustomer])
def test_text_that_is_not_json_is_not_quoted(model: type[SafeModel]) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json('{"smtp_password": "not-a-real-password')
    (error,) = caught.value.errors()
    assert (error["type"], error["input"]) == ("json_invalid", "(not shown)")
    assert PASSWORD not in str(caught.value) + caught.value.json()


def test_pydantic_is_loaded_for_the_models_only() -> None:
    script = (
        "import sys, mailbox_schema as m; m.is_valid({}), m.load_schema();"
        "from mailbox_schema import forms; print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)  # noqa: S603  # our own script
    assert done.stdout == "False\n"


def test_a_model_in_place_of_a_mailbox_or_body_gets_a_hint_that_keeps_the_passwords() -> None:
    made = Body.model_validate(body())
    for value, hint in (
        (made, "pass its `.to_body()`"),
        ({"mailboxes": made.mailboxes}, "pass its `.to_mailbox()`"),
    ):
        assert [violation.hint for violation in iter_violations(value)] == [hint]
