"""A finding -> how to fix it: edits of the places that it is about, which leave everything else as it is.

An edit deletes what is too much. What it inserts is a quote, a small letter, a plain number in a field's
range, or a name of the contract. So the edits show nothing of the file, and ``before`` and ``after`` only
what the closed list below has: the rest of a value may be a login, or a password in the wrong place.

A fix is only offered where it is certain what the edits change, and if the fixed value passes the rule.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.contract import (
    BODY_KEYS,
    COMPLETION_NOTIFICATION_TYPES,
    FIELDS,
    NOTIFICATION_TYPES,
    WAIT_TIMES,
)
from mailbox_schema.hints import for_server, split_off_extras
from mailbox_schema.lint.advice import IMAP_PORTS, MOST_SUGGESTIONS, SMTP_PORTS, is_kept_elsewhere
from mailbox_schema.placeholders import SPACES, has_placeholder
from mailbox_schema.rules import FIELD_RULES
from mailbox_schema.values import as_integer, is_blank, is_domain, is_email
from mailbox_schema.vocabulary import NOT_SHOWN, may_show_key, nearest_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from mailbox_schema.contract import Field
    from mailbox_schema.lint.sources.base import Document, Path, Position, Remark, Span

    Change = tuple[int, int, str]
    """Characters of a text, from the first to before the second, and what replaces them."""


class Edit(NamedTuple):
    """The text from ``start`` to before ``end`` is replaced."""

    start: Position
    end: Position
    text: str


class Fix(NamedTuple):
    """How to fix a finding.

    - ``title``: one short sentence, a fixed text
    - ``is_safe``: whether it certainly keeps what was meant
    - ``edits``: in order, without overlap
    - ``before``, ``after``: what may be shown of the edited text, and of the text that replaces it
    """

    title: str
    is_safe: bool
    edits: tuple[Edit, ...]
    before: str
    after: str


class _Cure(NamedTuple):
    """What to change in the text of a value, and the value that it becomes."""

    title: str
    changes: tuple[Change, ...]
    value: object
    is_safe: bool = True
    in_quotes: bool | None = None
    """Whether the value has to be in quotes; ``None`` for as it is."""


# What extras of a domain are there because a URL was pasted, as hints.split_off_extras names them.
_PASTED_EXTRAS: Final = frozenset({"the spaces around it", "`https://`", "`http://`", "the slash at the end"})
_MAILTO: Final = "mailto:"
# No address, domain or server is longer.
_LONGEST: Final = 1000
_QUOTE: Final = '"'
_LEAVE_OUT: Final = "leave it out"

# What a diff shows of a text; the rest of it is NOT_SHOWN.
_SHOWN: Final = frozenset(
    {
        *FIELDS,
        *BODY_KEYS,
        *map(str.lower, NOTIFICATION_TYPES),
        *map(str, IMAP_PORTS | SMTP_PORTS),
        *(_MAILTO, "https://", "http://", "/", "0"),
    }
)
_AROUND_WORDS: Final = f"{SPACES}\"'"


def fix_field(document: Document, path: Path, rule: str, mailbox: dict[str, Any]) -> Fix | None:
    """Return the fix for what ``rule`` found at ``path``, the way to a key of ``mailbox``."""
    name = str(path[-1])
    if rule == "unknown-field":
        shown = name if may_show_key(name) else NOT_SHOWN
        return _rename(document.key(path), shown, _meant(name, mailbox))
    field = FIELDS.get(name)
    value = mailbox.get(name)
    if field is None or field.secret or value is None:
        return None
    if isinstance(value, str):
        if len(value) > _LONGEST or has_placeholder(value) or is_kept_elsewhere(value):
            return None
        if is_blank(value):
            may_leave_out = rule == field.rule and not field.required and name not in WAIT_TIMES
            return _leave_out(document, path) if may_leave_out and len(mailbox) > 1 else None
    cure = _find_cure(rule, document, path, field, value)
    if cure is None or not _holds(rule, field, cure.value, mailbox):
        return None
    span = document.scalar(path)
    return None if span is None or not _is_read_back(document, span, cure) else _fix(span, cure)


def fix_notification_types(document: Document, path: Path, types: object) -> Fix | None:
    """Return the fix for the violated ``completion_notification_types`` at ``path``."""
    if not isinstance(types, list) or path != (COMPLETION_NOTIFICATION_TYPES.key,):
        return None
    fixes = []
    for number, item in enumerate(types):
        name = item.upper() if isinstance(item, str) else None
        span = document.scalar((*path, number))
        if span is None or name not in NOTIFICATION_TYPES:
            return None
        if name != item:
            cure = _Cure("write the names in capitals", ((0, len(item), name),), name)
            fixes.append(_fix(span, cure))
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    return fixes[0]._replace(edits=edits) if fixes else None


def fix_remark(remark: Remark) -> Fix | None:
    """Return the fix for a finding of the source itself: a misspelled column gets its name."""
    return None if remark.rename is None else _rename(remark.rename[0], NOT_SHOWN, remark.rename[1])


def _meant(key: str, mailbox: dict[str, Any]) -> str | None:
    """Return the field that only this key is meant for."""
    unknown = list(islice((other for other in mailbox if other not in FIELDS), MOST_SUGGESTIONS + 1))
    if len(unknown) > MOST_SUGGESTIONS:
        return None
    meant = nearest_field(key)
    is_certain = meant not in mailbox and [nearest_field(other) for other in unknown].count(meant) == 1
    return meant if is_certain else None


def _rename(span: Span | None, before: str, meant: str | None) -> Fix | None:
    if span is None or meant is None or FIELDS[meant].secret:
        return None
    cure = _Cure(f"rename it to `{meant}`", ((0, len(span.characters) - 1, meant),), None, is_safe=False)
    return _fix(span, cure)._replace(before=before, after=meant)


def _leave_out(document: Document, path: Path) -> Fix | None:
    span = document.member(path)
    if span is None:
        return None
    position = span.source.position
    edit = Edit(position(span.start), position(span.end), "")
    return Fix(_LEAVE_OUT, is_safe=False, edits=(edit,), before=str(path[-1]), after="")


# Values


def _find_cure(rule: str, document: Document, path: Path, field: Field, value: object) -> _Cure | None:
    plain = document.plain(path)
    if rule == "yaml-ambiguous" and plain is not None:
        return _as_all_read_it(plain, value, field)
    return (
        _CURES[rule](value, is_typed=document.columns is None)
        if rule in _CURES and isinstance(value, str)
        else None
    )


def _holds(rule: str, field: Field, value: object, mailbox: dict[str, Any]) -> bool:
    """Return whether the rule has nothing against the value."""
    if rule == "server-name":
        return isinstance(value, str) and for_server(value) is None
    return FIELD_RULES[field.rule](value, field, {**mailbox, field.name: value})


def _as_all_read_it(plain: str, value: object, field: Field) -> _Cure:
    """Return the cure for a plain scalar that YAML 1.1 and 1.2 read differently."""
    if field.type == "string":
        return _Cure("write it in quotes", (), value, in_quotes=True)
    digits = str(as_integer(value))
    changes = _around(plain, digits) if plain.endswith(digits) else ((0, len(plain), digits),)
    return _Cure("write the number in plain digits", changes, value)


def _numeral(text: str, *, is_typed: bool) -> _Cure | None:
    digits = text.strip(SPACES)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMERAL):
        return None
    number = int(digits)
    changes = _around(text, str(number))
    return _Cure("write the number in digits only", changes, number, in_quotes=False if is_typed else None)


_LONGEST_NUMERAL: Final = 10


def _address(text: str, *, is_typed: bool) -> _Cure | None:  # noqa: ARG001  # the signature of a cure
    address = text.strip(SPACES)
    if address.lower().startswith(_MAILTO):
        address = address[len(_MAILTO) :].strip(SPACES)
    is_safe = is_email(address)
    if not is_safe and address.endswith(">") and address.count("@") == 1:
        address = address.rpartition("<")[2].removesuffix(">")
    return (
        _Cure("keep only the address", _around(text, address), address, is_safe)
        if is_email(address)
        else None
    )


def _domain(text: str, *, is_typed: bool) -> _Cure | None:  # noqa: ARG001  # as above
    extras, host = split_off_extras(text)
    is_safe = _PASTED_EXTRAS.issuperset(extras)
    if is_domain(host):
        return _Cure("keep only the domain", _around(text, host), host, is_safe)
    small = host.lower()
    if len(small) != len(host):  # a few capital letters have two small ones
        return None
    start = text.rfind(host)
    changes = [(start + first, start + last, new) for first, last, new in _respelled(host, small)]
    before, after = _outside(text, host)
    return _Cure("write the domain alone, in lower case", (*before, *changes, *after), small, is_safe)


def _server(text: str, *, is_typed: bool) -> _Cure | None:  # noqa: ARG001  # as above
    extras, host = split_off_extras(text)
    is_safe = extras == ["the spaces around it"]
    return _Cure("keep only the host name", _around(text, host), host, is_safe) if host else None


_CURES: Final[dict[str, Callable[..., _Cure | None]]] = {
    "port": _numeral,
    "wait-time": _numeral,
    "daily-limit": _numeral,
    "email": _address,
    "domain": _domain,
    "server-name": _server,
}
"""What fixes a text that a rule found, by the rule's name."""


