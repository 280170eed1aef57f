"""The command, called in this process or run as a process of its own, and files for it."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from mailbox_schema.lint.cli import main
from mailbox_schema.lint.sources import FILE_TYPES

Run = Callable[..., tuple[int, str, str]]
"""The fixture ``run``: arguments -> exit status, output, errors."""

KINDS: Final = tuple(FILE_TYPES)


def check_files(*arguments: str) -> tuple[int, str, str]:
    """Run the check; return its exit status, output and errors."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = main(["check", *arguments])
    return status, output.getvalue(), errors.getvalue()


def process(*arguments: str, **options: Any) -> tuple[int, str, str]:
    """Run the command as a process of its own; return its exit status, output and errors."""
    command = [sys.executable, "-m", "mailbox_schema", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True, **options)  # noqa: S603  # our own command
    return done.returncode, done.stdout, done.stderr


def write(name: str, content: object) -> str:
    """Write a file: bytes as they are, text as UTF-8, anything else as JSON."""
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


@contextlib.contextmanager
def folder() -> Iterator[Callable[[str, bytes], str]]:
    """Give a folder for one example of a property; the fixture's is for the whole test."""
    with tempfile.TemporaryDirectory() as name:
        yield lambda ending, data: write(os.path.join(name, f"a.{ending}"), data)  # noqa: PTH118  # main takes text
