"""The golden cases: bodies with the exact lines of the API, for ports of the contract to other languages.

They are in ``tests/cases`` of the repository and the sdist, and in ``mailbox_schema/golden`` of the wheel.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from typing import Any

_PACKAGE: Final = Path(__file__).resolve().parent
_FOLDERS: Final = (_PACKAGE / "golden", _PACKAGE.parent / "tests" / "cases")


class Case(NamedTuple):
    """A body, and the lines that the API answers with, in the contract's order; none if it is valid.

    ``name`` is the group of the case and its description; it is unique.
    """

    name: str
    body: Any
    lines: list[str]


def golden_cases() -> list[Case]:
    """Return all golden cases, group by group.

    >>> case = next(case for case in golden_cases() if case.name == "ranges: smtp_port 0")
    >>> case.lines
    ['mailbox[0].smtp_port must be provided and in range <1,65535>']

    :raises FileNotFoundError: if they are missing from this installation
    """
    paths = sorted(path for folder in _FOLDERS for path in folder.glob("*.json"))
    if not paths:
        raise FileNotFoundError("the golden cases are missing from this installation")
    return [
        Case(f"{path.stem}: {case['description']}", case["body"], case["details"])
        for path in paths
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]
