"""Builds texts that make a backtracking matcher slow if the pattern allows it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from steps import ATOMS, one, parse

# Parts of placeholders, addresses, URLs, YAML and JSON: some have made earlier patterns slow.
_NASTY: Final = (
    *("{{a}}", "{{", "}}", "${{", "${", "<%a%>", "<%", "$(", "\n", "http:", "a.", "a-", "xn--", "1:59:"),
    *("::", "[", "{", ",", '"', "\\", '\\"', "%TAG", "a@", "@", ".@"),
)
SUFFIXES: Final = ("", "x", "\n", "!", "}")
# Characters inside and outside the categories \d, \w and \s.
_CATEGORIES: Final = ("x", " ", "\n", "0", "_", "\u0663", "\u00a0", "\u00e9", "-")


class Attack(NamedTuple):
    """A text of any length: the pump is repeated."""

    prefix: str
    pump: str
    suffix: str

    def text(self, length: int) -> str:
        """Return the text with a total length of about ``length``."""
        return self.prefix + self.pump * (length // len(self.pump)) + self.suffix


def attacks(pattern: re.Pattern[str], *, in_pairs: bool) -> Iterator[Attack]:
    """Yield attacks that reach each unbounded repeat and then pump each kind of character."""
    singles = representatives(pattern)
    pairs = [first + second for first in singles for second in singles if first != second]
    repeats = list(_repeats(parse(pattern), pattern.flags, ""))
    parts = [part for repeat in repeats for part in repeat]
    pumps = dict.fromkeys(filter(None, [*singles, *parts, *_NASTY, *(pairs if in_pairs else ())]))
    for prefix in dict.fromkeys(["", *(prefix for prefix, _ in repeats)]):
        for pump in pumps:
            for suffix in SUFFIXES:
                yield Attack(prefix, pump, suffix)


def pieces(pattern: re.Pattern[str]) -> list[str]:
    """Return parts to build texts from, such that the pattern often matches somewhere."""
    repeats = _repeats(parse(pattern), pattern.flags, "")
    found = [*representatives(pattern), *(part for repeat in repeats for part in repeat)]
    return [*filter(None, found), *_examples(parse(pattern), pattern.flags)]


@cache
def representatives(pattern: re.Pattern[str]) -> list[str]:
    """Return one character of each kind: the pattern treats all characters of a kind alike."""
    items = [(item, flags) for item, flags in _items(parse(pattern), pattern.flags)]
    candidates = [*_CATEGORIES, *(character for item, _ in items for character in _boundaries(item))]
    atoms = [one(item, flags).match for item, flags in items if item[0].name in ATOMS - {"AT", "FAILURE"}]
    kinds = {
        (
            character == "\n",
            re.match(r"\w", character) is None,
            *(atom(character) is None for atom in atoms),
        ): character
        for character in reversed(candidates)
    }
    return list(kinds.values())


def _boundaries(item: Any) -> list[str]:
    match item[0].name:
        case "LITERAL" | "NOT_LITERAL":
            return [chr(item[1])]
        case "RANGE":
            return [chr(code) for code in (item[1][0], item[1][1], item[1][0] - 1, item[1][1] + 1)]
        case _:
            return []


def _items(tree: Any, flags: int) -> Iterator[tuple[Any, int]]:
    """Yield the items of a parse tree at all depths, with the flags that apply to them."""
    for part in tree:
        if isinstance(part, tuple) and hasattr(part[0], "name"):
            yield part, flags
            operation, argument = part
            if operation.name == "SUBPATTERN":
                yield from _items(argument[3], (flags | argument[1]) & ~argument[2])
            elif hasattr(argument, "__getitem__"):
                yield from _items(argument, flags)
        elif hasattr(part, "__getitem__"):
            yield from _items(part, flags)


def _examples(tree: Any, flags: int) -> list[str]:
    """Return short texts that the items match, one for each alternative; lookarounds are ignored."""
    texts = [""]
    for item in tree:
        texts = [text + end for text in texts[:50] for end in _examples_of(item, flags)]
    return texts


def _examples_of(item: Any, flags: int) -> list[str]:
    operation, argument = item
    match operation.name:
        case "LITERAL":
            return [chr(argument)]
        case "NOT_LITERAL" | "ANY" | "IN":
            candidates = [*_CATEGORIES, *(c for part, _ in _items([item], flags) for c in _boundaries(part))]
            return [next(c for c in [*candidates, *map(chr, range(32, 127))] if one(item, flags).match(c))]
        case "SUBPATTERN":
            return _examples(argument[3], flags)
        case "BRANCH":
            return [text for tree in argument[1] for text in _examples(tree, flags)]
        case "MAX_REPEAT" | "MIN_REPEAT":
            return [text * argument[0] for text in _examples(argument[2], flags)][
                : None if argument[0] else 1
            ]
        case _:
            return [""]


def _repeats(tree: Any, flags: int, before: str) -> Iterator[tuple[str, str]]:
    """Yield, for each unbounded repeat, a text that leads to it and a text that it repeats."""
    for item in tree:
        operation, argument = item
        match operation.name:
            case "SUBPATTERN":
                yield from _repeats(argument[3], flags, before)
            case "BRANCH":
                for alternative in argument[1]:
                    yield from _repeats(alternative, flags, before)
            case "ASSERT" | "ASSERT_NOT":
                yield from _repeats(argument[1], flags, before)
            case "MAX_REPEAT" | "MIN_REPEAT":
                if argument[1].__class__ is not int:
                    yield from ((before, body) for body in _examples(argument[2], flags))
                yield from _repeats(argument[2], flags, before)
        before += _examples_of(item, flags)[0]
