"""schemas/openapi.json, whose components are made: ``python tests/openapi.py`` makes them anew.

What ``mailbox-schema schema openapi`` prints is copied away, into an API gateway, a code generator, a page
of documentation. A reference to the file beside it would then lead nowhere, and one to an ``$id`` inside of
it is understood by few tools. So the document holds the schemas themselves, as components that refer to one
another by the one way that every tool knows, ``#/components/schemas/``.

Makers of code read nothing that says more about a value beside a reference. So a definition that a field
refers to is a component that is never ``null``, and a field that may be is any of that component and ``null``.
"""

import json
from pathlib import Path
from typing import Any, Final

from mailbox_schema import load_schema

DOCUMENT: Final = Path(__file__).parent.parent / "schemas" / "openapi.json"

# The names of the TypedDicts of mailbox_schema.types, too.
NAMES: Final = {
    "request": "Body",
    "responses/accepted": "AcceptedBody",
    "responses/conflict": "ConflictBody",
    "responses/failure": "FailureBody",
    "responses/problem": "ProblemBody",
    "responses/summary": "SummaryBody",
}
# The examples of each document, in its order.
EXAMPLES: Final = {
    "request": ("AllFields", "OnlyRequiredFields"),
    "responses/accepted": ("Accepted",),
    "responses/conflict": ("Conflict",),
    "responses/failure": ("Failure",),
    "responses/problem": ("Unauthorized", "NotFound", "InternalServerError"),
    "responses/summary": ("Summary",),
}
# Of a document, not of a component: what it is on its own, what has become components of its own, and the
# remarks to the makers of validators.
_LEFT_OUT: Final = {"$schema", "$id", "$defs", "$comment", "examples"}
_OR_NULL: Final = ["string", "null"]


def openapi_text() -> str:
    """Return the text of the document: what is written in it by hand, and its components made anew."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    document["components"] |= {"schemas": component_schemas(), "examples": component_examples()}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def component_schemas() -> dict[str, Any]:
    """Return the schemas by the names of their components, and their definitions beside them."""
    components = {}
    for document, name in NAMES.items():
        schema = load_schema(document)
        components[name] = component(schema)
        for definition, inner in schema.get("$defs", {}).items():
            components[component_name(definition)] = component(_never_null(inner))
    return components


def component_examples() -> dict[str, Any]:
    """Return the examples of the documents by their names."""
    return {
        name: {"value": value}
        for document, names in EXAMPLES.items()
        for name, value in zip(names, load_schema(document)["examples"], strict=True)
    }


def component(schema: Any) -> Any:
    """Return a schema as it stands among components, its references led there."""
    if isinstance(schema, list):
        return [component(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: component(value) for key, value in schema.items() if key not in _LEFT_OUT}
    return _referring(kept) if "$ref" in kept else kept


def _never_null(definition: dict[str, Any]) -> dict[str, Any]:
    return {**definition, "type": "string"} if definition["type"] == _OR_NULL else definition


def _referring(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that refers to a component; whether it takes ``null`` is said around the reference."""
    name = component_name(schema.pop("$ref").removeprefix("#/$defs/"))
    reference = {"$ref": f"#/components/schemas/{name}"}
    if schema.pop("type", None) == _OR_NULL:
        return {**schema, "anyOf": [reference, {"type": "null"}]}
    return {**schema, **reference}


def component_name(definition: str) -> str:
    """Return the name of the component that a definition becomes: ``notBlank`` is ``NotBlank``."""
    return definition[0].upper() + definition[1:]


if __name__ == "__main__":
    DOCUMENT.write_text(openapi_text(), encoding="utf-8")
