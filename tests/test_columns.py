"""The promise of columns: "what is accepted here, the rules accept", and nothing else is said than they say."""

import copy
import os
import random
import string
import sys
from collections import defaultdict
from typing import Any, Final

import pytest
from golden import VENDOR_FULL
from hostile import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from mailbox_schema import (
    FIELDS,
    InvalidBody,
    ensure_valid,
    is_valid,
    iter_mailbox_violations,
    iter_violations,
    rules,
    validate,
    validate_mailbox,
)
from mailbox_schema.columns import AT_ONCE, FEW
from mailbox_schema.contract import WAIT_TIMES
from mailbox_schema.strategies import (
    BROKEN_DOMAINS,
    BROKEN_EMAILS,
    NOT_QUITE_BLANK,
    VALID_DOMAINS,
    VALID_EMAILS,
    doubtful_bodies,
    doubtful_mailboxes,
    edited,
    json_values,
)
from mailbox_schema.values import JAVA_WHITESPACE

FULL: Final = VENDOR_FULL["mailboxes"][0]
SIZES: Final = (1, FEW - 1, FEW, AT_ONCE)


def truth(body: object) -> list[str]:
    """What the readable rules say."""
    return [str(violation) for violation in rules.body_violations(body)]


def assert_agreement(body: object, note: str = "") -> None:
    """Every verb says what the readable rules say."""
    lines = truth(body)
    assert validate(body) == lines, note
    assert is_valid(body) is (not lines), note
    assert list(iter_violations(body)) == list(rules.body_violations(body)), note
    if lines:
        with pytest.raises(InvalidBody) as caught:
            ensure_valid(body)
        assert caught.value.details == lines, note
    else:
        ensure_valid(body)


def full(number: int) -> dict[str, Any]:
    """Return a valid mailbox of all fields that is like no other."""
    return {
        **FULL,
        "smtp_email": f"user{number}@company-{number % 5}.com",
        "imap_email": f"user{number}@company-{number % 5}.com",
        "smtp_login": f"user{number}",
        "smtp_password": f"not-a-real-password-{number}",
        "bcc": f"Archive+{number}@Company.example.org",
        "click_tracking_domain": f"click{number}.company.com",
        "sending_wait_time_from": 10 + number,
        "sending_wait_time_to": 1000 + number,
        "daily_sending_limit": 1 + number,
    }


def many(count: int) -> list[dict[str, Any]]:
    return [full(number) for number in range(count)]


# Bodies of many rows, some of their values changed.


@given(doubtful_bodies())
def test_bodies_near_the_edges(body: object) -> None:
    assert_agreement(body)


@given(doubtful_mailboxes())
def test_one_mailbox_alone(mailbox: object) -> None:
    assert validate_mailbox(mailbox, 7) == [
        str(violation) for violation in iter_mailbox_violations(mailbox, 7)
    ]


@given(st.lists(doubtful_mailboxes(), min_size=1, max_size=2), st.integers(FEW - 2, FEW))
def test_doubtful_mailboxes_among_valid_ones(mailboxes: list[Any], others: int) -> None:
    assert_agreement({"mailboxes": many(others) + mailboxes})


values = st.one_of(
    edited(edited(st.sampled_from(VALID_EMAILS + BROKEN_EMAILS))),
    edited(edited(st.sampled_from(VALID_DOMAINS + BROKEN_DOMAINS))),
    st.sampled_from((*NOT_QUITE_BLANK, *JAVA_WHITESPACE, 0, 1, True, False, 1.0, 10**30, None)),
    st.integers(-1, 70000),
    st.lists(st.sampled_from(VALID_EMAILS + VALID_DOMAINS), max_size=3).map("\n".join),
    json_values(),
)


@given(
    st.sampled_from(SIZES[:-1]),
    st.lists(st.tuples(st.integers(0, FEW), st.sampled_from(list(FIELDS)), values), max_size=8),
)
def test_changed_values_among_valid_mailboxes(
    size: int, changes: list[tuple[int, str, Any]]
) -> None:  # one cell after the other
    mailboxes = many(size)
    for place, name, value in changes:
        mailboxes[place % size][name] = value
    assert_agreement({"mailboxes": mailboxes})


