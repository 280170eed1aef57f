"""One rule violated at one path: prints as the API's line, and is parsed back from it."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import TYPE_CHECKING, Final, Literal, get_args

from mailbox_schema.contract import (
    BODY_CONSTRAINTS,
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    FIELDS,
    MAILBOX_OBJECT,
    MAILBOXES,
)
from mailbox_schema.values import as_integer, as_text, is_a, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

    from typing_extensions import Self

    from mailbox_schema.types import ViolationJson

Reason = Literal[
    "missing",
    "null",
    "blank",
    "type",
    "below",
    "above",
    "unpaired",
    "inverted",
    "unknown",
    "placeholder",
    "encrypted",
    "filler",
    "invisible",
    "whitespace",
    "scheme",
    "url",
    "several",
    "display-name",
    "at-sign",
    "incomplete",
    "reserved",
    "malformed",
]
"""Why a value is a violation. docs/violations.md says what each one means."""

# reference, 400: "every field with an issue will be returned as mailbox[index].field message".
_MAILBOX_LINE: Final = re.compile(r"mailbox\[(0|[1-9][0-9]{0,17})\](?:\.([^ ]+))? (.+)", re.DOTALL)
LARGEST_INDEX: Final = 10**18 - 1
"""The largest index in a line: the pattern's 18 digits."""
_BODY_KEYS: Final = "|".join(row.key for row in BODY_CONSTRAINTS if row.key)
# An unknown key of the body differs from prose by its underscore and the words after it.
_BODY_LINE: Final = re.compile(rf"({_BODY_KEYS}|[a-z]+(?:_[a-z]+)+(?= must | if )) (.+)", re.DOTALL)

_RULES: Final = {(field.name, field.message): field.rule for field in FIELDS.values()} | {
    (row.key, row.message): row.rule for row in (MAILBOXES, COMPLETION_NOTIFICATION_TYPES)
}
_REASONS: Final = frozenset(get_args(Reason))
_FIELD_ORDER: Final = {name: position for position, name in enumerate(FIELDS)}


