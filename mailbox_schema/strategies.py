"""Hypothesis strategies for bodies, valid and broken.

For tests of code that builds, sends or checks such bodies; needs the extra ``hypothesis``. They reach the
edges of the contract: both sides of every limit, wrong types, nulls, booleans and floats in place of
integers, Unicode spaces, lone surrogates, internationalized domains, and 199 to 201 mailboxes. They shrink
to the vendor's own examples. Passwords are obviously fake.

- :func:`bodies`, :func:`mailboxes`: accepted by the contract
- :func:`broken_bodies`: refused, each with the violations it must give
- :func:`doubtful_bodies`, :func:`doubtful_mailboxes`, :func:`doubtful_values`: near every edge, on either
  side of it
"""

from __future__ import annotations

import string
from typing import Any, Final, NamedTuple

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
from mailbox_schema.values import JAVA_WHITESPACE
from mailbox_schema.violation import Violation

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
BROKEN_EMAILS: Final = (
    "jared", "", " ", "@getpiedpiper.com", "jared@", "jared@localhost", "jared@getpiedpiper.com ",
    "jared@getpiedpiper.com\n", "jared@getpiedpiper.com\u200b", "Jared <jared@getpiedpiper.com>",
    "mailto:jared@getpiedpiper.com", "jared@getpiedpiper.com, dinesh@getpiedpiper.com",
    '"jared"@getpiedpiper.com', "jared@[192.0.2.1]", "jared@host.test", "jared@host.LOCAL",
    "jared@pied_piper.com", "jared@-piedpiper.com", "jared@ab--cd.com", "jared@example.c0",
    "jared@xn--a.com", "jared@\ud800.com", "\udfff@example.com", "jared.@getpiedpiper.com",
    "ja..red@getpiedpiper.com", f"{'a' * 65}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com", "${SMTP_EMAIL}",
)  # fmt: skip
VALID_DOMAINS: Final = (
    "open-domain.com", "TRACK.Example.COM", "a.b", "1.2a", "x.test", "a--b.example", "ab--cd.example",
    "b\u00fccher.example", "xn--bcher-kva.example", "XN--BCHER-KVA.example", "\u05d0\u05d1.example",
    "\u4f8b\u5b50.\u516c\u53f8", f"{'a' * 63}.com", ".".join(["a" * 63] * 3 + ["b" * 61]),
)  # fmt: skip
BROKEN_DOMAINS: Final = (
    "localhost", "", "example.com.", ".example.com", "a..b", "https://open-domain.com", "open-domain.com/",
    "open-domain.com:443", "*.open-domain.com", "track_1.example.com", "-a.example", "a-.example",
    "192.0.2.1", "a.123", "[::1]", "exa mple.com", "example.com\n", "example.com\u200b",
    "B\u00fccher.example", "b\u0075\u0308cher.example", "example\u3002com", "\uff45xample.com",
    "xn--a.example", "xn--.example", "xn---bbk.example", "1a.\u05d0\u05d1", "\u05d0a.example",
    "\ud800.example", f"{'a' * 64}.com", ".".join(["a" * 63] * 3 + ["b" * 62]), "\u00fc" * 60 + ".example",
)  # fmt: skip


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
    "email": st.sampled_from(VALID_EMAILS)
    | st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8})?@[a-z0-9]{1,8}\.[a-z]{2,5}", fullmatch=True).filter(
        lambda text: text.rpartition(".")[-1] not in {"arpa", "local", "onion", "test"}
    ),
    "domain": st.sampled_from(VALID_DOMAINS)
    | st.from_regex(r"([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\.){1,3}[a-z]{2,5}", fullmatch=True).filter(
        lambda text: "--" not in text
    ),
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


@st.composite
def mailboxes(draw: st.DrawFn) -> dict[str, Any]:
    """Mailboxes that the contract accepts, with optional fields given, null or absent."""
    mailbox: dict[str, Any] = {}
    for field in FIELDS.values():
        if field.name in WAIT_TIMES:
            continue
        if field.required or draw(st.booleans()):
            mailbox[field.name] = draw(_VALID_VALUES[field.name])
        elif draw(st.booleans()):
            mailbox[field.name] = None
    if draw(st.booleans()):
        first = draw(st.integers(WAIT_TIME_FROM.minimum, WAIT_TIME_FROM.maximum - 1))
        second = draw(st.integers(max(first + 1, WAIT_TIME_TO.minimum), WAIT_TIME_TO.maximum))
        mailbox |= dict(zip(WAIT_TIMES, (first, second), strict=True))
    return mailbox


def doubtful_values(name: str) -> st.SearchStrategy[Any]:
    """Values of the field ``name`` near the edges of its rule, on either side.

    :raises ValueError: if a mailbox has no such field; the error lists the fields
    """
    if name not in FIELDS:
        raise ValueError(f"no field {name!r}; available: {', '.join(FIELDS)}")
    return _DOUBTFUL[FIELDS[name].rule]


