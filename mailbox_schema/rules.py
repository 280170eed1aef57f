"""The rule functions: a mailbox, or the body around it -> violations.

A rule has a name (``not-blank``) and a function of that name (``not_blank``) whose docstring is its
documentation. The function of a field's rule is asked only about a value that is provided, and says
whether the rule holds; whether a field has to be provided is the field's own property
(``contract.FIELDS``). Whether the rule holds depends on the value alone, except for the wait times,
which are looked at in their mailbox. A violated field gives one line, whatever the cause.
"""

from types import MappingProxyType

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
from mailbox_schema.values import as_array, as_integer, as_object, as_text, is_blank, is_domain, is_email
from mailbox_schema.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Final, TypeGuard

    from mailbox_schema.contract import BodyConstraint, Field, Limits

    Mailbox = Mapping[str, object]
    FieldRule = Callable[[object, Field, Mailbox], bool]

# The rules of a field: does the rule hold for the value that is provided?


def email(value: object, _field: "Field", _mailbox: "Mailbox") -> bool:
    """The value is a valid email address.

    Valid is what the library email-validator accepts with its default options and without asking
    the DNS: internationalised addresses are; quoted local parts, domain literals (`a@[192.0.2.1]`),
    domains without a dot, special-use domains (`.test`, `.local`), display names and surrounding
    spaces are not.
    """
    text = as_text(value)
    return text is not None and is_email(text)


def not_blank(value: object, _field: "Field", _mailbox: "Mailbox") -> bool:
    """The value is a string with at least one character that is not white space.

    White space is what Java's `Character.isWhitespace` says, as in Jakarta Bean Validation's
    `@NotBlank`, whose wording the vendor uses. A no-break space (U+00A0) is not white space there.
    """
    text = as_text(value)
    return text is not None and not is_blank(text)


def port(value: object, field: "Field", _mailbox: "Mailbox") -> bool:
    """The value is an integer from 1 to 65535.

    `465` and `465.0` are integers; `"465"` and `true` are not.
    """
    return _is_integer_within(value, field.limits)


def domain(value: object, _field: "Field", _mailbox: "Mailbox") -> bool:
    """The value is a valid domain: `track.example.com`.

    At least two labels, each of letters, digits and inner hyphens, 63 at most, or one that IDNA 2008
    accepts as it is written; at most 253 octets in all in A-label form; the last label is not all
    digits. No scheme, port, path, underscore, wildcard, trailing dot or IP address. Special-use
    names (`x.test`) are accepted; the DNS is not asked.
    """
    text = as_text(value)
    return text is not None and is_domain(text)


def wait_time(value: object, field: "Field", mailbox: "Mailbox") -> bool:
    """The two wait times are given together, in range, and the first is lower than the second.

    `sending_wait_time_from` is an integer from 10 to 9999 seconds, `sending_wait_time_to` one from
    20 to 9999. One without the other is a violation of the one that is there; a pair that is equal
    or the wrong way round is a violation of both. A partner that is not an integer is charged to the
    partner alone.
    """
    given = [mailbox.get(name) for name in WAIT_TIMES]
    if given[0] is None or given[1] is None:
        return False
    first, second = map(as_integer, given)
    ordered = first is None or second is None or first < second
    return ordered and _is_integer_within(value, field.limits)


def daily_limit(value: object, field: "Field", _mailbox: "Mailbox") -> bool:
    """The value is an integer from 1 to 5500: emails a day.

    `100` and `100.0` are integers; `"100"` and `true` are not.
    """
    return _is_integer_within(value, field.limits)


def _is_integer_within(value: object, limits: "Limits | None") -> bool:
    number = as_integer(value)
    return number is not None and limits is not None and limits.admit(number)


# The rules of the body around the mailboxes. They are asked about what was read of it: `None` is what is
# no object, or no array.


def body_object(body: "Mapping[str, object] | None") -> "TypeGuard[Mapping[str, object]]":
    """The body is a JSON object."""
    return body is not None


