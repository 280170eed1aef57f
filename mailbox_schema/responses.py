"""The vendor's response bodies: build a failure, and read every answer back.

The readers take a body as ``json.loads`` returns it (parsed, not text or bytes), whatever it is.
If a body isn't what the vendor documents they raise ``ValueError``, whose text names the place in
the body and the JSON type found there, and never a value: an answer may contain a mailbox's credentials.
They accept what a vendor may add: unknown keys, an unknown code, a line that the contract doesn't know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mailbox_schema.contract import MAX_MAILBOXES
from mailbox_schema.values import as_array, as_integer, as_object, as_text, json_type
from mailbox_schema.violation import Violation, checked_violation
from mailbox_schema.vocabulary import NOT_SHOWN, show_index, show_key, show_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Reader = Callable[[dict[str, object], str], Any]

# reference, 400: "VALIDATION_FAILURE or UNKNOWN"; with the first, every field with an issue is in details
VALIDATION_FAILURE: Final = "VALIDATION_FAILURE"
# reference, 401: "YYYY-MM-DD HH:MM:SS UTC"
TIMESTAMP: Final = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]) (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
)
# That, and what ISO 8601 allows around it, which datetime.fromisoformat reads from Python 3.11 on only.
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?"
    r" ?(?:Z|UTC|([+-][0-9]{2}):?([0-9]{2}))?"
)


def failure_response(violations: Iterable[Violation]) -> dict[str, Any]:
    """Return the body of the API's 400 answer for ``violations``, in the order given.

    An error that the iterable itself raises passes through.

    :raises TypeError: if ``violations`` is not iterable, or one of them is not a ``Violation``

    >>> from mailbox_schema.validation import iter_violations
    >>> failure_response(iter_violations({"mailboxes": None}))
    {'code': 'VALIDATION_FAILURE', 'details': ['mailboxes must be provided and have size in range <1,200>']}
    """
    return {
        "code": VALIDATION_FAILURE,
        "details": [Violation.__str__(checked_violation(each)) for each in violations],
    }


def parse_failure(body: object) -> list[Violation]:
    """Return the violations in a 400 answer, in its order; a 409 answer is read the same way.

    A line that the contract doesn't know is kept, with ``rule`` ``None``. The code may be any string.

    >>> parse_failure({"code": "UNKNOWN", "details": ["mailbox[0].bcc is odd", "Too many requests"]})
    [Violation(0, 'bcc', None, 'is (not shown)'), Violation(None, None, None, 'too many requests')]
    >>> parse_failure({"code": "VALIDATION_FAILURE", "details": ["", 3]})
    Traceback (most recent call last):
    ValueError: details[1] must be a string, not integer

    :raises ValueError: if ``body`` is not a failure; its text has the path of the malformed part
    """
    _text(_object(body, ("code",)), "code")
    return [Violation.parse(line) for line in failure_details(body)]


def redact(violation: Violation, mailboxes: int = MAX_MAILBOXES) -> Violation:
    """Return a violation with the words that are known to be harmless, to show it or to pass it on.

    A violation of the contract is returned as it is. A line of the API that the contract doesn't know may
    quote anything, a password too: its other words become ``(not shown)``. An index is left out if the
    request can't have such a mailbox; ``mailboxes`` is how many it has, if that may be more than 200.

    >>> str(redact(Violation.parse("mailbox[0].imap_server refused jared with code 535")))
    'mailbox[0].imap_server refused (not shown) with code (not shown)'
    >>> line = Violation.parse("mailbox[230].bcc is odd")
    >>> str(redact(line)), str(redact(line, mailboxes=250))
    ('bcc is (not shown)', 'mailbox[230].bcc is (not shown)')
    """
    if violation.rule is not None:
        return violation
    field = None if violation.field is None else show_key(violation.field)
    index = violation.index
    if index is not None and show_index(index, mailboxes) != index:
        index = None
    return Violation(index, field, None, show_message(violation.message), violation.hint)


def failure_details(body: object) -> list[str]:
    """Return the lines of a failure as they are, whatever its code.

    >>> failure_details({"details": ["Too many requests"]})
    ['Too many requests']

    :raises ValueError: if it has no ``details``, an array of strings
    """
    lines = _array(_object(body, ("details",)), "details")
    return [_as_string(line, f"details[{index}]") for index, line in enumerate(lines)]


def parse_accepted(body: object) -> int | str:
    """Return the id of the batch from a 202 answer: an integer or a string, as the vendor gives it.

    ``urllib.parse.quote(str(batch_id), safe="")`` puts it into the address of the batch's summary. An address
    can't contain a lone surrogate: ``quote`` raises ``UnicodeEncodeError``.

    >>> parse_accepted({"batch_id": 123456})
    123456

    :raises ValueError: if ``body`` is not such an answer; its text has the path of the malformed part
    """
    value = _given(_object(body, ("batch_id",)), "batch_id")
    text = as_text(value)
    batch_id = as_integer(value) if text is None else text
    if batch_id is None:
        raise _malformed("batch_id", "an integer or a string", value)
    return batch_id


def _show_integer(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # Python writes no integer of more than some thousand digits
        return "<a very long integer>"


@dataclass(frozen=True, repr=False)
class Summary:
    """The progress of a batch. The names are the vendor's, shortened; made by :func:`parse_summary`.

    - ``finished``: its ``processing_finished``
    - ``batch_size``, ``pending_count``, ``connected_count``, ``conditionally_connected_count``,
      ``failed_count``: numbers of mailboxes, as the vendor counts them; neither their range nor their
      sum is checked, because neither is documented
    - ``conditionally_connected_mailboxes``, ``failed_mailboxes``: tuples of their items as they are, because
      their contents are not documented. They may be credentials, so ``repr()`` shows only the length.
    """

    finished: bool
    batch_size: int
    pending_count: int
    connected_count: int
    conditionally_connected_count: int
    failed_count: int
    conditionally_connected_mailboxes: tuple[Any, ...]
    failed_mailboxes: tuple[Any, ...]

    # An array or an object among the items has no hash.
    __hash__ = None  # type: ignore[assignment]  # Python's own way to say so

    def __repr__(self) -> str:
        parts = [
            f"{name}={_show_integer(part) if isinstance(part, int) else f'<length {len(part)}>'}"
            for name, part in vars(self).items()
        ]
        return f"Summary({', '.join(parts)})"


def parse_summary(body: object) -> Summary:
    """Return the summary of a batch.

    >>> summary = parse_summary({
    ...     "processing_finished": True,
    ...     "batch_size": 3,
    ...     "pending_mailboxes_count": 0,
    ...     "connected_mailboxes_count": 2,
    ...     "conditionally_connected_mailboxes_count": 0,
    ...     "failed_mailboxes_count": 1,
    ...     "conditionally_connected_mailboxes": [],
    ...     "failed_mailboxes": [{"smtp_email": "jared@getpiedpiper.com"}],
    ... })
    >>> summary.finished, summary.failed_count, summary.failed_mailboxes
    (True, 1, ({'smtp_email': 'jared@getpiedpiper.com'},))

    :raises ValueError: if ``body`` is not a summary; its text has the path of the malformed part
    """
    known = _object(body, _SUMMARY)
    return Summary(*(read(known, key) for key, read in _SUMMARY.items()))


_HTTP_STATUSES: Final = range(100, 600)
_OK, _ACCEPTED, _BAD_REQUEST = 200, 202, 400


@dataclass(frozen=True, repr=False)
class Problem:
    """The body of a 401, 404 or 500 answer; made by :func:`parse_problem`.

    - ``title``, ``detail``: the vendor's words; ``repr()`` shows only those that are known to be harmless
    - ``status``: the HTTP status again
    - ``timestamp``: an aware ``datetime`` in UTC

    ``title`` and ``timestamp`` are ``None`` if the body has none that can be read.
    """

    title: str | None
    status: int
    detail: str
    timestamp: datetime | None

    def __repr__(self) -> str:
        title, detail = None if self.title is None else show_message(self.title), show_message(self.detail)
        status = self.status if self.status in _HTTP_STATUSES else NOT_SHOWN
        return f"Problem(title={title!r}, status={status}, detail={detail!r}, timestamp={self.timestamp!r})"


def parse_problem(body: object) -> Problem:
    """Return the body of a 401, 404 or 500 answer.

    Only the status and the detail have to be as documented. The time may be written in any way of ISO 8601
    with a date, hours, minutes and seconds; without an offset it is in UTC.

    >>> problem = parse_problem({
    ...     "title": "Unauthorized",
    ...     "status": 401,
    ...     "detail": "Invalid api key",
    ...     "timestamp": "2025-03-05 17:57:00",
    ... })
    >>> problem.detail, str(problem.timestamp)
    ('Invalid api key', '2025-03-05 17:57:00+00:00')
    >>> print(parse_problem({"status": 503, "detail": "Service unavailable", "timestamp": 0}).timestamp)
    None

    :raises ValueError: if ``body`` is not such an answer; its text has the path of the malformed part
    """
    known = _object(body, ("title", "status", "detail", "timestamp"))
    status, detail = _integer(known, "status"), _text(known, "detail")
    return Problem(as_text(known.get("title")), status, detail, _moment(known.get("timestamp")))


@dataclass(frozen=True, repr=False)
class Accepted:
    """The body of a 202 answer; made by :func:`parse_answer`.

    - ``batch_id``: what :func:`parse_accepted` returns; ``repr()`` shows it if it is an integer
    """

    batch_id: int | str

    def __repr__(self) -> str:
        shown = NOT_SHOWN if isinstance(self.batch_id, str) else _show_integer(self.batch_id)
        return f"Accepted(batch_id={shown})"


@dataclass(frozen=True)
class Failure:
    """The body of a 400 or 409 answer; made by :func:`parse_answer`.

    - ``status``: the HTTP status
    - ``violations``: a tuple of ``Violation``, as :func:`parse_failure` returns them
    """

    status: int
    violations: tuple[Violation, ...]


Answer: TypeAlias = Accepted | Failure | Problem | Summary
"""Any answer of the API, as :func:`parse_answer` returns it."""


def parse_answer(status: int, body: object) -> Answer:
    """Return the answer of the API with an HTTP status and a body, whichever of all it is.

    202 is an :class:`Accepted`, 200 a :class:`Summary`. From 400 on, documented or not, a body with
    ``details`` is a :class:`Failure`, and any other a :class:`Problem`.

    >>> parse_answer(202, {"batch_id": 123456})
    Accepted(batch_id=123456)
    >>> parse_answer(429, {"code": "UNKNOWN", "details": ["Too many requests"]})
    Failure(status=429, violations=(Violation(None, None, None, 'too many requests'),))
    >>> parse_answer(502, "<html>Bad gateway</html>")
    Traceback (most recent call last):
    ValueError: status 502: body must be an object, not string

    :raises ValueError: if there is no such answer; its text has the status, and what is malformed
    """
    number = as_integer(status)
    if number is None or number not in _HTTP_STATUSES:
        raise ValueError(f"status must be an integer from {_HTTP_STATUSES[0]} to {_HTTP_STATUSES[-1]}")
    try:
        return _answer(number, body)
    except ValueError as error:
        raise ValueError(f"status {number}: {error}") from None


def _answer(status: int, body: object) -> Answer:
    if status == _ACCEPTED:
        return Accepted(parse_accepted(body))
    if status == _OK:
        return parse_summary(body)
    if status < _BAD_REQUEST:
        raise ValueError("the API has no such answer")
    if "details" in _object(body, ("details",)):
        return Failure(status, tuple(parse_failure(body)))
    return parse_problem(body)


def _object(body: object, keys: Iterable[str]) -> dict[str, object]:
    known = as_object(body, keys)
    if known is None:
        raise _malformed("body", "an object", body)
    return known


def _given(body: dict[str, object], key: str) -> object:
    if key not in body:
        raise ValueError(f"{key} must be given")
    return body[key]


def _text(body: dict[str, object], key: str) -> str:
    return _as_string(_given(body, key), key)


def _as_string(value: object, path: str) -> str:
    text = as_text(value)
    if text is None:
        raise _malformed(path, "a string", value)
    return text


def _integer(body: dict[str, object], key: str) -> int:
    number = as_integer(_given(body, key))
    if number is None:
        raise _malformed(key, "an integer", body[key])
    return number


def _boolean(body: dict[str, object], key: str) -> bool:
    value = _given(body, key)
    if value is True or value is False:
        return value
    raise _malformed(key, "a boolean", value)


def _array(body: dict[str, object], key: str) -> tuple[object, ...]:
    items = as_array(_given(body, key))
    if items is None:
        raise _malformed(key, "an array", body[key])
    return tuple(items)


def _moment(value: object) -> datetime | None:
    match = _MOMENT.fullmatch(as_text(value) or "")
    if match is None:
        return None
    date, time, fraction, hours, minutes = match.groups()
    text = f"{date} {time}.{(fraction or '0')[:6]:0<6}{hours or '+00'}:{minutes or '00'}"
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    except (ValueError, OverflowError):  # a day that its month doesn't have; a time before the year 1 in UTC
        return None


# The keys of a summary, in the order of its parts.
_SUMMARY: Final[Mapping[str, Reader]] = {
    "processing_finished": _boolean,
    "batch_size": _integer,
    "pending_mailboxes_count": _integer,
    "connected_mailboxes_count": _integer,
    "conditionally_connected_mailboxes_count": _integer,
    "failed_mailboxes_count": _integer,
    "conditionally_connected_mailboxes": _array,
    "failed_mailboxes": _array,
}


def _malformed(path: str, expected: str, value: object) -> ValueError:
    """Name the type found, and never the value."""
    return ValueError(f"{path} must be {expected}, not {json_type(value)}")
