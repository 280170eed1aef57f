"""Hints for programmers: a Python value of a type that JSON doesn't have, such as ``Decimal`` or a dataclass.

Such a value is recognized by what its class and the classes it inherits from define, so that no other package
is imported and none of the value's own code runs. The value itself is never shown.

>>> from decimal import Decimal
>>> for_integer_of_other_type(Decimal(465))
'pass an int: `int(value)`'
"""

from __future__ import annotations

from typing import Final

from mailbox_schema.values import as_object, is_a

_JSON: Final = (str, int, float, list, tuple, dict, type(None))

_REVEAL: Final = "pass its `.get_secret_value()`"
_CONVERT: Final = "pass an int: `int(value)`"
_ENUM: Final = "pass its `.value`"
# An attribute of the class -> the hint; the first that fits.
_OF_TEXT: Final = {
    "get_secret_value": _REVEAL,  # pydantic's SecretStr
    "_member_map_": _ENUM,
    "decode": "pass a str: decode the bytes",
}
_OF_INTEGER: Final = {
    "get_secret_value": _REVEAL,
    "_member_map_": _ENUM,
    "__int__": _CONVERT,  # Decimal, numpy.int64
    "__trunc__": _CONVERT,  # Fraction before Python 3.11
}
_OF_RECORD: Final = {
    "to_mailbox": "pass its `.to_mailbox()`",  # mailbox_schema.pydantic; its dumps mask the passwords
    "to_body": "pass its `.to_body()`",
    "model_dump": "pass its `.model_dump()`",  # pydantic 2
    "__dataclass_fields__": "pass a dict: `dataclasses.asdict(value)`",
    "__attrs_attrs__": "pass a dict: `attrs.asdict(value)`",
    "__struct_fields__": "pass a dict: `msgspec.to_builtins(value)`",
    "_asdict": "pass its `._asdict()`",  # a named tuple
}


def is_json(value: object) -> bool:
    """Return whether ``value`` is of a type that the contract reads as JSON.

    >>> is_json(["x"]), is_json({"x"})
    (True, False)
    """
    return any(is_a(value, kind) for kind in _JSON) or as_object(value, ()) is not None


def for_text_of_other_type(value: object) -> str:
    """Return the hint for a value in the place of text.

    >>> for_text_of_other_type(b"jared@getpiedpiper.com")
    'pass a str: decode the bytes'
    """
    return _first_defined(value, _OF_TEXT) or "pass a str"


def for_integer_of_other_type(value: object) -> str:
    """Return the hint for a value in the place of an integer."""
    return _first_defined(value, _OF_INTEGER) or "pass an int"


def for_record(value: object) -> str | None:
    """Return the hint for a value in the place of a mailbox or a body, if it is like one.

    >>> from collections import namedtuple
    >>> for_record(namedtuple("Mailbox", "smtp_port")(465))
    'pass its `._asdict()`'
    """
    return _first_defined(value, _OF_RECORD)


def for_iterable(value: object) -> str | None:
    """Return the hint for a value in the place of a list, if it is another iterable, or like a mailbox.

    >>> for_iterable({"MAIL"})
    'pass a list: `list(value)`'
    """
    if is_json(value) or is_a(value, bytes):
        return None
    return _first_defined(value, {**_OF_RECORD, "__iter__": "pass a list: `list(value)`"})


def _first_defined(value: object, hints: dict[str, str]) -> str | None:
    """Return the hint for the first attribute that the class of ``value`` has."""
    attributes = _attributes(type(value))
    return next((hint for name, hint in hints.items() if name in attributes), None)


def _attributes(kind: type) -> set[str]:
    """Return what a class and its bases define, without asking the class, which may do anything."""
    bases = type.__dict__["__mro__"].__get__(kind)
    return {name for base in bases for name in type.__dict__["__dict__"].__get__(base)}
