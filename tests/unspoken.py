"""What the documents can't say: the classes of violations that their validators accept, each with a witness."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from golden import body

from mailbox_schema import FIELDS, Violation, iter_violations
from mailbox_schema.contract import WAIT_TIMES
from mailbox_schema.values import as_integer


class Unspoken(NamedTuple):
    """A part of the contract that a document can't express, with a body that shows it."""

    title: str
    what: str
    recognizes: Callable[[Violation, Any], bool]
    witness: Any


def _is_wait_time_order(violation: Violation, of: Any) -> bool:
    """The two are integers in their ranges, and only their order is wrong."""
    if violation.rule != "wait-time":
        return False
    mailbox = of["mailboxes"][violation.index]
    for name in WAIT_TIMES:
        number, limits = as_integer(mailbox.get(name)), FIELDS[name].limits
        if number is None or limits is None or not limits.admit(number):
            return False
    return True


def _is_internationalized(violation: Violation, of: Any) -> bool:
    """An address or a domain that is refused, with a character outside ASCII or a label that begins with xn--."""
    if violation.rule not in {"email", "domain"}:
        return False
    value = of["mailboxes"][violation.index].get(violation.field)
    return isinstance(value, str) and (not value.isascii() or "xn--" in value.lower())


def _is_next_to_a_number_past_a_double(violation: Violation, of: Any) -> bool:
    """A wait time in its range, out of order with an integer that JavaScript reads as Infinity, which is not an integer."""
    if violation.rule != "wait-time" or violation.field is None:
        return False
    mailbox = of["mailboxes"][violation.index]
    number, limits = as_integer(mailbox.get(violation.field)), FIELDS[violation.field].limits
    (partner,) = (as_integer(mailbox.get(name)) for name in WAIT_TIMES if name != violation.field)
    if number is None or partner is None or limits is None:
        return False
    return limits.admit(number) and _is_past_a_double(partner)


def _is_past_a_double(number: int) -> bool:
    try:
        float(number)
    except OverflowError:
        return True
    return False


WAIT_TIME_ORDER: Final = Unspoken(
    "wait-time order",
    "sending_wait_time_from is lower than sending_wait_time_to",
    _is_wait_time_order,
    body(sending_wait_time_from=30, sending_wait_time_to=20),
)
INTERNATIONALIZED: Final = Unspoken(
    "IDN",
    "which internationalized addresses and domains are valid",
    _is_internationalized,
    body(smtp_email="jared@xn--a.com", open_tracking_domain="bu\u0308cher.example"),
)
# This changes a line, never a verdict: the number itself is out of range, and has its own line.
PAST_A_DOUBLE: Final = Unspoken(
    "past a double",
    "that a wait time is out of order with an integer that JavaScript reads as Infinity",
    _is_next_to_a_number_past_a_double,
    body(sending_wait_time_from=10**400, sending_wait_time_to=20),
)


def spoken_violations(of: object, unspoken: tuple[Unspoken, ...]) -> list[Violation]:
    """Return the violations of a body that don't belong to a class of ``unspoken``."""
    return [v for v in iter_violations(of) if not any(each.recognizes(v, of) for each in unspoken)]