class LyingText(str):
    """Says of itself that it is another text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("user0@company-0.com")

    def __len__(self) -> int:
        return 5

    def strip(self, _chars: str | None = None, /) -> str:
        return "not blank"


class LyingNumber(int):
    """Says of itself that it is another number."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(465)

    def __le__(self, other: object) -> bool:
        return True

    __lt__ = __ge__ = __gt__ = __le__


LONG_LOCAL: Final = "a" * 242
EDGES: Final[dict[str, Any]] = {
    "null": None,
    "empty": "",
    "spaces": " \t",
    "a line break": "\n",
    "two line breaks": "\n\n",
    "two addresses by lines": "a@b.com\nc@d.com",
    "two domains by lines": "b.com\nd.com",
    "an address and a line break": "a@b.com\n",
    "a line break and an address": "\na@b.com",
    "an address, a blank line, a domain": "a@b.com\n\nb.com",
    "a domain and a line break": "b.com\n",
    "a carriage return": "a@b.com\r",
    "a vertical tab": "b.com\v",
    "NUL": "\0",
    "U+0085": "\u0085",
    "a no-break space": "\u00a0",
    "a figure space": "\u2007",
    "a narrow no-break space": "\u202f",
    "a zero-width space": "\u200b",
    "a line separator": "\u2028",
    "a lone surrogate": "\ud800",
    "an address with one": "\ud800@b.com",
    "special use": "a@b.test",
    "special use in capitals": "a@b.LocalHost",
    "nearly of special use": "a@b.tests",
    "arpa": "a@1.in-addr.arpa",
    "254 characters": f"{LONG_LOCAL}@example.com",
    "255 characters": f"a{LONG_LOCAL}@example.com",
    "a domain of 253 characters": ".".join(["a" * 63] * 3 + ["b" * 61]),
    "a domain of 254 characters": ".".join(["a" * 63] * 3 + ["b" * 62]),
    "a label of 63": f"a@{'b' * 63}.com",
    "a label of 64": f"a@{'b' * 64}.com",
    "a last label of 63": f"a.{'b' * 63}",
    "a last label of 64": f"a.{'b' * 64}",
    "a last label of 64 in an address": f"a@b.{'c' * 64}",
    "a hyphen before a dot": "a@b-.com",
    "a hyphen after a dot": "a.-b.com",
    "a hyphen at the end": "a@b.com-",
    "a hyphen at the start": "-b.com",
    "two hyphens": "a@ab--c.com",
    "two hyphens in a domain": "ab--c.com",
    "two hyphens in a local part": "a--b@c.com",
    "an A-label": "a@xn--bcher-kva.com",
    "no A-label": "xn--a.com",
    "a numeric last label": "a.b.123",
    "a last label with a digit": "a.b.c1",
    "an address with a digit there": "a@b.c1",
    "one label": "localhost",
    "one label in an address": "a@localhost",
    "two at signs": "a@@b.com",
    "a dot first": ".a@b.com",
    "a dot last": "a.@b.com",
    "two dots": "a..b@c.com",
    "two dots in the domain": "a@b..com",
    "a trailing dot": "a@b.com.",
    "quotes": '"a"@b.com',
    "brackets": "a@[192.0.2.1]",
    "underscore": "a@b_c.com",
    "U+017F, an s when case is ignored": "a@b.te\u017ft",
    "internationalised": "\u7528@\u4f8b\u5b50.\u516c\u53f8",
    "internationalised domain": "b\u00fccher.example",
    "an ideographic full stop": "a@b\u3002com",
    "a number in quotes": "465",
    "nought": 0,
    "one": 1,
    "true": True,
    "false": False,
    "one as a float": 1.0,
    "a port as a float": 465.0,
    "half a port": 465.5,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "negative": -1,
    "the lower limit of a wait time": 10,
    "above all limits": 65536,
    "huge": 10**5000,
    "hugely negative": -(10**5000),
    "a list": ["a@b.com"],
    "an object": {"a": 1},
    "a tuple": ("a@b.com",),
    "bytes": b"a@b.com",
    "a subclass of text": LyingText("user0@company-0.com"),
    "a lying text": LyingText("bad"),
    "a lying blank": LyingText(" "),
    "a long lying text": LyingText("a" * 300 + "@b.com"),
    "a lying number": LyingNumber(-5),
    "a subclass of numbers": LyingNumber(465),
    "1 MB": "a" * 1_000_000,
    "an address of 1 MB": "a@" + "b." * 500_000 + "com",
    "1 MB of spaces": " " * 1_000_000,
}


