"""The steps of the GitHub Action, run as GitHub's runner does, in a repository of strangers.

They install from a package index, so .ci/run runs this, not the everyday command.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml
from golden import body, mailbox

ROOT: Final = Path(__file__).parent.parent.parent
FOLDER: Final = Path(".github/actions/check")
ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / FOLDER / "action.yml").read_text(encoding="utf-8"))
STEPS: Final[list[dict[str, Any]]] = ACTION["runs"]["steps"]
EXPRESSION: Final = re.compile(r"\$\{\{ (\S+) \}\}")
MESSAGE: Final = "mailbox[0].imap_port must be provided and in range <1,65535>"


class Done(NamedTuple):
    """What a run of the action leaves: its exit status, the commands in its log, the rest of it, its outputs."""

    status: int
    commands: list[str]
    log: list[str]
    outputs: dict[str, str]


class Runner:
    """Runs the steps with the variables and files that GitHub's runner gives them."""

    def __init__(self, folder: Path) -> None:
        self.temp, self.clone, self.repository = folder / "temp", folder / "the action", folder / "repository"
        subprocess.run(["git", "clone", "--quiet", ROOT, self.clone], check=True)  # noqa: S603, S607  # our own repository
        self.temp.mkdir()
        self.repository.mkdir()

    def step(self, step: dict[str, Any], inputs: Mapping[str, str]) -> tuple[int, str, str]:
        """Run a step; return its status, its log and what it wrote as outputs."""
        assert step["shell"] == "bash"
        script, outputs = self.temp / "step.sh", self.temp / "outputs"
        script.write_text(step["run"], encoding="utf-8")
        outputs.write_text("", encoding="utf-8")
        values = {
            f"inputs.{name}": inputs.get(name, given["default"]) for name, given in ACTION["inputs"].items()
        }
        given = {
            name: EXPRESSION.sub(lambda match: values[match[1]], text)
            for name, text in step.get("env", {}).items()
        }
        done = subprocess.run(  # noqa: S603  # our own script
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],  # noqa: S607  # GitHub's own options
            cwd=self.repository,
            env=os.environ
            | given
            | {
                "GITHUB_ACTION_PATH": str(self.clone / FOLDER),
                "GITHUB_OUTPUT": str(outputs),
                "RUNNER_TEMP": str(self.temp),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, outputs.read_text(encoding="utf-8")

    def check(self, **inputs: str) -> Done:
        """Run the step that checks."""
        status, log, written = self.step(STEPS[1], inputs)
        outputs = dict(line.split("=", 1) for line in written.splitlines())
        assert {f"${{{{ steps.check.outputs.{name} }}}}" for name in outputs} == {
            output["value"] for output in ACTION["outputs"].values()
        }
        return Done(status, *read_log(log), outputs)

    def write(self, name: str, content: object) -> str:
        """Write a file of the repository; return its name."""
        (self.repository / name).parent.mkdir(parents=True, exist_ok=True)
        (self.repository / name).write_text(json.dumps(content), encoding="utf-8")
        return name


def read_log(log: str) -> tuple[list[str], list[str]]:
    """Return the commands in a log and its other lines, as GitHub reads them."""
    commands, others, token = [], [], ""
    for line in log.splitlines():
        if token:
            token, line = ("", "") if line == f"::{token}::" else (token, line)  # noqa: PLW2901  # the end is not shown
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
            continue
        elif line.startswith("::"):
            commands.append(line)
            continue
        others += [line] if line else []
    assert token == ""
    return commands, others


# A repository can have a file named like a module that the action imports.
TRAPS: Final = ("venv", "pip", "json", "os", "yaml", "mailbox_schema", "sitecustomize", "usercustomize")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Return a runner after the first step, in a repository of traps."""
    runner = Runner(tmp_path_factory.mktemp("action"))
    for name in TRAPS:
        (runner.repository / f"{name}.py").write_text(f"open('{runner.temp}/trapped', 'w')", encoding="utf-8")
    status, log, _ = runner.step(STEPS[0], {})
    assert status == 0, log
    return runner


@pytest.fixture
def runner(installed: Runner, tmp_path: Path) -> Runner:
    installed.repository = tmp_path
    return installed


def test_the_action_is_composed_of_two_steps_without_expressions_in_scripts() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert [step["name"] for step in STEPS] == ["Install mailbox-schema", "Check"]
    assert [step["run"] for step in STEPS if "${{" in step["run"]] == []
    assert [set(step) - {"name", "id", "shell", "run", "env"} for step in STEPS] == [set(), set()]


def test_no_module_of_the_repository_is_run(installed: Runner) -> None:
    installed.write("mailboxes.json", body())
    done = installed.check(sarif="a.sarif")
    assert done == (0, [], ["1 file checked: no findings"], {"status": "0", "sarif": "a.sarif"})
    assert not (installed.temp / "trapped").exists()


def test_findings_are_commands_next_to_their_lines(runner: Runner) -> None:
    runner.write("mailboxes.json", body(imap_port=0))
    column = json.dumps(body(imap_port=0)).index('"imap_port": 0') + len('"imap_port": ') + 1
    command = f"::error file=mailboxes.json,line=1,col={column},title=port::{MESSAGE}"
    assert runner.check() == (
        1,
        [command],
        ["1 file checked: 1 violation"],
        {"status": "1", "sarif": ""},
    )


def test_arguments_and_format_are_passed_on(runner: Runner) -> None:
    name = runner.write("mailboxes.json", body(footer="${FOOTER}", imap_port=0))
    done = runner.check(
        paths=f"{name}\n", format="text", arguments="--select\nplaceholder\r\n\n  --strict\n--quiet"
    )
    line = json.dumps(body(footer="${FOOTER}", imap_port=0))
    place = f"{name}:1:{line.index('${')}"
    assert done == (
        1,
        [],
        [
            f"{place}: warning: mailbox[0].footer has a placeholder [placeholder]",
            "    hint: fill in the placeholder",
        ],
        {"status": "1", "sarif": ""},
    )


UGLY: Final = [
    "with spaces.json",
    'quote\'s "double".json',
    "$(touch trapped).json",
    "`touch trapped`.json",
    "; touch trapped #.json",
    "&& touch trapped.json",
    "$PATH.json",
    "back\\slash.json",
    "--help.json",
    "-q",
    "${{ github.token }}.json",
    "%0A::warning::x.json",
    "é ü.json",
    "'",
    "${IFS}$(touch${IFS}trapped)",
]


@pytest.mark.parametrize("name", UGLY)
def test_an_ugly_name_is_only_a_name(runner: Runner, name: str) -> None:
    runner.write(name, [mailbox(imap_port=0)])
    done = runner.check(paths=name, arguments="--type=json", sarif=f"{name}.sarif")
    assert (done.status, done.outputs) == (1, {"status": "1", "sarif": f"{name}.sarif"})
    (command,) = done.commands
    shown = name.replace("%", "%25").replace(":", "%3A")
    assert re.fullmatch(
        rf"::error file={re.escape(shown)},line=1,col=\d+,title=port::{re.escape(MESSAGE)}", command
    )
    report = json.loads((runner.repository / f"{name}.sarif").read_text(encoding="utf-8"))
    assert [result["message"]["text"].splitlines()[0] for result in report["runs"][0]["results"]] == [MESSAGE]
    assert sorted(path.name for path in runner.repository.iterdir()) == sorted([name, f"{name}.sarif"])


@pytest.mark.parametrize("text", ["$(touch trapped)", "`touch trapped`", "a b", "; touch trapped", "'", '"'])
@pytest.mark.parametrize("name", ["arguments", "format"])
def test_an_ugly_argument_is_only_an_argument(runner: Runner, name: str, text: str) -> None:
    runner.write("mailboxes.json", body())
    done = runner.check(**{name: text if name == "format" else f"--select={text}"})
    assert (done.status, done.commands, done.outputs) == (2, [], {"status": "2", "sarif": ""})
    assert [path.name for path in runner.repository.iterdir()] == ["mailboxes.json"]


@pytest.mark.parametrize(
    "name", ["::error::x.json", "::set-output name=status::0.json", "new\n::error::line.json"]
)
@pytest.mark.parametrize("kind", ["github", "text"])
def test_a_name_is_not_a_command_of_the_log(runner: Runner, name: str, kind: str) -> None:
    """Found by a pattern: nobody who wrote the workflow has seen it."""
    (runner.repository / name).write_text("{", encoding="utf-8")
    done = runner.check(paths="*.json", format=kind)
    assert (done.status, done.outputs) == (2, {"status": "2", "sarif": ""})
    assert all(command.startswith("::error file=") for command in done.commands)
    assert len(done.commands) == (kind == "github")
    assert len(done.log) == 2


def test_a_report_of_two_lines_is_refused(runner: Runner) -> None:
    """It would be an output of its own."""
    runner.write("mailboxes.json", body())
    assert runner.check(sarif="a.sarif\nstatus=0") == (
        2,
        ["::error::sarif: expected the name of one file"],
        [],
        {"status": "2", "sarif": ""},
    )


def test_a_report_that_can_not_be_written_fails_the_step(runner: Runner) -> None:
    runner.write("mailboxes.json", body())
    done = runner.check(sarif="no folder/a.sarif")
    assert (done.status, done.commands, done.outputs) == (2, [], {"status": "2", "sarif": ""})
    assert done.log[0] == "1 file checked: no findings"
    assert len(done.log) == 2


def test_the_page_lists_the_inputs_and_outputs() -> None:
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert {row[0].strip("`"): row[2].strip("`") for row in rows if len(row) == 3} == {
        name: given["default"] or "none" for name, given in ACTION["inputs"].items()
    }
    assert [row[0].strip("`") for row in rows if len(row) == 2] == list(ACTION["outputs"])
