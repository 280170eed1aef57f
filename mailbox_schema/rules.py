"""The rule functions: a mailbox, or the body around it -> violations.

A rule has a name (``not-blank``) and a function of that name (``not_blank``) whose docstring is its
documentation. The function of a field's rule is called only with a value that is provided, and returns
whether the rule holds; whether a field has to be provided is the field's own property
(``contract.FIELDS``). Whether the rule holds depends on the value alone, except for the wait times,
which depend on each other. A violated field gives one line, whatever the cause.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import (
    BODY_KEYS,
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    FIELDS,
    MAILBOX_COUNT,
    MAILBOX_OBJECT,
    MAILBOXES,
    NOTIFICATION_TYPES,
    WAIT_TIMES,
)
from mailbox_schema.values import (
    as_array,
    as_integer,
    as_object,
    as_text,
    is_blank,
    is_domain,
    is_email,
    is_integer_within,
)
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import TypeGuard

    from mailbox_schema.contract import BodyConstraint, Field

    Mailbox = Mapping[str, object]
    FieldRule = Callable[[object, Field, Mailbox], bool]

# The rules of a field: does the rule hold for the value that is provided?


def email(value: object, _field: Field, _mailbox: Mailbox) -> bool:
    """The value is a valid email address.

    An address is valid if the library email-validator accepts it with its default options and without
    a DNS look-up: internationalized addresses are valid; quoted local parts, domain literals
    (`a@[192.0.2.1]`), domains without a dot, special-use domains (`.test`, `.local`), display names and
    surrounding spaces are not.
    """
    text = as_text(value)
    return text is not None and is_email(text)


def not_blank(value: object, _field: Field, _mailbox: Mailbox) -> bool:
    """The value is a string with at least one character that is not white space.

    White space is what Java's `Character.isWhitespace` says, as in Jakarta Bean Validation's
    `@NotBlank`, whose wording the vendor uses. A no-break space (U+00A0) is not white space there.
    """
    text = as_text(value)
    return text is not None and not is_blank(text)


def port(value: object, field: Field, _mailbox: Mailbox) -> bool:
    """The value is an integer from 1 to 65535.

    `465` and `465.0` are integers; `"465"` and `true` are not.
    """
    return is_integer_within(value, field.limits)


def domain(value: object, _field: Field, _mailbox: Mailbox) -> bool:
    """The value is a valid domain: `track.example.com`.

    At least two labels, each of letters, digits and inner hyphens, 63 at most, or one that IDNA 2008
    accepts as it is written; at most 253 octets in all in A-label form; the last label is not all
    digits. No scheme, port, path, underscore, wildcard, trailing dot or IP address. Special-use
    names (`x.test`) are accepted; there is no DNS look-up.
    """
    text = as_text(value)
    return text is not None and is_domain(text)


def wait_time(value: object, field: Field, mailbox: Mailbox) -> bool:
    """The two wait times are given together, in range, and the first is lower than the second.

    `sending_wait_time_from` is an integer from 10 to 9999 seconds, `sending_wait_time_to` one from
    20 to 9999. One without the other is a violation of the one that is given; a pair that is equal
    or the wrong way round is a violation of both. If one of the two is not an integer, only that one is
    a violation.
    """
    first_name, second_name = WAIT_TIMES
    if mailbox.get(first_name) is None or mailbox.get(second_name) is None:
        return False
    if not is_integer_within(value, field.limits):
        return False
    first, second = as_integer(mailbox[first_name]), as_integer(mailbox[second_name])
    return first is None or second is None or first < second


def daily_limit(value: object, field: Field, _mailbox: Mailbox) -> bool:
    """The value is an integer from 1 to 5500: emails a day.

    `100` and `100.0` are integers; `"100"` and `true` are not.
    """
    return is_integer_within(value, field.limits)


# The rules of the body around the mailboxes. They are called with what was read of it: `None` stands for a
# value that is not an object, or not an array.


def body_object(body: Mapping[str, object] | None) -> TypeGuard[Mapping[str, object]]:
    """The body is a JSON object."""
    return body is not None


def mailbox_count(mailboxes: Sequence[object] | None) -> bool:
    """`mailboxes` is an array of 1 to 200 mailboxes.

    If there are more, this line comes first, and every mailbox is still checked.
    """
    return mailboxes is not None and MAILBOX_COUNT.admit(len(mailboxes))


def mailbox_object(mailbox: Mailbox | None) -> TypeGuard[Mailbox]:
    """Every item of `mailboxes` is a JSON object; `null` is not."""
    return mailbox is not None


def notification_types(types: Sequence[object] | None) -> bool:
    """`completion_notification_types`, if provided, is an array of `MAIL` and `IN_APP` only.

    The array may be empty, and may name one of them more than once.
    """
    return types is not None and all(as_text(item) in NOTIFICATION_TYPES for item in types)


FIELD_RULES: Final[Mapping[str, FieldRule]] = MappingProxyType(
    {
        "email": email,
        "not-blank": not_blank,
        "port": port,
        "domain": domain,
        "wait-time": wait_time,
        "daily-limit": daily_limit,
    }
)
"""The rules of a field, by name."""

BODY_RULES: Final[Mapping[str, Callable[..., bool]]] = MappingProxyType(
    {
        "body-object": body_object,
        "mailbox-count": mailbox_count,
        "mailbox-object": mailbox_object,
        "notification-types": notification_types,
    }
)
"""The rules of the body around the mailboxes, by name."""


# The way through a body, in the contract's order.


_ROWS: Final = tuple(
    (field.name, field.required, FIELD_RULES[field.rule], field) for field in FIELDS.values()
)


def violated_fields(mailbox: Mailbox) -> list[Field]:
    """Return the violated fields of a mailbox, in order; ``null`` counts as absent."""
    return [
        field
        for name, required, holds, field in _ROWS
        if (required if (value := mailbox.get(name)) is None else not holds(value, field, mailbox))
    ]


def mailbox_violations(
    mailbox: object, index: int, *, columns: Collection[str] | None = None
) -> Iterator[Violation]:
    """Yield the violations of one mailbox, in the order of the fields.

    With ``columns``, the fields that have a column in a CSV file, the hints speak of cells and columns.
    """
    from mailbox_schema import hints  # noqa: PLC0415  # loaded for mailboxes with violations only

    read = as_object(mailbox, FIELDS)
    if not mailbox_object(read):
        reason, hint = hints.for_mailbox(mailbox)
        yield Violation(index, None, MAILBOX_OBJECT.rule, MAILBOX_OBJECT.message, hint, reason)
        return
    violated = violated_fields(read)
    is_any_absent = any(field.name not in read for field in violated)
    meant = hints.meant_fields(mailbox) if is_any_absent else frozenset()
    for field in violated:
        reason, hint = hints.for_field(read, field, mailbox, meant, columns)
        yield Violation(index, field.name, field.rule, field.message, hint, reason)


def read_body(body: object) -> tuple[list[BodyConstraint], Sequence[object], list[BodyConstraint]]:
    """Return the mailboxes of a body, between the violated constraints that come before and after them."""
    read = as_object(body, BODY_KEYS)
    if not body_object(read):
        return [BODY_OBJECT], (), []
    mailboxes = as_array(read.get("mailboxes"))
    types = read.get("completion_notification_types")
    is_right_count = mailbox_count(mailboxes)
    are_right_types = types is None or notification_types(as_array(types))
    return (
        [] if is_right_count else [MAILBOXES],
        mailboxes or (),
        [] if are_right_types else [COMPLETION_NOTIFICATION_TYPES],
    )


def body_violation(row: BodyConstraint, body: object) -> Violation:
    """Return the violation of a constraint on ``body``, with its reason and hint."""
    from mailbox_schema import hints  # noqa: PLC0415  # as in mailbox_violations

    read = as_object(body, BODY_KEYS)
    if read is None:
        reason, hint = hints.for_body(body)
    elif row is MAILBOXES:
        reason, hint = hints.for_mailboxes(read, body)
    else:
        reason, hint = hints.for_notification_types(read.get(row.key or ""))
    return Violation(None, row.key, row.rule, row.message, hint, reason)
