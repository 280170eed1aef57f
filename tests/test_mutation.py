"""The list of the mutants that survive fits the code: tests/mutation/run.py says whether it is true."""

import ast

import pytest
from mutation.survivors import TESTS, Survivor, listed, path_of

LISTED = [(module, entry) for module in TESTS for entry in listed(module)]


def lines_of(module: str, function: str) -> list[str]:
    """The lines of a function such as ``Text.position``; of the module, if it is ``""``."""
    source = path_of(module).read_text(encoding="utf-8")
    node: ast.AST = ast.parse(source)
    for name in filter(None, function.split(".")):
        node = next(
            child
            for child in ast.walk(node)
            if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == name
        )
    return [
        line.strip()
        for line in source.splitlines()[getattr(node, "lineno", 1) - 1 : getattr(node, "end_lineno", None)]
    ]


@pytest.mark.parametrize(("module", "entry"), LISTED)
def test_a_listed_mutant_changes_a_line_of_its_function_for_a_reason(module: str, entry: Survivor) -> None:
    assert entry.before in lines_of(module, entry.function)
    assert entry.after != entry.before
    assert entry.reason.endswith(".")
    assert ". " not in entry.reason  # one sentence


def test_every_source_is_tried() -> None:
    sources = path_of("lint.sources").parent.glob("*.py")
    assert {path_of(module) for module in TESTS} >= set(sources)
