"""The public verbs: validate, iter_violations, is_valid, ensure_valid; and one mailbox alone.

They take a body as ``json.loads`` returns it; any ``Mapping`` is accepted as an object, a ``list`` or a
``tuple`` as an array. None of them changes its argument, prints, or raises on any body, except for the one
error of :func:`ensure_valid`, and an error of the machine's resources, which is never turned into a verdict.
Numbers are ``int`` and ``float``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from mailbox_schema import rules
from mailbox_schema._plain import is_plainly_valid, plain_mailboxes
from mailbox_schema.contract import BODY_OBJECT, FIELDS, MAILBOX_OBJECT
from mailbox_schema.values import as_object
from mailbox_schema.violation import Violation, checked_index, checked_violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, TypeGuard

    from mailbox_schema.contract import BodyConstraint
    from mailbox_schema.types import Body, Mailbox

_AFTER_INDEX: Final = {field.name: f".{field.name} {field.message}" for field in FIELDS.values()}


def validate(body: object) -> list[str]:
    """Return the lines the API would answer with, in the contract's order; ``[]`` when valid.

    >>> validate({"mailboxes": []})
    ['mailboxes must be provided and have size in range <1,200>']
    """
    before, mailboxes, after = _read_body(body)
    lines = [_line(row) for row in before]
    known_addresses: set[str] = set()
    known_domains: set[str] = set()
    for index, mailbox in enumerate(mailboxes):
        if not is_plainly_valid(mailbox, known_addresses, known_domains):
            lines += _mailbox_lines(mailbox, index)
    lines += [_line(row) for row in after]
    return lines


def _read_body(
    body: object,
) -> tuple[Sequence[BodyConstraint], Sequence[object], Sequence[BodyConstraint]]:
    """Return what :func:`rules.read_body` would return."""
    mailboxes = plain_mailboxes(body)
    return rules.read_body(body) if mailboxes is None else ((), mailboxes, ())


def _line(row: BodyConstraint) -> str:
    return f"{'body' if row is BODY_OBJECT else row.key} {row.message}"


def _mailbox_lines(mailbox: object, index: int) -> list[str]:
    """Return the lines of a mailbox's violations, without a search for their hints."""
    read = as_object(mailbox, FIELDS)
    if not rules.mailbox_object(read):
        return [f"mailbox[{index}] {MAILBOX_OBJECT.message}"]
    path = f"mailbox[{index}]"
    return [path + _AFTER_INDEX[field.name] for field in rules.violated_fields(read)]


def iter_violations(body: object) -> Iterator[Violation]:
    """Yield the violations one by one, in the contract's order, as they are found.

    >>> first = next(iter_violations({"mailboxes": [{"smtp_email": "mailto:jared@getpiedpiper.com"}]}))
    >>> first.path, first.rule, first.hint
    ('mailbox[0].smtp_email', 'email', 'remove `mailto:`')
    """
    before, mailboxes, after = _read_body(body)
    yield from [rules.body_violation(row, body) for row in before]
    known: tuple[set[str], set[str]] = set(), set()
    # A copy: the caller may change the list between two violations.
    for index, mailbox in enumerate(tuple(mailboxes)):
        if not is_plainly_valid(mailbox, *known):
            yield from rules.mailbox_violations(mailbox, index)
    yield from [rules.body_violation(row, body) for row in after]


def is_valid(body: object) -> TypeGuard[Body]:
    """Return whether the API would accept ``body``; stops at the first violation.

    A type checker then takes it for a :class:`mailbox_schema.types.Body`. (It is not a ``TypeIs``: a body of
    that type may be refused.)

    >>> is_valid({"mailboxes": []})
    False
    """
    before, mailboxes, after = _read_body(body)
    known: tuple[set[str], set[str]] = set(), set()
    return not (before or after) and all(
        is_plainly_valid(mailbox, *known) or not _mailbox_lines(mailbox, 0) for mailbox in mailboxes
    )


def ensure_valid(body: object) -> Body:
    """Return ``body`` itself if the API would accept it.

    >>> ensure_valid([])
    Traceback (most recent call last):
    mailbox_schema.validation.InvalidBody: body must be an object

    :raises InvalidBody: with all the violations, if it would not
    """
    violations = tuple(iter_violations(body))
    if violations:
        raise InvalidBody(violations)
    return cast("Body", body)


def validate_mailbox(mailbox: object, index: int = 0) -> list[str]:
    """Return the lines for one mailbox alone, as if it were at ``index`` (from 0) of a body.

    >>> validate_mailbox(None, index=3)
    ['mailbox[3] must be an object']

    :raises TypeError: if ``index`` can't be the index of a mailbox
    """
    number = checked_index(index)
    return [] if is_plainly_valid(mailbox, set(), set()) else _mailbox_lines(mailbox, number)


def is_valid_mailbox(mailbox: object) -> TypeGuard[Mailbox]:
    """Return whether the API would accept ``mailbox``; a type checker then takes it for a ``Mailbox``.

    >>> is_valid_mailbox({"smtp_port": 465})
    False
    """
    return is_plainly_valid(mailbox, set(), set()) or not _mailbox_lines(mailbox, 0)


def iter_mailbox_violations(mailbox: object, index: int = 0) -> Iterator[Violation]:
    """Yield the violations of one mailbox alone, as if it were at ``index`` (from 0) of a body.

    >>> [v.message for v in iter_mailbox_violations([])]
    ['must be an object']

    :raises TypeError: if ``index`` can't be the index of a mailbox
    """
    number = checked_index(index)
    return iter(()) if is_plainly_valid(mailbox, set(), set()) else rules.mailbox_violations(mailbox, number)


class InvalidBody(ValueError):  # noqa: N818  # it names what is wrong with the body, as the API does
    """The API would refuse the body. Raised by :func:`ensure_valid`; contains no value of the body.

    :raises TypeError: if one of ``violations`` is not a ``Violation``

    ``str()`` of it is the lines, of a line that the contract doesn't know only the words that are known to be
    harmless (:mod:`mailbox_schema.vocabulary`).

    - ``violations``: all of them, a tuple of ``Violation`` in the contract's order
    - ``details``: their lines
    - ``response``: the failure body the API would answer with

    >>> try:
    ...     ensure_valid({"mailboxes": [None]})
    ... except InvalidBody as error:
    ...     error.response
    {'code': 'VALIDATION_FAILURE', 'details': ['mailbox[0] must be an object']}
    """

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(map(checked_violation, violations))
        super().__init__(self.violations)

    @property
    def details(self) -> list[str]:
        """The API's lines."""
        return [str(violation) for violation in self.violations]

    @property
    def response(self) -> dict[str, Any]:
        """The failure body the API would answer with."""
        from mailbox_schema.responses import failure_response  # noqa: PLC0415  # loaded for refused bodies only

        return failure_response(self.violations)

    def __str__(self) -> str:
        return "\n".join(map(_safe_line, self.violations))


def _safe_line(violation: Violation) -> str:
    if violation.rule is not None:
        return str(violation)
    from mailbox_schema.vocabulary import show_line  # noqa: PLC0415  # loaded for lines that we don't know only

    return show_line(violation.index, violation.field, violation.message)
