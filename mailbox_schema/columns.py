"""Many mailboxes looked at field by field: which of them violate what.

One promise: **what is accepted here, the rules accept**. Here a mailbox, or a value, is only found
sound or doubtful, by what Python does fastest: one built-in function over a whole column, and each
distinct value once. Whatever is doubtful goes to the readable rules of :mod:`mailbox_schema.rules`,
which alone say that something is violated. What isn't made of plain ``dict``, ``str`` and ``int``
is doubtful, so that no method of a class of the caller's is run. Nothing is kept after a call.
"""

import re
from functools import partial
from itertools import chain
from operator import itemgetter, lt
from types import MappingProxyType

from mailbox_schema.contract import DAILY_LIMIT, FIELDS, PORT, WAIT_TIME_FROM, WAIT_TIME_TO, WAIT_TIMES
from mailbox_schema.rules import FIELD_RULES, violated_fields
from mailbox_schema.values import ATEXT, DOMAIN_MAX_LENGTH, EMAIL_MAX_LENGTH, SPECIAL_USE_DOMAINS, as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Final, TypeVar

    T = TypeVar("T")

    from mailbox_schema.contract import Field

    Column = Sequence[Any]
    """The values of one field in mailbox after mailbox; ``None`` where it is absent."""

# Fewer are quicker one by one; more don't get quicker, and would only take more memory.
FEW: "Final" = 8
AT_ONCE: "Final" = 200

_NAMES: "Final" = tuple(FIELDS)
_PORTS: "Final" = range(PORT.minimum, PORT.maximum + 1)
_DAILY_LIMITS: "Final" = range(DAILY_LIMIT.minimum, DAILY_LIMIT.maximum + 1)
_FIRST_WAIT_TIMES: "Final" = range(WAIT_TIME_FROM.minimum, WAIT_TIME_FROM.maximum + 1)
_SECOND_WAIT_TIMES: "Final" = range(WAIT_TIME_TO.minimum, WAIT_TIME_TO.maximum + 1)


def violated(
    mailboxes: "Sequence[object]", said: "Mapping[str, T]"
) -> "Iterator[tuple[int, list[T] | None]]":
    """Yield the index of each mailbox that violates something, with what is ``said`` of its violated fields.

    The fields stand in the contract's order; ``None`` stands in their place if the mailbox is no object.
    """
    if len(mailboxes) < FEW:
        yield from _one_by_one(mailboxes, said, 0)
        return
    for start in range(0, len(mailboxes), AT_ONCE):
        some = mailboxes[start : start + AT_ONCE]
        columns = _columns(some)
        if columns is None:
            yield from _one_by_one(some, said, start)
        else:
            yield from _by_columns(columns, said, start)


# One mailbox, field after field.


def _one_by_one(
    mailboxes: "Sequence[object]", said: "Mapping[str, T]", start: int
) -> "Iterator[tuple[int, list[T] | None]]":
    for index, mailbox in enumerate(mailboxes, start):
        names = _violated_fields(mailbox)
        if names is None:
            yield index, None
        elif names:
            yield index, [said[name] for name in names]


def _violated_fields(mailbox: object) -> "Sequence[str] | None":
    """Return the names of the violated fields, or ``None`` if ``mailbox`` is no object."""
    try:
        sound = type(mailbox) is dict and _is_sound(mailbox.get)
    except Exception:  # noqa: BLE001  # not text where text is wanted, or a key that can't be compared: doubtful
        sound = False
    if sound:
        return ()
    read = as_object(mailbox, FIELDS)
    return None if read is None else violated_fields(read)


def _is_sound(get: "Callable[[str], Any]") -> bool:
    """Say whether a mailbox is certainly valid; ``get`` gets its values.

    :raises Exception: if it is doubtful
    """
    (
        smtp_email, smtp_login, smtp_password, smtp_server, smtp_port, smtp_from_name,
        imap_email, imap_password, imap_server, imap_port, footer,
        bcc, open_domain, click_domain, unsubscribe_domain,
        first, second, limit,
    ) = map(get, _NAMES)  # fmt: skip
    return bool(
        str.strip(smtp_password)
        and str.strip(smtp_server)
        and str.strip(imap_password)
        and str.strip(imap_server)
        and (smtp_login is None or str.strip(smtp_login))
        and (smtp_from_name is None or str.strip(smtp_from_name))
        and (footer is None or str.strip(footer))
        and type(smtp_port) is type(imap_port) is int
        and smtp_port in _PORTS
        and imap_port in _PORTS
        and (limit is None or (type(limit) is int and limit in _DAILY_LIMITS))
        and _are_sound_wait_times(first, second)
        and type(smtp_email) is type(imap_email) is str
        and _are_sound_names(
            [
                smtp_email,
                *(() if imap_email == smtp_email else (imap_email,)),
                *(() if bcc is None else (bcc,)),
            ],
            [name for name in (open_domain, click_domain, unsubscribe_domain) if name is not None],
        )
    )


