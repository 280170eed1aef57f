"""Any number of mailboxes -> request bodies of at most 200, and the way back to the rows they came from."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mailbox_schema.contract import BODY_KEYS, MAILBOX_COUNT
from mailbox_schema.values import as_integer, is_a
from mailbox_schema.violation import checked_violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mailbox_schema.violation import Violation

T = TypeVar("T")
_MAILBOXES, _TYPES = BODY_KEYS


class Batch(Generic[T]):
    """One request body, and the rows it was made of; made by :func:`batches`.

    Its ``repr`` shows the numbers of the rows only.

    - ``body``: the request body, a ``dict``; nothing has checked it
    - ``rows``: a tuple of the rows, as they were given
    - ``start``: the number of the first row, from 0
    """

    __slots__ = ("body", "rows", "start")

    body: dict[str, Any]
    rows: tuple[T, ...]
    start: int

    def __init__(self, body: dict[str, Any], rows: tuple[T, ...], start: int) -> None:
        self.body = body
        self.rows = rows
        self.start = start

    def number_of(self, violation: Violation) -> int | None:
        """Return the number of the row that ``violation`` is about, from 0 for the first row of all.

        The violation may be ours, or one that :func:`mailbox_schema.parse_failure` found in the answer to
        this body. ``None`` if it is about no row of this batch.

        :raises TypeError: if ``violation`` is not a ``Violation``
        """
        index = checked_violation(violation).index
        return None if index is None or index >= len(self.rows) else self.start + index

    def row_of(self, violation: Violation) -> T | None:
        """Return the row that ``violation`` is about, as it was given; ``None`` as in :meth:`number_of`.

        :raises TypeError: if ``violation`` is not a ``Violation``
        """
        number = self.number_of(violation)
        return None if number is None else self.rows[number - self.start]

    def __repr__(self) -> str:
        return f"<Batch: rows {self.start} to {self.start + len(self.rows) - 1}>"


def batches(
    rows: Iterable[T],
    size: int = MAILBOX_COUNT.maximum,
    *,
    mailbox: Callable[[T], object] | None = None,
    completion_notification_types: Sequence[str] | None = None,
) -> Iterator[Batch[T]]:
    """Yield request bodies of ``size`` mailboxes each, the last one of fewer, as ``rows`` gives them.

    ``mailbox`` returns the mailbox of a row; by default, a row is a mailbox. The other argument goes into
    every body, if it is given. An error of ``rows`` or ``mailbox`` passes through.

    >>> from mailbox_schema.validation import iter_violations
    >>> for batch in batches([{"smtp_port": number} for number in range(3)], size=2):
    ...     print(batch, [batch.number_of(violation) for violation in iter_violations(batch.body)][:1])
    <Batch: rows 0 to 1> [0]
    <Batch: rows 2 to 2> [2]

    :raises ValueError: if ``size`` is not an integer from 1 to 200
    """
    number = None if is_a(size, float) else as_integer(size)
    if number is None or not MAILBOX_COUNT.admit(number):
        raise ValueError(f"size must be an integer from {MAILBOX_COUNT.minimum} to {MAILBOX_COUNT.maximum}")
    rest = {} if completion_notification_types is None else {_TYPES: completion_notification_types}
    return _batches(iter(rows), number, mailbox, rest)


def _batches(
    rows: Iterator[T], size: int, mailbox: Callable[[T], object] | None, rest: dict[str, Any]
) -> Iterator[Batch[T]]:
    start = 0
    while taken := tuple(islice(rows, size)):
        mailboxes = list(taken if mailbox is None else map(mailbox, taken))
        yield Batch({_MAILBOXES: mailboxes, **rest}, taken, start)
        start += len(taken)
