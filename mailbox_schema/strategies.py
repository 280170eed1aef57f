"""Hypothesis strategies for bodies, valid and broken.

For tests of code that builds, sends or checks such bodies; needs the extra ``hypothesis``. They reach the
edges of the contract: both sides of every limit, wrong types, nulls, booleans and floats in place of
integers, Unicode spaces, lone surrogates, internationalized domains, and 199 to 201 mailboxes. They shrink
to the vendor's own examples. Passwords are obviously fake.

- :func:`bodies`, :func:`mailboxes`: accepted by the contract
- :func:`broken_bodies`: refused, each with the violations it must give and their reasons
- :func:`doubtful_bodies`, :func:`doubtful_mailboxes`, :func:`doubtful_values`: near every edge, on either
  side of it
"""

from __future__ import annotations

import string
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import strategies as st

from mailbox_schema.contract import (
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    DAILY_LIMIT,
    FIELDS,
    MAILBOX_COUNT,
    MAILBOX_OBJECT,
    MAILBOXES,
    NOTIFICATION_TYPES,
    PORT,
    WAIT_TIME_FROM,
    WAIT_TIME_TO,
    WAIT_TIMES,
    BodyConstraint,
    Limits,
)
from mailbox_schema.values import JAVA_WHITESPACE, as_integer
from mailbox_schema.violation import Reason, Violation

if TYPE_CHECKING:
    from mailbox_schema.types import Body, Mailbox

__all__ = [
    "BrokenBody",
    "bodies",
    "broken_bodies",
    "doubtful_bodies",
    "doubtful_mailboxes",
    "doubtful_values",
    "mailboxes",
]

# Blank to Python's str.strip() or to the eye, but not in the contract.
NOT_QUITE_BLANK: Final = ("\u0085", "\u00a0", "\u2007", "\u202f", "\u200b", "\ufeff", "\u0000")

# The first of each table is what a failing example shrinks to.
VALID_EMAILS: Final = (
    "jared@getpiedpiper.com", f"{'a' * 65}@example.com", "first.last+tag@sub.example.co.uk",
    "!#$%&'*+/=?^_`{|}~-@example.org", "JARED@GETPIEDPIPER.COM", "用户@例子.公司",
    "jos\u00e9@espa\u00f1ol.es",
    "jose\u0301@example.com", "a@xn--bcher-kva.example.com", "a@b\u3002com",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com",
)  # fmt: skip
_BROKEN_EMAILS: Final[dict[Reason, tuple[str, ...]]] = {
    "at-sign": ("jared", "jared@@getpiedpiper.com", "jared\uff20getpiedpiper.com"),
    "incomplete": ("jared@", "@getpiedpiper.com", "jared@localhost"),
    "whitespace": ("jared@getpiedpiper.com ", "jared@getpiedpiper.com\n", "jared dunn@getpiedpiper"),
    "display-name": ("Jared <jared@getpiedpiper.com>", "jared@getpiedpiper.com (Jared)"),
    "scheme": ("mailto:jared@getpiedpiper.com",),
    "url": ("https://getpiedpiper.com",),
    "several": (
        "jared@getpiedpiper.com, dinesh@getpiedpiper.com", "jared@getpiedpiper.com;dinesh@getpiedpiper.com",
    ),
    "invisible": ("jared@getpiedpiper.com\u200b", "\ufeffjared@getpiedpiper.com"),
    "reserved": ("jared@host.test", "jared@host.LOCAL"),
    "malformed": (
        "jared.@getpiedpiper.com", "ja..red@getpiedpiper.com", '"jared"@getpiedpiper.com',
        "jared@[192.0.2.1]", "jared@pied_piper.com", "jared@-piedpiper.com", "jared@ab--cd.com",
        "jared@example.c0", "jared@xn--a.com", "jared@\ud800.com", "\udfff@example.com",
        f"{'a' * 65}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com",
    ),
}  # fmt: skip
VALID_DOMAINS: Final = (
    "open-domain.com", "TRACK.Example.COM", "a.b", "1.2a", "x.test", "a--b.example", "ab--cd.example",
    "b\u00fccher.example", "xn--bcher-kva.example", "XN--BCHER-KVA.example", "\u05d0\u05d1.example",
    "\u4f8b\u5b50.\u516c\u53f8", f"{'a' * 63}.com", ".".join(["a" * 63] * 3 + ["b" * 61]),
)  # fmt: skip
_BROKEN_DOMAINS: Final[dict[Reason, tuple[str, ...]]] = {
    "incomplete": ("localhost",),
    "scheme": ("https://open-domain.com", "http://open-domain.com/"),
    "url": ("open-domain.com/", "open-domain.com:443"),
    "whitespace": ("exa mple.com", "example.com\n"),
    "several": ("a.example, b.example",),
    "filler": ("-", "n/a"),
    "invisible": ("example.com\u200b",),
    "malformed": (
        "example.com.", ".example.com", "a..b", "*.open-domain.com", "track_1.example.com", "-a.example",
        "a-.example", "192.0.2.1", "a.123", "[::1]", "B\u00fccher.example", "b\u0075\u0308cher.example",
        "example\u3002com", "\uff45xample.com", "xn--a.example", "xn--.example", "xn---bbk.example",
        "1a.\u05d0\u05d1", "\u05d0a.example", "\ud800.example", f"{'a' * 64}.com",
        ".".join(["a" * 63] * 3 + ["b" * 62]), "\u00fc" * 60 + ".example",
    ),
}  # fmt: skip
BROKEN_EMAILS: Final = ("", " ", "${SMTP_EMAIL}", *chain.from_iterable(_BROKEN_EMAILS.values()))
BROKEN_DOMAINS: Final = ("", *chain.from_iterable(_BROKEN_DOMAINS.values()))