def _are_sound_names(emails: "list[str]", domains: "list[str]") -> bool:
    """Match all at once, as the lines of one text: a call takes longer than a match."""
    lines = "\n".join([*emails, "", *domains, ""])
    return (
        lines.count("\n") == len(emails) + len(domains) + 1
        and len(lines) <= _LONGEST
        and "--" not in lines
        and "-." not in lines
        and _EMAILS_AND_DOMAINS.fullmatch(lines) is not None
    )


def _are_sound_wait_times(first: "Any", second: "Any") -> bool:
    if type(first) is type(second) is int:
        return first in _FIRST_WAIT_TIMES and second in _SECOND_WAIT_TIMES and first < second
    return first is None and second is None


# Many mailboxes, column after column. A place is the index of a mailbox among them.

_VALUES: "Final" = itemgetter(*_NAMES)


def _columns(mailboxes: "Sequence[Any]") -> "list[Column] | None":
    """Return the columns in the order of the fields, or ``None`` if not all mailboxes are plain objects."""
    if set(map(type, mailboxes)) != {dict}:
        return None
    try:
        # Not by zip(*...), which keeps a tuple a mailbox, and has the garbage collector look at them all.
        values = list(chain.from_iterable(map(_VALUES, mailboxes)))
        return [values[number :: len(_NAMES)] for number in range(len(_NAMES))]
    except KeyError:  # once a batch, not once a mailbox
        pass
    except Exception:  # noqa: BLE001  # a key of the caller's that can't be compared
        return None
    try:
        return [[mailbox.get(name) for mailbox in mailboxes] for name in _NAMES]
    except Exception:  # noqa: BLE001  # as above
        return None


def _by_columns(
    columns: "list[Column]", said: "Mapping[str, T]", start: int
) -> "Iterator[tuple[int, list[T] | None]]":
    places = _violated_places(dict(zip(_NAMES, columns, strict=True)))
    if not any(places.values()):
        return
    found: list[list[T]] = [[] for _ in columns[0]]
    for name in _NAMES:
        what = said[name]
        for place in places.get(name, ()):
            found[place].append(what)
    for index, whats in enumerate(found, start):
        if whats:
            yield index, whats


def _violated_places(columns: "dict[str, Column]") -> "dict[str, list[int]]":
    """Return where each field is violated; a field that is violated nowhere may be left out."""
    places = _violated_wait_times(*[columns[name] for name in WAIT_TIMES])
    for names, doubtful_places in _BY_RULE:
        for name, doubtful in doubtful_places({name: columns[name] for name in names}).items():
            column = columns[name]
            values = column if len(doubtful) == len(column) else [column[place] for place in doubtful]
            is_violated = partial(_is_violated, FIELDS[name])
            places[name] = _chosen(doubtful, values, is_violated, once=_can_be_told_apart(values))
    return places


def _is_violated(field: "Field", value: object) -> bool:
    """Ask the rules about a field whose violation shows in its value alone."""
    return field.required if value is None else not FIELD_RULES[field.rule](value, field, {})


def _chosen(
    places: "list[int]", values: "Sequence[T]", is_violated: "Callable[[T], bool]", *, once: bool
) -> "list[int]":
    """Return those of ``places`` whose value is violated; if ``once``, equal values are asked about once."""
    if not once or len(values) == 1:
        return [place for place, value in zip(places, values, strict=True) if is_violated(value)]
    distinct = set(values)
    violated_values = set(filter(is_violated, distinct))
    if violated_values == distinct:
        return places
    return [place for place, value in zip(places, values, strict=True) if value in violated_values]


def _can_be_told_apart(values: "Iterable[Any]") -> bool:
    """Say whether two that are equal are the same to every rule, as text, integers and ``None`` are.

    ``1``, ``1.0`` and ``True`` are equal too, and what a class of the caller's calls equal may be anything.
    """
    types = [*map(type, values)]
    return types.count(str) + types.count(int) + types.count(type(None)) == len(types)


def _violated_wait_times(first: "Column", second: "Column") -> "dict[str, list[int]]":
    if _are_sound_pairs(first, second):
        return {}
    pairs = enumerate(zip(first, second, strict=True))
    doubtful = [place for place, pair in pairs if not _are_sound_wait_times(*pair)]
    values = [(first[place], second[place]) for place in doubtful]
    once = _can_be_told_apart(chain.from_iterable(values))
    return {
        name: _chosen(doubtful, values, partial(_is_violated_wait_time, name), once=once)
        for name in WAIT_TIMES
    }


def _is_violated_wait_time(name: str, pair: "tuple[Any, Any]") -> bool:
    mailbox = dict(zip(WAIT_TIMES, pair, strict=True))
    field, value = FIELDS[name], mailbox[name]
    return value is not None and not FIELD_RULES[field.rule](value, field, mailbox)


def _are_sound_pairs(first: "Column", second: "Column") -> bool:
    return (
        set(map(type, first)) == set(map(type, second)) == {int}
        and min(first) in _FIRST_WAIT_TIMES
        and min(second) in _SECOND_WAIT_TIMES
        and max(second) in _SECOND_WAIT_TIMES
        and all(map(lt, first, second))
    )


