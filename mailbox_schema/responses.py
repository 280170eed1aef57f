"""The vendor's response bodies: build a failure, and read every answer back.

The readers take a body as ``json.loads`` gives it (parsed, no text and no bytes), whatever it is.
Of a body that isn't what the vendor documents they raise ``ValueError``, whose text names the place in
the body and the JSON type found there, and never a value: an answer may hold a mailbox's credentials.
They tolerate what a vendor may add: unknown keys, an unknown code, a line that the contract doesn't know.
"""

import re

from mailbox_schema.values import as_array, as_integer, as_object, as_text, is_a, json_type, type_name
from mailbox_schema.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from typing import Any, Final, NoReturn

    from typing_extensions import Self

    Reader = Callable[[dict[str, object], str], object]

# reference, 400: "VALIDATION_FAILURE or UNKNOWN"; with the first, every field with an issue is in details
VALIDATION_FAILURE: "Final" = "VALIDATION_FAILURE"
# reference, 401: "YYYY-MM-DD HH:MM:SS UTC"
TIMESTAMP: "Final" = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]) (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
)


def failure_response(violations: "Iterable[Violation]") -> "dict[str, Any]":
    """Return the body of the API's 400 answer for ``violations``, in the order given.

    :raises TypeError: if one of them is no ``Violation``

    >>> from mailbox_schema.validation import iter_violations
    >>> failure_response(iter_violations({"mailboxes": None}))
    {'code': 'VALIDATION_FAILURE', 'details': ['mailboxes must be provided and have size in range <1,200>']}
    """
    return {"code": VALIDATION_FAILURE, "details": [_line(violation) for violation in violations]}


def parse_failure(body: object) -> "list[Violation]":
    """Return what a 400 answer complains of, in its order; a 409 answer is read the same way.

    A line that the contract doesn't know is kept, with ``rule`` ``None``. The code may be any string.

    >>> parse_failure({"code": "UNKNOWN", "details": ["mailbox[0].bcc is odd", "Too many requests"]})
    [Violation(0, 'bcc', None, 'is odd'), Violation(None, None, None, 'Too many requests')]
    >>> parse_failure({"code": "VALIDATION_FAILURE", "details": ["", 3]})
    Traceback (most recent call last):
    ValueError: details[1] must be a string, not integer

    :raises ValueError: if ``body`` is no failure; its text has the path of what is malformed
    """
    _text(_object(body, ("code",)), "code")
    return [Violation.parse(line) for line in failure_details(body)]


def failure_details(body: object) -> "list[str]":
    """Return the lines of a failure as they are, without a look at its code.

    >>> failure_details({"details": ["Too many requests"]})
    ['Too many requests']

    :raises ValueError: if it has no ``details``, an array of strings
    """
    lines = _array(_object(body, ("details",)), "details")
    return [_as_string(line, f"details[{index}]") for index, line in enumerate(lines)]


def parse_accepted(body: object) -> "int | str":
    """Return the id of the batch from a 202 answer: an integer or a string, as the vendor gives it.

    ``urllib.parse.quote(str(batch_id), safe="")`` puts it into the address of the batch's summary; a string
    with a lone surrogate can stand in no address, and ``quote`` raises ``UnicodeEncodeError``.

    >>> parse_accepted({"batch_id": 123456})
    123456

    :raises ValueError: if ``body`` is no such answer; its text has the path of what is malformed
    """
    value = _given(_object(body, ("batch_id",)), "batch_id")
    text = as_text(value)
    batch_id = as_integer(value) if text is None else text
    if batch_id is None:
        raise _malformed("batch_id", "an integer or a string", value)
    return batch_id


class _Answer:
    """An immutable value of the parts that ``__slots__`` of the class names."""

    __slots__: "tuple[str, ...]" = ()

    # Written out rather than a NamedTuple: to make one costs an import more, and many a program shows
    # each part of one (rich, pprint, json), where this one's repr doesn't.
    def __new__(cls, *parts: object) -> "Self":
        self = object.__new__(cls)
        for name, part in zip(cls.__slots__, parts, strict=True):
            object.__setattr__(self, name, part)
        return self

    def __setattr__(self, name: str, value: object) -> "NoReturn":
        raise AttributeError(f"a {type(self).__name__} is immutable: can't set {name!r}")

    def __delattr__(self, name: str) -> "NoReturn":
        raise AttributeError(f"a {type(self).__name__} is immutable: can't delete {name!r}")

    def __reduce__(self) -> "tuple[type[_Answer], tuple[object, ...]]":
        return type(self), self._parts()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Answer):
            return NotImplemented
        return type(self) is type(other) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        shown = (f"{name}={_shown(part)}" for name, part in zip(self.__slots__, self._parts(), strict=True))
        return f"{type(self).__name__}({', '.join(shown)})"

    def _parts(self) -> "tuple[object, ...]":
        return tuple(getattr(self, name) for name in self.__slots__)


def _shown(part: object) -> str:
    """Show a part; of an array only its length, for nobody knows what its items hold."""
    if isinstance(part, tuple):
        return f"<length {len(part)}>"
    try:
        return repr(part)
    except ValueError:  # Python writes no integer of more than some thousand digits
        return "<a very long integer>"


