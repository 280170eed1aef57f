"""YAML text -> its documents, by PyYAML's parser, read as YAML 1.2 core.

PyYAML's own constructor reads YAML 1.1 (``no`` is false, ``0123`` is 83) and has no bound on nesting and
aliases. So the values are built from the parser's events here: the scalars of the core schema of YAML 1.2.2
(10.3.2), anchors and merges, with bounds on nesting, values and the expansion of aliases.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml
from yaml.constructor import SafeConstructor
from yaml.reader import Reader
from yaml.resolver import Resolver

from mailbox_schema.lint.sources.base import (
    EMPTY,
    HELM_OR_JINJA,
    LINE_END,
    MOST_VALUES,
    ONLY_COMMENTS,
    Document,
    SourceError,
    Span,
    Tagged,
    decode,
    duplicate_key,
    longest_number,
    read_whole,
    template_error,
    too_many_values,
    written,
)
from mailbox_schema.lint.sources.comments import MARK, find_comments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from mailbox_schema.lint.sources.base import Path, Position, Remark, Text

    _Places = dict[str | int, "_Place"]

# No file of mailboxes nests deeper than body, list, mailbox, and a value that is wrong.
_DEEPEST_NESTING: Final = 100
_TOO_DEEP: Final = "nested too deeply"
# How many values the aliases of a file may stand for: in proportion to its length, so that reading it takes
# linear time. Mailboxes that share all their fields by alias stay below a value for each character.
_VALUES_BY_ALIAS: Final = 10_000
_VALUES_BY_ALIAS_PER_CHARACTER: Final = 4
# So many characters of a text count as a value more.
_CHARACTERS_PER_VALUE: Final = 256
# The parser compares each %TAG directive with all before it; nobody needs more than a few.
_MOST_TAG_DIRECTIVES: Final = 100
_COMMENT_LINE: Final = re.compile(r"^[ \t]*#", re.MULTILINE)
_TAG_DIRECTIVE: Final = re.compile(r"^%TAG|\r%TAG", re.MULTILINE)

# YAML 1.2.2, 10.3.2: the tags of plain scalars.
_NULL: Final = re.compile(r"null|Null|NULL|~|")
_BOOLEAN: Final = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITY: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER: Final = re.compile(r"\.nan|\.NaN|\.NAN")
# A plain scalar that begins with none of these is text; an empty one is null.
_MAY_NOT_BE_TEXT: Final = frozenset("nN~tTfF-+.0123456789")

_QUOTES: Final = "\"'"
_BLANKS: Final = " \t\r\n"
# What begins a value that other places may share, or that has a tag: an anchor, an alias, a tag.
_MARKS: Final = ("&", "*", "!")

_ENDS_IN_YAML_1_1: Final = "\x85\u2028\u2029"

_TAG: Final = "tag:yaml.org,2002:"
_BLOCK_STYLES: Final = ("|", ">")

# The parser's messages that may be repeated: they quote nothing of the text.
_REASONS: Final = re.compile(
    r"did not find expected [a-zA-Z ]+|did not find expected '.{1,2}'(?: or '.')?(?: indicator)?"
    r"|found [a-z ]+|block [a-z]+ entries are not allowed in this context"
    r"|could not find expected ':'"
)

_TAB: Final = "a tab is not allowed here: use spaces"

# The commonest of them, as the cause or the cure.
_PLAIN_REASONS: Final = {
    "found character that cannot start any token": "a value can't begin with `@`, `%` or a backtick",
    "found a tab character that violates indentation": _TAB,
    "found unexpected end of stream": "a quote is not closed",
    "mapping values are not allowed in this context": "a value that contains `: ` has to be in quotes",
    "did not find expected '-' indicator": "the indentation differs from that of the list above",
}


class _Merge(str):
    """The merge key of YAML 1.1, as distinct from a quoted one, which is an ordinary key."""

    __slots__ = ()


class _Part(NamedTuple):
    """A value, its offset, the number of values in it, and its text if it is a plain scalar."""

    value: object
    start: int
    size: int
    plain: str | None = None


class _Place(NamedTuple):
    """The offsets of the key and the value of a member or item, and the value's text if it is plain."""

    key: int | None
    value: int
    plain: str | None


class _MergedPlace(_Place):
    """The place of a member that a merge key brings in: it is part of another mapping."""

    __slots__ = ()


class _OverridingPlace(_Place):
    """The place of a member that counts instead of one that a merge key brings in."""

    __slots__ = ()