def _doubtful_texts(columns: "dict[str, Column]") -> "dict[str, list[int]]":
    """Python takes for blank what the contract does, and four characters more."""
    if _is_text_throughout(chain.from_iterable(columns.values())):
        return {}
    return {
        name: [
            place
            for place, value in enumerate(column)
            if (type(value) is not str or not value.strip()) and (value is not None or FIELDS[name].required)
        ]
        for name, column in columns.items()
        if not _is_text_throughout(column)
    }


def _is_text_throughout(values: "Iterable[Any]") -> bool:
    """Say whether all values are text, and none blank."""
    try:
        return all(map(str.strip, values))
    except TypeError:
        return False


def _doubtful_numbers(admitted: range, columns: "dict[str, Column]") -> "dict[str, list[int]]":
    return {
        name: [
            place
            for place, value in enumerate(column)
            if (type(value) is not int or value not in admitted)
            and (value is not None or FIELDS[name].required)
        ]
        for name, column in columns.items()
        if not (set(map(type, column)) == {int} and min(column) in admitted and max(column) in admitted)
    }


def _doubtful_names(pattern: "re.Pattern[str]", columns: "dict[str, Column]") -> "dict[str, list[int]]":
    """Each distinct address or domain is looked at once; what is too long for one isn't even hashed."""
    values = list(chain.from_iterable(columns.values()))
    others = 0
    if [*map(type, values)].count(str) < len(values) or max(map(len, values)) > _LONGEST:
        texts = [value for value in values if type(value) is str and len(value) <= _LONGEST]
        others = len(values) - len(texts) - _count_absent(columns)
        values = texts
    doubtful = set(_doubtful_lines(pattern, set(values)))
    if not doubtful and not others:
        return {}
    return {
        name: [
            place
            for place, value in enumerate(column)
            if (type(value) is not str or len(value) > _LONGEST or value in doubtful)
            and (value is not None or FIELDS[name].required)
        ]
        for name, column in columns.items()
    }


def _count_absent(columns: "dict[str, Column]") -> int:
    """Count the values that are absent and may be."""
    optional = [column for name, column in columns.items() if not FIELDS[name].required]
    return [*map(type, chain.from_iterable(optional))].count(type(None))


def _doubtful_lines(pattern: "re.Pattern[str]", texts: "Collection[str]") -> "Collection[str]":
    """Return those of ``texts`` that don't match.

    They are matched as the lines of one text, for a call takes longer than a match.
    """
    if not texts:
        return ()
    lines = "\n".join(texts) + "\n"
    if (
        lines.count("\n") != len(texts)  # there is a line break in one of them
        or "--" in lines
        or "-." in lines
    ):
        return texts
    doubtful = []
    start = _end_of_match(pattern, lines, 0)
    while start < len(lines):
        end = lines.index("\n", start)
        doubtful.append(lines[start:end])
        start = _end_of_match(pattern, lines, end + 1)
    return doubtful


def _end_of_match(pattern: "re.Pattern[str]", lines: str, start: int) -> int:
    match = pattern.match(lines, start)
    return match.end() if match else start


_LONGEST: "Final" = min(EMAIL_MAX_LENGTH, DOMAIN_MAX_LENGTH)
# Where no two hyphens stand together, and none before a dot, a label is simply this; one that ends in a
# hyphen, or in what is no letter, is left to the rules where it is the last.
_LABEL: "Final" = "[A-Za-z0-9][A-Za-z0-9-]{0,62}"
_LAST_LABEL: "Final" = "[A-Za-z]{1,63}"
_NO_SPECIAL_USE: "Final" = (
    "(?!(?:"
    + "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in SPECIAL_USE_DOMAINS)
    + r")\n)"
)
_EMAILS: "Final" = re.compile(
    rf"(?:[{ATEXT}]+(?:\.[{ATEXT}]+)*@(?:{_LABEL}\.)+{_NO_SPECIAL_USE}{_LAST_LABEL}\n)+"
)
_DOMAINS: "Final" = re.compile(rf"(?:(?:{_LABEL}\.)+{_LAST_LABEL}\n)+")
_EMAILS_AND_DOMAINS: "Final" = re.compile(rf"{_EMAILS.pattern}\n(?:{_DOMAINS.pattern})?")

_DOUBTFUL_PLACES: "Final[Mapping[str, Callable[[dict[str, Column]], dict[str, list[int]]]]]" = (
    MappingProxyType(
        {
            "email": partial(_doubtful_names, _EMAILS),
            "not-blank": _doubtful_texts,
            "port": partial(_doubtful_numbers, _PORTS),
            "domain": partial(_doubtful_names, _DOMAINS),
            "daily-limit": partial(_doubtful_numbers, _DAILY_LIMITS),
        }
    )
)
"""What finds, in the columns of a rule, the places that are doubtful; it leaves out a column without any."""
_BY_RULE: "Final" = tuple(
    (tuple(name for name in _NAMES if FIELDS[name].rule == rule), doubtful_places)
    for rule, doubtful_places in _DOUBTFUL_PLACES.items()
)