@st.composite
def doubtful_mailboxes(draw: st.DrawFn) -> Any:
    """Valid mailboxes with some fields changed to a value near an edge, or to any value; or any value."""
    if draw(_one_in(20)):
        return draw(json_values())
    mailbox = draw(mailboxes())
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


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies that the contract accepts."""
    items = draw(st.lists(mailboxes(), min_size=1, max_size=3))
    if draw(_one_in(20)):
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


_NOT_TEXT: Final = st.sampled_from((5, 0.5, True, ["jared@getpiedpiper.com"], {}))
_NOT_INTEGER: Final = st.sampled_from(("465", 465.5, True, [465], {}, ""))


def _beyond(limits: Limits) -> st.SearchStrategy[Any]:
    """Integers outside ``limits``, the nearest most often."""
    return (
        st.sampled_from((limits.minimum - 1, limits.maximum + 1, float(limits.maximum + 1)))
        | st.integers(max_value=limits.minimum - 1)
        | st.integers(min_value=limits.maximum + 1)
    )


_BROKEN: Final[dict[str, st.SearchStrategy[Any]]] = {
    "email": st.sampled_from(BROKEN_EMAILS) | _NOT_TEXT,
    "domain": st.sampled_from(BROKEN_DOMAINS) | _NOT_TEXT,
    "not-blank": blanks() | _NOT_TEXT,
    "port": _beyond(PORT) | _NOT_INTEGER,
    "daily-limit": _beyond(DAILY_LIMIT) | _NOT_INTEGER,
}


def _broken_wait_times() -> st.SearchStrategy[tuple[Any, Any, tuple[str, ...]]]:
    """Both values, and which of the two fields they violate; ``None`` is given as ``null``."""
    first, second = WAIT_TIMES
    lower = st.integers(WAIT_TIME_FROM.minimum, WAIT_TIME_TO.minimum - 1)
    higher = st.integers(*WAIT_TIME_TO)
    return st.one_of(
        st.tuples(lower, st.none(), st.just((first,))),
        st.tuples(st.none(), higher, st.just((second,))),
        higher.map(lambda equal: (equal, equal, WAIT_TIMES)),
        st.tuples(higher, lower, st.just(WAIT_TIMES)),
        st.tuples(st.integers(max_value=WAIT_TIME_FROM.minimum - 1), higher, st.just((first,))),
        st.tuples(lower, st.integers(min_value=WAIT_TIME_TO.maximum + 1), st.just((second,))),
        st.tuples(_NOT_INTEGER, higher, st.just((first,))),
        st.tuples(lower, _NOT_INTEGER, st.just((second,))),
        st.tuples(_NOT_INTEGER, _NOT_INTEGER, st.just(WAIT_TIMES)),
    )


@st.composite
def broken_bodies(draw: st.DrawFn) -> BrokenBody:
    """Bodies that the contract refuses, each with exactly the violations that it must give.

    The violations are known from the way a body was broken, not found by validating it, so they can test a
    validator. A body shrinks to one mailbox with one mistake.
    """
    body = draw(bodies())
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
    violated = {name for name in names if name not in WAIT_TIMES}
    for name in names:
        if name in violated:
            _break_field(draw, mailbox, name)
    if not violated.issuperset(names):
        mailbox[WAIT_TIMES[0]], mailbox[WAIT_TIMES[1]], both = draw(_broken_wait_times())
        violated.update(both)
    rows = [FIELDS[name] for name in violated]
    return BrokenBody(body, sorted(Violation(index, row.name, row.rule, row.message) for row in rows))


def _break_field(draw: st.DrawFn, mailbox: dict[str, Any], name: str) -> None:
    field = FIELDS[name]
    broken = draw(
        _BROKEN[field.rule]
    )  # always drawn, so that the choices after it keep their meaning while shrinking
    ways = ("broken", "broken", "null", "absent") if field.required else ("broken",)
    way = draw(st.sampled_from(ways))
    mailbox.pop(name, None)
    mailbox |= {"broken": {name: broken}, "null": {name: None}, "absent": {}}[way]


def _break_items(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Replace a mailbox with a value that is not an object."""
    index = draw(st.integers(0, len(body["mailboxes"]) - 1))
    body["mailboxes"] = list(body["mailboxes"])
    body["mailboxes"][index] = draw(st.none() | st.sampled_from((1, 0.5, True, "jared@getpiedpiper.com", [])))
    return _broken(body, MAILBOX_OBJECT, index)


def _break_count(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Give no mailboxes, too many, or a value that is not an array."""
    too_many = body.pop("mailboxes")[:1] * (MAILBOX_COUNT.maximum + 1)
    counts: tuple[Any, ...] = ([], None, {}, "jared@getpiedpiper.com", too_many)
    body |= draw(st.sampled_from(({}, *({"mailboxes": count} for count in counts))))
    return _broken(body, MAILBOXES)


def _break_types(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Ask for an unknown notification."""
    wrong = st.sampled_from((*NOTIFICATION_TYPES, {}, 1, True)) | st.lists(
        st.sampled_from(("SMS", "mail", "", None, ["MAIL"])), min_size=1, max_size=2
    )
    body["completion_notification_types"] = draw(wrong)
    return _broken(body, COMPLETION_NOTIFICATION_TYPES)


def _break_whole(draw: st.DrawFn, body: dict[str, Any]) -> BrokenBody:
    """Replace the body with a value that is not an object."""
    return _broken(draw(st.none() | st.sampled_from((1, 0.5, True, "mailboxes", [body]))), BODY_OBJECT)


def _broken(body: Any, row: BodyConstraint, index: int | None = None) -> BrokenBody:
    return BrokenBody(body, [Violation(index, row.key, row.rule, row.message)])
