"""Each example, copied into an empty folder, starts with the one command that its page gives."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from pages import Page

from mailbox_schema import FIELDS

ROOT: Final = Path(__file__).parent.parent.parent
EXAMPLES: Final = ["django", "drf", "fastapi", "flask"]
PORT: Final = "8000"


def command(example: str) -> str:
    page = (ROOT / "docs" / f"forms-{example}.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```bash\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (only,) = blocks
    assert only.count("\n") == only.count(PORT) == 1
    return only


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@contextmanager
def started(line: str, folder: Path) -> Iterator[None]:
    """Run a command as a shell does, in ``folder``, until the block ends: it and all that it started."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # the line is from our own docs
            ["bash", "-c", line],  # noqa: S607  # the line is from our own docs
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def fetched(address: str, seconds: float = 60) -> str:
    """Return the page at ``address`` that a browser gets, as soon as it answers."""
    request = urllib.request.Request(address, headers={"accept": "text/html"})  # noqa: S310  # of this machine
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310  # of this machine
                page: bytes = response.read()
            return page.decode()
        except (urllib.error.URLError, ConnectionError):  # noqa: PERF203  # a server takes its time to start
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_copy_starts_with_the_command_of_its_page(example: str, tmp_path: Path) -> None:
    """Only the port differs: 8000 may be in use."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "docs/examples" / example, folder, ignore=shutil.ignore_patterns("__pycache__"))
    port = free_port()
    with started(command(example).replace(PORT, port), folder):
        page = Page(fetched(f"http://127.0.0.1:{port}/"))
    assert [name for name in page.inputs if name in FIELDS] == list(FIELDS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_page_installs_the_packages_that_the_tests_run_with(example: str) -> None:
    """The lower bounds of ``requirements.txt`` are those of the extra ``test``."""
    extras = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = (ROOT / "docs/examples" / example / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if f'    "{line}",' not in extras] == []
