"""Questions about one value: is it blank, an integer, an email address, a domain?

Nothing here raises on any value, except that an error of the machine's resources
(:data:`RESOURCE_ERRORS`) passes through and never becomes a verdict. The ``as_`` functions check the
type itself, never what the value claims to be (``__class__``), and return an exact ``str``, ``int``,
``list`` or ``dict``, so that no method of a value's own class runs afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeVar
from unicodedata import bidirectional

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeGuard

    from mailbox_schema.contract import Limits

T = TypeVar("T")

RESOURCE_ERRORS: Final = (RecursionError, MemoryError)
"""What the machine or the interpreter ran out of: no property of a value."""

# Java's Character.isWhitespace, which defines Jakarta Bean Validation's @NotBlank.
JAVA_WHITESPACE: Final = (
    "\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f\u0020\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"
)

# Python's str.strip() strips these too; they are not blank in the contract.
BLANK_TO_PYTHON_ONLY: Final = "\u0085\u00a0\u2007\u202f"

# RFC 3696 erratum 1690: an address has at most 254 octets, and so at most 254 characters.
EMAIL_MAX_LENGTH: Final = 254
# RFC 1035 2.3.4 less the root label and its dot; an A-label is never shorter than its U-label.
DOMAIN_MAX_LENGTH: Final = 253
# RFC 1035 2.3.4
LABEL_MAX_LENGTH: Final = 63

# SPECIAL_USE_DOMAIN_NAMES of email-validator, in its order: domains that receive no email, nor do their
# subdomains (RFC 3172, RFC 6761 6.2 to 6.4, RFC 6762, RFC 7686). An application can change theirs.
SPECIAL_USE_DOMAINS: Final = ("arpa", "invalid", "local", "localhost", "onion", "test")

ALL_DIGITS: Final = re.compile(r"[0-9]+")
# RFC 5890 2.3.2.1: a label with this prefix claims to be an A-label, and has to be one.
ACE_PREFIX: Final = "xn--"

# The patterns below decide plain ASCII without the libraries, where no label claims to be an A-label. Each
# takes linear time: a run of characters ends at one that the run can't contain.

# RFC 5322 3.2.3: a dot-atom of atext. (RFC 5321's limit of 64 octets is for email-validator's option strict.)
ATEXT: Final = "A-Za-z0-9!#$%&'*+/=?^_`{|}~-"
_DOT_ATOM: Final = rf"[{ATEXT}]+(?:\.[{ATEXT}]+)*"
# RFC 1123 2.1 and RFC 1035 2.3.4: letters, digits and hyphens, no hyphen at an end, 63 at most.
_LDH: Final = rf"(?!-)[A-Za-z0-9-]{{1,{LABEL_MAX_LENGTH}}}(?<!-)"
_LAST: Final = r"(?![A-Za-z0-9.-])"
# email-validator also refuses RFC 5890 2.3.1's reserved labels, with two hyphens in third and fourth place;
# it requires that the last label ends in a letter, as all top-level domains do, and is not of special use.
_EMAIL_LABEL: Final = rf"(?!..--){_LDH}"
_SPECIAL_USE: Final = f"(?i:{'|'.join(SPECIAL_USE_DOMAINS)})"
PLAIN_EMAIL: Final = rf"{_DOT_ATOM}@(?:{_EMAIL_LABEL}\.)+(?!{_SPECIAL_USE}{_LAST}){_EMAIL_LABEL}(?<=[A-Za-z])"
# The contract accepts reserved labels in a domain; labels with the prefix of an A-label are left to idna.
_PLAIN_LABEL: Final = rf"(?![Xx][Nn]--){_LDH}"
PLAIN_DOMAIN: Final = rf"(?:{_PLAIN_LABEL}\.)+(?![0-9]+{_LAST}){_PLAIN_LABEL}"

_IS_PLAIN_EMAIL: Final = re.compile(PLAIN_EMAIL).fullmatch
_IS_PLAIN_DOMAIN: Final = re.compile(PLAIN_DOMAIN).fullmatch
_IS_PLAIN_LABEL: Final = re.compile(_PLAIN_LABEL).fullmatch

_ABSENT: Final = object()


def is_a(value: object, kind: type[T]) -> TypeGuard[T]:
    """``isinstance`` by the type itself: a value can't lie about it, and none of its code runs."""
    return issubclass(type(value), kind)


