"""Generators and linters take the OpenAPI document: the code refuses garbage, and there is no warning.

They need the extra ``generators`` and the packages of tests/peers/generators, so .ci/run runs this, not the
everyday command.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from golden import VENDOR_FULL, VENDOR_REQUIRED, body, cases, mailbox
from measured import ROOT
from node import PEERS
from peers.generated import (
    ALL,
    DOCUMENT,
    GENERATORS,
    TABLE,
    Generator,
    column,
    judge,
    program,
    table,
)
from tiers import only_if_installed

from mailbox_schema import FIELDS

MISSING: Final = [
    *(name for name in ("openapi_python_client", "datamodel_code_generator") if find_spec(name) is None),
    *("Node" for _ in range(shutil.which("node") is None)),
    *(str(home) for home in (PEERS, GENERATORS) if not (home / "node_modules").is_dir()),
]
pytestmark = only_if_installed(f"not here: {', '.join(MISSING)}" if MISSING else "")
each_generator: Final = pytest.mark.parametrize("generator", ALL, ids=lambda generator: generator.name)


REQUIRED: Final = [name for name, field in FIELDS.items() if field.required]
ITEMS: Final[tuple[Any, ...]] = (None, 5, "x", [], {})
GARBAGE: Final[list[Any]] = [
    *(None, 5, "mailboxes", [], [mailbox()], {}, {"mailboxes": None}, {"mailboxes": "x"}),
    *({"mailboxes": [item]} for item in ITEMS),
    *(body(**{name: ...}) for name in REQUIRED),
]
EXAMPLES: Final = [VENDOR_FULL, VENDOR_REQUIRED]
Judged = dict[str, list[bool]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Return the verdicts of each generator's code: on the golden cases, the examples, and garbage."""
    bodies = [*(case.body for case in cases()), *EXAMPLES, *GARBAGE]
    return {generator.name: judge(generator, bodies) for generator in ALL}


@each_generator
def test_what_is_generated_accepts_the_examples_and_refuses_garbage(
    generator: Generator, judged: Judged
) -> None:
    verdicts = judged[generator.name][len(cases()) :]
    assert len(GARBAGE) == 8 + len(ITEMS) + 8
    assert verdicts == [True] * len(EXAMPLES) + [False] * len(GARBAGE)


def test_the_table_of_the_page_is_what_the_generators_give(judged: Judged) -> None:
    """If this fails: ``python tests/peers/generated.py --write``."""
    columns = [column(generator, judged[generator.name][: len(cases())]) for generator in ALL]
    assert TABLE.read() == table(columns).strip()


@each_generator
def test_the_page_names_the_command(generator: Generator) -> None:
    assert f"`{generator.command}`" in (ROOT / TABLE.page).read_text(encoding="utf-8")


def lint(name: str, *arguments: str) -> Callable[[Path], Any]:
    """Return what runs a linter on a document, and returns its report."""

    def report(document: Path) -> Any:
        done = subprocess.run(  # noqa: S603  # a program that the lock file names
            [*program(GENERATORS, name), "lint", str(document), "--format=json", *arguments],
            cwd=GENERATORS,
            env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        return json.loads(done.stdout)

    return report


REDOCLY: Final = lint("redocly", "--extends=recommended")
SPECTRAL: Final = lint("spectral", "--quiet", "--ruleset=spectral.yaml")


def test_the_linters_have_no_complaint_with_their_recommended_rules() -> None:
    assert REDOCLY(DOCUMENT)["problems"] == []
    assert SPECTRAL(DOCUMENT) == []


def test_the_linters_miss_a_license_and_a_contact(tmp_path: Path) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    del document["info"]["license"], document["info"]["contact"]
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    assert [each["ruleId"] for each in REDOCLY(tmp_path / "openapi.json")["problems"]] == ["info-license"]
    assert [each["code"] for each in SPECTRAL(tmp_path / "openapi.json")] == ["info-contact"]
