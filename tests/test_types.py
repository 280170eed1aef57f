"""The types have the keys and types of every document, and a type checker can use them."""

import runpy
import sys
import types
import typing
from typing import Any, Literal

import pytest
from _generate.documents import TYPE_NAMES
from typing_extensions import is_typeddict

from mailbox_schema import failure_response, is_valid, iter_violations, load_schema
from mailbox_schema import types as declared
from mailbox_schema.types import AcceptedBody, Body, FailureBody, Mailbox, SummaryBody

JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "null": type(None)}
MAILBOX = load_schema()["$defs"]["mailbox"]
DOCUMENTS = {name: load_schema(document) for document, name in TYPE_NAMES.items()} | {"Mailbox": MAILBOX}


def stated(schema: dict[str, Any]) -> Any:
    """Return the type that a schema states."""
    if schema == {"$ref": "#/$defs/mailbox"}:
        return Mailbox
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    if "anyOf" in schema:
        return typing.Union[tuple(map(stated, schema["anyOf"]))]  # noqa: UP007  # | doesn't accept a tuple
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    members = [list_of(schema) if name == "array" else JSON_TYPES[name] for name in names]
    return typing.Union[tuple(members)]  # noqa: UP007  # | doesn't accept a tuple


def list_of(schema: dict[str, Any]) -> Any:
    return types.GenericAlias(list, (stated(schema["items"]) if schema["items"] else Any,))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_type_has_the_keys_and_types_of_its_document(name: str) -> None:
    declared_type, document = getattr(declared, name), DOCUMENTS[name]
    assert typing.get_type_hints(declared_type) == {
        key: stated(schema) for key, schema in document["properties"].items()
    }
    assert declared_type.__required_keys__ == set(document["required"])
    assert declared_type.__optional_keys__ == document["properties"].keys() - set(document["required"])


def test_every_document_has_a_type() -> None:
    public = {name for name, value in vars(declared).items() if is_typeddict(value) and name[0] != "_"}
    assert public == {*DOCUMENTS, "ViolationJson"}


def test_the_types_need_no_other_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typing_extensions", None)
    assert typing.is_typeddict(runpy.run_path(declared.__file__)["Body"])


def test_a_type_checker_accepts_valid_code() -> None:
    """A type checker, mypy, checks this file, and accepts it."""
    mailbox: Mailbox = {
        "smtp_email": "jared@getpiedpiper.com",
        "smtp_password": "not-a-real-password",
        "smtp_server": "smtp.server.io",
        "smtp_port": 465,
        "imap_email": "jared@getpiedpiper.com",
        "imap_password": "not-a-real-password",
        "imap_server": "imap.server.io",
        "imap_port": 993,
    }
    mailbox["smtp_login"] = None
    mailbox["sending_wait_time_from"] = 10
    body: Body = {"mailboxes": [mailbox | {"sending_wait_time_to": 20}]}
    assert is_valid(body)
    body["completion_notification_types"] = ["MAIL", "IN_APP"]
    body["completion_notification_types"] = None
    limit: int | None = mailbox.get("daily_sending_limit")
    assert limit is None
    accepted: AcceptedBody = {"batch_id": "123456"}
    batch_id: int | str = accepted["batch_id"]
    assert batch_id == "123456"


def test_a_type_checker_refuses_each_mistake() -> None:
    """A type checker, mypy, reports an ignored error that doesn't occur."""
    first: Mailbox = {"smtp_email": "jared@getpiedpiper.com"}  # type: ignore[typeddict-item]  # required ones are missing
    first["smtp_prot"] = 465  # type: ignore[typeddict-unknown-key]  # a typing error
    first["smtp_port"] = "465"  # type: ignore[typeddict-item]  # a string
    first["imap_password"] = None  # type: ignore[typeddict-item]  # required ones are never null
    first["footer"] = 3  # type: ignore[typeddict-item]  # a number
    second: Body = {"mailboxes": first}  # type: ignore[typeddict-item]  # no array
    second["completion_notification_types"] = ["SMS"]  # type: ignore[list-item]  # no such type
    assert not is_valid(second)
    failure: FailureBody = {"code": "Conflict", "details": []}  # type: ignore[typeddict-item]  # a conflict's
    failure["details"] = [str(v) for v in iter_violations(second)]
    assert failure["details"] == failure_response(iter_violations(second))["details"]
    summary: SummaryBody = {}  # type: ignore[typeddict-item]  # everything is missing
    summary["batch_size"] = "3"  # type: ignore[typeddict-item]  # a string
    assert dict(summary) == {"batch_size": "3"}