def mailbox_count(mailboxes: "Sequence[object] | None") -> bool:
    """`mailboxes` is an array of 1 to 200 mailboxes.

    When there are more, that is said first, and every mailbox is still checked.
    """
    return mailboxes is not None and MAILBOX_COUNT.admit(len(mailboxes))


def mailbox_object(mailbox: "Mailbox | None") -> "TypeGuard[Mailbox]":
    """Every item of `mailboxes` is a JSON object; `null` is none."""
    return mailbox is not None


def notification_types(types: "Sequence[object] | None") -> bool:
    """`completion_notification_types`, if provided, is an array of `MAIL` and `IN_APP` only.

    The array may be empty, and may name one of them more than once.
    """
    return types is not None and all(as_text(item) in NOTIFICATION_TYPES for item in types)


FIELD_RULES: "Final[Mapping[str, FieldRule]]" = MappingProxyType(
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

BODY_RULES: "Final[Mapping[str, Callable[..., bool]]]" = MappingProxyType(
    {
        "body-object": body_object,
        "mailbox-count": mailbox_count,
        "mailbox-object": mailbox_object,
        "notification-types": notification_types,
    }
)
"""The rules of the body around the mailboxes, by name."""


# The way through a body, in the contract's order.


_ROWS: "Final" = tuple(
    (field.name, field.required, FIELD_RULES[field.rule], field) for field in FIELDS.values()
)


def violated_fields(mailbox: "Mailbox") -> "list[str]":
    """Return the names of the violated fields of a mailbox, in order; ``null`` counts as absent."""
    return [
        name
        for name, required, holds, field in _ROWS
        if (required if (value := mailbox.get(name)) is None else not holds(value, field, mailbox))
    ]


def mailbox_violations(mailbox: object, index: int) -> "Iterator[Violation]":
    """Yield the violations of one mailbox, in the order of the fields."""
    from mailbox_schema import hints  # noqa: PLC0415  # of no use to what is valid, and importing the package stays cheap

    read = as_object(mailbox, FIELDS)
    if not mailbox_object(read):
        yield _body_violation(MAILBOX_OBJECT, index, hints.for_mailbox(mailbox))
        return
    for name in violated_fields(read):
        field = FIELDS[name]
        hint = hints.for_field(read, field, mailbox)
        yield Violation(index, name, field.rule, field.message, hint)


def around(body: object) -> "tuple[list[Violation], Sequence[object], list[Violation]]":
    """Return the mailboxes of a body, between the violations of what is around them: before and after."""
    read = as_object(body, BODY_KEYS)
    if not body_object(read):
        return [_violation_around(BODY_OBJECT, {}, body)], (), []
    before, after = [], []
    mailboxes = as_array(read.get("mailboxes"))
    if not mailbox_count(mailboxes):
        before.append(_violation_around(MAILBOXES, read, body))
    types = read.get("completion_notification_types")
    if types is not None and not notification_types(as_array(types)):
        after.append(_violation_around(COMPLETION_NOTIFICATION_TYPES, read, body))
    return before, mailboxes or (), after


def _violation_around(row: "BodyConstraint", read: "Mapping[str, object]", body: object) -> Violation:
    from mailbox_schema import hints  # noqa: PLC0415  # as above

    if row is BODY_OBJECT:
        hint = hints.for_body(body)
    elif row is MAILBOXES:
        hint = hints.for_mailboxes(read, body)
    else:
        hint = hints.for_notification_types(read["completion_notification_types"])
    return _body_violation(row, None, hint)


def body_violations(body: object) -> "Iterator[Violation]":
    """Yield the violations of a body: the count, mailbox by mailbox, the notification types.

    The readable way through, without ``columns``: the tests hold the quick one to it.
    """
    before, mailboxes, after = around(body)
    yield from before
    for index, mailbox in enumerate(mailboxes):
        yield from mailbox_violations(mailbox, index)
    yield from after


def _body_violation(row: "BodyConstraint", index: "int | None", hint: "str | None") -> Violation:
    return Violation(index, row.key, row.rule, row.message, hint)