def edges(limits: Limits) -> st.SearchStrategy[int | float]:
    """Integers and floats at, near and between both ends of ``limits``, and far away."""
    near = [limits.minimum - 1, limits.minimum, limits.minimum + 1]
    near += [limits.maximum - 1, limits.maximum, limits.maximum + 1]
    far = [0, -1, 10**20, -(10**20), 10**400]
    return st.one_of(
        st.sampled_from(near + far),
        st.sampled_from(near).map(float),
        st.sampled_from(near).map(lambda number: number + 0.5),
        st.integers(*limits),
    )


def blanks() -> st.SearchStrategy[str]:
    """Strings of white space only, the empty one included."""
    return st.text(alphabet=JAVA_WHITESPACE, max_size=3)


def any_text() -> st.SearchStrategy[str]:
    """Any text at all: blank, nearly blank, with lone surrogates, or ordinary."""
    return st.one_of(blanks(), st.sampled_from(NOT_QUITE_BLANK), st.text(max_size=12), surrogates())


def surrogates() -> st.SearchStrategy[str]:
    r"""Strings with a lone surrogate, as ``json.loads`` makes them from ``"\ud800"``."""
    return st.text(alphabet=st.characters(categories=("Cs", "Ll")), min_size=1, max_size=3)


def json_values() -> st.SearchStrategy[Any]:
    """Any value that ``json.loads`` can return, of every type."""
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        any_text(),
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=3,
    )