# Changes of a text


def _around(text: str, kept: str) -> tuple[Change, ...]:
    """Return the changes that delete everything around ``kept``."""
    before, after = _outside(text, kept)
    return (*before, *after)


def _outside(text: str, kept: str) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the changes that delete what is before ``kept``, and what is after it."""
    start = text.rfind(kept)
    end = start + len(kept)
    return ((0, start, ""),) if start else (), ((end, len(text), ""),) if end < len(text) else ()


def _respelled(text: str, new: str) -> tuple[Change, ...]:
    """Return the changes that replace each character that differs."""
    differing = (place for place, character in enumerate(text) if character != new[place])
    return tuple((place, place + 1, new[place]) for place in differing)


# Edits of a source


def _is_read_back(document: Document, span: Span, cure: _Cure) -> bool:
    """Return whether the value of a cure is read as this value, in quotes or without."""
    text = span.source.text
    if cure.in_quotes is False:
        return not text.startswith("#", span.end)  # behind a quote, PyYAML takes it for a comment
    has_quotes = cure.in_quotes or text[span.start] in {'"', "'"}
    return has_quotes or not isinstance(cure.value, str) or document.reads_as_text(cure.value)


def _fix(span: Span, cure: _Cure) -> Fix:
    edits = [(span.characters[first], span.characters[last], text) for first, last, text in cure.changes]
    if cure.in_quotes is True:
        edits = [(span.start, span.start, _QUOTE), *edits, (span.end, span.end, _QUOTE)]
    elif cure.in_quotes is False:
        edits = [*_without_quotes(span, edits)]
    written = [(start, end, _written(span, end - start, text)) for start, end, text in edits]
    position = span.source.position
    return Fix(
        cure.title,
        cure.is_safe,
        tuple(Edit(position(start), position(end), text) for start, end, text in written),
        *_shown(span, written),
    )


def _without_quotes(span: Span, edits: list[Change]) -> Iterable[Change]:
    """Return the deletions up to the outer ends of the span, and so of its quotes."""
    first = edits[0][1] if edits and edits[0][0] == span.characters[0] else span.characters[0]
    last = edits[-1][0] if edits and edits[-1][1] == span.characters[-1] else span.characters[-1]
    outside = ((span.start, first, ""), (last, span.end, ""))
    return [(start, end, text) for start, end, text in outside if start < end]


def _written(span: Span, length: int, text: str) -> str:
    r"""Return the text that replaces so many characters: an escape (``\u00dc``) by an escape."""
    is_escape = len(text) == 1 and length > len(text) and span.source.text[span.start] == _QUOTE
    return json.dumps(text)[1:-1] if is_escape else text


def _shown(span: Span, edits: list[Change]) -> tuple[str, str]:
    """Return what may be shown of the span before the edits, and after them."""
    before: list[str] = []
    after: list[str] = []
    reached = span.start
    for start, end, text in [*edits, (span.end, span.end, "")]:
        kept, deleted = span.source.text[reached:start], span.source.text[start:end]
        before += [kept, deleted]
        after += [kept, text]
        reached = end
    return _show_all(before), _show_all(after)


def _show_all(texts: list[str]) -> str:
    shown: list[str] = []
    for part in map(_show, texts):
        if shown[-1:] != [NOT_SHOWN] or part != NOT_SHOWN:
            shown += [part] if part else []
    return "".join(shown)


def _show(text: str) -> str:
    word = text.strip(_AROUND_WORDS)
    return text if not word or word.lower() in _SHOWN else text.replace(word, NOT_SHOWN)
