"""The steps of docs/releasing.md, and what they build: reproducible, complete, and usable on its own.

They install from a package index, so .ci/run runs this, not the everyday command.
"""

import contextlib
import json
import os
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from servers import free_port

from mailbox_schema import __version__

ROOT: Final = Path(__file__).parent.parent.parent
SCRIPTS: Final = Path(sys.executable).parent
SCRIPT: Final = runpy.run_path(str(ROOT / ".ci/release.py"))
NAMES: Final = [
    f"mailbox_schema-{__version__}-py3-none-any.whl",
    f"mailbox_schema-{__version__}.tar.gz",
    f"mailbox_schema-{__version__}-py3-none-any.cdx.json",
]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must pass; return its output."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, encoding="utf-8")  # noqa: S603  # our own commands
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_block(block: str, cwd: Path) -> str:
    """Run the commands of a page as a reader does; stop all that they started, whatever happens."""
    process = subprocess.Popen(  # noqa: S603  # the lines are from our own docs
        ["bash", "-e", "-o", "pipefail", "-c", block],  # noqa: S607  # as a reader runs them
        cwd=cwd,
        env=os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=300)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, output
    return output


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the steps of the page leave, in a clone."""
    page = (ROOT / "docs/releasing.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```bash\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert block.count("8080") == 4
    clone = tmp_path_factory.mktemp("release") / "mailbox_schema"
    run("git", "clone", "--quiet", ROOT, clone, cwd=ROOT)
    output = run_block(block.replace("8080", free_port()), clone)
    assert output.splitlines()[:3] == [f"dist/{name}" for name in NAMES]
    return clone / "dist"


def test_the_steps_of_the_page_build_and_upload_and_fetch(dist: Path) -> None:
    assert sorted(path.name for path in dist.iterdir()) == sorted(["fetched", "index", *NAMES])
    assert sorted(path.name for path in (dist / "index").iterdir()) == sorted(NAMES[:2])
    for name in NAMES[:2]:
        assert (dist / "index" / name).read_bytes() == (dist / name).read_bytes()


def test_the_bill_of_materials_has_what_the_wheel_installs(dist: Path) -> None:
    text = (dist / NAMES[2]).read_text(encoding="utf-8")
    bill: dict[str, Any] = json.loads(text)
    assert bill["bomFormat"] == "CycloneDX"
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"]) == ("mailbox-schema", __version__)
    components = {component["name"].lower(): component for component in bill["components"]}
    assert set(components) == {"dnspython", "email-validator", "idna", "pathspec", "pyyaml"} | (
        {"tomli"} if sys.version_info < (3, 11) else set()
    )
    assert all(component["licenses"] and component["version"] for component in components.values())
    depends_on = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    direct = {ref.partition("==")[0].lower() for ref in depends_on[root["bom-ref"]]}
    assert direct == set(components) - {"dnspython"}


def test_the_bill_of_materials_is_the_same_each_time(dist: Path) -> None:
    text = (dist / NAMES[2]).read_text(encoding="utf-8")
    assert {"serialNumber", "timestamp"}.isdisjoint(re.findall(r'"(\w+)":', text))
    assert re.findall(r"file:|/tmp|\b[0-9a-f]{8}-[0-9a-f]{4}-", text) == []


@pytest.fixture(scope="module", params=NAMES[:2], ids=["wheel", "sdist"])
def environment(request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment that has the package, installed from a file, and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    run(folder / "bin/pip", "install", "--quiet", dist / request.param, cwd=folder)
    return folder


def test_an_installation_works_on_its_own(environment: Path) -> None:
    schema = run(environment / "bin/mailbox-schema", "schema", cwd=environment)
    assert schema == (ROOT / "schemas/request.schema.json").read_text(encoding="utf-8")
    examples = [ROOT / "docs/examples/full.json", ROOT / "docs/examples/required.json"]
    run(environment / "bin/python", "-m", "mailbox_schema", "check", *examples, cwd=environment)
    program = "import mailbox_schema as m; assert m.is_valid(m.load_schema()['examples'][0])"
    run(environment / "bin/python", "-c", program, cwd=environment)
    cases = run(environment / "bin/mailbox-schema", "cases", cwd=environment).splitlines()
    assert len(cases) == len(run(SCRIPTS / "mailbox-schema", "cases", cwd=environment).splitlines())


def test_a_type_checker_sees_the_types_of_an_installation(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "from mailbox_schema import validate\nreveal_type(validate({}))\n", encoding="utf-8"
    )
    checker: list[str | Path] = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        environment / "bin/python",
    ]
    # Older releases of mypy write builtins.list.
    assert run(*checker, "user.py", cwd=tmp_path).replace("builtins.", "").splitlines() == [
        'user.py:2: note: Revealed type is "list[str]"',
        "Success: no issues found in 1 source file",
    ]


# What keeps a release from being built.


@pytest.mark.parametrize(
    ("title", "is_draft", "is_accepted"),
    [
        ("1.2.0 - 2030-01-31", False, True),
        ("1.2.0 - 2030-01-31", True, True),
        ("Unreleased", False, False),
        ("Unreleased", True, True),
        ("1.1.0 - 2030-01-31", False, False),
        ("1.1.0 - 2030-01-31", True, False),
        ("1.2.0", False, False),
        ("1.2.0 - not tagged", False, False),
        ("1x2.0 - 2030-01-31", False, False),
    ],
)
def test_a_version_needs_its_section(title: str, is_draft: bool, is_accepted: bool, tmp_path: Path) -> None:
    (tmp_path / "mailbox_schema").mkdir()
    (tmp_path / "mailbox_schema/__init__.py").write_text('"""Doc."""\n\n__version__ = "1.2.0"\n')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/changelog.md").write_text(f"# Changelog\n\n## {title}\n\n## 1.2.0 - 2020-01-01\n")
    if is_accepted:
        assert SCRIPT["check_version"](tmp_path, is_draft=is_draft) == "1.2.0"
        return
    with pytest.raises(SystemExit) as caught:
        SCRIPT["check_version"](tmp_path, is_draft=is_draft)
    wanted = '"1.2.0 - " and the day of the release'
    assert caught.value.code == f'docs/changelog.md begins with "{title}", not with {wanted}'


def test_builds_that_differ_are_refused(tmp_path: Path) -> None:
    for folder, text in (("a", "1"), ("b", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.whl").write_text("same", encoding="utf-8")
        (tmp_path / folder / "x.tar.gz").write_text(text, encoding="utf-8")
    one, other = ((tmp_path / folder / "x.whl", tmp_path / folder / "x.tar.gz") for folder in ("a", "b"))
    SCRIPT["compare"](one, one)
    with pytest.raises(SystemExit) as caught:
        SCRIPT["compare"](one, other)
    assert caught.value.code == "x.tar.gz is not reproducible"


def test_a_command_that_fails_shows_its_output() -> None:
    program = "print('what is wrong'); raise SystemExit(3)"
    with pytest.raises(SystemExit) as caught:
        SCRIPT["run"](sys.executable, "-c", program)
    assert caught.value.code == f"what is wrong\n\nfailed: {sys.executable} -c {program}"
