"""How long files take to check, roughly -> how many processes are soonest done with them."""

import os

from mailbox_schema.lint.sources import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

# Measured with CPython 3.11 on files without findings, of one mailbox and of 200.
_SECONDS_A_FILE: "Final" = 30e-6
_SECONDS_A_BYTE: "Final" = {"json": 40e-9, "jsonl": 50e-9, "csv": 150e-9, "yaml": 450e-9}
# Another process costs what loading the interpreter and the package costs, some 50 ms of two cores: with less
# than this to do for each, one process is done as soon.
_SECONDS_WORTH_A_PROCESS: "Final" = 0.15
# The sizes of so many files, spread evenly, stand for those of all: asking for a thousand takes 2 ms.
_MOST_SIZES: "Final" = 16


def processes_that_pay(names: "Sequence[str]", kind: "str | None") -> int:
    """Return how many processes are worth it; ``kind`` is the type of the files, where it is given."""
    each = [_seconds(name, kind) for name in names[:: max(1, len(names) // _MOST_SIZES)]]
    together = len(names) * sum(each) / len(each)
    # However many there are, they aren't done before the longest file is.
    return max(1, min(int(together / _SECONDS_WORTH_A_PROCESS), round(together / max(each)), _cores()))


def _seconds(name: str, kind: "str | None") -> float:
    """Return how long a file takes, about."""
    ending = os.path.splitext(name)[1].lower()
    try:
        return _SECONDS_A_FILE + os.path.getsize(name) * _SECONDS_A_BYTE[kind or KINDS[ending]]
    except (OSError, KeyError, ValueError):  # it won't be read; the last for a NUL character in the name
        return _SECONDS_A_FILE


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover  # where a process can't be bound to cores
