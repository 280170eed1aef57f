"""Many mailboxes looked at field by field: which of them violate what.

One promise: **what is accepted here, the rules accept**. Here a mailbox, or a value, is only found
sound or doubtful, by what Python does fastest: one built-in function over a whole column, and each
distinct value once. Whatever is doubtful goes to the readable rules of :mod:`mailbox_schema.rules`;
only that a required field is absent is said here, too. Types are compared by identity and texts read by
the methods of ``str`` itself, so that no method of a value's class is run; where a key's class raises, a
mailbox is read by the rules alone. Nothing is kept after a call.
"""

import re
from functools import cache, partial
from itertools import chain, repeat
from operator import is_, itemgetter, length_hint, lt
from types import MappingProxyType

from mailbox_schema.contract import (
    COMPLETION_NOTIFICATION_TYPES,
    DAILY_LIMIT,
    FIELDS,
    NOTIFICATION_TYPES,
    PORT,
    WAIT_TIME_FROM,
    WAIT_TIME_TO,
    WAIT_TIMES,
)
from mailbox_schema.rules import FIELD_RULES, violated_fields
from mailbox_schema.values import ATEXT, DOMAIN_MAX_LENGTH, EMAIL_MAX_LENGTH, SPECIAL_USE_DOMAINS, as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Final, TypeVar

    T = TypeVar("T")

    from mailbox_schema.contract import Field, Limits

    Column = Sequence[Any]
    """The values of one field in mailbox after mailbox; ``None`` where it is absent."""
    Doubtful = Iterator[tuple[str, Callable[[Column], list[int]]]]
    """The names of the columns in which something is doubtful, each with what finds the places in it."""

# Fewer are quicker one by one; more don't get quicker, and would only take more memory.
FEW: "Final" = 8
AT_ONCE: "Final" = 200
# Of so many, or fewer, distinct values each is asked about; more cost more than to look at all places.
FEW_DISTINCT: "Final" = 8

# By identity, as in _are_all.
_PLAIN: "Final" = frozenset(map(id, (str, int, type(None))))

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
        try:
            found = list(_by_columns(_columns(some), said, start))
        except Exception:  # noqa: BLE001  # not all are plain objects, or a class of the caller's raises something
            found = list(_one_by_one(some, said, start))
        yield from found


# One mailbox, field after field.


def accept_few(body: object) -> bool:
    """Say whether ``body`` is certainly valid, one of few mailboxes; spares them what tells many apart."""
    try:
        return type(body) is dict and _are_few_sound(body["mailboxes"], body.get(_TYPES))
    except Exception:  # noqa: BLE001  # a key that is absent or can't be compared, or what _is_sound raises: doubtful
        return False


_TYPES: "Final" = COMPLETION_NOTIFICATION_TYPES.key
_NOTIFICATION_TYPES: "Final" = frozenset(NOTIFICATION_TYPES)


def _are_few_sound(mailboxes: "Any", types: "Any") -> bool:
    if type(mailboxes) is not list or not 0 < len(mailboxes) < FEW:
        return False
    if types is not None and not (
        type(types) is list and _are_all(str, types) and _NOTIFICATION_TYPES.issuperset(types)
    ):
        return False
    return all([type(mailbox) is dict and _is_sound(mailbox.get) for mailbox in mailboxes])  # noqa: C419  # a generator takes longer than one mailbox


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
    return first is second is None


# Many mailboxes, column after column. A place is the index of a mailbox among them.

_REQUIRED: "Final" = tuple(name for name in _NAMES if FIELDS[name].required)
_OPTIONAL: "Final" = tuple(name for name in _NAMES if not FIELDS[name].required)


def _columns(mailboxes: "Sequence[Any]") -> "dict[str, Column]":
    """Return the columns by the names of the fields.

    :raises Exception: if not all mailboxes are plain objects, or a key can't be compared
    """
    if not _are_all(dict, mailboxes):
        raise TypeError("not all are plain objects")
    return _columns_of(_REQUIRED, mailboxes) | _columns_of(_OPTIONAL, mailboxes)


def _are_all(kind: type, values: "Iterable[Any]") -> bool:
    """Compare by identity: a class of the caller's may say that it equals another."""
    return all(map(is_, map(type, values), repeat(kind)))


def _columns_of(names: "tuple[str, ...]", mailboxes: "Sequence[dict[str, Any]]") -> "dict[str, Column]":
    try:
        return dict(zip(names, zip(*map(itemgetter(*names), mailboxes), strict=True), strict=True))
    except KeyError:  # once a batch, not once a mailbox
        return {name: [*map(dict.get, mailboxes, repeat(name))] for name in names}


