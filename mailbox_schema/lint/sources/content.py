"""The type of a source without a name, by its first characters."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

from mailbox_schema.lint.sources.csv import begins_with_fields

_UTF_16: Final = (BOM_UTF16_LE, BOM_UTF16_BE)


def kind_of_content(head: bytes) -> str:
    r"""Return the type of a source that begins with ``head``.

    >>> kind_of_content(b'{"smtp_port": 465}'), kind_of_content(b'{"smtp_port": 465}\n{}')
    ('json', 'jsonl')
    >>> kind_of_content(b"SMTP port;SMTP login"), kind_of_content(b"- smtp_port: 465")
    ('csv', 'yaml')
    """
    if head.startswith(_UTF_16):
        return "json"  # which will say so
    text = head.removeprefix(BOM_UTF8).decode(errors="replace").strip()
    first, _, rest = text.partition("\n")
    if not text or text[0] in "{[":
        return "jsonl" if rest and _is_object(first) else "json"
    return "csv" if text[0] != "#" and begins_with_fields(first) else "yaml"


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
