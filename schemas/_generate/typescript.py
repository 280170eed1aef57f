"""Generates the TypeScript declarations of the request body and the responses."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from mailbox_schema.contract import WAIT_TIMES

from .documents import COMMAND, SCHEMAS, TYPE_NAMES, Schema, read_schema

SCRIPT: Final = Path(__file__).with_name("typescript.mjs")
NODE_PACKAGES: Final = SCHEMAS.parent / "tests/peers/node_modules"

# Keywords that no type can express, or that json-schema-to-typescript expresses badly: it would declare a
# separate type for each title, and a pattern behind a reference would replace the type next to it.
_OMITTED: Final = {"$schema", "$id", "$ref", "$defs", "title", "allOf", "examples", "items"}
# The wait times are given together or not at all, which no interface can say, but a union of two can.
_MAILBOX: Final = "MailboxFields & (WaitTimes | NoWaitTimes)"


class NodeMissingError(Exception):
    """Node or its packages are not installed."""


def generate_declarations() -> str:
    """Return the text of the declarations.

    :raises NodeMissingError: if Node or its packages are not installed
    """
    node = shutil.which("node")
    if node is None or not NODE_PACKAGES.is_dir():
        raise NodeMissingError("install Node, then run npm ci --prefix tests/peers")
    schemas = _declare_mailbox(read_schema("request")["$defs"]["mailbox"])
    schemas |= {name: select_typed(read_schema(document)) for document, name in TYPE_NAMES.items()}
    done = subprocess.run(  # noqa: S603  # our own script
        [node, SCRIPT], input=json.dumps(schemas), stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return f"/* Generated from the schema documents: edit those, then run {COMMAND} */\n{done.stdout}"


def select_typed(schema: Schema) -> Schema:
    """Return the parts of a schema that TypeScript can express."""
    selected = {keyword: value for keyword, value in schema.items() if keyword not in _OMITTED}
    if "properties" in selected:
        selected["properties"] = {name: select_typed(inner) for name, inner in selected["properties"].items()}
    if "array" in schema.get("type", ()):
        selected["tsType"] = _write_array(schema)
    return selected


def _write_array(schema: Schema) -> str:
    """Return the type of an array: read-only, and a tuple if it can't be empty."""
    items = schema.get("items", {})
    if "enum" in items:
        item = f"({' | '.join(map(json.dumps, items['enum']))})"
    else:
        item = "Mailbox" if "$ref" in items else items.get("type", "unknown")
    array = f"readonly [{item}, ...{item}[]]" if "minItems" in schema else f"readonly {item}[]"
    return array if schema["type"] == "array" else f"{array} | null"


def _declare_mailbox(mailbox: Schema) -> dict[str, Schema]:
    """Return the schemas of a mailbox and of its parts, by the names that they get."""
    selected = select_typed(mailbox)
    times = {name: selected["properties"].pop(name) for name in WAIT_TIMES}
    given = {name: {**time, "type": "integer"} for name, time in times.items()}
    absent = {name: {"type": "null", "description": time["description"]} for name, time in times.items()}
    return {
        "Mailbox": {"description": mailbox["description"], "tsType": _MAILBOX},
        "MailboxFields": {**selected, "description": "The fields of a mailbox, except for the wait times."},
        "WaitTimes": {
            "description": "Both wait times. No type can say that one is lower than the other.",
            "type": "object",
            "properties": given,
            "required": [*WAIT_TIMES],
        },
        "NoWaitTimes": {
            "description": "Neither wait time: each is absent or null.",
            "type": "object",
            "properties": absent,
        },
    }