def documents(stream: BinaryIO) -> Iterator[Document]:
    """Yield the documents of ``stream``; empty ones next to others are skipped.

    :raises SourceError: if it is not UTF-8, or not YAML
    """
    source = decode(read_whole(stream))
    if len(_TAG_DIRECTIVE.findall(source.text)) > _MOST_TAG_DIRECTIVES:
        raise SourceError(f"more than {_MOST_TAG_DIRECTIVES} %TAG directives")
    found: list[_YamlDocument] = []
    scalars: list[tuple[int, int]] = []
    failure: SourceError | None = None
    try:
        found.extend(_parsed(source, scalars))
    except SourceError as error:
        failure = template_error(source, HELM_OR_JINJA) or error
    if not found:
        raise failure or SourceError(ONLY_COMMENTS if _COMMENT_LINE.search(source.text) else EMPTY)
    if MARK in source.text:
        comments = find_comments(source, scalars)
        for document in found:
            document.comments = comments
    yield from found
    if failure is not None:
        raise failure


def _parsed(source: Text, scalars: list[tuple[int, int]]) -> Iterator[_YamlDocument]:
    """Yield the documents that are not empty, and note the spans of the scalars with a number sign.

    :raises SourceError: at the first mistake
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from filter(None, _each(_events(source.text, loader, scalars), source))
    except yaml.MarkedYAMLError as error:
        said = str(error.problem)
        known = _PLAIN_REASONS.get(said) or (said if _REASONS.fullmatch(said) else "it can't be parsed")
        reason = f"not YAML: {known}"
        if said == "exceeded maximum nesting depth":
            reason = _TOO_DEEP
        # An unclosed quote or bracket is reported where it begins, not at the end of the file.
        mark = error.context_mark if "end of stream" in said else error.problem_mark
        start = mark.index if mark else 0
        if "cannot start any token" in said and source.text.startswith("\t", start):
            reason = f"not YAML: {_TAB}"
        raise SourceError(reason, source.position(start)) from None
    except yaml.YAMLError:
        before, *_ = Reader.NON_PRINTABLE.split(source.text, 1)
        place = source.position(len(before))
        raise SourceError("not YAML: control characters are not allowed", place) from None


def _events(text: str, loader: Any, scalars: list[tuple[int, int]]) -> Iterator[Any]:
    """Yield the parser's events, and note the spans of the scalars with a number sign.

    A block's span begins behind its first line, which may end in a comment.
    """
    for event in _restored_events(text, loader):
        is_scalar = isinstance(event, yaml.ScalarEvent)
        if is_scalar and "#" in event.value:
            start, end = event.start_mark.index, event.end_mark.index
            if event.style in _BLOCK_STYLES:
                first_end = LINE_END.search(text, start)
                start = start if first_end is None else first_end.end()
            scalars.append((start, end))
        yield event


def _restored_events(text: str, loader: Any) -> Iterator[Any]:
    """Yield the parser's events.

    The parser ends lines at characters that are ordinary ones in YAML 1.2.2 (5.4), so these are replaced
    before it sees them, and restored after it.
    """
    others = [end for end in _ENDS_IN_YAML_1_1 if end in text]
    if not others:
        yield from yaml.parse(text, Loader=loader)
        return
    unused = (character for character in map(chr, range(0xE000, 0xF900)) if character not in text)
    pairs = list(zip(others, unused, strict=False))
    hidden = {ord(end): stand_in for end, stand_in in pairs}
    shown = {ord(stand_in): end for end, stand_in in pairs}
    for event in yaml.parse(text.translate(hidden), Loader=loader):
        if isinstance(event, yaml.ScalarEvent):
            event.value = event.value.translate(shown)
        yield event


def is_read_differently(plain: str, value: object) -> bool:
    """Return whether YAML 1.1 reads the plain scalar ``plain``, here read as ``value``, as something else.

    >>> is_read_differently("no", "no"), is_read_differently("0123", 123), is_read_differently("587", 587)
    (True, True, False)
    """
    tag = str(_YAML_1_1.resolve(yaml.ScalarNode, plain, (True, False))).removeprefix(_TAG)  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open
    if tag == "int":
        # Numbers in base 60, such as 1:59:59, are text in YAML 1.2; PyYAML adds them up in quadratic time.
        return type(value) is not int or _YAML_1_1.construct_yaml_int(yaml.ScalarNode(tag, plain)) != value
    kinds: dict[str, type] = {"str": str, "null": type(None), "bool": bool, "float": float}
    return tag not in kinds or type(value) is not kinds[tag]


class _Yaml11(Resolver, SafeConstructor):
    """PyYAML's own reading of a scalar."""


_YAML_1_1: Final = _Yaml11()


def _each(events: Iterator[Any], source: Text) -> Iterator[_YamlDocument | None]:
    builder = _Builder(events, source)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield builder.build_document()