@total_ordering
class Violation:
    """One rule violated at one path of a request body.

    ``str()`` of it is the API's line, to the letter. Violations compare, hash and sort by everything
    except the hint and the reason, so that one parsed from a line equals the one that printed it. They sort
    in the contract's order. They are immutable and can be pickled.

    - ``index``: of the mailbox, from 0; ``None`` for the body around them.
    - ``field``: the key that the violation is about; ``None`` for a mailbox or a body as a whole.
    - ``rule``: the name of the rule; ``None`` for a line of the API that the contract doesn't know.
    - ``message``: the sentence that follows the path in the line.
    - ``hint``: one short sentence on how to fix it, or ``None``; never contains a secret.
    - ``reason``: the cause, a :data:`Reason`; ``None`` if only the API's line is known.

    A line of the API may quote anything, so ``repr()`` of a violation without a rule shows only the words of
    it that are known to be harmless (:mod:`mailbox_schema.vocabulary`).

    :raises TypeError: if an argument is not of its type

    >>> v = Violation(0, "smtp_port", "port", "must be provided and in range <1,65535>")
    >>> str(v)
    'mailbox[0].smtp_port must be provided and in range <1,65535>'
    >>> v.path, v.pointer
    ('mailbox[0].smtp_port', '/mailboxes/0/smtp_port')
    >>> Violation.parse(str(v)) == v
    True
    """

    __slots__ = ("field", "hint", "index", "message", "reason", "rule")

    index: int | None
    field: str | None
    rule: str | None
    message: str
    hint: str | None
    reason: Reason | None

    # Written out rather than made by dataclasses, whose import alone takes longer than the package's.
    def __new__(  # noqa: PLR0913, PLR0917  # the parts of a violation, in the order of its repr
        cls,
        index: int | None,
        field: str | None,
        rule: str | None,
        message: str,
        hint: str | None = None,
        reason: Reason | None = None,
    ) -> Self:
        """Return a new violation; there is no ``__init__`` that could change one."""
        self = object.__new__(cls)
        set_slot = object.__setattr__
        set_slot(self, "index", None if index is None else checked_index(index))
        set_slot(self, "field", None if field is None else _checked_text("field", field))
        set_slot(self, "rule", None if rule is None else _checked_text("rule", rule))
        set_slot(self, "message", _checked_text("message", message))
        set_slot(self, "hint", None if hint is None else _checked_text("hint", hint))
        set_slot(self, "reason", None if reason is None else _checked_reason(reason))
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Violation is immutable: can't set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Violation is immutable: can't delete {name!r}")

    def __reduce__(self) -> tuple[type[Violation], tuple[object, ...]]:
        return type(self), (self.index, self.field, self.rule, self.message, self.hint, self.reason)

    @property
    def path(self) -> str:
        """The place as the API writes it; empty for a line that names no place."""
        if self.index is not None:
            whole = f"mailbox[{self.index}]"
            return whole if self.field is None else f"{whole}.{self.field}"
        if self.field is not None:
            return self.field
        return "body" if self.rule == BODY_OBJECT.rule else ""

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer (RFC 6901) into the request body."""
        tokens = [] if self.index is None else [MAILBOXES.key, str(self.index)]
        if self.field is not None:
            tokens.append(self.field)
        return "".join(f"/{_escape(token)}" for token in tokens if token is not None)

    def __str__(self) -> str:
        path = self.path
        return f"{path} {self.message}" if path else self.message

    def __repr__(self) -> str:
        index: object = self.index
        field, message = self.field, self.message
        if self.rule is None:
            from mailbox_schema import vocabulary  # noqa: PLC0415  # loaded for lines that we don't know only

            index = None if self.index is None else vocabulary.show_index(self.index)
            field = None if field is None else vocabulary.show_key(field)
            message = vocabulary.show_message(message)
        hint = "" if self.hint is None else f", hint={self.hint!r}"
        reason = "" if self.reason is None else f", reason={self.reason!r}"
        return f"Violation({index!r}, {field!r}, {self.rule!r}, {message!r}{hint}{reason})"

    def as_dict(self) -> ViolationJson:
        """Return the parts as a new ``dict`` that JSON can express: docs/violations.md has its form.

        >>> v = Violation(0, "bcc", "email", "if provided must be a valid email address", reason="at-sign")
        >>> v.as_dict()  # doctest: +NORMALIZE_WHITESPACE
        {'index': 0, 'field': 'bcc', 'rule': 'email', 'reason': 'at-sign',
         'message': 'if provided must be a valid email address',
         'line': 'mailbox[0].bcc if provided must be a valid email address',
         'pointer': '/mailboxes/0/bcc', 'hint': None}
        """
        return {
            "index": self.index,
            "field": self.field,
            "rule": self.rule,
            "reason": self.reason,
            "message": self.message,
            "line": str(self),
            "pointer": self.pointer,
            "hint": self.hint,
        }

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Yield the items of :meth:`as_dict`, so that ``dict(violation)`` and FastAPI's encoder work."""
        return iter(self.as_dict().items())

    def sentence(self, label: str | None = None, translate: Callable[[str], str] | None = None) -> str:
        """Return the cause as one plain sentence for the people who fill in forms.

        ``label`` is their name of the field, such as :func:`mailbox_schema.forms.field_label` returns;
        the field itself if it is ``None``. ``translate`` is called with the sentence before anything is
        filled in, as ``gettext`` is: :mod:`mailbox_schema.sentences` is its catalogue.

        >>> Violation(0, "smtp_port", "port", "must be provided and in range <1,65535>").sentence("SMTP port")
        'SMTP port must be a whole number from 1 to 65535.'
        """
        from mailbox_schema.sentences import sentence  # noqa: PLC0415  # loaded by those who ask for one

        return sentence(self, label, translate)

    def __eq__(self, other: object) -> bool:
        if not is_a(other, Violation):
            return NotImplemented
        return self._said() == other._said()

    def __lt__(self, other: object) -> bool:
        if not is_a(other, Violation):
            return NotImplemented
        return self._sort_key() < other._sort_key()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[int | None, str | None, str | None, str]:
        return self.index, self.field, self.rule, self.message

    def _sort_key(self) -> tuple[object, ...]:
        """The contract's order; fields and lines that it doesn't know come last in their section."""
        if self.index is not None:
            section = 2
        elif self.field is None:
            section = 0 if self.rule == BODY_OBJECT.rule else 4
        else:
            section = 1 if self.field == MAILBOXES.key else 3
        place = -1 if self.field is None else _FIELD_ORDER.get(self.field, len(_FIELD_ORDER))
        return (
            section,
            self.index or 0,
            place,
            self.field or "",
            self.message,
            self.rule is not None,
            self.rule or "",
        )

    @classmethod
    def parse(cls, line: str) -> Violation:
        """Read a line of the API back; ``str()`` of the result is ``line`` again, for any line.

        A field or a wording that the contract doesn't know is kept, with ``rule`` ``None``; a line
        without a path is all message.

        >>> Violation.parse("mailbox[3].daily_sending_limit if provided must be in range <1,5500>")
        Violation(3, 'daily_sending_limit', 'daily-limit', 'if provided must be in range <1,5500>')
        >>> Violation.parse("mailbox[0].color must be blue")
        Violation(0, '(not shown)', None, 'must be (not shown)')
        >>> Violation.parse("Too many requests")
        Violation(None, None, None, 'too many requests')

        :raises TypeError: if ``line`` is not a string
        """
        text = as_text(line)
        if text is None:
            raise TypeError(f"expected a string, got {type_name(line)}")
        if match := _MAILBOX_LINE.fullmatch(text):
            index, field, message = match.groups()
            if field is None:
                rule = MAILBOX_OBJECT.rule if message == MAILBOX_OBJECT.message else None
            else:
                rule = _RULES.get((field, message)) if field in FIELDS else None
            return cls(int(index), field, rule, message)
        if match := _BODY_LINE.fullmatch(text):
            key, message = match.groups()
            return cls(None, key, _RULES.get((key, message)), message)
        if text == f"body {BODY_OBJECT.message}":
            return cls(None, None, BODY_OBJECT.rule, BODY_OBJECT.message)
        return cls(None, None, None, text)


def checked_index(index: object) -> int:
    """Return ``index`` as an exact ``int``.

    :raises TypeError: if it can't be the index of a mailbox
    """
    number = as_integer(index)
    if number is None or not 0 <= number <= LARGEST_INDEX:
        raise TypeError(f"index must be an integer from 0 to {LARGEST_INDEX}")
    return number


def _checked_text(name: str, value: object) -> str:
    text = as_text(value)
    if text is None:
        raise TypeError(f"{name} must be a string, not {type_name(value)}")
    return text


def _checked_reason(reason: object) -> str:
    text = as_text(reason)
    if text is None or text not in _REASONS:
        raise TypeError(f"reason must be one of {', '.join(get_args(Reason))}")
    return text


def checked_violation(value: object) -> Violation:
    """Return ``value``, a :class:`Violation`.

    :raises TypeError: if it is not one
    """
    if not is_a(value, Violation) or not all(hasattr(value, name) for name in Violation.__slots__):
        raise TypeError(f"expected a Violation, got {type_name(value)}")
    return value


def _escape(token: str) -> str:
    """RFC 6901, section 3."""
    return token.replace("~", "~0").replace("/", "~1")
