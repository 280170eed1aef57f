"""A baseline: findings that are known, and stay silent until there are more of them.

An entry names a file, a rule, a path and how many such findings there are. It has no line, so that it
survives moved lines, and no text of the file.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Final

from mailbox_schema.lint.check import open_source
from mailbox_schema.lint.config import ConfigError
from mailbox_schema.lint.sources.base import SourceError, decode, read_whole
from mailbox_schema.lint.writing import write_whole
from mailbox_schema.violation import Violation

if TYPE_CHECKING:
    from mailbox_schema.lint.findings import Finding

    Entry = tuple[str, str, str]

_VERSION: Final = 1
_KEYS: Final = ("file", "rule", "path")


class Baseline:
    """The known findings; the names of their files are relative to the folder of the baseline."""

    def __init__(self, path: str, known: Counter[Entry]) -> None:
        self._path = path
        self._folder = os.path.dirname(os.path.abspath(path))
        self._known = known

    def takes(self, finding: Finding) -> bool:
        """Return whether a finding is known; each is taken once."""
        entry = self._entry(finding)
        if self._known[entry] <= 0:
            return False
        self._known[entry] -= 1
        return True

    def _entry(self, finding: Finding) -> Entry:
        file = os.path.relpath(finding.file, self._folder).replace(os.sep, "/")
        path = Violation(finding.index, finding.field, finding.rule, "").path
        return file, finding.rule, path


class NewBaseline(Baseline):
    """A baseline that takes every finding, and is to be written."""

    def __init__(self, path: str) -> None:
        super().__init__(path, Counter())

    def takes(self, finding: Finding) -> bool:
        """Make a finding known."""
        self._known[self._entry(finding)] += 1
        return True

    def write(self) -> int:
        """Write the known findings, sorted; return their number.

        :raises OSError: if the file can't be written
        """
        entries = [
            {**dict(zip(_KEYS, entry, strict=True)), "count": count}
            for entry, count in sorted(self._known.items())
        ]
        text = json.dumps({"version": _VERSION, "findings": entries}, indent=2) + "\n"
        write_whole(self._path, text.encode())
        return self._known.total()


def read_baseline(path: str) -> Baseline:
    """Return the baseline in a file.

    :raises ConfigError: if it can't be read, or is none
    """
    try:
        with open_source(path) as stream:
            text = decode(read_whole(stream)).text
        return Baseline(path, _known(json.loads(text)))
    except SourceError as error:
        raise ConfigError(f"{path}: {error.reason}") from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{path}: not a baseline of version {_VERSION}") from None


def _known(value: object) -> Counter[Entry]:
    """Return the counts in the value of a baseline.

    :raises ValueError: if it is none
    """
    if not isinstance(value, dict) or value.get("version") != _VERSION:
        raise ValueError
    known: Counter[Entry] = Counter()
    findings = value.get("findings")
    if not isinstance(findings, list) or not all(isinstance(entry, dict) for entry in findings):
        raise ValueError
    for entry in findings:
        file, rule, path, count = [entry.get(key) for key in (*_KEYS, "count")]
        if not all(isinstance(text, str) for text in (file, rule, path)) or type(count) is not int:
            raise ValueError
        known[str(file), str(rule), str(path)] += count
    return known
