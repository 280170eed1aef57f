"""A pytest plugin that writes down what a peer says of each text that its own test suite asks it about.

Its arguments are environment variables: ``RECORD_MODULE``, ``RECORD_FUNCTIONS`` (separated by spaces) and
``RECORD_FILE``, which gets one JSON array a line: test file, function, options that are true, text, verdict.
"""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDED: list[tuple[str, str, list[str], str, bool]] = []


def recording(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, which also records its calls: an exception, or a false value, refuses the text."""

    def call(*arguments: Any, **options: Any) -> Any:
        accepted = False
        try:
            answer = function(*arguments, **options)
            accepted = bool(answer) or answer is None
        finally:
            text = as_text(arguments[0])
            if text is not None:
                test = os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]
                given = sorted(name for name, value in options.items() if value is True)
                RECORDED.append((Path(test).name, function.__name__, given, text, accepted))
        return answer

    return call


def as_text(argument: object) -> str | None:
    if isinstance(argument, (bytes, bytearray)):
        return argument.decode("ascii") if argument.isascii() else None
    return argument if isinstance(argument, str) else None


def pytest_configure() -> None:
    module = importlib.import_module(os.environ["RECORD_MODULE"])
    for name in os.environ["RECORD_FUNCTIONS"].split():
        setattr(module, name, recording(getattr(module, name)))


def pytest_unconfigure() -> None:
    lines = "".join(f"{json.dumps(call)}\n" for call in RECORDED)
    Path(os.environ["RECORD_FILE"]).write_text(lines, encoding="utf-8")