def _by_columns(
    columns: "dict[str, Column]", said: "Mapping[str, T]", start: int
) -> "Iterator[tuple[int, list[T] | None]]":
    places = _violated_places(columns)
    if not places:
        return
    everywhere = range(len(columns[_NAMES[0]]))
    if all(found == everywhere for found in places.values()):
        same = [said[name] for name in _NAMES if name in places]
        yield from zip(range(start, start + len(everywhere)), repeat(same), strict=False)
        return
    by_place: list[list[T]] = [[] for _ in everywhere]
    for name in _NAMES:
        what = said[name]
        for place in places.get(name, ()):
            by_place[place].append(what)
    for index, whats in enumerate(by_place, start):
        if whats:
            yield index, whats


def _violated_places(columns: "dict[str, Column]") -> "dict[str, Sequence[int]]":
    """Return where each field is violated, but for the fields that are violated nowhere."""
    places = _violated_wait_times(*[columns[name] for name in WAIT_TIMES])
    for names, doubtful_columns in _BY_RULE:
        for name, doubtful_places in doubtful_columns({name: columns[name] for name in names}):
            column, is_violated = columns[name], partial(_is_violated, FIELDS[name])
            places[name] = _places_in(column, column, is_violated, doubtful_places)
    return {name: found for name, found in places.items() if found}


def _places_in(
    column: "Sequence[T]",
    parts: "Sequence[Any]",
    is_violated: "Callable[[T], bool]",
    doubtful_places: "Callable[[Sequence[T]], list[int]]",
) -> "Sequence[int]":
    """Ask the rules: about each doubtful place, or about each distinct value, if these are few.

    They may be where the first value is violated: the same mistake all over. ``parts`` are what the values
    are made of.
    """
    if is_violated(column[0]) and _can_be_told_apart(parts):
        distinct = set(column)
        if len(distinct) <= FEW_DISTINCT:
            violated_values = set(filter(is_violated, distinct))
            if len(violated_values) == len(distinct):
                return range(len(column))
            return _places_among(violated_values, column)
    doubtful = doubtful_places(column)
    if len(doubtful) <= FEW_DISTINCT:
        return [place for place in doubtful if is_violated(column[place])]
    values = [column[place] for place in doubtful]
    if not _can_be_told_apart(parts):
        return [place for place, value in zip(doubtful, values, strict=True) if is_violated(value)]
    violated_values = set(filter(is_violated, set(values)))
    return [place for place, value in zip(doubtful, values, strict=True) if value in violated_values]


def _can_be_told_apart(values: "Sequence[Any]") -> bool:
    """Say whether two that are equal are the same to every rule, as text, integers and ``None`` are.

    ``1``, ``1.0`` and ``True`` are equal too, and what a class of the caller's calls equal may be anything.
    """
    return _are_all(str, values) or _PLAIN.issuperset(map(id, map(type, values)))


def _is_violated(field: "Field", value: object) -> bool:
    """Ask the rules about a field whose violation shows in its value alone."""
    return field.required if value is None else not FIELD_RULES[field.rule](value, field, {})


def _given(name: str, column: "Column") -> "Column":
    """Leave out of a column what is absent and may be."""
    return column if FIELDS[name].required else [value for value in column if value is not None]


def _violated_wait_times(first: "Column", second: "Column") -> "dict[str, Sequence[int]]":
    if _are_sound_pairs(first, second):
        return {}
    pairs = [*zip(first, second, strict=True)]
    if any(map(is_, first, repeat(None))):
        given = [(one, other) for one, other in pairs if one is not None or other is not None]
        if not given or _are_sound_pairs(*zip(*given, strict=True)):
            return {}
    doubtful_places = cache(lambda: _places_of_doubtful_pairs(pairs))
    return {
        name: _places_in(
            pairs,
            (*first, *second),
            partial(_is_violated_wait_time, name),
            lambda _: doubtful_places(),
        )
        for name in WAIT_TIMES
    }


def _places_of_doubtful_pairs(pairs: "Sequence[tuple[Any, Any]]") -> "list[int]":
    # As _are_sound_wait_times, which to call takes longer than this.
    return [
        place
        for place, (one, other) in enumerate(pairs)
        if not (
            type(one) is type(other) is int
            and one < other
            and WAIT_TIME_FROM.minimum <= one <= WAIT_TIME_FROM.maximum
            and WAIT_TIME_TO.minimum <= other <= WAIT_TIME_TO.maximum
        )
        and not one is other is None
    ]


