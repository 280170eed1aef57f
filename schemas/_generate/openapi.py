"""Generates the OpenAPI document: the operations of openapi.yaml, and the schema documents as components.

``mailbox-schema schema openapi`` prints the document, and people copy it into API gateways, code generators
and documentation sites. A reference to a neighboring file would break there, and few tools resolve a
reference to an ``$id`` inside the document. So the document contains the schemas themselves, as components
that reference each other by ``#/components/schemas/``, which every tool supports.

Code generators ignore all keywords next to a reference. So a definition that a field references becomes a
component that is never ``null``, and a field that may be ``null`` is ``anyOf`` the component and ``null``.
They also take ``allOf`` for inheritance, and some lose the properties next to it. So what a schema refuses is
one ``not``, which they ignore. A pattern they carry, so that of an address or a domain is a stronger one.
"""

from pathlib import Path
from typing import Any, Final

import yaml

from mailbox_schema import __version__

from .documents import COMMAND, TYPE_NAMES, Schema, format_json, read_schema

OPERATIONS: Final = Path(__file__).with_name("openapi.yaml")

# The examples of each document, in the document's order.
EXAMPLES: Final = {
    "request": ("AllFields", "OnlyRequiredFields"),
    "responses/accepted": ("Accepted",),
    "responses/conflict": ("Conflict",),
    "responses/failure": ("Failure",),
    "responses/problem": ("Unauthorized", "NotFound", "InternalServerError"),
    "responses/summary": ("Summary",),
}
# Keywords that a component doesn't need: they identify the document, are components of their own, or address
# implementers of validators.
_OMITTED: Final = {"$schema", "$id", "$defs", "$comment", "examples"}
_TEXT_OR_NULL: Final = ["string", "null"]


def generate_openapi() -> str:
    """Return the text of the document."""
    document = yaml.safe_load(OPERATIONS.read_text(encoding="utf-8"))
    document["info"]["version"] = __version__
    document["components"] |= {"schemas": build_schemas(), "examples": build_examples()}
    # OpenAPI allows extensions at the top level, but no comments.
    return format_json({"openapi": document.pop("openapi"), "x-generated-by": COMMAND, **document})


def build_schemas() -> dict[str, Schema]:
    """Return the documents and their definitions by component name."""
    components = {}
    for document, name in sorted(TYPE_NAMES.items()):
        schema = read_schema(document)
        components[name] = build_component(schema)
        for definition, inner in schema.get("$defs", {}).items():
            strong = STRONGER[definition](inner) if definition in STRONGER else inner
            components[name_component(definition)] = build_component(_exclude_null(strong))
    return components


def build_examples() -> dict[str, Any]:
    """Return the documents' examples by component name."""
    return {
        name: {"value": value}
        for document, names in EXAMPLES.items()
        for name, value in zip(names, read_schema(document)["examples"], strict=True)
    }


def build_component(schema: Any) -> Any:
    """Return a schema as a component, with references to other components."""
    if isinstance(schema, list):
        return [build_component(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: build_component(value) for key, value in schema.items() if key not in _OMITTED}
    if "allOf" in kept:
        kept["not"] = {"anyOf": [refused["not"] for refused in kept.pop("allOf")]}
    return _refer_to_component(kept) if "$ref" in kept else kept


def name_component(definition: str) -> str:
    """Return the component name of a definition: ``NotBlank`` for ``notBlank``."""
    return definition[0].upper() + definition[1:]


def _strengthen_email(email: Schema) -> Schema:
    """Return the definition with a pattern that also refuses what the first four mistakes are about."""
    invisible, _dots, one_label, special = _list_mistakes(email)[:4]
    ideographic_dots = one_label.removeprefix("@[^.").removesuffix("]*$")
    refused = invisible.removeprefix("[").removesuffix("]")
    in_domain = refused + special.removeprefix("@.*[").removesuffix("]")
    atom, label = f"[^{refused}@.]", f"[^{in_domain}@.]"
    before_dot = f"[^{in_domain}@.{ideographic_dots}]"
    domain = f"(?:{label}+(?:[.]{label}+)+|{before_dot}*[{ideographic_dots}]{label}*)"
    return {**email, "pattern": f"^{atom}+(?:[.]{atom}+)*@{domain}$"}


def _strengthen_domain(domain: Schema) -> Schema:
    """Return the definition with a pattern that also refuses what the first two mistakes are about."""
    refused = _list_mistakes(domain)[0].removeprefix("[").removesuffix("]")
    end, inside = f"[^{refused}.\\-]", f"[^{refused}.]"
    label = f"{end}(?:{inside}*{end})?"
    return {**domain, "pattern": f"^{label}(?:[.]{label})+$"}


def _list_mistakes(definition: Schema) -> list[str]:
    return [mistake["not"]["pattern"] for mistake in definition["allOf"]]


STRONGER: Final = {"email": _strengthen_email, "domain": _strengthen_domain}
"""What makes the pattern of a definition stronger. No verdict changes, because ``not`` refuses as much."""


def _exclude_null(definition: Schema) -> Schema:
    return {**definition, "type": "string"} if definition["type"] == _TEXT_OR_NULL else definition


def _refer_to_component(schema: Schema) -> Schema:
    """Return the schema with a reference to a component, and ``null`` as an alternative to it if allowed."""
    name = name_component(schema.pop("$ref").removeprefix("#/$defs/"))
    reference = {"$ref": f"#/components/schemas/{name}"}
    if schema.pop("type", None) == _TEXT_OR_NULL:
        return {**schema, "anyOf": [reference, {"type": "null"}]}
    return {**schema, **reference}
