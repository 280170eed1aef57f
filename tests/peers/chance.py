"""Random bodies, the same ones everywhere, which the table of docs/validators.md is measured on.

Another release of Hypothesis draws other bodies. Python promises for a seed only that the numbers of
``random()`` stay the same, so every choice uses it.
"""

import string
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeVar

from golden import VENDOR_FULL, body

from mailbox_schema import FIELDS
from mailbox_schema.contract import (
    DAILY_LIMIT,
    MAILBOX_COUNT,
    NOTIFICATION_TYPES,
    PORT,
    WAIT_TIME_FROM,
    WAIT_TIME_TO,
    WAIT_TIMES,
    Limits,
)
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    NOT_QUITE_BLANK,
    VALID_DOMAINS,
    VALID_EMAILS,
)

SEED: Final = 200
T = TypeVar("T")


def drawn(count: int) -> list[Any]:
    """Return bodies: most with one value, or one pair of wait times, near an edge; some of several mistakes."""
    random = Random(SEED)  # noqa: S311  # it keeps nothing secret
    return [one_of(_WAYS, random)(random) for _ in range(count)]


def one_of(options: Sequence[T], random: Random) -> T:
    """Return one of ``options``, all equally likely."""
    return options[int(random.random() * len(options))]


def _around(limits: Limits) -> tuple[Any, ...]:
    near = [end + step for end in limits for step in (-1, 0, 1)]
    far = (0, -1, 10**20, -(10**20), 10**400)
    return (*near, *far, *map(float, near), *(number + 0.5 for number in near), *map(str, near))


_OTHERS: Final[tuple[Any, ...]] = (None, True, False, 5, 0.5, "x", [], ["MAIL"], {})
_TEXTS: Final = (
    "",
    " ",
    "\t\n",
    "\u2003",
    "\u3000 ",
    *NOT_QUITE_BLANK,
    "\ud800",
    "0012345",
    "<div>John</div>",
)
# By the rule of the field.
_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "email": VALID_EMAILS + BROKEN_EMAILS,
    "domain": VALID_DOMAINS + BROKEN_DOMAINS,
    "not-blank": _TEXTS,
    "port": _around(PORT),
    "wait-time": _around(WAIT_TIME_FROM) + _around(WAIT_TIME_TO),
    "daily-limit": _around(DAILY_LIMIT),
}
# What an address or a domain is edited with.
_CHARACTERS: Final = string.printable + "\u00a0\u00ad\u00fc\u05d0\u0661\u200b\u200d\u3002\uff0e\uff41\ud800"


def _value(name: str, random: Random) -> Any:
    """A value of the field near an edge of its rule; now and then one of any type."""
    if random.random() < 1 / 20:
        return one_of(_OTHERS, random)
    rule = FIELDS[name].rule
    value = one_of(_VALUES[rule], random)
    return _edited(value, random) if rule in {"email", "domain"} and random.random() < 1 / 2 else value


def _edited(text: str, random: Random) -> str:
    """A text with one character inserted, removed or replaced."""
    place = int(random.random() * (len(text) + 1))
    new = one_of(("", one_of(_CHARACTERS, random)), random)
    return text[:place] + new + text[place + one_of((0, 1), random) :]


def _field(random: Random) -> Any:
    name = one_of(list(FIELDS), random)
    return body(**{name: _value(name, random)})


def _both_wait_times(random: Random) -> Any:
    return body(**{name: _value(name, random) for name in WAIT_TIMES})


def _wait_times_in_range(random: Random) -> Any:
    numbers = range(WAIT_TIME_TO.minimum, WAIT_TIME_TO.maximum + 1)
    return body(**{name: one_of(numbers, random) for name in WAIT_TIMES})


def _several_fields(random: Random) -> Any:
    """One to three mailboxes with all fields, up to three values of each changed or removed."""
    mailboxes = []
    for _ in range(one_of((1, 2, 3), random)):
        mailbox = dict(VENDOR_FULL["mailboxes"][0])
        for _ in range(one_of((0, 1, 2, 3), random)):
            name = one_of(list(FIELDS), random)
            mailbox[name] = _value(name, random)
            if random.random() < 1 / 10:
                del mailbox[name]
        mailboxes.append(mailbox)
    return {"mailboxes": mailboxes}


def _shape(random: Random) -> Any:
    """Something of the body around the mailboxes."""
    item, most = body()["mailboxes"][0], MAILBOX_COUNT.maximum
    types = one_of((*_OTHERS, [*NOTIFICATION_TYPES], ["mail"], ["MAIL", "SMS"], [None]), random)
    counted = [item] * one_of((0, 1, 2, most - 1, most, most + 1), random)
    bodies = (*_OTHERS, {"mailboxes": one_of(_OTHERS, random)}, {"mailboxes": [one_of(_OTHERS, random)]})
    return one_of(
        (*bodies, {"mailboxes": counted}, {**body(), "completion_notification_types": types}), random
    )


# The likelier ones more than once.
_WAYS: Final[tuple[Callable[[Random], Any], ...]] = (
    *[_field] * 12,
    *[_several_fields] * 4,
    _both_wait_times,
    _wait_times_in_range,
    _shape,
)
