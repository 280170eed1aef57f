"""Generates the editions of the request schema from the hand-written request.schema.json.

- ``request-draft-07``: the same schema in draft-07, for validators and catalogs that don't support a later
  draft.
- ``request-strict``: rejects keys that are not in the contract; in draft-07, which every editor supports.
- ``request-editor``: the strict edition with the API's message for every mistake (:mod:`_generate.editor`).
- ``request-ajv-errors``: for ajv with the ajv-errors plugin; every error message is a complete line of the
  API. It is draft-07 but for ajv's ``$data``.
"""

from collections.abc import Callable, Collection
from copy import deepcopy
from typing import Final

from mailbox_schema import FIELDS
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_OBJECT,
    MAILBOXES,
    WAIT_TIMES,
)

from .documents import COMMAND, Schema, format_json, identify, read_schema
from .editor import adapt_to_editors

# Keywords whose value is a schema, an array of schemas, or an object of schemas.
ONE: Final = ("items", "not", "if", "then", "else")
SEVERAL: Final = ("allOf", "anyOf")
NAMED: Final = ("properties", "$defs", "definitions")

DRAFT_07: Final = "http://json-schema.org/draft-07/schema#"


def generate_edition(name: str) -> str:
    """Return the text of an edition."""
    edition = EDITIONS[name](read_schema("request"))
    head = {
        "$id": identify(name),
        "$comment": f"Generated from request.schema.json: edit that, then run {COMMAND}",
    }
    if "$schema" in edition:
        head = {"$schema": DRAFT_07, **head}
    # The head comes first and overrides what the edition has from the source.
    return format_json({**head, **edition, **head})


def rewrite(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return ``schema`` with ``change`` applied to it and to each schema inside it, innermost first."""
    new = dict(schema)
    for keyword in ONE:
        if keyword in new:
            new[keyword] = rewrite(new[keyword], change)
    for keyword in SEVERAL:
        if keyword in new:
            new[keyword] = [rewrite(inner, change) for inner in new[keyword]]
    for keyword in NAMED:
        if keyword in new:
            new[keyword] = {name: rewrite(inner, change) for name, inner in new[keyword].items()}
    return change(new)


def convert_to_draft_07(document: Schema) -> Schema:
    """Return the document in draft-07, which ignores all keywords next to a ``$ref``."""

    def change(schema: Schema) -> Schema:
        new = {{"$defs": "definitions"}.get(keyword, keyword): value for keyword, value in schema.items()}
        if "$ref" in new:
            reference = {"$ref": new.pop("$ref").replace("#/$defs/", "#/definitions/")}
            new = {**new, "allOf": [reference]} if new else reference
        return new

    return rewrite(document, change)


def reject_unknown_keys(document: Schema) -> Schema:
    """Return the document in draft-07, rejecting unknown keys.

    It allows ``$schema``, which configuration files use to name their schema.
    """
    edition = convert_to_draft_07(document)
    edition["title"] = "Mailboxes to add in bulk"
    edition["description"] = edition["description"].replace(
        "Unknown keys are ignored (I).",
        "Unknown keys are refused here, though we assume that the API ignores them (I).",
    )
    edition["properties"]["$schema"] = {
        "title": "Schema",
        "description": (
            "Where the schema of this file is, for editors. We take it that the API ignores it (I)."
        ),
        "type": "string",
    }
    edition["additionalProperties"] = False
    edition["definitions"]["mailbox"]["additionalProperties"] = False
    return edition


def inline_definitions(document: Schema, names: Collection[str]) -> Schema:
    """Return the document with every reference to a definition in ``names`` replaced by the definition."""
    definitions = document["$defs"]

    def inline(schema: Schema) -> Schema:
        name = schema.get("$ref", "").removeprefix("#/$defs/")
        if name not in names:
            return schema
        siblings = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        return {**rewrite(deepcopy(definitions[name]), inline), **siblings}

    kept = {name: definition for name, definition in definitions.items() if name not in names}
    return rewrite({**document, "$defs": kept}, inline)


def adapt_to_ajv_errors(document: Schema) -> Schema:
    """Return the document in draft-07 with the API's lines in the keywords of ajv-errors.

    A line is a template with a relative JSON Pointer: the index of the mailbox is ``${1#}`` from one of its
    fields and ``${0#}`` from the mailbox itself. Neither these pointers nor ajv-errors look past a ``$ref``,
    so all definitions are inlined. ajv's ``$data`` makes it possible to compare the two wait times. Draft-07
    doesn't allow it, and no metaschema is published that does, so the document doesn't name one.
    """
    edition = inline_definitions(document, document["$defs"])
    del edition["$defs"], edition["$schema"]
    edition["description"] = edition["description"].replace(
        "What JSON Schema can't express: sending_wait_time_from is lower than sending_wait_time_to; and",
        "Needs ajv with the options allErrors and $data, and the plugin ajv-errors; it has no $schema,"
        " because draft-07's metaschema doesn't allow $data. What it can't express:",
    )
    _add_lines(edition)
    return edition


def _add_lines(edition: Schema) -> None:
    count = f"{MAILBOXES.key} {MAILBOXES.message}"
    edition["errorMessage"] = {
        "type": f"body {BODY_OBJECT.message}",
        "required": {MAILBOXES.key: count},
    }
    mailboxes = edition["properties"][MAILBOXES.key]
    mailboxes["errorMessage"] = dict.fromkeys(("type", "minItems", "maxItems"), count)
    types = edition["properties"][COMPLETION_NOTIFICATION_TYPES.key]
    types["errorMessage"] = f"{COMPLETION_NOTIFICATION_TYPES.key} {COMPLETION_NOTIFICATION_TYPES.message}"
    mailbox = mailboxes["items"]
    for name, field in mailbox["properties"].items():
        field["errorMessage"] = _format_line("${1#}", name)
    mailbox["allOf"] = [
        _forbid(unpaired["not"], name) for unpaired, name in zip(mailbox["allOf"], WAIT_TIMES, strict=True)
    ]
    mailbox["allOf"] += [_forbid(_match_not_lower(*WAIT_TIMES), name) for name in WAIT_TIMES]
    mailbox["errorMessage"] = {
        "type": f"mailbox[${{0#}}] {MAILBOX_OBJECT.message}",
        "required": {name: _format_line("${0#}", name) for name in mailbox["required"]},
    }


def _format_line(index: str, name: str) -> str:
    return f"mailbox[{index}].{name} {FIELDS[name].message}"


def _forbid(mistake: Schema, name: str) -> Schema:
    """Return a schema that reports one line for a mistake.

    It uses ``not`` because ajv would report ``if``, ``then`` and the errors inside them separately.
    """
    return {"not": mistake, "errorMessage": {"not": _format_line("${0#}", name)}}


def _match_not_lower(lower: str, higher: str) -> Schema:
    """Return a schema for a mailbox in which ``lower`` is not lower than ``higher``, in range or not."""
    return {
        "type": "object",
        "required": [lower, higher],
        "properties": {
            lower: {"type": "integer", "minimum": {"$data": f"1/{higher}"}},
            higher: {"type": "integer"},
        },
    }


def _adapt_to_editors(document: Schema) -> Schema:
    return adapt_to_editors(
        reject_unknown_keys(inline_definitions(document, {"notBlank", "email", "domain"}))
    )


EDITIONS: Final[dict[str, Callable[[Schema], Schema]]] = {
    "request-draft-07": convert_to_draft_07,
    "request-strict": reject_unknown_keys,
    "request-editor": _adapt_to_editors,
    "request-ajv-errors": adapt_to_ajv_errors,
}
