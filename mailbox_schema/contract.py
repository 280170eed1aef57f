"""The documented contract as data: fields in order, limits, wording, provenance.

Every constant of the contract stands here once, beside its source. The sources are three pages of
the vendor, Woodpecker:

- *reference*: the page "Add mailboxes in bulk" of its API reference
  (``POST https://api.woodpecker.co/rest/v2/mailboxes/manual_connection/bulk``);
- *400 example*: the failure body shown on that page;
- *help centre*: its article "Adding mailboxes", API 2.0.

Provenance says how much of a row the vendor has written down:

- ``V`` verbatim: the wording stands in the reference;
- ``R`` required: the constraint is documented, the wording is ours on the pattern of ``V``;
- ``I`` inferred: neither the edge nor the wording is documented; our decision.
"""

from collections import namedtuple
from types import MappingProxyType

# The rows are named tuples. Those of typing say the types too, but its import would cost a third of ours.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal, NamedTuple

    Provenance = Literal[
        "V",
        "V (there for imap_port)",
        "V (there for smtp_password)",
        "R",
        "R (the cap), I (wording)",
        "R (the values), I (wording)",
        "I",
    ]
    """Of a row: the letters of :data:`PROVENANCE`, with what of the row each goes for."""

    class _Limits(NamedTuple):
        minimum: int
        maximum: int

    class _Field(NamedTuple):
        name: str
        type: Literal["string", "integer"]
        required: bool
        rule: str
        message: str
        provenance: Provenance
        source: str
        limits: "Limits | None" = None
        secret: bool = False

    class _BodyConstraint(NamedTuple):
        key: "str | None"
        rule: str
        message: str
        provenance: Provenance
        source: str

else:
    _Limits = namedtuple("_Limits", "minimum maximum")  # noqa: PYI024  # typing costs more to import than all of ours
    _Field = namedtuple(  # noqa: PYI024  # typing costs more to import than all of ours
        "_Field",
        "name type required rule message provenance source limits secret",
        defaults=(None, False),
    )
    _BodyConstraint = namedtuple("_BodyConstraint", "key rule message provenance source")  # noqa: PYI024  # typing costs more to import than all of ours

PROVENANCE: "Final[Mapping[str, str]]" = MappingProxyType(
    {
        "V": "verbatim: the wording stands in the vendor's API reference",
        "R": "required: the constraint is documented by the vendor, the wording is ours",
        "I": "inferred: neither the edge nor the wording is documented, our decision",
    }
)
"""What each letter of provenance means."""


class Limits(_Limits):
    """A range of integers, both ends included, printed as the API prints it.

    >>> str(Limits(1, 65535))
    '<1,65535>'
    >>> Limits(1, 65535).admit(65535)
    True
    """

    __slots__ = ()

    def admit(self, number: int) -> bool:
        """Say whether ``number`` lies between the two ends or on one of them."""
        return self.minimum <= number <= self.maximum

    def __str__(self) -> str:
        return f"<{self.minimum},{self.maximum}>"


# reference, 400 example: "in range <1,65535>"
PORT: "Final" = Limits(1, 65535)
# reference, body schema: "range: 10-9999" and "range: 20-9999"; 400 example
WAIT_TIME_FROM: "Final" = Limits(10, 9999)
WAIT_TIME_TO: "Final" = Limits(20, 9999)
# reference, body schema: "range: 1-5500"
DAILY_LIMIT: "Final" = Limits(1, 5500)
# reference: "You can connect up to 200 mailboxes in a single request."; none at all is inferred
MAX_MAILBOXES: "Final" = 200
MAILBOX_COUNT: "Final" = Limits(1, MAX_MAILBOXES)
# reference, body schema: "via email MAIL and/or in-app notification IN_APP"
NOTIFICATION_TYPES: "Final" = ("MAIL", "IN_APP")

_EMAIL: "Final" = "must be provided and be a valid email address"
_OPTIONAL_EMAIL: "Final" = "if provided must be a valid email address"
_NOT_BLANK: "Final" = "must not be blank"
_OPTIONAL_NOT_BLANK: "Final" = "if provided must not be blank"
_PORT: "Final" = f"must be provided and in range {PORT}"
_DOMAIN: "Final" = "if provided must be a valid domain"
_WAIT_TIME_FROM: "Final" = (
    "if provided must be present along with and lower than sending_wait_time_to"
    f" and be in range {WAIT_TIME_FROM}"
)
_WAIT_TIME_TO: "Final" = (
    "if provided must be present along with and higher than sending_wait_time_from"
    f" and be in range {WAIT_TIME_TO}"
)
_DAILY_LIMIT: "Final" = f"if provided must be in range {DAILY_LIMIT}"