@pytest.mark.parametrize("size", [1, FEW])
@pytest.mark.parametrize("what", EDGES)
def test_an_edge_in_every_field(what: str, size: int) -> None:
    for name in FIELDS:
        mailboxes = many(size)
        mailboxes[size // 2][name] = EDGES[what]
        assert validate({"mailboxes": mailboxes}) == truth({"mailboxes": mailboxes})


@pytest.mark.parametrize("size", [1, FEW])
@pytest.mark.parametrize("what", EDGES)
def test_an_edge_in_all_fields_of_a_rule(what: str, size: int) -> None:
    """The columns of a rule are looked at together."""
    for rule in rules.FIELD_RULES:
        mailboxes = many(size)
        for place in (0, size // 2, size - 1):
            mailboxes[place] |= {name: EDGES[what] for name, field in FIELDS.items() if field.rule == rule}
        assert_agreement({"mailboxes": mailboxes})


@pytest.mark.parametrize("what", EDGES)
def test_an_edge_all_over_a_field(what: str) -> None:
    """The same mistake in every mailbox, or in all but some, is asked about once."""
    for name in FIELDS:
        for valid in ((), (0,), (FEW - 1,), range(0, FEW, 2)):
            mailboxes = [
                mailbox if place in valid else {**mailbox, name: EDGES[what]}
                for place, mailbox in enumerate(many(FEW))
            ]
            assert validate({"mailboxes": mailboxes}) == truth({"mailboxes": mailboxes})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FIELDS)
def test_an_absent_field(name: str, size: int) -> None:
    for missing in ([0], [size - 1], list(range(size))):
        mailboxes = many(size)
        for place in missing:
            del mailboxes[place][name]
        assert_agreement({"mailboxes": mailboxes})


@pytest.mark.parametrize("size", [1, FEW])
def test_pairs_of_wait_times(size: int) -> None:
    numbers = [None, 9, 10, 11, 19, 20, 21, 9998, 9999, 10000, 20.0, True, "20"]
    for first in numbers:
        for second in numbers:
            mailboxes = many(size)
            mailboxes[size // 2] |= dict(zip(WAIT_TIMES, (first, second), strict=True))
            mailboxes[0] |= dict(zip(WAIT_TIMES, (first, second), strict=True))
            assert validate({"mailboxes": mailboxes}) == truth({"mailboxes": mailboxes})


# What is no plain object, and the edges of a batch.


class LyingKey(str):
    """Falls into the same place of a dict as a key we ask for, and can't be compared."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash("bcc")

    def __eq__(self, other: object) -> bool:
        raise KeyError("compared")


class RaisingKey(LyingKey):
    __slots__ = ()

    __hash__ = LyingKey.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")


@pytest.mark.parametrize("size", [FEW - 1, FEW, FEW + 1])
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_value(what: str, size: int) -> None:
    """In one cell, all over a column, as a mailbox, as notification types: an answer, and the rules' own."""
    value = HOSTILE[what]()
    for name in FIELDS:
        for places in ((size // 2,), range(size)):
            mailboxes = many(size)
            for place in places:
                mailboxes[place][name] = value
            assert_agreement({"mailboxes": mailboxes})
    assert_agreement({"mailboxes": [*many(size - 1), value]})
    assert_agreement({"mailboxes": [value] * size})
    for types in (value, [value]):
        assert_agreement({"mailboxes": many(size), "completion_notification_types": types})


def test_a_list_that_gets_shorter_meanwhile() -> None:
    mailboxes: list[Any] = [{}] * (FEW + 1)
    expected = list(iter_violations({"mailboxes": list(mailboxes)}))
    seen = []
    for violation in iter_violations({"mailboxes": mailboxes}):
        seen.append(violation)
        del mailboxes[:1]
    assert seen == expected


def test_many_mistakes_all_over_and_a_sound_first_mailbox() -> None:
    """Where the first is sound, the others are asked about once all the same."""
    for name in FIELDS:
        wrongs: tuple[list[Any], ...] = (["", "", " "], [0, 99999], [None, True, 0.5], [[], {}])
        for wrong in wrongs:
            mailboxes = [{**full(place), name: wrong[place % len(wrong)]} for place in range(3 * FEW)]
            mailboxes[0] = full(0)
            assert_agreement({"mailboxes": mailboxes})


class MyDict(dict[str, Any]):
    pass


class LyingDict(dict[str, Any]):
    """Gets what is valid, and holds something else."""

    def get(self, name: str, default: Any = None, /) -> Any:
        return full(0).get(name, default)


RAISING: Final = {name: value for name, value in FULL.items() if name != "bcc"} | {RaisingKey("x"): 1}


@pytest.mark.parametrize(
    "item",
    [None, [], "mailbox", 1, {}, MyDict(FULL), RAISING, {LyingKey("x"): 1}, (), {"bcc": None}],
    ids=repr,
)
@pytest.mark.parametrize("size", SIZES)
def test_an_item_of_another_kind(item: object, size: int) -> None:
    mailboxes: list[Any] = many(size)
    mailboxes[size // 2] = item
    assert_agreement({"mailboxes": mailboxes})
    assert_agreement({"mailboxes": tuple(mailboxes)})


@pytest.mark.parametrize("size", SIZES)
def test_a_defaultdict_among_plain_ones_is_not_filled(size: int) -> None:
    lazy: defaultdict[str, Any] = defaultdict(list)
    assert_agreement({"mailboxes": [*many(size), lazy]})
    assert lazy == {}


def test_values_that_are_equal_and_not_the_same() -> None:
    """1, True and 1.0 are one value to a set, and not to the contract."""
    for name in ("smtp_port", "daily_sending_limit", *WAIT_TIMES):
        for values in (
            (1, True),
            (True, 1),
            (False, 0),
            (1, True, 1.0),
            (True, 1, 1.0),
            (0, False, 0.0),
            (False, 0, -0.0),
            (10, 10.0),
            (20.0, 20),
        ):
            mailboxes = [{**full(place), name: values[place % len(values)]} for place in range(2 * FEW)]
            assert_agreement({"mailboxes": mailboxes})


class Equal:
    """Says that it is a notification type."""

    def __hash__(self) -> int:
        return hash("MAIL")

    def __eq__(self, other: object) -> bool:
        return other == "MAIL"

    def __repr__(self) -> str:
        return "Equal()"


@pytest.mark.parametrize("size", [1, FEW])
@pytest.mark.parametrize(
    "types",
    [
        *(None, [], ["MAIL"], ["IN_APP", "MAIL", "MAIL"], ("MAIL",), ["SMS"], [None], [["MAIL"]], "MAIL", {}),
        *([Equal()], [LyingText("SMS")], [LyingText("MAIL")], ["MAIL\n"], [1]),
    ],
    ids=repr,
)
def test_notification_types(types: object, size: int) -> None:
    assert_agreement({"mailboxes": many(size), "completion_notification_types": types})


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"mailboxes": []}, {"mailboxes": None}, {"mailboxes": {}}, MyDict(mailboxes=many(1)), None),
        {"mailboxes": tuple(many(1))},
        {LyingKey("x"): 1, "mailboxes": many(1)},
        {RaisingKey("mailboxes"): many(1)},
        LyingDict(mailboxes=many(1), completion_notification_types=["SMS"]),
        {"mailboxes": [LyingDict(many(1)[0], smtp_port=0)]},
    ],
    ids=repr,
)
def test_a_body_of_another_kind(body: object) -> None:
    assert_agreement(body)


def test_one_mailbox_over_and_over() -> None:
    for mailbox in (full(0), {**full(0), "smtp_port": True}, {}, {**full(0), "unknown": LyingText("x")}):
        for size in (*SIZES, AT_ONCE + 1):
            assert_agreement({"mailboxes": [mailbox] * size})


@pytest.mark.parametrize(
    "size", [AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + FEW - 1, 2 * AT_ONCE + FEW]
)
def test_around_the_ends_of_a_batch(size: int) -> None:
    for places in ([0], [size - 1], [0, AT_ONCE - 2, size - 1], range(0, size, 7), range(size)):
        mailboxes = many(size)
        for place in places:
            mailboxes[place] |= {"smtp_port": 0, "bcc": "-", "sending_wait_time_to": 1}
        assert_agreement({"mailboxes": mailboxes})


def test_what_was_looked_at_is_neither_changed_nor_kept() -> None:
    """Issue: "no state shared between calls that could keep a password alive"."""
    mailboxes = many(AT_ONCE)
    mailboxes[3]["smtp_email"] = "bad"
    before = copy.deepcopy(mailboxes)
    password = f"not-a-real-password-{os.getpid()}"  # no constant, which others hold too
    mailboxes[0]["smtp_password"] = before[0]["smtp_password"] = password
    references = sys.getrefcount(password)
    assert len(validate({"mailboxes": mailboxes})) == 1
    assert not is_valid({"mailboxes": mailboxes[:3] * 3 + mailboxes[3:4]})
    assert sys.getrefcount(password) == references
    assert mailboxes == before


# Plain random bodies of many rows: fast enough for very many of them.

FUZZED: Final = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else 500
ALPHABET: Final = (
    string.ascii_letters + string.digits + "@@..--\n\n _!\t\r\0\u0085\u00a0\u00fc\u05d0\u3002\ud800"
)
TEXTS: Final = (
    *VALID_EMAILS,
    *BROKEN_EMAILS,
    *VALID_DOMAINS,
    *BROKEN_DOMAINS,
    *NOT_QUITE_BLANK,
    "",
    " ",
    "465",
)
NUMBERS: Final = (
    0,
    1,
    5500,
    5501,
    65535,
    65536,
    9,
    10,
    19,
    20,
    9999,
    10000,
    465.0,
    1.5,
    True,
    False,
    -1,
    10**30,
)


def edited_text(draw: random.Random, text: str) -> str:
    place = draw.randint(0, len(text))
    return text[:place] + draw.choice(ALPHABET) * draw.randint(0, 2) + text[place + draw.randint(0, 2) :]


def any_value(draw: random.Random, now: Any) -> Any:
    kind = draw.randint(0, 9)
    if kind < 5:  # an address or a domain with a mistake is what is easily overlooked
        return edited_text(draw, now if isinstance(now, str) else draw.choice(TEXTS))
    if kind == 5:
        return edited_text(draw, edited_text(draw, draw.choice(TEXTS)))
    if kind == 6:
        return draw.choice(TEXTS)
    if kind == 7:
        return draw.choice([None, [], {}, now, [now]])
    return draw.choice(NUMBERS) if kind == 8 else draw.randint(-1, 70000)


def random_body(seed: int) -> dict[str, Any]:
    draw = random.Random(seed)  # noqa: S311  # tests, no secrets
    mailboxes = [full(draw.randint(0, 50)) for _ in range(draw.choice([1, FEW, FEW, 2 * FEW, 5 * FEW]))]
    for _ in range(draw.choice([0, 1, 1, 2, 3, 10, 60])):
        mailbox, name = draw.choice(mailboxes), draw.choice(list(FIELDS))
        if draw.randint(0, 5) == 0:
            mailbox.pop(name, None)
        else:
            mailbox[name] = any_value(draw, mailbox.get(name))
    if draw.randint(0, 3) == 0:  # the same few mistakes all over a column
        name = draw.choice(list(FIELDS))
        few = [any_value(draw, None) for _ in range(draw.randint(1, 3))]
        for mailbox in mailboxes:
            mailbox[name] = draw.choice(few)
    return {"mailboxes": mailboxes}


def test_random_bodies_of_many_rows() -> None:
    first = 0
    for seed in range(first, first + FUZZED):
        body = random_body(seed)
        assert validate(body) == truth(body), f"random_body({seed})"
