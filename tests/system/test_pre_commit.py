"""The hook, run by the real pre-commit on a scratch repository.

pre-commit installs the hook's environment from the package index, so .ci/run runs this, not the everyday
command.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from golden import body, mailbox
from lint.test_repository import ERRORS, OUTPUT, make

ROOT: Final = Path(__file__).parent.parent.parent


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(  # noqa: S603  # our own commands
        command, cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the committed state: what a user's pre-commit gets."""
    clone = tmp_path_factory.mktemp("package") / "mailbox_schema"
    done = run("git", "clone", "--quiet", str(ROOT), str(clone), cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    return clone


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    run("git", "init", "--quiet", ".", cwd=tmp_path)
    return tmp_path


def try_repo(repository: Path, scratch: Path, hook: str = "mailbox-schema") -> tuple[int, list[str]]:
    run("git", "add", "--all", cwd=scratch)
    pre_commit = shutil.which("pre-commit", path=os.fspath(Path(sys.executable).parent))
    assert pre_commit is not None, "pre-commit is part of the extra dev"
    done = run(pre_commit, "try-repo", str(repository), hook, "--all-files", "--color=never", cwd=scratch)
    shown = done.stdout.splitlines()
    start = next(number for number, line in enumerate(shown) if line.startswith(hook))
    return done.returncode, shown[start:]


CLEAN: Final = {
    "mailboxes.json": json.dumps(body()),
    "conf/prod.mailboxes.yaml": json.dumps([mailbox()]),
    "mailboxes/sales.csv": ",".join(mailbox()) + "\n" + ",".join(map(str, mailbox().values())) + "\n",
    "mailboxes.jsonl": json.dumps(mailbox()) + "\n",
}
BROKEN: Final = {name: text.replace("993", "0") for name, text in CLEAN.items()}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_clean_files_pass(repository: Path, scratch: Path) -> None:
    write(scratch, {**CLEAN, "package.json": "{}", "docker-compose.yaml": "a: 1", "data.csv": "a,b"})
    status, shown = try_repo(repository, scratch)
    assert shown == ["mailbox-schema" + "." * 59 + "Passed"]
    assert status == 0


def test_broken_files_fail(repository: Path, scratch: Path) -> None:
    write(scratch, BROKEN)
    status, shown = try_repo(repository, scratch)
    message = "mailbox[0].imap_port must be provided and in range <1,65535> [port]"
    places = [
        f"{name}:1:{column(name)}: error: {message}" for name in sorted(BROKEN) if not name.endswith("csv")
    ]
    csv_line = f"mailboxes/sales.csv:2:{column('mailboxes/sales.csv')}: error: {message}"
    assert shown == [
        "mailbox-schema" + "." * 59 + "Failed",
        "- hook id: mailbox-schema",
        "- exit code: 1",
        "",
        *places,
        csv_line,
        "4 files checked: 4 violations",
        "",
    ]
    assert status == 1


def column(name: str) -> int:
    return BROKEN[name].splitlines()[-1].rindex("0") + 1


def test_files_are_fixed_and_the_hook_passes_then(repository: Path, scratch: Path) -> None:
    write(scratch, {name: text.replace("993", '"993"') for name, text in CLEAN.items() if "csv" not in name})
    status, shown = try_repo(repository, scratch, "mailbox-schema-fix")
    assert shown == [
        "mailbox-schema-fix" + "." * 55 + "Failed",
        "- hook id: mailbox-schema-fix",
        "- files were modified by this hook",
        "",
        "3 files checked: 3 fixed, no findings left",
        "",
    ]
    assert status == 1
    for name, text in CLEAN.items():
        assert "csv" in name or (scratch / name).read_text(encoding="utf-8") == text
    status, shown = try_repo(repository, scratch, "mailbox-schema-fix")
    assert (status, shown) == (0, ["mailbox-schema-fix" + "." * 55 + "Passed"])


def test_a_repository_of_all_kinds_gets_what_a_walk_finds(repository: Path, scratch: Path) -> None:
    """pre-commit leaves out what git ignores, and links; the settings exclude the rest."""
    make(scratch)
    for name in ("node_modules", ".venv"):
        shutil.rmtree(scratch / name)
    status, shown = try_repo(repository, scratch)
    by_file: dict[str, list[str]] = {}
    name = ""
    for line in (OUTPUT + ERRORS.rpartition("15 files")[0]).splitlines():
        name = name if line.startswith(" ") else line.partition(":")[0]
        by_file.setdefault(name, []).append(line)
    by_file.pop("config/linked.mailboxes.json")
    assert status == 1
    assert shown == [
        "mailbox-schema" + "." * 59 + "Failed",
        "- hook id: mailbox-schema",
        "- exit code: 2",
        "",
        *(line for _, lines in sorted(by_file.items()) for line in lines),
        "14 files checked: 10 violations, 3 warnings; [*] 2 fixable with --fix; 2 fixable with --fix --unsafe-fixes;"
        " 9 files can't be read or parsed",
        "",
    ]