def as_text(value: object) -> str | None:
    """Return ``value`` as an exact ``str`` if it is a JSON string, else ``None``."""
    if type(value) is str:
        return value
    return str.__str__(value) if is_a(value, str) else None


def as_integer(value: object) -> int | None:
    """Return ``value`` as an exact ``int`` if it is a JSON integer, else ``None``.

    A JSON integer is a number without a fractional part (JSON Schema 2020-12, Core 4.2.3):
    ``465`` and ``465.0`` are; ``465.5``, ``"465"``, ``True``, NaN and Infinity are not.

    >>> as_integer(465.0), as_integer(True), as_integer("465")
    (465, None, None)
    """
    kind = type(value)
    if kind is int:
        return value  # type: ignore[return-value]  # mypy doesn't follow kind back to value
    if issubclass(kind, int):
        return None if kind is bool else int.__int__(value)  # type: ignore[arg-type]  # as above
    if issubclass(kind, float) and float.is_integer(value):  # type: ignore[arg-type]  # as above
        return float.__int__(value)  # type: ignore[arg-type]  # as above
    return None


def as_array(value: object) -> Sequence[object] | None:
    """Return ``value`` if it is a ``list`` or ``tuple``, else ``None``.

    An instance of a subclass is copied; one that can't be read is not an array.
    """
    if type(value) is list or type(value) is tuple:
        return value
    if not (is_a(value, list) or is_a(value, tuple)):
        return None
    try:
        return list(value)
    except RESOURCE_ERRORS:
        raise
    except Exception:  # noqa: BLE001  # a class of the caller's may raise anything; it gets an answer, not an exception
        return None


def as_object(value: object, keys: Iterable[str]) -> dict[str, object] | None:
    """Return the members of ``value`` under ``keys`` if it is a ``dict`` or another mapping, else ``None``.

    A mapping that can't be read is not an object. Each key of a ``dict`` is read once, so that a thread
    which changes it meanwhile can't break the reading; other mappings are asked by ``in`` and then ``[]``,
    so that a ``defaultdict`` is not changed.
    """
    try:
        if type(value) is dict:
            return {key: member for key in keys if (member := value.get(key, _ABSENT)) is not _ABSENT}
        if not is_a(value, Mapping):  # type: ignore[type-abstract]  # only asked about, never made
            return None
        return {key: value[key] for key in keys if key in value}
    except RESOURCE_ERRORS:
        raise
    except Exception:  # noqa: BLE001  # as in as_array
        return None


def text_keys(value: object) -> list[str]:
    """Return the text keys of a ``dict``; other mappings don't tell their keys without running their code."""
    # list() copies the keys in one step, whatever another thread does to the dict.
    return [key for key in map(as_text, list(value)) if key is not None] if type(value) is dict else []


def json_type(value: object) -> str:
    """Return the name of the JSON type of ``value``, for an error that expected another one.

    For a value that JSON doesn't have it is Python's name.

    >>> json_type(3.0), json_type(3.5), json_type(True), json_type(None), json_type({3})
    ('integer', 'number', 'boolean', 'null', 'set')
    """
    if value is None:
        return "null"
    if is_a(value, bool):
        return "boolean"
    if is_a(value, float):
        return "number" if as_integer(value) is None else "integer"
    for name, read in (("integer", as_integer), ("string", as_text), ("array", as_array)):
        if read(value) is not None:
            return name
    return type_name(value) if as_object(value, ()) is None else "object"


def type_name(value: object) -> str:
    """Return the name of the type of ``value``, whatever the type's own class does with ``__name__``."""
    name: str = type.__dict__["__name__"].__get__(type(value))
    return name


