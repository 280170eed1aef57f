"""One rule violated at one path: prints as the API's line, and is parsed back from it."""

import re
from functools import total_ordering

from mailbox_schema.contract import (
    BODY_CONSTRAINTS,
    BODY_OBJECT,
    COMPLETION_NOTIFICATION_TYPES,
    FIELDS,
    MAILBOX_OBJECT,
    MAILBOXES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, NoReturn

    from typing_extensions import Self

# reference, 400: "every field with an issue will be returned as mailbox[index].field message".
_MAILBOX_LINE: "Final" = re.compile(r"mailbox\[(0|[1-9][0-9]{0,17})\](?:\.([^ ]+))? (.+)", re.DOTALL)
LARGEST_INDEX: "Final" = 10**18 - 1
"""The largest index in a line: the pattern's 18 digits. What is longer is no index of anything."""
_BODY_KEYS: "Final" = "|".join(row.key for row in BODY_CONSTRAINTS if row.key)
# A key of the body that the contract doesn't know is told from prose by its underscore and what follows.
_BODY_LINE: "Final" = re.compile(rf"({_BODY_KEYS}|[a-z]+(?:_[a-z]+)+(?= must | if )) (.+)", re.DOTALL)

_RULES: "Final" = {(field.name, field.message): field.rule for field in FIELDS.values()} | {
    (row.key, row.message): row.rule for row in (MAILBOXES, COMPLETION_NOTIFICATION_TYPES)
}
_FIELD_ORDER: "Final" = {name: position for position, name in enumerate(FIELDS)}


@total_ordering
class Violation:
    """One rule violated at one path of a request body.

    ``str()`` of it is the API's line, to the letter. Violations compare, hash and sort by what
    they say; the hint is beside it, so that one parsed from a line equals the one that printed it.
    Sorted, they stand in the contract's order. They are immutable and can be pickled.

    - ``index``: of the mailbox, from 0; ``None`` for the body around them.
    - ``field``: the key that is charged; ``None`` for a mailbox or a body as a whole.
    - ``rule``: the name of the rule; ``None`` for a line of the API that the contract doesn't know.
    - ``message``: the sentence that follows the path in the line.
    - ``hint``: one short sentence how to mend it, or ``None``; never contains a secret.

    >>> v = Violation(0, "smtp_port", "port", "must be provided and in range <1,65535>")
    >>> str(v)
    'mailbox[0].smtp_port must be provided and in range <1,65535>'
    >>> v.path, v.pointer
    ('mailbox[0].smtp_port', '/mailboxes/0/smtp_port')
    >>> Violation.parse(str(v)) == v
    True
    """

    __slots__ = ("field", "hint", "index", "message", "rule")

    index: "int | None"
    field: "str | None"
    rule: "str | None"
    message: str
    hint: "str | None"

    # Written out rather than made by dataclasses, whose import alone costs more than all of ours.
    def __new__(
        cls,
        index: "int | None",
        field: "str | None",
        rule: "str | None",
        message: str,
        hint: "str | None" = None,
    ) -> "Self":
        """Make a violation; there is no ``__init__`` that could change one."""
        self = object.__new__(cls)
        set_slot = object.__setattr__
        set_slot(self, "index", index)
        set_slot(self, "field", field)
        set_slot(self, "rule", rule)
        set_slot(self, "message", message)
        set_slot(self, "hint", hint)
        return self

    def __setattr__(self, name: str, value: object) -> "NoReturn":
        raise AttributeError(f"a Violation is immutable: can't set {name!r}")

    def __delattr__(self, name: str) -> "NoReturn":
        raise AttributeError(f"a Violation is immutable: can't delete {name!r}")

    def __reduce__(self) -> "tuple[type[Violation], tuple[object, ...]]":
        return type(self), (self.index, self.field, self.rule, self.message, self.hint)

    @property
    def path(self) -> str:
        """Where, as the API writes it; empty for a line that names no place."""
        if self.index is not None:
            whole = f"mailbox[{self.index}]"
            return whole if self.field is None else f"{whole}.{self.field}"
        if self.field is not None:
            return self.field
        return "body" if self.rule == BODY_OBJECT.rule else ""

    @property
    def pointer(self) -> str:
        """Where, as a JSON Pointer (RFC 6901) into the request body."""
        tokens = [] if self.index is None else [MAILBOXES.key, str(self.index)]
        if self.field is not None:
            tokens.append(self.field)
        return "".join(f"/{_escape(token)}" for token in tokens if token is not None)

    def __str__(self) -> str:
        path = self.path
        return f"{path} {self.message}" if path else self.message

    def __repr__(self) -> str:
        hint = "" if self.hint is None else f", hint={self.hint!r}"
        return f"Violation({self.index!r}, {self.field!r}, {self.rule!r}, {self.message!r}{hint})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Violation):
            return NotImplemented
        return self._said() == other._said()

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Violation):
            return NotImplemented
        return self._sort_key() < other._sort_key()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> "tuple[int | None, str | None, str | None, str]":
        return self.index, self.field, self.rule, self.message

    def _sort_key(self) -> "tuple[object, ...]":
        """The contract's order; what the contract doesn't know comes after what it knows."""
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
    def parse(cls, line: str) -> "Violation":
        """Read a line of the API back; ``str()`` of the result is ``line`` again, for any line.

        A field or a wording that the contract doesn't know is kept, with ``rule`` ``None``; a line
        without a path is all message.

        >>> Violation.parse("mailbox[3].daily_sending_limit if provided must be in range <1,5500>")
        Violation(3, 'daily_sending_limit', 'daily-limit', 'if provided must be in range <1,5500>')
        >>> Violation.parse("mailbox[0].colour must be blue")
        Violation(0, 'colour', None, 'must be blue')
        >>> Violation.parse("Too many requests")
        Violation(None, None, None, 'Too many requests')

        :raises TypeError: if ``line`` is not a string
        """
        if not isinstance(line, str):
            raise TypeError(f"a line is a string, not {type(line).__name__}")
        if match := _MAILBOX_LINE.fullmatch(line):
            index, field, message = match.groups()
            if field is None:
                rule = MAILBOX_OBJECT.rule if message == MAILBOX_OBJECT.message else None
            else:
                rule = _RULES.get((field, message)) if field in FIELDS else None
            return cls(int(index), field, rule, message)
        if match := _BODY_LINE.fullmatch(line):
            key, message = match.groups()
            return cls(None, key, _RULES.get((key, message)), message)
        if line == f"body {BODY_OBJECT.message}":
            return cls(None, None, BODY_OBJECT.rule, BODY_OBJECT.message)
        return cls(None, None, None, line)


def _escape(token: str) -> str:
    """RFC 6901, section 3."""
    return token.replace("~", "~0").replace("/", "~1")
