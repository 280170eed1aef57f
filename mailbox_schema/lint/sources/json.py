"""JSON text -> the value it holds, by the standard parser."""

import json
import re
import sys

from mailbox_schema.lint.sources import SourceError, decode, position

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, NoReturn

# Everything outside strings that the standard parser reads and JSON does not know, or that no
# Python integer holds: looked for only once the parser has stumbled over it.
_CONSTANT_OR_STRING: "Final" = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)
_DIGITS_OR_STRING: "Final" = re.compile(r'"(?:[^"\\]|\\.)*"|[0-9]*\.[0-9]*|([0-9]+)', re.DOTALL)


def parse(data: bytes) -> object:
    """Return the value that ``data`` holds.

    :raises SourceError: if it is not UTF-8, or not JSON (RFC 8259)
    """
    text = decode(data)
    try:
        value: object = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        # The reason is one of the parser's fixed sentences; it never quotes the text.
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise SourceError(f"not JSON: {reason}", error.lineno, error.colno) from None
    except _ConstantError:
        raise SourceError(
            "not JSON: NaN and Infinity are no numbers", *_first(_CONSTANT_OR_STRING, text)
        ) from None
    except RecursionError:
        raise SourceError("nested too deeply") from None
    except ValueError:  # the interpreter's own limit of digits
        limit = sys.get_int_max_str_digits()
        raise SourceError(
            f"a number of more than {limit} digits", *_first(_DIGITS_OR_STRING, text, limit)
        ) from None
    return value


class _ConstantError(Exception):
    """NaN, Infinity or -Infinity was read."""


def _refuse_constant(_name: str) -> "NoReturn":
    raise _ConstantError


def _first(pattern: "re.Pattern[str]", text: str, longer_than: int = 0) -> "tuple[int, int]":
    """Return the position of the first match of the pattern's group that is longer than that."""
    matches = (match for match in pattern.finditer(text) if len(match[1] or "") > longer_than)
    return position(text, next(matches).start())