def _is_violated_wait_time(name: str, pair: "tuple[Any, Any]") -> bool:
    mailbox = dict(zip(WAIT_TIMES, pair, strict=True))
    field, value = FIELDS[name], mailbox[name]
    return value is not None and not FIELD_RULES[field.rule](value, field, mailbox)


def _are_sound_pairs(first: "Column", second: "Column") -> bool:
    return (
        _are_all(int, first)
        and _are_all(int, second)
        and min(first) in _FIRST_WAIT_TIMES
        and min(second) in _SECOND_WAIT_TIMES
        and max(second) in _SECOND_WAIT_TIMES
        and all(map(lt, first, second))
    )


def _doubtful_texts(columns: "dict[str, Column]") -> "Doubtful":
    """Python takes for blank what the contract does, and four characters more."""
    if _are_texts(chain.from_iterable(columns.values())):
        return
    for name, column in columns.items():
        if FIELDS[name].required or not _are_texts(_given(name, column)):
            yield name, _places_of_blanks


def _are_texts(values: "Iterable[Any]") -> bool:
    """Say whether all values are text, and none blank; an iterator stops behind the first that isn't."""
    try:
        return all(map(str.strip, values))
    except TypeError:
        return False


def _places_of_blanks(column: "Column") -> "list[int]":
    """Go on behind each place where the built-in functions stop: they are quicker than a loop."""
    places: list[int] = []
    rest = iter(column)
    while not _are_texts(rest):
        places.append(len(column) - length_hint(rest) - 1)
    return places


def _doubtful_numbers(limits: "Limits", columns: "dict[str, Column]") -> "Doubtful":
    least, most = limits
    for name, column in columns.items():
        given = _given(name, column)
        if given and not (_are_all(int, given) and least <= min(given) and max(given) <= most):
            yield name, partial(_places_beyond, least, most)


def _places_beyond(least: int, most: int, column: "Column") -> "list[int]":
    return [
        place for place, value in enumerate(column) if not (type(value) is int and least <= value <= most)
    ]


def _doubtful_names(pattern: "re.Pattern[str]", columns: "dict[str, Column]") -> "Doubtful":
    """Each distinct address or domain is looked at once."""
    given = {name: _given(name, column) for name, column in columns.items()}
    values = [*chain.from_iterable(given.values())]
    are_texts = _are_all(str, values)
    texts = set(values) if are_texts else {value for value in values if type(value) is str}
    doubtful = set(_doubtful_lines(pattern, texts))
    for name, column in given.items():
        if not (are_texts and doubtful.isdisjoint(column)):
            yield name, partial(_places_among if are_texts else _places_of_doubtful_names, doubtful)


def _places_among(values: "Collection[Any]", column: "Column") -> "list[int]":
    return [place for place, value in enumerate(column) if value in values]


def _places_of_doubtful_names(doubtful: "Collection[str]", column: "Column") -> "list[int]":
    return [place for place, value in enumerate(column) if type(value) is not str or value in doubtful]


def _doubtful_lines(pattern: "re.Pattern[str]", texts: "set[str]") -> "Collection[str]":
    """Return those of ``texts`` that don't match.

    They are matched as the lines of one text, for a call takes longer than a match.
    """
    if not texts:
        return ()
    lines = "\n".join(texts) + "\n"
    if (
        max(map(len, texts)) > _LONGEST
        or lines.count("\n") != len(texts)  # there is a line break in one of them
        or "--" in lines
        or "-." in lines
    ):
        odd = {text for text in texts if len(text) > _LONGEST or "\n" in text or "--" in text or "-." in text}
        return [*odd, *_doubtful_lines(pattern, texts - odd)]
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
# Where no two hyphens stand together, and none before a dot, a label is simply this; a last label that has
# anything but letters in it is left to the rules.
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

_DOUBTFUL_COLUMNS: "Final[Mapping[str, Callable[[dict[str, Column]], Doubtful]]]" = MappingProxyType(
    {
        "email": partial(_doubtful_names, _EMAILS),
        "not-blank": _doubtful_texts,
        "port": partial(_doubtful_numbers, PORT),
        "domain": partial(_doubtful_names, _DOMAINS),
        "daily-limit": partial(_doubtful_numbers, DAILY_LIMIT),
    }
)
_BY_RULE: "Final" = tuple(
    (tuple(name for name in _NAMES if FIELDS[name].rule == rule), doubtful_columns)
    for rule, doubtful_columns in _DOUBTFUL_COLUMNS.items()
)
