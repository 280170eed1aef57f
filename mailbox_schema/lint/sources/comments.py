"""The instructions in YAML comments, such as ``# mailbox-schema: ignore[port-role]``."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from mailbox_schema.lint.sources.base import LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbox_schema.lint.sources.base import Position, Text

MARK: Final = "mailbox-schema:"
"""What each instruction begins with."""

_INSTRUCTION: Final = re.compile(r"#[ \t]*mailbox-schema:([^#\r\n]*)")
# What follows is free: a reason, another comment.
_IGNORE: Final = re.compile(r"[ \t]*ignore(-file)?(?:\[([a-z, \t-]*)\])?(?=[ \t]|\Z)")


class Comment(NamedTuple):
    """An instruction in a comment.

    - ``line``: the line that it is about; ``None`` for the whole file
    - ``rules``: the names of the rules to ignore; ``None`` for all, empty if the comment has a mistake
    """

    position: Position
    line: int | None
    rules: tuple[str, ...] | None


def find_comments(source: Text, scalars: list[tuple[int, int]]) -> list[Comment]:
    """Return the instructions in the comments of a YAML text, in order.

    ``scalars`` are the spans of the scalars that contain a number sign, in order. A comment at the end of a
    line is about this line; one on a line of its own is about the next line that has more than a comment.
    """
    starts = [start for start, _ in scalars]
    comments: list[Comment] = []
    waiting: list[re.Match[str]] = []
    for number, start, end in _lines(source.text):
        line = source.text[start:end]
        own = line.lstrip(" \t")
        for match in _INSTRUCTION.finditer(source.text, start, end):
            span = bisect_right(starts, match.start()) - 1
            is_in_scalar = span >= 0 and match.start() < scalars[span][1]
            if not is_in_scalar and (match.start() == start or source.text[match.start() - 1] in " \t"):
                waiting.append(match)
        if own and not own.startswith("#"):
            comments += [_comment(match, number, source) for match in waiting]
            waiting = []
    return comments + [_comment(match, 0, source) for match in waiting]


def _comment(match: re.Match[str], line: int, source: Text) -> Comment:
    position = source.position(match.start())
    ignore = _IGNORE.match(match[1].rstrip())
    if ignore is None or (ignore[1] is None and ignore[2] is None):
        return Comment(position, line, ())
    rules = None if ignore[2] is None else tuple(name.strip() for name in ignore[2].split(","))
    return Comment(position, None if ignore[1] else line, rules)


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each line, and where it starts and ends."""
    start = number = 0
    for number, end in enumerate(LINE_END.finditer(text), 1):  # the last is needed below
        yield number, start, end.start()
        start = end.end()
    yield number + 1, start, len(text)
