"""The golden cases: bodies with their exact lines, one JSON file for each group."""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

CASES: Final = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """A body, and the lines the API answers with."""

    group: str
    description: str
    body: Any
    details: list[str]


def cases() -> list[Case]:
    """Return every case of every group."""
    return [
        Case(path.stem, **case)
        for path in sorted(CASES.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


VENDOR_FULL, VENDOR_REQUIRED = (case.body for case in cases() if "the vendor's example" in case.description)


def mailbox(**changes: Any) -> dict[str, Any]:
    """Return the vendor's mailbox of required fields, changed; ``...`` removes a field."""
    changed = VENDOR_REQUIRED["mailboxes"][0] | changes
    return {name: value for name, value in changed.items() if value is not ...}


def body(**changes: Any) -> dict[str, Any]:
    """Return a body of one such mailbox."""
    return {"mailboxes": [mailbox(**changes)]}
