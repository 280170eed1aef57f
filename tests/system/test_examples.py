"""Each example starts in an environment of its own, with the commands of its page alone, and takes a form."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from servers import EXAMPLES, ROOT, connect_a_mailbox, copied, started

pytestmark = pytest.mark.skipif(
    not os.environ.get("MAILBOX_SCHEMA_SYSTEM_TESTS"),
    reason="set MAILBOX_SCHEMA_SYSTEM_TESTS=1 to install from a package index",
)
INSTALL = "`python3 -m venv .venv && . .venv/bin/activate && pip install --quiet .`"


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_needs_only_the_commands_of_its_page(example: str, tmp_path: Path) -> None:
    assert INSTALL in (ROOT / f"docs/forms-{example}.md").read_text(encoding="utf-8")
    scripts = tmp_path / "environment/bin"
    subprocess.run([sys.executable, "-m", "venv", scripts.parent], check=True)  # noqa: S603  # as the page says
    subprocess.run([scripts / "pip", "install", "--quiet", ROOT], check=True)  # noqa: S603  # as the page says
    with started(example, copied(example, tmp_path), scripts) as address:
        assert connect_a_mailbox(address) == "The request is sent"
