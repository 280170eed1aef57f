"""The list of the mutants that may survive, and which module is tested by what."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LIST: Final = Path(__file__).with_name("survivors.toml")
PACKAGE: Final = Path(__file__).parents[2] / "mailbox_schema"

TESTS: Final[Mapping[str, tuple[str, ...]]] = {
    "contract": ("test_contract.py", "test_cases.py", "test_violation.py"),
    "values": ("test_values.py", "test_cases.py", "test_validation.py"),
    "rules": ("test_rules.py", "test_cases.py", "test_hints.py"),
    "_plain": ("test_plain.py", "test_cases.py"),
    "validation": ("test_validation.py", "test_cases.py"),
    "violation": ("test_violation.py", "test_cases.py"),
    "hints": (
        "test_hints.py",
        "test_foreign.py",
        "test_sentences.py",
        "lint/test_advice.py",
        "lint/test_csv.py",
    ),
    "forms": ("test_forms.py",),
    "lint.sources": ("lint/test_bad_input.py", "lint/test_at.py"),
    "lint.sources.base": (
        "lint/test_positions.py",
        "lint/test_bad_input.py",
        "lint/test_advice.py",
        "lint/test_golden.py",
    ),
    "lint.sources.json": ("lint/test_positions.py", "lint/test_bad_input.py", "lint/test_golden.py"),
    "lint.sources.json_errors": ("lint/test_bad_input.py", "test_longevity.py"),
    "lint.sources.json_places": ("lint/test_positions.py", "lint/test_golden.py"),
    "lint.sources.jsonl": ("lint/test_positions.py", "lint/test_bad_input.py", "lint/test_golden.py"),
    "lint.sources.csv": (
        "lint/test_csv.py",
        "lint/test_long_csv.py",
        "lint/test_bad_input.py",
        "lint/test_positions.py",
        "lint/test_golden.py",
        "test_files.py",
    ),
    "lint.sources.content": ("lint/test_options.py",),
    "lint.sources.yaml": (
        "lint/test_yaml.py",
        "lint/test_bad_input.py",
        "lint/test_positions.py",
        "lint/test_golden.py",
    ),
    "lint.sources.comments": ("lint/test_ignores.py",),
    "lint.sources.inside": ("lint/test_at.py", "lint/test_golden.py"),
    "lint.fixes": ("lint/test_fixes.py", "lint/test_golden.py"),
}
"""The modules whose mutants are tried, the most central first, and the files of ``tests`` that have to kill them.

The first file of a module is the one that mirrors it.
"""


class Survivor(NamedTuple):
    """A mutant that no test can notice, and why: the function, and the changed line before and after."""

    function: str
    before: str
    after: str
    reason: str


def listed(module: str) -> list[Survivor]:
    """Return the mutants of a module that survive for a reason."""
    return [Survivor(**entry) for entry in tomllib.loads(LIST.read_text(encoding="utf-8")).get(module, [])]


def path_of(module: str) -> Path:
    """Return the file of a module of the package, such as ``lint.fixes``."""
    path = PACKAGE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
