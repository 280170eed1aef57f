"""A backtracking matcher for the patterns of ``re`` that counts its steps.

It tries the same alternatives in the same order as CPython's engine, without the engine's optimizations: a
search starts again at each offset and doesn't look up a literal prefix first. The parser is the standard
library's own, and ``re`` itself decides which characters a character class takes.
"""

import importlib
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

# Private to the standard library, so without types.
_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_COMPILER: Any = importlib.import_module("re._compiler" if sys.version_info >= (3, 11) else "sre_compile")

Mode = Literal["match", "fullmatch", "search", "finditer"]
Span = tuple[int, int]

ATOMS = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "FAILURE"}

# An instruction returns the states to go on from, the preferred one last; None is the end of the pattern.
_Node = Callable[["_Matcher", int, "_Loops"], "list[_State]"] | None
_State = tuple[_Node, int, "_Loops"]
# Where each enclosing loop began its iteration, the innermost first: a linked list that states share.
_Loops = tuple[int, Any] | None


class TooManyStepsError(Exception):
    """The match takes more steps than its budget."""


def steps(pattern: re.Pattern[str], text: str, mode: Mode, budget: float = 1e6) -> tuple[list[Span], int]:
    """Return what the pattern matches, and the steps it takes (also for ``sub`` and so on: ``finditer``).

    >>> steps(re.compile("a*b"), "aaab", "match")
    ([(0, 4)], 6)

    :raises TooManyStepsError: if it takes more than ``budget`` steps
    """
    first, matcher, spans = _program(pattern), _Matcher(text, budget, is_whole=mode == "fullmatch"), []
    start, refused = 0, -1
    while start <= len(text):
        end = matcher.run(first, start, refused)
        if end is not None:
            spans.append((start, end))
        if mode in {"match", "fullmatch"} or (mode == "search" and spans):
            break
        # The next match may begin where an empty one was, but may not be empty too.
        refused = start if start == end else -1
        start = start + 1 if end is None else end
    return spans, matcher.count


class _Matcher:
    def __init__(self, text: str, budget: float, *, is_whole: bool) -> None:
        self.text, self.budget, self.count = text, budget, 0
        self._wanted = len(text) if is_whole else None

    def run(self, first: _Node, start: int, refused: int = -1, *, is_inner: bool = False) -> int | None:
        """Return where the match ends that begins at ``start``."""
        stack: list[_State] = [(first, start, None)]
        while stack:
            node, at, loops = stack.pop()
            self.count += 1
            if self.count > self.budget:
                raise TooManyStepsError
            if node is not None:
                stack += node(self, at, loops)
            elif is_inner or (at != refused and self._wanted in {None, at}):
                return at
        return None


def parse(pattern: re.Pattern[str]) -> Any:
    """Return the parse tree: operations with their arguments."""
    return _PARSER.parse(pattern.pattern, pattern.flags)


def one(item: Any, flags: int) -> re.Pattern[str]:
    """Return the pattern of a single item of a parse tree."""
    pattern: re.Pattern[str] = _COMPILER.compile(_PARSER.SubPattern(_PARSER.State(), [item]), flags)
    return pattern


@lru_cache(maxsize=1000)
def _program(pattern: re.Pattern[str]) -> _Node:
    return _compile(parse(pattern), pattern.flags, None)


def _compile(items: Any, flags: int, then: _Node) -> _Node:
    for item in reversed(list(items)):
        then = _instruction(item, flags, then)
    return then


def _instruction(item: Any, flags: int, then: _Node) -> _Node:
    operation, argument = item
    match operation.name:
        case name if name in ATOMS:
            return _atom(item, flags, then)
        case "SUBPATTERN":
            return _compile(argument[3], (flags | argument[1]) & ~argument[2], then)
        case "BRANCH":
            return _branch([_compile(alternative, flags, then) for alternative in argument[1]])
        case "ASSERT" | "ASSERT_NOT" as name:
            return _look(argument, flags, then, is_wanted=name == "ASSERT")
        case "MAX_REPEAT" | "MIN_REPEAT" as name:
            return _repeat(argument, flags, then, is_lazy=name == "MIN_REPEAT")
        case name:  # backreferences; and what Python 3.10 can't parse
            raise NotImplementedError(name)


def _atom(item: Any, flags: int, then: _Node) -> _Node:
    match = one(item, flags).match

    def node(matcher: _Matcher, at: int, loops: _Loops) -> list[_State]:
        found = match(matcher.text, at)
        return [(then, found.end(), loops)] if found else []

    return node


def _branch(nodes: list[_Node]) -> _Node:
    return lambda _, at, loops: [(node, at, loops) for node in reversed(nodes)]


def _look(argument: Any, flags: int, then: _Node, *, is_wanted: bool) -> _Node:
    direction, items = argument
    back = items.getwidth()[0] if direction < 0 else 0
    inner = _compile(items, flags, None)

    def node(matcher: _Matcher, at: int, loops: _Loops) -> list[_State]:
        is_found = at >= back and matcher.run(inner, at - back, is_inner=True) is not None
        return [(then, at, loops)] if is_found is is_wanted else []

    return node


def _repeat(argument: Any, flags: int, then: _Node, *, is_lazy: bool) -> _Node:
    least, most, items = argument
    if len(items) == 1 and items[0][0].name in ATOMS and not is_lazy:
        return _run(one((_PARSER.MAX_REPEAT, (0, most, items)), flags), int(least), then)
    after = then
    if most == _PARSER.MAXREPEAT:
        then = _loop(items, flags, after, is_lazy=is_lazy)
    else:
        for _ in range(least, most):
            ways = [_compile(items, flags, then), after]
            then = _branch(ways[::-1] if is_lazy else ways)
    for _ in range(least):
        then = _compile(items, flags, then)
    return then


def _run(pattern: re.Pattern[str], least: int, then: _Node) -> _Node:
    """Take a run of one kind of character; each of them counts as a step."""

    def node(matcher: _Matcher, at: int, loops: _Loops) -> list[_State]:
        found = pattern.match(matcher.text, at)
        end = found.end() if found else at
        matcher.count += end - at
        return [(then, stop, loops) for stop in range(at + least, end + 1)]

    return node


def _loop(items: Any, flags: int, then: _Node, *, is_lazy: bool) -> _Node:
    def head(_: _Matcher, at: int, loops: _Loops) -> list[_State]:
        began, outer = loops or (-1, None)
        again, leave = (body, at, (at, outer)), (then, at, outer)
        if began == at:  # the iteration was empty: another one would be too
            return [leave]
        return [again, leave] if is_lazy else [leave, again]

    body = _compile(items, flags, head)
    return lambda _, at, loops: [(head, at, (-1, loops))]
