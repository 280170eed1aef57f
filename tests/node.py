"""Node, which runs the tests of the schema documents in JavaScript's validators and editors."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from tiers import only_with_peers

ROOT: Final = Path(__file__).parent.parent
PEERS: Final = ROOT / "tests/peers"
NODE: Final = shutil.which("node") or "node"


def _missing(package: str, program: str) -> str:
    """Return what is missing to run a script, if anything."""
    if shutil.which("node") is None or shutil.which(program) is None:
        return "Node is not installed"
    if not (PEERS / "node_modules" / package).is_dir():
        return "the Node packages are not installed: npm ci --prefix tests/peers"
    return ""


def _needs(package: str = "", program: str = "node") -> pytest.MarkDecorator:
    return only_with_peers(_missing(package, program))


needs_node: Final = _needs()
needs_pyright: Final = _needs("pyright")
needs_npm: Final = _needs("esbuild", "npm")


def run_node(script: str, given: Any) -> Any:
    """Run ``tests/peers/<script>`` with ``given`` as JSON on its standard input; return what it prints, parsed.

    The JSON is ASCII, so that a lone surrogate arrives as the escape that it is written as.
    """
    done = subprocess.run(  # noqa: S603  # our own script
        [NODE, script],
        cwd=PEERS,
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def install_package(folder: Path) -> Path:
    """Build the npm package; install its tarball into a project in ``folder``, without a network; return the project."""
    built, project = folder / "package", folder / "project"
    project.mkdir()
    (project / "package.json").write_text("{}", encoding="utf-8")
    npm = shutil.which("npm") or "npm"
    _run([sys.executable, ROOT / "schemas/npm/build.py", built], ROOT)
    _run([npm, "pack", "--ignore-scripts", "--pack-destination", folder, built], folder)
    (tarball,) = folder.glob("*.tgz")
    _run(
        [npm, "install", "--offline", "--no-audit", "--no-fund", "--cache", folder / "cache", tarball],
        project,
    )
    return project


def _run(command: "list[str | Path]", folder: Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout


def compiled(folder: Path, files: dict[str, str]) -> list[str]:
    """Write TypeScript into a folder; return what its compiler reports, as strict as that of tests/peers/typescript."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    project = {"extends": str(PEERS / "typescript" / "tsconfig.json"), "files": list(files)}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # a script of a package that the lock file names
        [NODE, PEERS / "node_modules/typescript/bin/tsc", "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()
