"""Starts an example with the commands of its page, as a reader does."""

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

from pages import FILLED_IN, Page

from mailbox_schema import FIELDS

ROOT: Final = Path(__file__).parent.parent
EXAMPLES: Final = ["django", "drf", "fastapi", "flask"]
PORTS: Final = ("8000", "8001")
"""The ports of an example and of the API's stand-in; tests use free ones, because these may be in use."""


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
def started(example: str, folder: Path, scripts: Path = Path(sys.executable).parent) -> Iterator[str]:
    """Run the commands of an example as a shell does, in ``folder``; yield the address of the site.

    At the end of the block, all that they started is stopped.
    """
    port, other = free_port(), free_port()
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # the lines are from our own docs
            ["bash", "-c", commands(example).replace(PORTS[0], port).replace(PORTS[1], other)],  # noqa: S607  # as above
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def copied(example: str, folder: Path) -> Path:
    """Copy an example into an empty folder; return its new place."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ROOT / "docs/examples" / example, folder / "project", ignore=ignored)


def connect_a_mailbox(address: str) -> str:
    """Fill in the form of a site as soon as it answers, and return the title of the page after it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("accept", "text/html")]
    page = Page(wait_for(address, browser))
    assert [name for name in page.inputs if name in FIELDS] == list(FIELDS)
    hidden = {n: i.value for n, i in page.inputs.items() if i.attributes.get("type") == "hidden"}
    with browser.open(address, urlencode(hidden | FILLED_IN).encode(), timeout=10) as response:
        text: bytes = response.read()
        assert response.geturl().endswith("?batch=123456")
    return Page(text.decode()).title


def wait_for(
    address: str, browser: "urllib.request.OpenerDirector | None" = None, seconds: float = 60
) -> str:
    """Return the page at ``address`` as soon as it answers."""
    opener = browser or urllib.request.build_opener()
    end = time.monotonic() + seconds
    while True:
        try:
            with opener.open(address, timeout=5) as response:
                page: bytes = response.read()
            return page.decode()
        except (urllib.error.URLError, ConnectionError):  # noqa: PERF203  # a server takes its time to start
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
