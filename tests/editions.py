"""The editions of the request document, made from the one written by hand.

``python tests/editions.py`` writes them anew; tests/test_editions.py holds them in sync.

- ``request-draft-07``: the same in JSON Schema draft-07, for validators and catalogues that know no later one.
- ``request-strict``: draft-07 too, as every editor knows it; refuses the keys that the contract doesn't name.
- ``request-editor``: the strict one with the API's sentence under a malformed text or a wrong type; the rest is said
  in the editor's own words.
- ``request-ajv-errors``: for ajv with its plugin ajv-errors; every error is a line of the API, whole.
"""

import json
from collections.abc import Callable, Collection
from copy import deepcopy
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from mailbox_schema import FIELDS, load_schema
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_OBJECT,
    MAILBOXES,
    WAIT_TIMES,
)

SCHEMAS: Final = Path(__file__).parent.parent / "schemas"
# Keywords whose value is a schema, an array of schemas, or an object of schemas.
ONE: Final = ("items", "not", "if", "then")
SEVERAL: Final = ("allOf",)
NAMED: Final = ("properties", "$defs", "definitions")

Schema = dict[str, Any]


def rewritten(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return ``schema`` with ``change`` applied to each schema in it, the innermost first."""
    new = dict(schema)
    for keyword in ONE:
        if keyword in new:
            new[keyword] = rewritten(new[keyword], change)
    for keyword in SEVERAL:
        if keyword in new:
            new[keyword] = [rewritten(inner, change) for inner in new[keyword]]
    for keyword in NAMED:
        if keyword in new:
            new[keyword] = {name: rewritten(inner, change) for name, inner in new[keyword].items()}
    return change(new)


def draft_07(document: Schema) -> Schema:
    """Return the document in draft-07, where nothing beside a ``$ref`` counts."""

    def change(schema: Schema) -> Schema:
        new = {{"$defs": "definitions"}.get(keyword, keyword): value for keyword, value in schema.items()}
        if "$ref" in new:
            reference = {"$ref": new.pop("$ref").replace("#/$defs/", "#/definitions/")}
            new = {**new, "allOf": [reference]} if new else reference
        return new

    edition = rewritten(document, change)
    edition["$schema"] = "http://json-schema.org/draft-07/schema#"
    edition["$id"] = "urn:mailbox-schema:request-draft-07"
    return edition


def strict(document: Schema) -> Schema:
    """Return the document, in draft-07, refusing unknown keys; ``$schema`` is how a file names its schema."""
    edition = draft_07(document)
    edition["$id"] = "urn:mailbox-schema:request-strict"
    edition["title"] = "Mailboxes to add in bulk"
    edition["description"] = edition["description"].replace(
        "Unknown keys are ignored (I).",
        "Unknown keys are refused here, though we take it that the API ignores them (I).",
    )
    edition["properties"]["$schema"] = {
        "title": "Schema",
        "description": "Where the schema of this file is, for editors. We take it that the API ignores it (I).",
        "type": "string",
    }
    edition["additionalProperties"] = False
    edition["definitions"]["mailbox"]["additionalProperties"] = False
    return edition


def editor(document: Schema) -> Schema:
    """Return the strict edition with ``errorMessage`` as VS Code's engine, and YAML's built on it, read it.

    They show it under a malformed text or a wrong type, in place of the pattern or the type's name. Which limit
    is passed, and which field is missing, they say in their own words.
    """
    edition = strict(inlined(document, {"notBlank", "email", "domain"}))
    edition["$id"] = "urn:mailbox-schema:request-editor"
    for name, stated in edition["definitions"]["mailbox"]["properties"].items():
        for schema in [stated, *stated.get("allOf", ())]:
            schema["errorMessage"] = FIELDS[name].message
    return edition


def inlined(document: Schema, names: Collection[str]) -> Schema:
    """Return the document with the definitions of ``names`` where they are referred to."""
    definitions = document["$defs"]

    def inline(schema: Schema) -> Schema:
        name = schema.get("$ref", "").removeprefix("#/$defs/")
        if name not in names:
            return schema
        beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        return {**rewritten(deepcopy(definitions[name]), inline), **beside}

    kept = {name: definition for name, definition in definitions.items() if name not in names}
    return rewritten({**document, "$defs": kept}, inline)


def ajv_errors(document: Schema) -> Schema:
    """Return the document, in draft-07, with the API's lines in the keywords of ajv-errors.

    A line is a template: ``${1#}`` is the index of the mailbox, seen from one of its fields, ``${0#}`` seen
    from the mailbox itself (relative JSON Pointers). Such a pointer, and the matching of ajv-errors, end at a
    ``$ref``; so every definition stands where it is referred to. With ajv's ``$data`` the order of the wait
    times can be said, too.
    """
    edition = inlined(document, document["$defs"])
    del edition["$defs"]
    edition["$schema"] = "http://json-schema.org/draft-07/schema#"
    edition["$id"] = "urn:mailbox-schema:request-ajv-errors"
    edition["description"] = edition["description"].replace(
        "What JSON Schema can't express: sending_wait_time_from is lower than sending_wait_time_to; and",
        "Needs ajv with the options allErrors and $data, and the plugin ajv-errors. What it can't express:",
    )
    _give_lines(edition)
    return edition


def _give_lines(edition: Schema) -> None:
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
    for name, stated in mailbox["properties"].items():
        stated["errorMessage"] = _line("${1#}", name)
    mailbox["allOf"] = [_unless(_alone(name, partner), name) for name, partner in permutations(WAIT_TIMES)]
    mailbox["allOf"] += [_unless(_not_lower(*WAIT_TIMES), name) for name in WAIT_TIMES]
    mailbox["errorMessage"] = {
        "type": f"mailbox[${{0#}}] {MAILBOX_OBJECT.message}",
        "required": {name: _line("${0#}", name) for name in mailbox["required"]},
    }


def _line(index: str, name: str) -> str:
    return f"mailbox[{index}].{name} {FIELDS[name].message}"


def _given(name: str) -> Schema:
    return {"type": "object", "required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _unless(mistake: Schema, name: str) -> Schema:
    """One ``not`` a line: of ``if`` and ``then`` ajv would report each, and what is within."""
    return {"not": mistake, "errorMessage": {"not": _line("${0#}", name)}}


def _alone(name: str, partner: str) -> Schema:
    return {"allOf": [_given(name), {"not": _given(partner)}]}


def _not_lower(lower: str, higher: str) -> Schema:
    """Two integers, whatever their ranges, the first not lower than the second."""
    return {
        "type": "object",
        "required": [lower, higher],
        "properties": {
            lower: {"type": "integer", "minimum": {"$data": f"1/{higher}"}},
            higher: {"type": "integer"},
        },
    }


EDITIONS: Final[dict[str, Callable[[Schema], Schema]]] = {
    "request-draft-07": draft_07,
    "request-strict": strict,
    "request-editor": editor,
    "request-ajv-errors": ajv_errors,
}


def text(name: str) -> str:
    """Return the text of an edition, as it is published."""
    return json.dumps(EDITIONS[name](load_schema()), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for edition in EDITIONS:
        (SCHEMAS / f"{edition}.schema.json").write_text(text(edition), encoding="utf-8")