def edited(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of ``texts`` with one character inserted, removed or replaced."""
    alphabet = st.sampled_from(
        string.printable + "\u00a0\u00ad\u00fc\u05d0\u0661\u200b\u200d\u3002\uff0e\uff41\ud800"
    )
    return st.builds(
        lambda text, place, cut, new: (
            text[: place % (len(text) + 1)] + new + text[place % (len(text) + 1) + cut :]
        ),
        texts,
        st.integers(0, 300),
        st.integers(0, 1),
        st.one_of(st.just(""), alphabet),
    )


def _one_in(number: int) -> st.SearchStrategy[bool]:
    """True once in ``number`` draws; shrinks to False."""
    return st.integers(1, number).map(lambda drawn: drawn == number)


_TEXTS: Final = st.one_of(
    st.sampled_from(("smtp.server.io", "not-a-real-password", "0012345", "1e5", "<div>John</div>", "\u0085")),
    st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip(JAVA_WHITESPACE))),
)
# A failing example shrinks to these values, so that it reads like a mailbox.
_READABLE: Final[dict[str, Any]] = {
    "smtp_login": "jared",
    "smtp_password": "not-a-real-password",
    "smtp_server": "smtp.server.io",
    "smtp_port": 465,
    "smtp_from_name": "Jared Dunn",
    "imap_password": "not-a-real-password",
    "imap_server": "imap.server.io",
    "imap_port": 993,
    "footer": "<div>Jared</div>",
}
_VALID: Final[dict[str, st.SearchStrategy[Any]]] = {
    "email": st.sampled_from(VALID_EMAILS) | st.integers(0, 9999).map("jared{}@getpiedpiper.com".format),
    "domain": st.sampled_from(VALID_DOMAINS) | st.integers(0, 9999).map("track{}.example.com".format),
    "not-blank": _TEXTS,
    "port": st.integers(*PORT) | st.integers(*PORT).map(float),
    "daily-limit": st.integers(*DAILY_LIMIT),
}
_VALID_VALUES: Final = {
    name: st.just(_READABLE[name]) | _VALID[field.rule] if name in _READABLE else _VALID[field.rule]
    for name, field in FIELDS.items()
    if name not in WAIT_TIMES
}
_DOUBTFUL: Final[dict[str, st.SearchStrategy[Any]]] = {
    "email": st.sampled_from(BROKEN_EMAILS) | edited(st.sampled_from(VALID_EMAILS)),
    "domain": st.sampled_from(BROKEN_DOMAINS) | edited(st.sampled_from(VALID_DOMAINS)),
    "not-blank": any_text(),
    "port": edges(PORT) | edges(PORT).map(str),
    "daily-limit": edges(DAILY_LIMIT),
    "wait-time": edges(WAIT_TIME_FROM) | edges(WAIT_TIME_TO),
}


def mailboxes(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Mailbox]:
    """Mailboxes that the contract accepts, with optional fields given, null or absent.

    A strategy for a field replaces ours, and the field is always given: whatever it draws is put in. If it is
    for one wait time, the other is drawn to match, if there is a value that does.

    >>> from hypothesis import find
    >>> find(mailboxes(smtp_port=st.just(465), bcc=st.none()), lambda mailbox: True)["bcc"]
    >>> find(mailboxes(sending_wait_time_to=st.just(30)), lambda mailbox: True)["sending_wait_time_from"]
    10

    :raises ValueError: if a mailbox has no such field; the error lists the fields
    :raises TypeError: if an argument is not a strategy
    """
    for name, strategy in fields.items():
        _checked_field(name)
        if not isinstance(strategy, st.SearchStrategy):
            raise TypeError(f"{name} must be a strategy, such as st.just(value)")
    return _mailboxes(fields)


_OPTIONAL: Final = tuple(field.name for field in FIELDS.values() if not field.required)
_DRAWN_ALONE: Final = tuple(name for name in FIELDS if name not in WAIT_TIMES)
# One number decides which optional fields are given, because a draw is what takes time: its digits to the
# base of 3 stand for absent, null and given.
_PATTERNS: Final = st.integers(0, 3 ** len(_OPTIONAL) - 1)


@st.composite
def _mailboxes(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> Any:
    pattern = draw(_PATTERNS)
    ways = {name: pattern // 3**place % 3 for place, name in enumerate(_OPTIONAL)}
    mailbox: dict[str, Any] = {}
    for name in _DRAWN_ALONE:
        if name in fields or ways.get(name, 2) == 2:  # noqa: PLR2004  # given: see _PATTERNS
            mailbox[name] = draw(fields.get(name, _VALID_VALUES[name]))
        elif ways[name]:
            mailbox[name] = None
    if not fields.keys().isdisjoint(WAIT_TIMES):
        given: dict[str, Any] = {name: draw(fields[name]) for name in WAIT_TIMES if name in fields}
        partners = _partners(given) if len(given) == 1 else None
        if partners is not None:
            given |= {name: draw(st.integers(*partners)) for name in WAIT_TIMES if name not in given}
        return mailbox | given
    if ways[WAIT_TIMES[0]]:
        first = draw(st.integers(WAIT_TIME_FROM.minimum, WAIT_TIME_FROM.maximum - 1))
        second = draw(st.integers(max(first + 1, WAIT_TIME_TO.minimum), WAIT_TIME_TO.maximum))
        mailbox |= dict(zip(WAIT_TIMES, (first, second), strict=True))
    return mailbox


def _partners(given: dict[str, Any]) -> tuple[int, int] | None:
    """Return the range of the wait times that match the one that is given; ``None`` if none does."""
    ((name, value),) = given.items()
    is_first = name == WAIT_TIMES[0]
    number = as_integer(value)
    if number is None or not (WAIT_TIME_FROM if is_first else WAIT_TIME_TO).admit(number):
        return None
    if not is_first:
        return WAIT_TIME_FROM.minimum, number - 1
    return (
        None
        if number == WAIT_TIME_TO.maximum
        else (max(number + 1, WAIT_TIME_TO.minimum), WAIT_TIME_TO.maximum)
    )


def _checked_field(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"no field {name!r}; available: {', '.join(FIELDS)}")
    return name


def doubtful_values(name: str) -> st.SearchStrategy[Any]:
    """Values of the field ``name`` near the edges of its rule, on either side.

    :raises ValueError: if a mailbox has no such field; the error lists the fields
    """
    return _DOUBTFUL[FIELDS[_checked_field(name)].rule]


@st.composite
def doubtful_mailboxes(draw: st.DrawFn) -> Any:
    """Valid mailboxes with some fields changed to a value near an edge, or to any value; or any value."""
    if draw(_one_in(20)):
        return draw(json_values())
    mailbox: dict[str, Any] = draw(_mailboxes({}))
    names = draw(st.lists(st.sampled_from(list(FIELDS)), max_size=5))
    if draw(st.booleans()):
        names += WAIT_TIMES
    for name in names:
        change = draw(st.sampled_from(["doubtful"] * 7 + ["absent", "null", "anything"]))
        if change == "absent":
            mailbox.pop(name, None)
        elif change == "null":
            mailbox[name] = None
        elif change == "anything":
            mailbox[name] = draw(json_values())
        else:
            mailbox[name] = draw(doubtful_values(name))
    if draw(_one_in(10)):
        mailbox[draw(st.text(max_size=5))] = draw(json_values())
    return mailbox


def notification_types() -> st.SearchStrategy[Any]:
    """Values of ``completion_notification_types``, valid and not."""
    names = st.sampled_from((*NOTIFICATION_TYPES, "mail", "MAIL\n", "", "SMS"))
    return st.one_of(
        st.none(),
        st.lists(st.sampled_from(NOTIFICATION_TYPES), max_size=3),
        st.lists(names, max_size=3),
        json_values(),
    )


def bodies(
    *, max_mailboxes: int | None = None, mailbox: st.SearchStrategy[Mailbox] | None = None
) -> st.SearchStrategy[Body]:
    """Bodies that the contract accepts.

    They have one to three mailboxes, and at times 199 or 200; or from one to ``max_mailboxes``. ``mailbox``
    draws their mailboxes, such as ``mailboxes(smtp_port=st.just(465))``.

    :raises ValueError: if ``max_mailboxes`` is not from 1 to 200
    """
    if max_mailboxes is not None and not MAILBOX_COUNT.admit(max_mailboxes):
        raise ValueError(f"max_mailboxes must be from {MAILBOX_COUNT.minimum} to {MAILBOX_COUNT.maximum}")
    return _bodies(max_mailboxes, mailboxes() if mailbox is None else mailbox)


_FEW: Final = 3


@st.composite
def _bodies(draw: st.DrawFn, most: int | None, mailbox: st.SearchStrategy[Any]) -> Any:
    items = draw(st.lists(mailbox, min_size=1, max_size=most or _FEW))
    if most is None and draw(_one_in(20)):
        items = [items[0]] * draw(st.integers(MAILBOX_COUNT.maximum - 1, MAILBOX_COUNT.maximum))
    body: dict[str, Any] = {"mailboxes": items}
    if draw(st.booleans()):
        body["completion_notification_types"] = draw(
            st.none() | st.lists(st.sampled_from(NOTIFICATION_TYPES), max_size=3)
        )
    return body


@st.composite
def doubtful_bodies(draw: st.DrawFn) -> Any:
    """Bodies near the edges of the contract, on either side; sometimes any value."""
    if draw(_one_in(30)):
        return draw(json_values())
    items: Any = draw(st.lists(doubtful_mailboxes(), max_size=3))
    shape = draw(st.sampled_from(["as drawn"] * 27 + ["anything", "200", "none"]))
    if shape == "anything":
        items = draw(json_values())
    elif shape == "200" and items:
        items = [items[0]] * draw(st.integers(MAILBOX_COUNT.maximum - 1, MAILBOX_COUNT.maximum + 1))
    body: dict[str, Any] = {"mailboxes": items}
    if shape == "none":
        del body["mailboxes"]
    if draw(_one_in(5)):
        body["completion_notification_types"] = draw(notification_types())
    return body


class BrokenBody(NamedTuple):
    """A body that the contract refuses, and the violations it must give, all of them and in order."""

    body: Any
    violations: list[Violation]


_Ways = dict[Reason, st.SearchStrategy[Any]]

_BLANK: Final[_Ways] = {"blank": blanks()}
_NOT_TEXT: Final[_Ways] = {"type": st.sampled_from((5, 0.5, True, ["jared@getpiedpiper.com"], {}))}
_NOT_FILLED_IN: Final[_Ways] = {
    "placeholder": st.sampled_from(("${VALUE}", "{{ value }}", "<changeme>", "$VALUE")),
    "encrypted": st.sampled_from(("ENC[AES256_GCM,data:bm90LXJlYWw=]", "$ANSIBLE_VAULT;1.1;AES256")),
}
_NOT_INTEGER: Final = st.sampled_from((465.5, True, [465], {}, "x", "0465", "465 "))


def _sampled(texts: dict[Reason, tuple[str, ...]]) -> _Ways:
    return {reason: st.sampled_from(values) for reason, values in texts.items()}


def _broken_integers(limits: Limits) -> _Ways:
    """Numbers outside ``limits``; numbers in quotes, which are the commonest mistake; other values."""
    least, most = limits
    return {
        "below": st.just(least - 1) | st.integers(max_value=least - 1),
        "above": st.sampled_from((most + 1, float(most + 1))) | st.integers(min_value=most + 1),
        "type": st.integers(*limits).map(str) | _NOT_INTEGER,
        **_BLANK,
        **_NOT_FILLED_IN,
    }


_BROKEN: Final[dict[str, _Ways]] = {
    "email": {**_BLANK, **_NOT_TEXT, **_sampled(_BROKEN_EMAILS), **_NOT_FILLED_IN},
    "domain": {**_BLANK, **_NOT_TEXT, **_sampled(_BROKEN_DOMAINS), **_NOT_FILLED_IN},
    "not-blank": {**_BLANK, **_NOT_TEXT},
    "port": _broken_integers(PORT),
    "daily-limit": _broken_integers(DAILY_LIMIT),
}
_ABSENT: Final[tuple[Reason, ...]] = ("missing", "null")
_WAYS: Final[dict[str, tuple[Reason, ...]]] = {
    name: (*_BROKEN[FIELDS[name].rule], *(_ABSENT if FIELDS[name].required else ())) for name in _DRAWN_ALONE
}


def _broken_wait_time(
    first: st.SearchStrategy[Any], second: st.SearchStrategy[Any], *reasons: Reason | None
) -> Any:
    return st.tuples(first, second, st.just(reasons))


def _broken_wait_times() -> st.SearchStrategy[tuple[Any, Any, tuple[Reason | None, Reason | None]]]:
    """Both values, and the reason of each of the two fields, ``None`` for one that is not violated."""
    lower = st.integers(WAIT_TIME_FROM.minimum, WAIT_TIME_TO.minimum - 1)
    higher = st.integers(*WAIT_TIME_TO)
    none = st.none()
    of_first, of_second = _broken_integers(WAIT_TIME_FROM), _broken_integers(WAIT_TIME_TO)
    return st.one_of(
        _broken_wait_time(lower, none, "unpaired", None),
        _broken_wait_time(none, higher, None, "unpaired"),
        higher.map(lambda equal: (equal, equal, ("inverted", "inverted"))),
        _broken_wait_time(higher, lower, "inverted", "below"),
        _broken_wait_time(st.just(WAIT_TIME_FROM.minimum), st.integers(11, 19), None, "below"),
        _broken_wait_time(of_first["above"], higher, "above", "inverted"),
        *(
            _broken_wait_time(broken, higher, reason, None)
            for reason, broken in of_first.items()
            if reason != "above"
        ),
        *(
            _broken_wait_time(lower, broken, None, reason)
            for reason, broken in of_second.items()
            if reason != "below"
        ),
        _broken_wait_time(_NOT_INTEGER, _NOT_INTEGER, "type", "type"),
    )


@st.composite
def broken_bodies(draw: st.DrawFn) -> BrokenBody:
    """Bodies that the contract refuses, each with exactly the violations that it must give.

    The violations are known from the way a body was broken, not found by validating it, so they can test a
    validator. A body shrinks to one mailbox with one mistake.
    """
    body = draw(_bodies(None, mailboxes()))
    change = draw(
        st.sampled_from((_break_fields,) * 8 + (_break_items, _break_count, _break_types, _break_whole))
    )
    broken: BrokenBody = change(draw, body)
    return broken


def _break_fields(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Break one to three fields of one mailbox."""
    index = draw(st.integers(0, len(body["mailboxes"]) - 1))
    mailbox = dict(body["mailboxes"][index])
    body["mailboxes"] = [*body["mailboxes"][:index], mailbox, *body["mailboxes"][index + 1 :]]
    names = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=3, unique=True))
    reasons: dict[str, Reason] = {}
    for name in names:
        if name not in WAIT_TIMES:
            reasons[name] = _break_field(draw, mailbox, name)
    if not set(WAIT_TIMES).isdisjoint(names):
        mailbox[WAIT_TIMES[0]], mailbox[WAIT_TIMES[1]], both = draw(_broken_wait_times())
        reasons |= {name: reason for name, reason in zip(WAIT_TIMES, both, strict=True) if reason is not None}
    rows = [FIELDS[name] for name in reasons]
    violations = [Violation(index, row.name, row.rule, row.message, None, reasons[row.name]) for row in rows]
    return BrokenBody(body, sorted(violations))


