"""Each example, copied into an empty folder, starts with the commands that its page gives, and takes a form."""

import ast
import re
from pathlib import Path
from textwrap import dedent

import pytest
from servers import EXAMPLES, ROOT, connect_a_mailbox, copied, started
from tiers import only_in_depth


@only_in_depth
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
    assert [line for line in lines if f'"{line}"' not in extras] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_code_to_take_has_at_most_30_lines(example: str) -> None:
    """Those of the form; the view next to it is as any other. Comments don't count, nor do docstrings."""
    page = (ROOT / f"docs/forms-{example}.md").read_text(encoding="utf-8")
    code = re.search(r"^## The code to take.*?^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert code
    tree = ast.parse(dedent(code[1]))
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    docstrings = [node for node in documented if ast.get_docstring(node) is not None]
    lines = [line for line in code[1].splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) - len(docstrings) <= 30


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_page_opens_with_a_picture(example: str) -> None:
    lines = (ROOT / f"docs/forms-{example}.md").read_text(encoding="utf-8").splitlines()
    assert [(ROOT / "docs" / image).is_file() for image in re.findall(r'src="([^"]+)"', lines[2])] == [
        True,
        True,
    ]
