"""Explains why text is not valid JSON, and where."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.sources.base import SourceError, longest_number

if TYPE_CHECKING:
    from mailbox_schema.lint.sources.base import Position, Text

# The standard parser doesn't say where these are: they are searched for once more, outside strings.
_STRING: Final = r'"(?:[^"\\]|\\.)*"?'
_CONSTANT: Final = re.compile(rf"{_STRING}|(-?Infinity|NaN)", re.DOTALL)
_INTEGER: Final = re.compile(
    rf"{_STRING}|-?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|-?([0-9]+)", re.DOTALL
)
_TRAILING_COMMA: Final = re.compile(r",[ \t\n\r]*[\]}]")
_LEADING_ZERO: Final = re.compile(r"0[0-9]")

# How the standard parser's messages begin -> ours. Others are not repeated: they may quote.
_REASONS: Final = {
    "Expecting value": "a value was expected here",
    "Expecting property name enclosed in double quotes": "a key in double quotes was expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Unterminated string starting at": "a string is not closed",
    "Invalid control character": "a control character in a string, such as a tab or a line break",
    "Invalid \\escape": "a backslash in a string has to be written as `\\\\`",
    "Invalid \\uXXXX escape": "an escape that is not `\\u` and four hexadecimal digits",
    "Extra data": "something follows the end of the value",
}


def refusal(error: Exception, source: Text) -> SourceError:
    """Return why ``source`` is refused, and where, for the error that the parser raised."""
    if isinstance(error, json.JSONDecodeError):
        reason, offset = _reason(error)
        return SourceError(f"not JSON: {reason}", source.position(offset))
    if isinstance(error, SourceError):  # raised for a constant, by our own part of the parser
        return SourceError(error.reason, _first(_CONSTANT, source))
    if isinstance(error, RecursionError):
        return SourceError("nested too deeply")
    # A number of too many digits: the interpreter refuses it, or our parser.
    limit = longest_number()
    return SourceError(f"a number of more than {limit} digits", _first(_INTEGER, source, limit))


def _reason(error: json.JSONDecodeError) -> tuple[str, int]:
    """Return why and where, with sentences of our own for the commonest mistakes."""
    text, offset = error.doc, error.pos
    # Python 3.13 stops at the comma, earlier versions at the bracket.
    trailing = _TRAILING_COMMA.match(text, text[: offset + 1].rfind(","))
    if trailing and offset in {trailing.start(), trailing.end() - 1}:
        return "a comma before the closing bracket", trailing.start()
    if text.startswith("\ufeff"):
        return "a byte order mark inside the file", 0
    if text.startswith(("//", "/*", "#"), offset):
        return "JSON has no comments", offset
    if _LEADING_ZERO.match(text, offset - 1):
        return "a number can't begin with 0", offset - 1
    reasons = (ours for theirs, ours in _REASONS.items() if error.msg.startswith(theirs))
    return next(reasons, "it can't be parsed"), offset


def _first(pattern: re.Pattern[str], source: Text, longer_than: int = 0) -> Position:
    """Return the position of the first match of the pattern's group that is longer than that."""
    matches = (match for match in pattern.finditer(source.text) if len(match[1] or "") > longer_than)
    return source.position(next(matches).start())
