"""Every block of the docs is run, and all that it shows is compared."""

import doctest
import glob
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from typing import Any, Final, NamedTuple

import pytest
import yaml
from jsonschema import Draft7Validator
from node import NODE, PEERS, compiled, needs_node

from mailbox_schema import FIELDS, load_schema
from mailbox_schema.contract import BODY_CONSTRAINTS
from mailbox_schema.lint.arguments import make_parser
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.config import _config_in
from mailbox_schema.lint.sources import FILE_TYPES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parent.parent
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    number: int
    language: str
    text: str


PAGES: Final = [ROOT / "README.md", ROOT / "schemas/npm/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
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


def test_every_language_of_a_block_is_run_by_a_test() -> None:
    # Blocks of sh are the README's two commands: .ci/run reads them from there and runs them. Blocks of bash
    # start the examples, and make a release: tests/forms/test_start.py and tests/system run them.
    assert {block.language for block in BLOCKS} == {
        "sh", "bash", "console", "python", "yaml", "toml", "js", "text", "json", "ts", "lua",
    }  # fmt: skip
    assert [block.page for block in BLOCKS if block.language == "sh"] == ["README.md", "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run_as_shown(page: Path) -> None:
    """The blocks of a page are one session; on the page of an example, they are parts of the example."""
    name = str(page.relative_to(ROOT))
    blocks = [block.text for block in BLOCKS if block.page == name and block.language == "python"]
    example = ROOT / "docs/examples" / page.stem.removeprefix("forms-")
    if example.is_dir():
        files = [path.read_text(encoding="utf-8") for path in example.rglob("*.py")]
        shown = [(block, indent(block, "    ")) for block in blocks]  # the parts of a class may be without it
        assert [b for b, within in shown if not any(b in file or within in file for file in files)] == []
        return
    session = "\n".join(blocks)
    assert all(">>> " in block for block in blocks)
    test = doctest.DocTestParser().get_doctest(session, {}, name, name, 0)
    failures: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=failures.append)
    assert failures == []


@every("console")
def test_commands_print_what_is_shown(
    block: Block, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block shows output and errors as a terminal does, the errors of each command last."""
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
def test_scripts_print_what_is_shown(block: Block, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A script runs next to the documents that it reads, and prints the block of text that follows it."""
    (tmp_path / "node_modules").symlink_to(node_modules(block, request))
    for document in (ROOT / "schemas").glob("*.json"):
        shutil.copy(document, tmp_path)
    (tmp_path / "check.mjs").write_text(block.text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # our own script
        [NODE, "check.mjs"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    shown = next(b.text for b in BLOCKS if (b.page, b.number) == (block.page, block.number + 1))
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, "")


def node_modules(block: Block, request: pytest.FixtureRequest) -> Path:
    """Return the packages that a block may import: ours, or others that the lock file names."""
    if '"mailbox-schema"' not in block.text:
        return PEERS / "node_modules"
    project: Path = request.getfixturevalue("npm_project")
    return project / "node_modules"


def test_text_blocks_are_what_a_script_prints() -> None:
    scripts = {(block.page, block.number + 1) for block in BLOCKS if block.language == "js"}
    assert {(block.page, block.number) for block in BLOCKS if block.language == "text"} == scripts


@every("toml")
def test_configurations_are_accepted(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration is accepted as it is; that of an editor starts the server."""
    if "language-server" in block.text:
        servers = tomllib.loads(block.text)["language-server"]
        assert servers == {"mailbox-schema": {"command": "mailbox-schema", "args": ["lsp"]}}
        return
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(block.text, encoding="utf-8")
    Path("mailboxes.json").write_text('{"smtp_port": 993}', encoding="utf-8")
    assert main(["check", "--quiet", "--ignore", "contract", "mailboxes.json"]) == 0
    Path("pyproject.toml").write_text(block.text.replace("port-role", "placeholder"), encoding="utf-8")
    _config_in.cache_clear()
    is_strict = "strict = true" in block.text
    assert main(["check", "--quiet", "--ignore", "contract", "mailboxes.json"]) == is_strict
    _config_in.cache_clear()


@every("json")
def test_editor_settings_name_an_existing_document(block: Block) -> None:
    """The settings of an editor name an existing document, for files that the hook lints."""
    settings = json.loads(block.text)
    if "glspc.server.command" in settings:
        command = [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]]
        assert command == ["mailbox-schema", "lsp"]
        assert set(settings["glspc.server.languageId"]) == set(FILE_TYPES)
        return
    (kind, value), *others = settings.items()
    assert others == []
    named = value[0]["url"] if kind == "json.schemas" else next(iter(value))
    assert named == "./request-editor.schema.json"
    assert (ROOT / "schemas" / named).is_file()


@every("lua")
def test_an_editor_that_is_configured_in_lua_starts_the_server(block: Block) -> None:
    assert re.findall(r"cmd = (.*),", block.text) == ['{ "mailbox-schema", "lsp" }']
    assert re.findall(r'"(\w+)"', re.findall(r"filetypes = (.*),", block.text)[0]) == [
        "json", "yaml", "csv", "jsonl",
    ]  # fmt: skip


@needs_node
@every("ts")
def test_typescript_blocks_compile(block: Block, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A page's code compiles as it is, next to the declarations."""
    (tmp_path / "node_modules").symlink_to(node_modules(block, request))
    declarations = (ROOT / "schemas/mailbox-schema.d.ts").read_text(encoding="utf-8")
    assert compiled(tmp_path, {"mailbox-schema.d.ts": declarations, "client.ts": block.text}) == []


@every("yaml")
def test_yaml_blocks_name_existing_hooks_commands_and_documents(block: Block) -> None:
    """A pre-commit configuration names an existing hook; a workflow runs an existing command.

    A file of mailboxes names an existing document, and is valid by it. A list of mailboxes is an example's file.
    """
    configuration: Any = yaml.safe_load(block.text)
    if isinstance(configuration, list) and "run" in configuration[0]:
        command, *arguments = shlex.split(configuration[0]["run"])
        assert command == "mailbox-schema"
        assert make_parser().parse_args(arguments).output == configuration[1]["with"]["sarif_file"]
        return
    if isinstance(configuration, list):
        assert block.text == (ROOT / "docs/examples/lint/ignores.yaml").read_text(encoding="utf-8")
        return
    if "mailboxes" in configuration:
        named = re.findall(
            r"\A# yaml-language-server: \$schema=\./(\S+)\.schema\.json$", block.text, re.MULTILINE
        )
        assert list(Draft7Validator(load_schema(*named)).iter_errors(configuration)) == []
        return
    if "jobs" in configuration:
        steps = configuration["jobs"]["mailboxes"]["steps"]
        if "run" not in steps[-1]:
            action, *_ = [step for step in steps if step["uses"].endswith("check@<commit hash>")]
            action_file = action["uses"].partition("mailbox_schema/")[2].partition("@")[0]
            known: Any = yaml.safe_load((ROOT / action_file / "action.yml").read_text(encoding="utf-8"))
            assert set(action["with"]) <= set(known["inputs"])
            assert make_parser().parse_args(["check", *action["with"]["arguments"].split(), "."]).strict
            return
        run = steps[-1]["run"]
        command, *arguments = shlex.split(run)
        assert command == "mailbox-schema"
        assert make_parser().parse_args(arguments).format == "github"
        return
    manifest: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = configuration["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= {hook["id"] for hook in manifest}
    # The reader puts a commit's hash in its place: pre-commit takes one, and there is no tag yet.
    assert repository["rev"] == "<commit hash>"
    page = (ROOT / block.page).read_text(encoding="utf-8")
    assert f"`git ls-remote {repository['repo']} HEAD`" in page


def rows(columns: int) -> list[tuple[str, ...]]:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in lines
        if line[:2] == "| "
    ]
    return [row for row in cells if len(row) == columns][1:]


def test_the_table_of_fields_is_the_contract() -> None:
    assert rows(5) == [
        (field.name, field.type, "yes" if field.required else "no", field.message, field.provenance)
        for field in FIELDS.values()
    ]


def test_the_table_of_the_body_is_the_contract() -> None:
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
def test_the_hook_runs_on_files_of_mailboxes_only(name: str, matches: bool) -> None:
    manifest: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in manifest] == ["mailbox-schema", "mailbox-schema-fix"]
    for hook in manifest:
        assert bool(re.search(hook["files"], name) and not re.search(hook["exclude"], name)) is matches
