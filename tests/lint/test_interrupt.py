"""An interrupt from the keyboard, at any moment: it ends the process, and no traceback shows our package."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from golden import mailbox
from lint.command import write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

INTERRUPTED: Final = 130
MOMENTS: Final = range(0, 151, 10)
PACKAGE: Final = f"{os.sep}mailbox_schema{os.sep}"
AT_MODULE_LEVEL: Final = {("__init__.py", "<module>"), ("__main__.py", "<module>")}


@pytest.fixture(autouse=True)
def _interrupts_are_not_ignored() -> Iterator[None]:
    """Let the children take interrupts: whoever started the tests in the background has them ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "mailbox_schema", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def frames(traceback: str) -> list[tuple[str, str]]:
    """Return the file and the function of each frame, the innermost last."""
    return re.findall(r'^  File "(.*?)", line \d+, in (.*)$', traceback, re.MULTILINE)


@pytest.mark.parametrize("milliseconds", MOMENTS)
def test_an_interrupt_while_the_command_starts_shows_no_traceback_of_ours(
    tmp_path: Path, milliseconds: int
) -> None:
    """Before our package loads, and after it has returned its status, an interrupt is Python's own to handle.

    Python may print a traceback then, and end with whatever status. All it may show of us is the module level
    of ``__init__.py`` and ``__main__.py`` as the innermost frame: the moments between the first statement of the
    package and the call that handles interrupts. They last for microseconds if they load no other module.
    """
    name = write(str(tmp_path / "a.yaml"), [mailbox()])
    with start("check", "--quiet", name) as running:
        time.sleep(milliseconds / 1000)
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=60)
    assert output == ""
    if errors:
        *others, innermost = frames(errors) or [("", "")]
        assert not any(PACKAGE in file for file, _ in others), errors
        if PACKAGE in innermost[0]:
            assert (Path(innermost[0]).name, innermost[1]) in AT_MODULE_LEVEL, errors
    else:
        assert running.returncode in {0, INTERRUPTED, -signal.SIGINT}


@pytest.mark.parametrize(
    ("kind", "text", "taken_for"),
    [
        ("jsonl", json.dumps(mailbox()) + "\n", "one mailbox a line"),
        ("csv", "smtp_email\n" + "a@b.com\n" * 300, "a list of mailboxes"),
    ],
)
def test_an_interrupt_while_a_file_is_checked_exits_130(kind: str, text: str, taken_for: str) -> None:
    """The first document is taken for something, and the command waits for the rest of standard input."""
    with start("check", "--quiet", "--verbose", "--select", "port-role", "--type", kind, "-") as running:
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write(text)
        running.stdin.flush()
        assert running.stderr.readline() == f"<stdin>: read as {taken_for}\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == INTERRUPTED
        assert running.stderr.read() == ""
