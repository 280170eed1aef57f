"""Each example, copied into an empty folder, starts with the commands that its page gives, and takes a form."""

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
from urllib.parse import urlencode

import pytest
from pages import FILLED_IN, Page

from mailbox_schema import FIELDS

ROOT: Final = Path(__file__).parent.parent.parent
EXAMPLES: Final = ["django", "drf", "fastapi", "flask"]
PORTS: Final = ("8000", "8001")
"""The ports of the example and of the API's stand-in; a test uses free ones, because these may be in use."""


def commands(example: str) -> str:
    page = (ROOT / "docs" / f"forms-{example}.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```bash\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (only,) = blocks
    assert [only.count(port) for port in PORTS] == [1, 2]
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


class Browser:
    """Keeps cookies, and asks for pages."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.opener.addheaders = [("accept", "text/html")]

    def open(self, address: str, data: "dict[str, str] | None" = None) -> tuple[str, Page]:
        """Return the address and the page after all redirects; with ``data``, after sending a form."""
        body = None if data is None else urlencode(data).encode()
        with self.opener.open(address, body, timeout=10) as response:
            text: bytes = response.read()
            return response.geturl(), Page(text.decode())

    def wait_for(self, address: str, seconds: float = 60) -> Page:
        """Return the page at ``address`` as soon as it answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.open(address)[1]
            except (urllib.error.URLError, ConnectionError):  # noqa: PERF203  # a server takes its time to start
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_copy_starts_with_the_commands_of_its_page_and_takes_a_form(example: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "docs/examples" / example, folder, ignore=shutil.ignore_patterns("__pycache__"))
    port, other = free_port(), free_port()
    lines = commands(example).replace(PORTS[0], port).replace(PORTS[1], other)
    browser = Browser()
    with started(lines, folder):
        page = browser.wait_for(f"http://127.0.0.1:{port}/")
        hidden = {n: i.value for n, i in page.inputs.items() if i.attributes.get("type") == "hidden"}
        address, after = browser.open(f"http://127.0.0.1:{port}/", hidden | FILLED_IN)
    assert [name for name in page.inputs if name in FIELDS] == list(FIELDS)
    assert after.title == "The request is sent"
    assert address.endswith("?batch=123456")


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_page_installs_the_packages_that_the_tests_run_with(example: str) -> None:
    """The lower bounds of ``requirements.txt`` are those of the extra ``test``."""
    extras = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = (ROOT / "docs/examples" / example / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if f'    "{line}",' not in extras] == []