class _YamlDocument(Document):
    """A value in YAML text, and the places of the members of each mapping and list, by its identity."""

    def __init__(
        self,
        root: _Part,
        source: Text,
        places: dict[int, tuple[object, _Places]],
        duplicates: list[tuple[str, int]],
    ) -> None:
        self.value = root.value
        self._root = _Place(None, root.start, root.plain)
        self._source = source
        self._places = places
        self._duplicates = duplicates

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of the key and of the value at ``path``, where there are any."""
        place = self._find(path)
        if place is None:
            return None, None
        position = self._source.position
        return None if place.key is None else position(place.key), position(place.value)

    def plain(self, path: Path) -> str | None:
        """Return the text of the plain scalar at ``path``, if there is one."""
        place = self._find(path)
        return None if place is None else place.plain

    def scalar(self, path: Path) -> Span | None:
        """Return the span of the scalar at ``path``, if it is in one line and no other place shares it."""
        place, value = self._find_own(path)
        if place is None or isinstance(value, Tagged):
            return None
        text = place.plain if place.plain is not None else value
        return written(self._source, place.value, text, _QUOTES) if isinstance(text, str) else None

    def reads_as_text(self, text: str) -> bool:
        """Return whether both versions of YAML read the plain scalar ``text`` as just this text."""
        return (
            (text[:1].isalnum() or text.startswith("_"))
            and _core(text) == text
            and not is_read_differently(text, text)
        )

    def key(self, path: Path) -> Span | None:
        """Return the span of the key at ``path``, if no other place shares it."""
        place, _ = self._find_own(path)
        if place is None or place.key is None:
            return None
        return written(self._source, place.key, str(path[-1]), _QUOTES)

    def member(self, path: Path) -> Span | None:
        """Return the line of the member at ``path``, if nothing else is on it, or counts in its place."""
        key, value, mapping = self.key(path), self.scalar(path), self._find(path[:-1])
        if key is None or value is None or mapping is None or isinstance(self._find(path), _OverridingPlace):
            return None
        if self._source.text.startswith("{", mapping.value):  # commas separate what is in braces
            return None
        start, end = self._source.line(key.start)
        before, after = self._source.text[start : key.start], self._source.text[value.end : end]
        is_alone = not before.strip(" ") and not after.strip(_BLANKS) and value.end <= end
        return Span(self._source, start, end) if is_alone else None

    def _find_own(self, path: Path) -> tuple[_Place | None, object]:
        """Return the place and the value at ``path``, if no anchor, alias, tag or merge leads to it."""
        place, value = self._root, self.value
        for step in path:
            found = self._places[id(value)][1].get(step) if self._is_own(place) else None
            if found is None:
                return None, None
            place, value = found, value[step]  # type: ignore[index]  # as in _find
        return (place, value) if self._is_own(place) and not self._duplicates else (None, None)

    def _is_own(self, place: _Place) -> bool:
        is_marked = self._source.text.startswith(_MARKS, place.value)
        return not is_marked and not isinstance(place, _MergedPlace)

    def remarks(self, *_: int) -> Iterator[Remark]:
        """Yield a remark for each key that appears again."""
        return (duplicate_key(key, self._source.position(start)) for key, start in self._duplicates)

    def _find(self, path: Path) -> _Place | None:
        place, value = self._root, self.value
        for step in path:
            _, places = self._places.get(id(value), (None, {}))
            if step not in places:
                return None
            place, value = places[step], value[step]  # type: ignore[index]  # only a dict or a list has places
        return place


class _Builder:
    """Builds documents from the parser's events; the bounds hold for all of them together."""

    def __init__(self, events: Iterator[Any], source: Text) -> None:
        self._events = events
        self._source = source
        self._values = self._by_alias = 0
        self._most_by_alias = _VALUES_BY_ALIAS + _VALUES_BY_ALIAS_PER_CHARACTER * len(source.text)

    def build_document(self) -> _YamlDocument | None:
        """Return the document whose first event is the next one; ``None`` if it is empty."""
        self._anchors: dict[str, _Part | None] = {}
        # Each mapping and list by its identity, and the places of its members. Keeping it keeps the identity.
        self._places: dict[int, tuple[object, _Places]] = {}
        self._duplicates: list[tuple[str, int]] = []
        root = self.build(next(self._events), 0)
        if root.value is None:
            return None
        return _YamlDocument(root, self._source, self._places, self._duplicates)

    def build(self, event: Any, depth: int) -> _Part:
        """Return the value that begins with ``event``."""
        start: int = event.start_mark.index
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), start)
        if depth > _DEEPEST_NESTING:
            raise SourceError(_TOO_DEEP, self._source.position(start))
        self._values += 1
        if self._values > MOST_VALUES:
            raise too_many_values(self._source.position(start))
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            part = self._scalar(event, start)
        elif isinstance(event, yaml.SequenceStartEvent):
            part = self._sequence(start, depth)
        else:
            part = self._mapping(start, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = part
        return part

    def _alias(self, anchor: str, start: int) -> _Part:
        part = self._anchors.get(anchor)
        if part is None:
            reason = (
                "is inside the value it refers to" if anchor in self._anchors else "has no anchor before it"
            )
            raise SourceError(f"an alias {reason}", self._source.position(start))
        self._by_alias += part.size
        if self._by_alias > self._most_by_alias:
            raise SourceError("the aliases expand to too many values", self._source.position(start))
        return part._replace(start=start)

    def _sequence(self, start: int, depth: int) -> _Part:
        items: list[object] = []
        places: _Places = {}
        self._places[id(items)] = items, places
        size = 1
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            part = self.build(event, depth + 1)
            places[len(items)] = _Place(None, part.start, part.plain)
            items.append(part.value)
            size += part.size
        return _Part(items, start, size)

    def _mapping(self, start: int, depth: int) -> _Part:
        members: dict[str, object] = {}
        places: _Places = {}
        self._places[id(members)] = members, places
        merged: list[dict[str, object]] = []
        size = 1
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key_start: int = event.start_mark.index
            key = self._key(event)
            part = self.build(next(self._events), depth + 1)
            size += part.size
            if isinstance(key, _Merge):
                merged += self._mappings_to_merge(part)
                continue
            if key in members:
                self._duplicates.append((str(key), key_start))
            members[key] = part.value
            places[key] = _Place(key_start, part.start, part.plain)
        for overridden in places.keys() & {key for mapping in merged for key in mapping}:
            places[overridden] = _OverridingPlace(*places[overridden])
        for mapping in merged:
            for key in [key for key in mapping if key not in members]:
                members[key] = mapping[key]
                places[key] = _MergedPlace(*self._places[id(mapping)][1][key])
                size += 1
        return _Part(members, start, size)

    def _key(self, event: Any) -> str:
        start: int = event.start_mark.index
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None:
                self._anchors[event.anchor] = self._scalar(event, start)
            return _Merge(event.value) if event.value == "<<" and not event.style else str(event.value)
        if isinstance(event, yaml.AliasEvent):
            part = self._alias(str(event.anchor), start)
            if isinstance(part.value, str):
                return part.value
            if part.plain is not None:
                return part.plain
        elif self._source.text.startswith("{{", start - 1):
            place = self._source.position(start - 1)
            raise SourceError("a placeholder such as `{{ name }}` has to be in quotes", place)
        raise SourceError("a key has to be text", self._source.position(start))

    def _mappings_to_merge(self, part: _Part) -> list[dict[str, object]]:
        """Return the mappings that a merge key brings in, the stronger first."""
        found = part.value if isinstance(part.value, list) else [part.value]
        mappings = [mapping for mapping in found if isinstance(mapping, dict)]
        if len(mappings) < len(found):
            raise SourceError(
                "a merge key takes a mapping, or a list of them", self._source.position(part.start)
            )
        return mappings

    def _scalar(self, event: Any, start: int) -> _Part:
        text: str = event.value
        tag: str | None = event.tag
        size = 1 + len(text) // _CHARACTERS_PER_VALUE
        if tag is None and not event.style:
            return _Part(self._plain(text, start), start, size, text)
        if tag is None or tag in {"!", f"{_TAG}str"}:
            return _Part(text, start, size)
        if not tag.startswith(_TAG):
            return _Part(Tagged(text), start, size)
        value = self._plain(text, start)
        expected = _TYPES.get(tag.removeprefix(_TAG), ())
        return _Part(value if isinstance(value, expected) else text, start, size)

    def _plain(self, text: str, start: int) -> object:
        """Return the value of a plain scalar by the core schema of YAML 1.2.2 (10.3.2)."""
        if text and text[0] not in _MAY_NOT_BE_TEXT:
            return text
        limit = longest_number()
        is_too_long = len(text.lstrip("-+")) > limit and _INTEGER.fullmatch(text)
        value = None if is_too_long else _core(text)
        if is_too_long or (type(value) is int and value >= _first_of_more_digits(limit)):
            raise SourceError(f"a number of more than {limit} digits", self._source.position(start))
        return value


_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "null": type(None),
    "bool": bool,
    "int": int,
    "float": (int, float),
}


@cache
def _first_of_more_digits(limit: int) -> int:
    """Return the smallest number that has more than ``limit`` digits.

    >>> _first_of_more_digits(2)
    100
    """
    return 10**limit  # type: ignore[no-any-return]  # a negative limit would give a float


def _core(text: str) -> object:  # noqa: PLR0911  # a line for each row of the table in YAML 1.2.2, 10.3.2
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NULL.fullmatch(text):
        return None
    if boolean := _BOOLEAN.fullmatch(text):
        return boolean[1] is not None
    if _FLOAT.fullmatch(text) or _INFINITY.fullmatch(text) or _NOT_A_NUMBER.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return text