def is_blank(text: str) -> bool:
    r"""Return whether ``text`` has no character outside Java's ``Character.isWhitespace``.

    >>> is_blank(""), is_blank(" \t\u3000"), is_blank("\u00a0")
    (True, True, False)
    """
    # Not text.strip(JAVA_WHITESPACE), which takes 20 times as long over a megabyte of spaces.
    return not text.strip() and (
        text.isascii() or not any(character in text for character in BLANK_TO_PYTHON_ONLY)
    )


def is_integer_within(value: object, limits: Limits | None) -> bool:
    """Return whether ``value`` is a JSON integer that ``limits`` admit.

    >>> from mailbox_schema.contract import PORT
    >>> is_integer_within(465, PORT), is_integer_within(0, PORT), is_integer_within("465", PORT)
    (True, False, False)
    """
    number = as_integer(value)
    return number is not None and limits is not None and limits.minimum <= number <= limits.maximum


def is_email(text: str) -> bool:
    """Return whether ``email-validator`` accepts ``text`` with its documented default options.

    >>> is_email("jared@getpiedpiper.com"), is_email("Jared <jared@getpiedpiper.com>")
    (True, False)
    """
    if len(text) > EMAIL_MAX_LENGTH:
        return False
    if _IS_PLAIN_EMAIL(text):
        return True
    return _needs_libraries(text) and _is_internationalized_email(text)


def _needs_libraries(text: str) -> bool:
    """Return whether ``text`` is not plain ASCII, or has a label that may be an A-label."""
    return not text.isascii() or ACE_PREFIX in text.lower()


def _is_internationalized_email(text: str) -> bool:
    from email_validator import validate_email  # noqa: PLC0415  # loaded by the first address that needs it

    try:
        # All options are given, because an application can change the library's defaults, and the contract
        # doesn't change with them.
        domain = validate_email(
            text,
            allow_smtputf8=True,
            allow_empty_local=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=False,
            check_deliverability=False,
            test_environment=False,
            globally_deliverable=True,
        ).ascii_domain
    except ValueError:  # EmailNotValidError, and the errors of Unicode and IDNA beneath it
        return False
    return domain.rpartition(".")[2] not in SPECIAL_USE_DOMAINS


def is_domain(text: str) -> bool:
    """Return whether ``text`` is a domain of at least two labels, as the contract defines it.

    Each label is an LDH label or one that IDNA 2008 accepts; the Bidi rule of RFC 5893 holds for
    every label as soon as one is right-to-left; the A-label form has at most 253 octets; the last
    label is not all digits.

    >>> is_domain("open-domain.com"), is_domain("localhost"), is_domain("192.0.2.1")
    (True, False, False)
    """
    if len(text) > DOMAIN_MAX_LENGTH:
        return False
    if _IS_PLAIN_DOMAIN(text):
        return True
    return _needs_libraries(text) and _is_internationalized_domain(text.split("."))


def _is_plain_ldh(label: str) -> bool:
    return _IS_PLAIN_LABEL(label) is not None


def _is_internationalized_domain(labels: list[str]) -> bool:
    if len(labels) < 2 or ALL_DIGITS.fullmatch(labels[-1]):  # noqa: PLR2004  # "at least two labels", used once
        return False
    import idna  # noqa: PLC0415  # loaded by the first domain that needs it

    try:
        a_labels = [label if _is_plain_ldh(label) else idna.alabel(label).decode() for label in labels]
        u_labels = [label if _is_plain_ldh(label) else idna.ulabel(label) for label in labels]
        if any(map(_is_right_to_left, u_labels)):
            for label in u_labels:
                idna.check_bidi(label, check_ltr=True)
    except ValueError:  # IDNAError, and the errors of Unicode beneath it
        return False
    return len(".".join(a_labels)) <= DOMAIN_MAX_LENGTH


def _is_right_to_left(label: str) -> bool:
    """RFC 5893 1.4: a label with at least one character of type R, AL or AN."""
    return any(bidirectional(character) in {"R", "AL", "AN"} for character in label)
