"""Finds the list of mailboxes that a file keeps further down, for the hint that names the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import FIELDS
from mailbox_schema.vocabulary import show_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = tuple["Step | None", "str | int"]

# One field's name alone, such as footer, is a common word.
_FEWEST_FIELDS: Final = 2


def hint_for_nested(value: object) -> str | None:
    """Return the hint for a file with one list of mailboxes further down; ``None`` if it has none or several.

    The path is named only if each of its keys may be shown: any other could be a secret.

    >>> hint_for_nested({"woodpecker": {"mailboxes": [{"smtp_email": "a@b.example", "smtp_port": 465}]}})
    'there are mailboxes further down: set `at = "woodpecker.mailboxes"`, or use --at'
    """
    found = _lists_of_mailboxes(value)
    path = next(found, None)
    if path is None or next(found, None) is not None:
        return None
    if any(isinstance(key, str) and show_key(key) != key for key in path):
        return "there are mailboxes further down: set the path to them with `at`, or use --at"
    # A key that may be shown has neither a slash nor a tilde.
    has_dot = any(isinstance(key, str) and "." in key for key in path)
    at = "".join(f"/{key}" for key in path) if has_dot else ".".join(map(str, path))
    return f'there are mailboxes further down: set `at = "{at}"`, or use --at'


def _lists_of_mailboxes(root: object) -> Iterator[list[str | int]]:
    """Yield the path to each list of mailboxes in a value; YAML's aliases are followed once."""
    seen: set[int] = set()
    waiting: list[tuple[object, Step | None]] = [(root, None)]
    while waiting:
        value, step = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, list) and any(map(_is_mailbox, value)):
            yield _path(step)
            continue
        members = value.items() if isinstance(value, dict) else enumerate(value)
        waiting.extend((member, (step, key)) for key, member in members)


def _is_mailbox(value: object) -> bool:
    return isinstance(value, dict) and len(value.keys() & FIELDS.keys()) >= _FEWEST_FIELDS


def _path(step: Step | None) -> list[str | int]:
    path: list[str | int] = []
    while step is not None:
        step, key = step
        path.append(key)
    return path[::-1]
