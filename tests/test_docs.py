"""Every block of the docs is run, and what it shows is compared whole."""

import doctest
import glob
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml
from jsonschema import Draft7Validator
from node import NODE, PEERS, compiled, needs_node

from mailbox_schema import FIELDS, load_schema
from mailbox_schema.contract import BODY_CONSTRAINTS
from mailbox_schema.lint.arguments import parsed
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.config import _config_in

ROOT: Final = Path(__file__).parent.parent
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    number: int
    language: str
    text: str


PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS: Final = [
    Block(str(page.relative_to(ROOT)), number, match[1], match[2])
    for page in PAGES
    # Those of rules.md are run by tests/lint/test_advice.py, from the docstrings it is made of.
    if page.name != "rules.md"
    for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")))
]


def every(language: str) -> pytest.MarkDecorator:
    chosen = [block for block in BLOCKS if block.language == language]
    return pytest.mark.parametrize("block", chosen, ids=lambda block: f"{block.page}-{block.number}")


def test_there_is_no_block_that_nobody_runs() -> None:
    # Blocks of sh are the README's two commands: .ci/run reads them from there and runs them. Blocks of bash
    # start the examples: tests/forms/test_start.py and tests/system/test_at_scale.py run them.
    assert {block.language for block in BLOCKS} == {
        "sh", "bash", "console", "python", "yaml", "toml", "js", "text", "json", "ts",
    }  # fmt: skip
    assert [block.page for block in BLOCKS if block.language == "sh"] == ["README.md", "README.md"]
    assert {block.page for block in BLOCKS if block.language == "bash"} == {
        "docs/at-scale.md", *(f"docs/forms-{example}.md" for example in ("django", "drf", "fastapi", "flask")),
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks(page: Path) -> None:
    """The blocks of a page are one session; on the page of an example, they are part of the example."""
    name = str(page.relative_to(ROOT))
    blocks = [block.text for block in BLOCKS if block.page == name and block.language == "python"]
    example = ROOT / "docs/examples" / page.stem.removeprefix("forms-")
    if example.is_dir():
        files = [path.read_text(encoding="utf-8") for path in example.rglob("*.py")]
        assert [block for block in blocks if not any(block in file for file in files)] == []
        return
    session = "\n".join(blocks)
    assert all(">>> " in block for block in blocks)
    test = doctest.DocTestParser().get_doctest(session, {}, name, name, 0)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert said == []


@every("console")
def test_console_blocks(
    block: Block, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output and errors stand in a block as in a terminal, the errors of each command last."""
    monkeypatch.chdir(ROOT)
    shown = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            command, *arguments = shlex.split(line.removeprefix("$ "))
            assert command == "mailbox-schema"
            main([name for argument in arguments for name in sorted(glob.glob(argument)) or [argument]])  # noqa: PTH207  # as a shell expands it
            output = capsys.readouterr()
            shown.append(f"{line}\n{output.out}{output.err}")
    assert "".join(shown) == block.text


@needs_node
@every("js")
def test_js_blocks(block: Block, tmp_path: Path) -> None:
    """A script runs beside the documents that it reads, and prints the block of text that follows it."""
    (tmp_path / "node_modules").symlink_to(PEERS / "node_modules")
    for document in (ROOT / "schemas").glob("*.json"):
        shutil.copy(document, tmp_path)
    (tmp_path / "check.mjs").write_text(block.text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # a script of ours
        [NODE, "check.mjs"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    shown = next(b.text for b in BLOCKS if (b.page, b.number) == (block.page, block.number + 1))
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, "")


def test_text_blocks_are_what_a_script_prints() -> None:
    scripts = {(block.page, block.number + 1) for block in BLOCKS if block.language == "js"}
    assert {(block.page, block.number) for block in BLOCKS if block.language == "text"} == scripts


@every("toml")
def test_toml_blocks(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration is taken as it stands."""
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(block.text, encoding="utf-8")
    Path("a.json").write_text('{"smtp_port": 993}', encoding="utf-8")
    assert main(["check", "--quiet", "--ignore", "contract", "a.json"]) == 0
    Path("pyproject.toml").write_text(block.text.replace("port-role", "placeholder"), encoding="utf-8")
    _config_in.cache_clear()
    assert main(["check", "--quiet", "--ignore", "contract", "a.json"]) == 1
    _config_in.cache_clear()


@every("json")
def test_json_blocks(block: Block) -> None:
    """The settings of an editor name a document that there is, for files that the hook lints."""
    (kind, value), *others = json.loads(block.text).items()
    assert others == []
    named = value[0]["url"] if kind == "json.schemas" else next(iter(value))
    assert named == "./request-editor.schema.json"
    assert (ROOT / "schemas" / named).is_file()


@needs_node
@every("ts")
def test_typescript_blocks(block: Block, tmp_path: Path) -> None:
    """What a page shows compiles as it stands, beside the declarations."""
    declarations = (ROOT / "schemas/mailbox-schema.d.ts").read_text(encoding="utf-8")
    assert compiled(tmp_path, {"mailbox-schema.d.ts": declarations, "client.ts": block.text}) == []


@every("yaml")
def test_yaml_blocks(block: Block) -> None:
    """A pre-commit configuration names a hook that there is; a workflow runs a command that there is.

    A file of mailboxes names a document that there is, and is valid by it.
    """
    configuration: Any = yaml.safe_load(block.text)
    if "mailboxes" in configuration:
        named = re.findall(
            r"\A# yaml-language-server: \$schema=\./(\S+)\.schema\.json$", block.text, re.MULTILINE
        )
        assert list(Draft7Validator(load_schema(*named)).iter_errors(configuration)) == []
        return
    if "jobs" in configuration:
        run = configuration["jobs"]["mailboxes"]["steps"][-1]["run"]
        command, *arguments = shlex.split(run)
        assert command == "mailbox-schema"
        assert parsed(arguments).format == "github"
        return
    manifest: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hooks = [hook["id"] for repo in configuration["repos"] for hook in repo["hooks"]]
    assert hooks == [hook["id"] for hook in manifest]


def rows(columns: int) -> list[tuple[str, ...]]:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in lines
        if line[:2] == "| "
    ]
    return [row for row in cells if len(row) == columns][1:]


def test_the_table_of_fields() -> None:
    assert rows(5) == [
        (field.name, field.type, "yes" if field.required else "no", field.message, field.provenance)
        for field in FIELDS.values()
    ]


def test_the_table_of_the_body() -> None:
    shown = {"body-object": "body", "mailbox-object": "mailbox[i]"}
    assert [row[1:] for row in rows(3)] == [
        (f"{row.key or shown[row.rule]} {row.message}", row.provenance) for row in BODY_CONSTRAINTS
    ]


# The manifest's file patterns.


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("mailboxes.json", True),
        ("mailbox.json", True),
        ("mailboxes.yaml", True),
        ("mailboxes.yml", True),
        ("mailboxes.csv", True),
        ("mailboxes.jsonl", True),
        ("mailboxes.ndjson", True),
        ("config/mailboxes.json", True),
        ("config/prod.mailboxes.json", True),
        ("prod.mailboxes.yaml", True),
        ("mailboxes.prod.json", True),
        ("mailboxes-prod.csv", True),
        ("mailboxes/sales.json", True),
        ("config/mailboxes/sales.yaml", True),
        ("package.json", False),
        ("mymailboxes.json", False),
        ("mailboxes.json.txt", False),
        ("mailboxes.schema.json", False),
        ("src/mailboxes/package.json", False),
        ("src/mailboxes/package-lock.json", False),
        ("src/mailboxes/tsconfig.build.json", False),
        ("src/mailboxes/index.ts", False),
        ("src/mailboxes_test.py", False),
        ("mailboxes/prod/acme.yaml", True),
        ("Mailboxes.CSV", True),
        ("mailboxes.tsv", True),
        ("mailbox-operator.yaml", False),
        ("mailboxes/kustomization.yaml", False),
        ("mailboxes/.pre-commit-config.yaml", False),
        ("mailboxes/.hidden/x.json", False),
        ("mailboxes.schema.yaml", False),
        ("docker-compose.yaml", False),
    ],
)
def test_the_files_of_the_hook(name: str, matches: bool) -> None:
    manifest: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook = manifest[0]
    assert bool(re.search(hook["files"], name) and not re.search(hook["exclude"], name)) is matches
