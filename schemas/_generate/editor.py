"""Generates what an edition needs for editors: messages, descriptions in Markdown, snippets.

For the engine of VS Code's JSON support and the YAML engine built on it. They show the keyword
``errorMessage`` for a wrong type, but have words of their own for limits, lengths, ``not`` and missing keys.
So each of these becomes a condition, and whatever doesn't meet it has to be ``null``, which it never is.
"""

from typing import Final

from mailbox_schema import FIELDS
from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    MAILBOX_OBJECT,
    MAILBOXES,
    PROVENANCE,
    WAIT_TIMES,
)

from .documents import Schema

DEMANDS: Final = ("pattern", "maxLength", "minimum", "maximum", "minItems", "maxItems")
# In the order of NOTIFICATION_TYPES.
TYPE_DESCRIPTIONS: Final = ("By email", "In the app")
# The ports of a connection that is encrypted from the start (RFC 8314 3.2 and 3.3).
DEFAULTS: Final = {"smtp_port": 465, "imap_port": 993}
SNIPPET: Final = {
    "label": "mailbox",
    "description": "A mailbox with the required fields",
    "body": {
        "smtp_email": "${1:jared@example.com}",
        "smtp_password": "$2",
        "smtp_server": "${3:smtp.example.com}",
        "smtp_port": DEFAULTS["smtp_port"],
        "imap_email": "${1:jared@example.com}",
        "imap_password": "$4",
        "imap_server": "${5:imap.example.com}",
        "imap_port": DEFAULTS["imap_port"],
    },
}


def adapt_to_editors(edition: Schema) -> Schema:
    """Return the edition, which has definitions only for a mailbox, with all that editors show."""
    example = edition["examples"][0]["mailboxes"][0]
    mailbox = edition["definitions"]["mailbox"]
    for name, row in FIELDS.items():
        field = _describe(mailbox["properties"][name], row.message, row.provenance)
        if not row.secret:
            field["examples"] = [example[name]]
        if name in DEFAULTS:
            field["default"] = DEFAULTS[name]
        mailbox["properties"][name] = _explain(field, row.message)
    pairs = zip(mailbox["allOf"], WAIT_TIMES, strict=True)
    mailbox["allOf"] = [_require(name, FIELDS[name].message) for name in mailbox.pop("required")]
    mailbox["allOf"] += [_refuse(pair["not"], f"{name} {FIELDS[name].message}") for pair, name in pairs]
    mailbox["defaultSnippets"] = [SNIPPET]
    _demand_object(mailbox, MAILBOX_OBJECT.message)
    _adapt_body(edition)
    return edition


def _adapt_body(edition: Schema) -> None:
    keys = edition["properties"]
    for row in (MAILBOXES, COMPLETION_NOTIFICATION_TYPES):
        keys[row.key] = _explain(_describe(keys[row.key], row.message, row.provenance), row.message)
    types = keys[COMPLETION_NOTIFICATION_TYPES.key]["items"]
    types |= {"errorMessage": COMPLETION_NOTIFICATION_TYPES.message, "enumDescriptions": [*TYPE_DESCRIPTIONS]}
    edition["allOf"] = [_require(name, MAILBOXES.message) for name in edition.pop("required")]
    _demand_object(edition, BODY_OBJECT.message)


def _demand_object(schema: Schema, message: str) -> None:
    """Give the type its message; next to the properties, it would also be that of an unknown key."""
    schema["allOf"].append({"type": schema.pop("type"), "errorMessage": message})


def _describe(schema: Schema, message: str, provenance: str) -> Schema:
    """Return the schema with its description in Markdown, which gives the provenance in words."""
    description = schema["description"].partition(" Message, ")[0]
    parts = (f"{PROVENANCE[part[0]]}{part[1:]}" for part in provenance.split(", "))
    shown = f"{description}\n\nThe API's message: `{message}`\n\nProvenance: {'; '.join(parts)}."
    return {**schema, "markdownDescription": shown}


def _explain(schema: Schema, message: str) -> Schema:
    """Return a schema that demands the same, with one message for each mistake."""
    demands: Schema = {keyword: schema[keyword] for keyword in DEMANDS if keyword in schema}
    mistakes = [mistake["not"] for mistake in schema.get("allOf", ())]
    if mistakes:
        demands["not"] = {"anyOf": mistakes}
    kept = {keyword: value for keyword, value in schema.items() if keyword not in {*DEMANDS, "allOf"}}
    condition = {"if": demands, "else": _never(message)} if demands else {}
    return {**kept, "errorMessage": message, **condition}


def _require(name: str, message: str) -> Schema:
    return _refuse({"type": "object", "not": {"required": [name]}}, f"{name} {message}")


def _refuse(mistake: Schema, message: str) -> Schema:
    return {"if": mistake, "then": _never(message)}


def _never(message: str) -> Schema:
    return {"type": "null", "errorMessage": message}