def _break_field(draw: st.DrawFn, mailbox: dict[str, Any], name: str) -> Reason:
    """Break a field in a way that is drawn first, so that every way is drawn about equally often."""
    reason = draw(st.sampled_from(_WAYS[name]))
    mailbox.pop(name, None)
    if reason == "null":
        mailbox[name] = None
    elif reason != "missing":
        mailbox[name] = draw(_BROKEN[FIELDS[name].rule][reason])
    return reason


def _break_items(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Replace a mailbox with a value that is not an object."""
    index = draw(st.integers(0, len(body["mailboxes"]) - 1))
    body["mailboxes"] = list(body["mailboxes"])
    item = draw(st.none() | st.sampled_from((1, 0.5, True, "jared@getpiedpiper.com", [])))
    body["mailboxes"][index] = item
    return _broken(body, MAILBOX_OBJECT, "null" if item is None else "type", index)


def _break_count(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Give no mailboxes, too many, or a value that is not an array."""
    too_many = body.pop("mailboxes")[:1] * (MAILBOX_COUNT.maximum + 1)
    ways: dict[Reason, Any] = {"below": [], "null": None, "type": {}, "above": too_many, "missing": None}
    reason = draw(st.sampled_from(tuple(ways)))
    if reason != "missing":
        body["mailboxes"] = ways[reason]
    return _broken(body, MAILBOXES, reason)


def _break_types(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Ask for an unknown notification."""
    unknown = st.lists(st.sampled_from(("SMS", "mail", "", None, ["MAIL"])), min_size=1, max_size=2)
    types = draw(st.sampled_from((*NOTIFICATION_TYPES, {}, 1, True)) | unknown)
    body["completion_notification_types"] = types
    return _broken(body, COMPLETION_NOTIFICATION_TYPES, "unknown" if isinstance(types, list) else "type")


def _break_whole(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Replace the body with a value that is not an object."""
    whole = draw(st.none() | st.sampled_from((1, 0.5, True, "mailboxes", [body])))
    return _broken(whole, BODY_OBJECT, "null" if whole is None else "type")


def _broken(body: Any, row: BodyConstraint, reason: Reason, index: int | None = None) -> BrokenBody:
    return BrokenBody(body, [Violation(index, row.key, row.rule, row.message, None, reason)])


def __dir__() -> list[str]:
    return sorted(__all__)
