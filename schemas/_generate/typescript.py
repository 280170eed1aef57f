"""Generates the TypeScript declarations of the request body and the responses."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from .documents import COMMAND, SCHEMAS, TYPE_NAMES, Schema, read_schema

SCRIPT: Final = Path(__file__).with_name("typescript.mjs")
NODE_PACKAGES: Final = SCHEMAS.parent / "tests/peers/node_modules"

# Keywords that no type can express, or that json-schema-to-typescript expresses badly: it would declare a
# separate type for each title.
_OMITTED: Final = {"$schema", "$id", "$ref", "$defs", "title", "allOf", "examples"}


class NodeMissingError(Exception):
    """Node or its packages are not installed."""


def generate_declarations() -> str:
    """Return the text of the declarations.

    :raises NodeMissingError: if Node or its packages are not installed
    """
    node = shutil.which("node")
    if node is None or not NODE_PACKAGES.is_dir():
        raise NodeMissingError("install Node, then run npm ci --prefix tests/peers")
    schemas = {name: select_typed(read_schema(document)) for document, name in TYPE_NAMES.items()}
    done = subprocess.run(  # noqa: S603  # our own script
        [node, SCRIPT], input=json.dumps(schemas), stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return f"/* Generated from the schema documents: edit those, then run {COMMAND} */\n{done.stdout}"


def select_typed(document: Schema) -> Schema:
    """Return the parts of a document that TypeScript can express; the mailbox is its only definition."""
    selected = _select(document)
    if "$defs" in document:
        selected["$defs"] = {"mailbox": {**_select(document["$defs"]["mailbox"]), "title": "Mailbox"}}
    return selected


def _select(schema: Schema) -> Schema:
    # A reference next to a type leads to a pattern, which would replace the type.
    if "$ref" in schema and "type" not in schema:
        return {"$ref": schema["$ref"]}
    selected = {keyword: value for keyword, value in schema.items() if keyword not in _OMITTED}
    if "properties" in selected:
        selected["properties"] = {name: _select(inner) for name, inner in selected["properties"].items()}
    if "items" in selected:
        selected["items"] = _select(selected["items"])
    return selected
