"""Python values that JSON doesn't have: an answer, the same line as ever, and a hint for a programmer."""

import re
from collections import UserDict, namedtuple
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from golden import body, mailbox
from pydantic import BaseModel, SecretStr

from mailbox_schema import iter_mailbox_violations, iter_violations, validate

SECRET = "not-a-real-password"


class Color(Enum):
    BLUE = SECRET


class Model(BaseModel):
    smtp_password: str = SECRET


@dataclass
class Record:
    smtp_password: str = field(default=SECRET)


class Attrs:
    __attrs_attrs__ = ()


class Struct:
    __struct_fields__ = ()


class Int64:
    """As numpy.int64 is."""

    def __int__(self) -> int:
        raise AssertionError("its code runs")

    __index__ = __int__


def refusing() -> object:
    """Return a value that refuses to be looked at; made here, where pytest, which looks, doesn't see it."""

    def refuse(_value: object, _name: str) -> Any:
        raise AssertionError("its code runs")

    odd = type("Odd", (type,), {"__getattribute__": refuse})
    return odd("Refusing", (), {"__getattribute__": refuse})()


Tuple = namedtuple("Tuple", "smtp_password")  # noqa: PYI024  # the untyped kind, as a database driver returns it

REVEAL = "pass its `.get_secret_value()`"


@pytest.mark.parametrize(
    ("value", "text", "integer"),
    [
        (SecretStr(SECRET), REVEAL, REVEAL),
        (Color.BLUE, "pass its `.value`", "pass its `.value`"),
        (Decimal(465), "pass a str", "pass an int: `int(value)`"),
        (Fraction(465), "pass a str", "pass an int: `int(value)`"),
        (Int64(), "pass a str", "pass an int: `int(value)`"),
        (UUID(int=5), "pass a str", "pass an int: `int(value)`"),
        (SECRET.encode(), "pass a str: decode the bytes", "pass an int"),
        (bytearray(b"x"), "pass a str: decode the bytes", "pass an int"),
        (Path(SECRET), "pass a str", "pass an int"),
        (date(2025, 3, 5), "pass a str", "pass an int"),
        ({SECRET}, "pass a str", "pass an int"),
        (5j, "pass a str", "pass an int"),
        (object(), "pass a str", "pass an int"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_in_the_place_of_text_or_an_integer(value: object, text: str, integer: str) -> None:
    broken = body(smtp_password=value, bcc=value, footer=value, smtp_port=value, daily_sending_limit=value)
    found = {v.field: (v.hint, v.reason) for v in iter_violations(broken)}
    assert found == {
        "smtp_password": (text, "type"),
        "smtp_port": (integer, "type"),
        "footer": (text, "type"),
        "bcc": (text, "type"),
        "daily_sending_limit": (integer, "type"),
    }


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (Model(), "pass its `.model_dump()`"),
        (Record(), "pass a dict: `dataclasses.asdict(value)`"),
        (Attrs(), "pass a dict: `attrs.asdict(value)`"),
        (Struct(), "pass a dict: `msgspec.to_builtins(value)`"),
        (Tuple(SECRET), "pass its `._asdict()`"),
        (SimpleNamespace(smtp_password=SECRET), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_record_in_the_place_of_a_mailbox_or_a_body(value: object, hint: str | None) -> None:
    assert [v.hint for v in iter_violations(value)] == [hint]
    assert [v.hint for v in iter_violations({"mailboxes": [value]})] == [hint]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ({SECRET}, "pass a list: `list(value)`"),
        (range(3), "pass a list: `list(value)`"),
        (iter([mailbox()]), "pass a list: `list(value)`"),
        (map(str, []), "pass a list: `list(value)`"),
        (Model(), "pass its `.model_dump()`"),
        (Record(), "pass a dict: `dataclasses.asdict(value)`"),
        (b"MAIL", None),
        (5, None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_another_iterable_in_the_place_of_a_list(value: object, hint: str | None) -> None:
    both = {"mailboxes": value, "completion_notification_types": value}
    assert [(v.hint, v.reason) for v in iter_violations(both)] == [(hint, "type")] * 2


def test_none_of_a_values_own_code_runs() -> None:
    odd = refusing()
    for place in (odd, {"mailboxes": odd}, {"mailboxes": [odd]}):
        assert [violation.hint for violation in iter_violations(place)] == [None]
    assert [v.hint for v in iter_violations(body(bcc=odd, smtp_port=odd))] == ["pass an int", "pass a str"]


def test_another_mapping_is_read_as_an_object() -> None:
    assert validate(UserDict(body())) == []


def test_a_hint_shows_nothing_of_the_value() -> None:
    for value in (SecretStr(SECRET), Color.BLUE, Model(), Record(), Tuple(SECRET), SECRET.encode()):
        for place in (value, {"mailboxes": value}, {"mailboxes": [value]}, body(imap_password=value)):
            told = "".join(map(repr, iter_violations(place)))
            assert not re.search("real", told)
        assert "real" not in "".join(map(repr, iter_mailbox_violations(value)))
