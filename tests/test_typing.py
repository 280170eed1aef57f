"""The code of the pages, checked by mypy and pyright, each in its strict mode.

A line that ends with a comment such as ``# arg-type, reportArgumentType`` is an error of both: mypy's code and
pyright's rule. Every other line is clean.
"""

import doctest
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from golden import VENDOR_FULL, body
from node import NODE, PEERS, needs_pyright
from pydantic import TypeAdapter, ValidationError

from mailbox_schema.types import Body

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = ("README", "docs/batches", "docs/forms", "docs/models", "docs/openapi", "docs/responses", "docs/testing", "docs/typing", "docs/violations")  # fmt: skip
BLOCK: Final = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXPECTED: Final = re.compile(r"  # ([a-z-]+), (report\w+)$", re.MULTILINE)
# The stubs of jsonschema accept no dict whose values are of several types.
UNMARKED: Final = {("README", "[error.json_path for error in validator().iter_errors(body)]", "arg-type")}

Errors = set[tuple[str, str, str]]


def modules() -> dict[str, str]:
    """Return the statements of the session on each page, as a module."""
    found: dict[str, str] = {}
    for page in PAGES:
        session = "\n".join(BLOCK.findall((ROOT / f"{page}.md").read_text(encoding="utf-8")))
        found[Path(page).name] = "".join(
            example.source for example in doctest.DocTestParser().get_examples(session)
        )
    return found


def marked(group: int) -> Errors:
    lines = ((name, line) for name, module in modules().items() for line in module.splitlines())
    return {(name, line.strip(), match[group]) for name, line in lines if (match := EXPECTED.search(line))}


def written(folder: Path) -> None:
    for name, module in modules().items():
        (folder / f"{name}_page.py").write_text(module, encoding="utf-8")


def at(name: str, line: int, code: str) -> tuple[str, str, str]:
    """Return an error with the text of its line rather than its number."""
    page = name.removesuffix("_page.py")
    return page, modules()[page].splitlines()[line - 1].strip(), code


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_mypy_reports_exactly_the_marked_lines(tmp_path: Path) -> None:
    written(tmp_path)
    names = [f"{name}_page.py" for name in modules()]
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--hide-error-context",
            "--no-pretty",
            *names,
        ],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = re.findall(r"^(\w+\.py):([0-9]+): error: .*  \[([a-z-]+)\]$", done.stdout, re.MULTILINE)
    assert {at(name, int(line), code) for name, line, code in found} == marked(1) | UNMARKED, done.stdout
    assert done.stderr == ""


@needs_pyright
def test_pyright_reports_exactly_the_marked_lines(tmp_path: Path) -> None:
    written(tmp_path)
    settings = {
        "typeCheckingMode": "strict",
        "reportUnusedExpression": False,  # a session shows values by naming them
        "extraPaths": [str(ROOT)],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # a script of a package that the lock file names
        [NODE, PEERS / "node_modules/pyright/index.js", "--outputjson", "--pythonpath", sys.executable, "."],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = json.loads(done.stdout)["generalDiagnostics"]
    reported = {
        at(Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["rule"]) for each in found
    }
    assert reported == marked(2), done.stdout


def test_the_types_are_read_by_pydantic() -> None:
    """TypeAdapter accepts ``typing``'s own TypedDict from Python 3.12 on only."""
    adapter = TypeAdapter(Body)
    assert adapter.validate_python(VENDOR_FULL) == VENDOR_FULL
    assert set(adapter.json_schema()["$defs"]) == {"Mailbox"}
    with pytest.raises(ValidationError):
        adapter.validate_python(body(smtp_port="x"))
