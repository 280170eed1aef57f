"""Each example, copied into an empty folder, starts with the commands that its page gives, and takes a form."""

from pathlib import Path

import pytest
from servers import EXAMPLES, ROOT, connect_a_mailbox, copied, started


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_copy_starts_with_the_commands_of_its_page_and_takes_a_form(example: str, tmp_path: Path) -> None:
    with started(example, copied(example, tmp_path)) as address:
        assert connect_a_mailbox(address) == "The request is sent"


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_page_installs_the_packages_that_the_tests_run_with(example: str) -> None:
    """The lower bounds of ``requirements.txt`` are those of the extra ``test``."""
    extras = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = (ROOT / "docs/examples" / example / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if f'    "{line}",' not in extras] == []