class Field(_Field):
    """One field of a mailbox: a row of the contract's first table.

    ``type`` is the JSON type, ``limits`` the range of an integer field (``None`` for a string),
    ``message`` what the API says after the field's path when the field is violated in any way,
    ``source`` where the vendor says so. ``secret`` marks the fields whose values never appear in
    anything this package says.
    """

    __slots__ = ()


_SCHEMA: "Final" = "reference, body schema"
_EXAMPLE: "Final" = "400 example"

_FIELDS: "Final" = (
    Field("smtp_email", "string", True, "email", _EMAIL, "R", _SCHEMA),
    Field("smtp_login", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA, secret=True),
    Field("smtp_password", "string", True, "not-blank", _NOT_BLANK, "V", _EXAMPLE, secret=True),
    Field("smtp_server", "string", True, "not-blank", _NOT_BLANK, "R", _SCHEMA),
    Field("smtp_port", "integer", True, "port", _PORT, "V (there for imap_port)", _EXAMPLE, PORT),
    Field("smtp_from_name", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA),
    Field("imap_email", "string", True, "email", _EMAIL, "R", _SCHEMA),
    Field(
        "imap_password",
        "string",
        True,
        "not-blank",
        _NOT_BLANK,
        "V (there for smtp_password)",
        _EXAMPLE,
        secret=True,
    ),
    Field("imap_server", "string", True, "not-blank", _NOT_BLANK, "R", _SCHEMA),
    Field("imap_port", "integer", True, "port", _PORT, "V", _EXAMPLE, PORT),
    Field("footer", "string", False, "not-blank", _OPTIONAL_NOT_BLANK, "R", _SCHEMA),
    Field("bcc", "string", False, "email", _OPTIONAL_EMAIL, "R", _SCHEMA),
    Field("open_tracking_domain", "string", False, "domain", _DOMAIN, "V", _EXAMPLE),
    Field(
        "click_tracking_domain",
        "string",
        False,
        "domain",
        _DOMAIN,
        "V",
        _EXAMPLE,
    ),
    Field(
        "unsubscribe_tracking_domain",
        "string",
        False,
        "domain",
        _DOMAIN,
        "V",
        _EXAMPLE,
    ),
    Field(
        "sending_wait_time_from",
        "integer",
        False,
        "wait-time",
        _WAIT_TIME_FROM,
        "V",
        _EXAMPLE,
        WAIT_TIME_FROM,
    ),
    Field("sending_wait_time_to", "integer", False, "wait-time", _WAIT_TIME_TO, "V", _EXAMPLE, WAIT_TIME_TO),
    Field("daily_sending_limit", "integer", False, "daily-limit", _DAILY_LIMIT, "R", _SCHEMA, DAILY_LIMIT),
)

FIELDS: "Final[Mapping[str, Field]]" = MappingProxyType({field.name: field for field in _FIELDS})
"""The fields of a mailbox by name, in the documented order (read-only).

>>> list(FIELDS)[:2]
['smtp_email', 'smtp_login']
>>> FIELDS["imap_port"].message
'must be provided and in range <1,65535>'
"""

WAIT_TIMES: "Final" = ("sending_wait_time_from", "sending_wait_time_to")
"""The two fields that are given together or not at all, the lower one first."""

SECRET_FIELDS: "Final" = tuple(field.name for field in _FIELDS if field.secret)
"""The fields whose values never appear in anything this package says."""


class BodyConstraint(_BodyConstraint):
    """What holds of the body around the mailboxes: a row of the contract's second table.

    ``key`` is the key of the body that is charged, ``None`` where the whole body or a whole
    mailbox is.
    """

    __slots__ = ()


BODY_OBJECT: "Final" = BodyConstraint(None, "body-object", "must be an object", "I", "our decision")
MAILBOXES: "Final" = BodyConstraint(
    "mailboxes",
    "mailbox-count",
    f"must be provided and have size in range {MAILBOX_COUNT}",
    "R (the cap), I (wording)",
    "reference: up to 200 mailboxes in a single request",
)
MAILBOX_OBJECT: "Final" = BodyConstraint(None, "mailbox-object", "must be an object", "I", "our decision")
COMPLETION_NOTIFICATION_TYPES: "Final" = BodyConstraint(
    "completion_notification_types",
    "notification-types",
    f"if provided must contain only {' and '.join(NOTIFICATION_TYPES)}",
    "R (the values), I (wording)",
    "reference, body schema",
)

BODY_KEYS: "Final" = ("mailboxes", "completion_notification_types")
"""The keys of a body."""

BODY_CONSTRAINTS: "Final" = (BODY_OBJECT, MAILBOXES, MAILBOX_OBJECT, COMPLETION_NOTIFICATION_TYPES)
"""The rows of the contract's second table, in its order."""
