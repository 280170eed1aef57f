"""Documents in which nothing can be found: told at once, before what finds and reports is even loaded.

The promise: in what is clean, the rules of the contract and the advice that is looked for by default find
nothing. It holds in that direction only: what is not clean is left to the rules.
"""

import re

from mailbox_schema.contract import BODY_KEYS, FIELDS
from mailbox_schema.validation import is_valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from mailbox_schema.lint.sources import Document

    Mailbox = dict[str, Any]

# RFC 8314 and IANA's registry: 143 and 993 are IMAP's; 25, 465, 587 are SMTP's, 2525 is used beside them.
IMAP_PORTS: "Final" = frozenset({143, 993})
SMTP_PORTS: "Final" = frozenset({25, 465, 587, 2525})

APP_PASSWORD_DOMAINS: "Final" = (
    "gmail.com",
    "googlemail.com",
    "google.com",
    "office365.com",
    "office.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
)
"""The domains of the servers that take app passwords only."""

_BODY_KEYS: "Final" = frozenset(BODY_KEYS)
_FIELDS: "Final" = frozenset(FIELDS)

_SERVERS: "Final" = ("smtp_server", "imap_server")
# A name with a dot in it, of which server-name has nothing to say.
_HOST_NAME: "Final" = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")

# Where a placeholder may stand in a valid mailbox: in no server as above, and in no valid domain.
_FREE_TEXTS: "Final" = tuple(
    field.name
    for field in FIELDS.values()
    if field.type == "string" and field.rule != "domain" and field.name not in (*_SERVERS, "footer")
)
# What every placeholder has in it, or begins with.
_MAY_BE_PLACEHOLDER: "Final" = re.compile(
    r"\$\{|\$\(|\{\{|#\{|<%|\n\s*\$|\n\s*%|\n\s*__|\n\s*<|\n\s*YOUR_|\n\s*change|\n\s*CHANGE"
)


def is_clean(document: "Document", kind: str) -> bool:
    """Say whether there is certainly nothing to be found in ``document`` of a file of the type ``kind``."""
    # How its plain scalars are read differently is seen in their text alone.
    if kind == "yaml":
        return False
    body = _body(document)
    return body is not None and is_valid(body) and _is_quiet(body["mailboxes"]) and not document.remarks()


def _body(document: "Document") -> "dict[str, Any] | None":
    """Return the body that the document stands for, if it is one with no key but the API's."""
    value = document.value
    if document.index is not None:
        return {"mailboxes": [value]}
    if type(value) is list:
        return {"mailboxes": value}
    if type(value) is not dict:
        return None
    if value.keys() <= _BODY_KEYS:
        return value
    return {"mailboxes": [value]} if value.keys() <= _FIELDS else None


def _is_quiet(mailboxes: "list[Mailbox]") -> bool:
    """Say whether advice has certainly nothing to say of valid mailboxes."""
    if len(mailboxes) > 1 and len({mailbox["smtp_email"].lower() for mailbox in mailboxes}) < len(mailboxes):
        return False
    return all(map(_is_quiet_alone, mailboxes))


def _is_quiet_alone(mailbox: "Mailbox") -> bool:
    return (
        mailbox.keys() <= _FIELDS
        and mailbox["smtp_port"] not in IMAP_PORTS
        and mailbox["imap_port"] not in SMTP_PORTS
        and _is_plain_server(mailbox["smtp_server"])
        and _is_plain_server(mailbox["imap_server"])
        and _holds_no_placeholder(mailbox)
    )


def _is_plain_server(server: str) -> bool:
    return _HOST_NAME.fullmatch(server) is not None and not server.lower().endswith(APP_PASSWORD_DOMAINS)


def _holds_no_placeholder(mailbox: "Mailbox") -> bool:
    footer = mailbox.get("footer") or ""
    texts = [mailbox[name] for name in _FREE_TEXTS if mailbox.get(name) is not None]
    return not ("${" in footer or "$(" in footer or _MAY_BE_PLACEHOLDER.search("\n".join(["", *texts])))
