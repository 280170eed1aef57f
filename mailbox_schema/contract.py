"""The documented contract as data: fields in order, limits, wording, provenance.

Every constant of the contract is defined here once, with its source. The sources are three pages of
the vendor, Woodpecker:

- *reference*: the page "Add mailboxes in bulk" of its API reference
  (``POST https://api.woodpecker.co/rest/v2/mailboxes/manual_connection/bulk``);
- *400 example*: the failure body shown on that page;
- *help center*: its article "Adding mailboxes", API 2.0.

Provenance tells how much of a row the vendor has written down:

- ``V`` verbatim: the wording is in the reference;
- ``R`` required: the constraint is documented, the wording is ours on the pattern of ``V``;
- ``I`` inferred: neither the limit nor the wording is documented; our decision.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Provenance = Literal[
    "V",
    "V (there for imap_port)",
    "V (there for smtp_password)",
    "R",
    "R (the cap), I (wording)",
    "R (the values), I (wording)",
    "I",
]
"""The letters of :data:`PROVENANCE` for a row, with the part of the row that each is about."""

PROVENANCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "V": "verbatim: the wording is in the vendor's API reference",
        "R": "required: the constraint is documented by the vendor, the wording is ours",
        "I": "inferred: neither the limit nor the wording is documented, our decision",
    }
)
"""What each letter of provenance means."""


class Limits(NamedTuple):
    """A range of integers, both ends included, printed as the API prints it.

    >>> str(Limits(1, 65535))
    '<1,65535>'
    >>> Limits(1, 65535).admit(65535)
    True
    """

    minimum: int
    maximum: int

    def admit(self, number: int) -> bool:
        """Return whether ``number`` is between the two ends or equal to one of them."""
        return self.minimum <= number <= self.maximum

    def __str__(self) -> str:
        return f"<{self.minimum},{self.maximum}>"


# reference, 400 example: "in range <1,65535>"
PORT: Final = Limits(1, 65535)
# reference, body schema: "range: 10-9999" and "range: 20-9999"; 400 example
WAIT_TIME_FROM: Final = Limits(10, 9999)
WAIT_TIME_TO: Final = Limits(20, 9999)
# reference, body schema: "range: 1-5500"
DAILY_LIMIT: Final = Limits(1, 5500)
# reference: "You can connect up to 200 mailboxes in a single request."; at least one is inferred
MAX_MAILBOXES: Final = 200
MAILBOX_COUNT: Final = Limits(1, MAX_MAILBOXES)
# reference, body schema: "via email MAIL and/or in-app notification IN_APP"
NOTIFICATION_TYPES: Final = ("MAIL", "IN_APP")

_EMAIL: Final = "must be provided and be a valid email address"
_OPTIONAL_EMAIL: Final = "if provided must be a valid email address"
_NOT_BLANK: Final = "must not be blank"
_OPTIONAL_NOT_BLANK: Final = "if provided must not be blank"
_PORT: Final = f"must be provided and in range {PORT}"
_DOMAIN: Final = "if provided must be a valid domain"
_FROM: Final = (
    "if provided must be present along with and lower than sending_wait_time_to"
    f" and be in range {WAIT_TIME_FROM}"
)
_TO: Final = (
    "if provided must be present along with and higher than sending_wait_time_from"
    f" and be in range {WAIT_TIME_TO}"
)
_DAILY_LIMIT: Final = f"if provided must be in range {DAILY_LIMIT}"


class Field(NamedTuple):
    """One field of a mailbox: a row of the contract's first table.

    - ``name``: its key in a mailbox
    - ``type``: the JSON type
    - ``required``: whether it has to be provided
    - ``rule``: the name of its rule, a key of :data:`mailbox_schema.rules.FIELD_RULES`
    - ``message``: the API's words after the field's path when the field is violated in any way
    - ``provenance``, ``source``: how much of this the vendor has written down, and where
    - ``limits``: the range of an integer field, ``None`` for a string
    - ``secret``: whether its values never appear in any output of this package
    """

    name: str
    type: Literal["string", "integer"]
    required: bool
    rule: str
    message: str
    provenance: Provenance
    source: str
    limits: Limits | None = None
    secret: bool = False


_SCHEMA: Final = "reference, body schema"
_EXAMPLE: Final = "400 example"
_FROM_PORT: Final = "V (there for imap_port)"
_FROM_PASSWORD: Final = "V (there for smtp_password)"  # noqa: S105  # a field's name

_FIELDS: Final = (
    Field("smtp_email", "string", True, "email", _EMAIL, "R", _SCHEMA),
    Field("smtp_login", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA, secret=True),
    Field("smtp_password", "string", True, "not-blank", _NOT_BLANK, "V", _EXAMPLE, secret=True),
    Field("smtp_server", "string", True, "not-blank", _NOT_BLANK, "R", _SCHEMA),
    Field("smtp_port", "integer", True, "port", _PORT, _FROM_PORT, _EXAMPLE, PORT),
    Field("smtp_from_name", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA),
    Field("imap_email", "string", True, "email", _EMAIL, "R", _SCHEMA),
    Field("imap_password", "string", True, "not-blank", _NOT_BLANK, _FROM_PASSWORD, _EXAMPLE, secret=True),
    Field("imap_server", "string", True, "not-blank", _NOT_BLANK, "R", _SCHEMA),
    Field("imap_port", "integer", True, "port", _PORT, "V", _EXAMPLE, PORT),
    Field("footer", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA),
    Field("bcc", "string", False, "email", _OPTIONAL_EMAIL, "R", _SCHEMA),
    Field("open_tracking_domain", "string", False, "domain", _DOMAIN, "V", _EXAMPLE),
    Field("click_tracking_domain", "string", False, "domain", _DOMAIN, "V", _EXAMPLE),
    Field("unsubscribe_tracking_domain", "string", False, "domain", _DOMAIN, "V", _EXAMPLE),
    Field("sending_wait_time_from", "integer", False, "wait-time", _FROM, "V", _EXAMPLE, WAIT_TIME_FROM),
    Field("sending_wait_time_to", "integer", False, "wait-time", _TO, "V", _EXAMPLE, WAIT_TIME_TO),
    Field("daily_sending_limit", "integer", False, "daily-limit", _DAILY_LIMIT, "R", _SCHEMA, DAILY_LIMIT),
)  # fmt: skip

FIELDS: Final[Mapping[str, Field]] = MappingProxyType({field.name: field for field in _FIELDS})
"""The fields of a mailbox by name, in the documented order (read-only).

