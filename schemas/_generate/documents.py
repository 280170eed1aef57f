"""Reads the hand-written schema documents and formats the generated ones."""

import json
from pathlib import Path
from typing import Any, Final

COMMAND: Final = "python schemas/generate.py"
SCHEMAS: Final = Path(__file__).parent.parent
IDENTIFIERS: Final = "https://mailbox-schema.example/schemas/"
"""What every ``$id`` begins with. It identifies a document and is not an address: nothing is there to fetch.

Catalogs require https; RFC 2606 reserves ``example``, so nobody else can own the name. To publish the
documents somewhere, change this and the ``$id`` of the hand-written ones, which a test compares with it.
"""

Schema = dict[str, Any]

# The documents that become types: the request first, then the responses. mailbox_schema.types, the OpenAPI
# components and the TypeScript declarations share these names.
TYPE_NAMES: Final = {
    "request": "Body",
    "responses/accepted": "AcceptedBody",
    "responses/failure": "FailureBody",
    "responses/conflict": "ConflictBody",
    "responses/problem": "ProblemBody",
    "responses/summary": "SummaryBody",
}


def identify(name: str) -> str:
    """Return the ``$id`` of a document."""
    return f"{IDENTIFIERS}{name}.schema.json"


def read_schema(name: str) -> Schema:
    """Return a schema document, parsed: a new ``dict`` each time."""
    schema: Schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def format_json(document: Schema) -> str:
    """Return a document as the text of its file."""
    return json.dumps(document, indent=2) + "\n"