class Summary(_Answer):
    """How far a batch is. The names are the vendor's, shortened; made by :func:`parse_summary`.

    - ``finished``: its ``processing_finished``
    - ``batch_size``, ``pending_count``, ``connected_count``, ``conditionally_connected_count``,
      ``failed_count``: numbers of mailboxes, as the vendor counts them; neither their range nor their
      sum is checked, for nothing is documented of them
    - ``conditionally_connected_mailboxes``, ``failed_mailboxes``: tuples of their items as they are, for
      what they hold is not documented. It may be credentials: so ``repr()`` shows only the length.

    It has no hash: of an array or an object among the items there is none.
    """

    __slots__ = (  # noqa: RUF023  # in the order of the parts
        "finished",
        "batch_size",
        "pending_count",
        "connected_count",
        "conditionally_connected_count",
        "failed_count",
        "conditionally_connected_mailboxes",
        "failed_mailboxes",
    )

    finished: bool
    batch_size: int
    pending_count: int
    connected_count: int
    conditionally_connected_count: int
    failed_count: int
    conditionally_connected_mailboxes: "tuple[Any, ...]"
    failed_mailboxes: "tuple[Any, ...]"

    __hash__ = None  # type: ignore[assignment]  # Python's own way to say that there is none


def parse_summary(body: object) -> Summary:
    """Return what the summary of a batch says.

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

    :raises ValueError: if ``body`` is no summary; its text has the path of what is malformed
    """
    return Summary(*_read(body, _SUMMARY))


class Problem(_Answer):
    """What a 401, 404 or 500 answer says; made by :func:`parse_problem`.

    - ``title``, ``detail``: the vendor's words
    - ``status``: the HTTP status again
    - ``timestamp``: when it was, an aware ``datetime`` in UTC
    """

    __slots__ = ("title", "status", "detail", "timestamp")  # noqa: RUF023  # as above

    title: str
    status: int
    detail: str
    timestamp: "datetime"


def parse_problem(body: object) -> Problem:
    """Return what a 401, 404 or 500 answer says.

    >>> problem = parse_problem({
    ...     "title": "Unauthorized",
    ...     "status": 401,
    ...     "detail": "Invalid api key",
    ...     "timestamp": "2025-03-05 17:57:00",
    ... })
    >>> problem.detail, problem.timestamp.isoformat()
    ('Invalid api key', '2025-03-05T17:57:00+00:00')

    :raises ValueError: if ``body`` is no such answer; its text has the path of what is malformed
    """
    return Problem(*_read(body, _PROBLEM))


def _read(body: object, readers: "Mapping[str, Reader]") -> "Iterator[object]":
    known = _object(body, readers)
    return (read(known, key) for key, read in readers.items())


def _object(body: object, keys: "Iterable[str]") -> "dict[str, object]":
    known = as_object(body, keys)
    if known is None:
        raise _malformed("body", "an object", body)
    return known


def _given(body: "dict[str, object]", key: str) -> object:
    if key not in body:
        raise ValueError(f"{key} must be given")
    return body[key]


def _text(body: "dict[str, object]", key: str) -> str:
    return _as_string(_given(body, key), key)


def _as_string(value: object, path: str) -> str:
    text = as_text(value)
    if text is None:
        raise _malformed(path, "a string", value)
    return text


def _integer(body: "dict[str, object]", key: str) -> int:
    number = as_integer(_given(body, key))
    if number is None:
        raise _malformed(key, "an integer", body[key])
    return number


def _boolean(body: "dict[str, object]", key: str) -> bool:
    value = _given(body, key)
    if value is True or value is False:
        return value
    raise _malformed(key, "a boolean", value)


def _array(body: "dict[str, object]", key: str) -> "tuple[object, ...]":
    items = as_array(_given(body, key))
    if items is None:
        raise _malformed(key, "an array", body[key])
    return tuple(items)


def _utc(body: "dict[str, object]", key: str) -> "datetime":
    from datetime import datetime, timezone  # noqa: PLC0415  # for this answer only, so that importing the package stays cheap

    text = _text(body, key)
    try:
        moment = datetime.fromisoformat(text if re.fullmatch(TIMESTAMP, text) else "")
    except ValueError:  # also of a day that its month doesn't have
        raise ValueError(f"{key} must be a time written as YYYY-MM-DD HH:MM:SS") from None
    return moment.replace(tzinfo=timezone.utc)


# What is read of an answer, in the order of the parts.
_SUMMARY: "Final[Mapping[str, Reader]]" = {
    "processing_finished": _boolean,
    "batch_size": _integer,
    "pending_mailboxes_count": _integer,
    "connected_mailboxes_count": _integer,
    "conditionally_connected_mailboxes_count": _integer,
    "failed_mailboxes_count": _integer,
    "conditionally_connected_mailboxes": _array,
    "failed_mailboxes": _array,
}
_PROBLEM: "Final[Mapping[str, Reader]]" = {
    "title": _text,
    "status": _integer,
    "detail": _text,
    "timestamp": _utc,
}


def _malformed(path: str, wanted: str, value: object) -> ValueError:
    """Name the type found, and never the value."""
    return ValueError(f"{path} must be {wanted}, not {json_type(value)}")


def _line(violation: object) -> str:
    if not is_a(violation, Violation):
        raise TypeError(f"a Violation is wanted, not {type_name(violation)}")
    return str(violation)
