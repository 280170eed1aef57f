"""The public verbs: validate, iter_violations, is_valid, ensure_valid; and one mailbox alone.

They take a body as ``json.loads`` gives it; any ``Mapping`` will do for an object, a ``list`` or a
``tuple`` for an array. None of them changes its argument, prints, or raises on any body, except for
the one error of :func:`ensure_valid`. Numbers are ``int`` and ``float``.
"""

from mailbox_schema import rules
from mailbox_schema.columns import accept_few, violated
from mailbox_schema.contract import FIELDS, MAILBOX_OBJECT
from mailbox_schema.responses import failure_response
from mailbox_schema.values import as_integer
from mailbox_schema.violation import LARGEST_INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Final

    from mailbox_schema.violation import Violation


_AFTER_INDEX: "Final" = {field.name: f".{field.name} {field.message}" for field in FIELDS.values()}


def _lines(index: int, said: "list[str] | None") -> "list[str]":
    """Return what ``str()`` of a mailbox's violations would, without looking for their hints."""
    path = f"mailbox[{index}]"
    return [f"{path} {MAILBOX_OBJECT.message}"] if said is None else [f"{path}{after}" for after in said]


def validate(body: object) -> "list[str]":
    """Return the lines the API would answer with, in the contract's order; ``[]`` when valid.

    >>> validate({"mailboxes": []})
    ['mailboxes must be provided and have size in range <1,200>']
    """
    if accept_few(body):
        return []
    before, mailboxes, after = rules.around(body)
    lines = [str(violation) for violation in before]
    for index, said in violated(mailboxes, _AFTER_INDEX):
        lines += _lines(index, said)
    lines += [str(violation) for violation in after]
    return lines


def iter_violations(body: object) -> "Iterator[Violation]":
    """Yield the violations one by one, in the contract's order, as they are found.

    >>> first = next(iter_violations({"mailboxes": [{"smtp_email": "mailto:jared@getpiedpiper.com"}]}))
    >>> first.path, first.rule, first.hint
    ('mailbox[0].smtp_email', 'email', 'remove `mailto:`')
    """
    before, mailboxes, after = rules.around(body)
    yield from before
    mailboxes = tuple(mailboxes)  # the caller may change the list before the next violation
    for index, _ in violated(mailboxes, FIELDS):
        yield from rules.mailbox_violations(mailboxes[index], index)
    yield from after


def is_valid(body: object) -> bool:
    """Say whether the API would take ``body``; stops at the first violation.

    >>> is_valid({"mailboxes": []})
    False
    """
    if accept_few(body):
        return True
    before, mailboxes, after = rules.around(body)
    return not before and not after and next(violated(mailboxes, FIELDS), None) is None


def ensure_valid(body: object) -> None:
    """Return if the API would take ``body``.

    >>> ensure_valid([])
    Traceback (most recent call last):
    mailbox_schema.validation.InvalidBody: body must be an object

    :raises InvalidBody: with all the violations, if it would not
    """
    violations = tuple(iter_violations(body))
    if violations:
        raise InvalidBody(violations)


def validate_mailbox(mailbox: object, index: int = 0) -> "list[str]":
    """Return the lines for one mailbox alone, as if it stood at ``index`` (from 0) of a body.

    >>> validate_mailbox(None, index=3)
    ['mailbox[3] must be an object']

    :raises TypeError: if ``index`` is no index
    """
    number = _checked_index(index)
    return [line for _, said in violated([mailbox], _AFTER_INDEX) for line in _lines(number, said)]


def iter_mailbox_violations(mailbox: object, index: int = 0) -> "Iterator[Violation]":
    """Yield the violations of one mailbox alone, as if it stood at ``index`` (from 0) of a body.

    >>> [v.message for v in iter_mailbox_violations([])]
    ['must be an object']

    :raises TypeError: if ``index`` is no index
    """
    return rules.mailbox_violations(mailbox, _checked_index(index))


def _checked_index(index: object) -> int:
    number = as_integer(index)
    if number is None or not 0 <= number <= LARGEST_INDEX:
        raise TypeError(f"index must be an integer from 0 to {LARGEST_INDEX}")
    return number


class InvalidBody(ValueError):  # noqa: N818  # it names what is wrong with the body, as the API does
    """The API would refuse the body. Raised by :func:`ensure_valid`; holds nothing of the body.

    - ``violations``: all of them, a tuple of ``Violation`` in the contract's order
    - ``details``: their lines
    - ``response``: the failure body the API would answer with

    >>> try:
    ...     ensure_valid({"mailboxes": [None]})
    ... except InvalidBody as error:
    ...     error.response
    {'code': 'VALIDATION_FAILURE', 'details': ['mailbox[0] must be an object']}
    """

    def __init__(self, violations: "Iterable[Violation]") -> None:
        self.violations = tuple(violations)
        super().__init__(self.violations)

    @property
    def details(self) -> "list[str]":
        """The API's lines."""
        return [str(violation) for violation in self.violations]

    @property
    def response(self) -> "dict[str, Any]":
        """The failure body the API would answer with."""
        return failure_response(self.violations)

    def __str__(self) -> str:
        return "\n".join(self.details)
