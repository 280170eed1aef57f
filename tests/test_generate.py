"""The generated documents are up to date, and the command that generates them reports it if they aren't."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import generate
import pytest
from _generate import typescript
from node import needs_node

DECLARATIONS: Final = "schemas/mailbox-schema.d.ts"
FILES: Final = [
    "schemas/request-draft-07.schema.json",
    "schemas/request-strict.schema.json",
    "schemas/request-editor.schema.json",
    "schemas/request-ajv-errors.schema.json",
    "schemas/openapi.json",
    DECLARATIONS,
    "docs/rules.md",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty checkout."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "docs").mkdir()
    return tmp_path


@pytest.fixture
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typescript, "NODE_PACKAGES", Path("missing"))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=needs_node if name == DECLARATIONS else ()) for name in FILES]
)
def test_file_is_up_to_date(name: str) -> None:
    assert generate.check(generate.ROOT / name, name) is None


@pytest.mark.parametrize("name", FILES)
def test_file_says_in_its_head_that_it_is_generated(name: str) -> None:
    head = (generate.ROOT / name).read_text(encoding="utf-8").splitlines()[:4]
    assert len([line for line in head if "python schemas/generate.py" in line]) == 1


@needs_node
def test_command_prints_nothing_if_every_file_is_up_to_date() -> None:
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, generate.__file__, "--check"], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_node
def test_command_writes_every_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([], root) == 0
    assert sorted(str(path.relative_to(root)) for path in root.glob("*/*")) == sorted(FILES)
    for name in FILES:
        assert (root / name).read_bytes() == (generate.ROOT / name).read_bytes()
    assert generate.main(["--check"], root) == 0
    assert capsys.readouterr() == ("", "")


@needs_node
def test_check_reports_files_that_differ_or_are_missing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.main([], root)
    (root / "schemas/request-strict.schema.json").write_text("{}\n", encoding="utf-8")
    (root / DECLARATIONS).write_text("", encoding="utf-8")
    (root / "docs/rules.md").unlink()
    assert generate.main(["--check"], root) == 1
    assert capsys.readouterr().out == (
        "schemas/request-strict.schema.json differs: run python schemas/generate.py\n"
        "schemas/mailbox-schema.d.ts differs: run python schemas/generate.py\n"
        "docs/rules.md is missing: run python schemas/generate.py\n"
    )
    assert (root / "schemas/request-strict.schema.json").read_text(encoding="utf-8") == "{}\n"
    assert not (root / "docs/rules.md").exists()


@pytest.mark.usefixtures("no_node")
def test_only_the_declarations_need_node(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([], root) == 1
    assert capsys.readouterr().out == (
        "schemas/mailbox-schema.d.ts can't be generated: install Node, then run npm ci --prefix tests/peers\n"
    )
    assert sorted(str(path.relative_to(root)) for path in root.glob("*/*")) == sorted(
        set(FILES) - {DECLARATIONS}
    )
    (root / DECLARATIONS).touch()
    assert generate.main(["--check"], root) == 1
    assert capsys.readouterr().out == (
        "schemas/mailbox-schema.d.ts can't be checked: install Node, then run npm ci --prefix tests/peers\n"
    )