>>> list(FIELDS)[:2]
['smtp_email', 'smtp_login']
>>> FIELDS["imap_port"].message
'must be provided and in range <1,65535>'
"""

WAIT_TIMES: Final = ("sending_wait_time_from", "sending_wait_time_to")
"""The two fields that are given together or not at all, the lower one first."""

SERVERS: Final = ("smtp_server", "imap_server")
PASSWORDS: Final = ("smtp_password", "imap_password")
"""The passwords, each for the server at the same place of :data:`SERVERS`."""

SECRET_FIELDS: Final = tuple(field.name for field in _FIELDS if field.secret)
"""The fields whose values never appear in any output of this package."""


class BodyConstraint(NamedTuple):
    """A constraint on the body around the mailboxes: a row of the contract's second table.

    ``key`` is the key of the body that is charged, ``None`` where the whole body or a whole
    mailbox is.
    """

    key: str | None
    rule: str
    message: str
    provenance: Provenance
    source: str


BODY_OBJECT: Final = BodyConstraint(None, "body-object", "must be an object", "I", "our decision")
MAILBOXES: Final = BodyConstraint(
    "mailboxes",
    "mailbox-count",
    f"must be provided and have size in range {MAILBOX_COUNT}",
    "R (the cap), I (wording)",
    "reference: up to 200 mailboxes in a single request",
)
MAILBOX_OBJECT: Final = BodyConstraint(None, "mailbox-object", "must be an object", "I", "our decision")
COMPLETION_NOTIFICATION_TYPES: Final = BodyConstraint(
    "completion_notification_types",
    "notification-types",
    f"if provided must contain only {' and '.join(NOTIFICATION_TYPES)}",
    "R (the values), I (wording)",
    "reference, body schema",
)

BODY_KEYS: Final = ("mailboxes", "completion_notification_types")
"""The keys of a body."""

BODY_CONSTRAINTS: Final = (BODY_OBJECT, MAILBOXES, MAILBOX_OBJECT, COMPLETION_NOTIFICATION_TYPES)
"""The rows of the contract's second table, in its order."""
