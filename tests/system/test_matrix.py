"""The package in unusual surroundings: each is a row of a table in docs/contributing.md.

The tests that need pytest run in several versions of Python and of the dependencies (.ci/run). What probe.py tries
is less, and runs anywhere. It installs from a package index, so .ci/run runs this, not the everyday command.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pytest
import yaml
from golden import cases
from lint.test_golden import CASES
from node import NODE
from tiers import only_if_installed

ROOT: Final = Path(__file__).parent.parent.parent
PYODIDE: Final = ROOT / "tests/system/pyodide"
DEBIAN: Final = "/usr/bin/python3"
IN_DEBIAN: Final = ROOT / ".ci/debian"
EXAMPLES: Final = (
    "check",
    "docs/examples/broken.json",
    "docs/examples/full.json",
    "docs/examples/required.json",
)


class Surroundings(NamedTuple):
    """Options of the interpreter, variables (``None`` removes one), and a program that it runs first."""

    options: tuple[str, ...] = ()
    variables: tuple[tuple[str, "str | None"], ...] = ()
    first: str = ""


ASCII: Final = (("LC_ALL", "C"), ("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0"))
ROWS: Final = {
    "`python`": Surroundings(),
    "`python -O`, `PYTHONHASHSEED=0`": Surroundings(("-O",), (("PYTHONHASHSEED", "0"),)),
    "`python -OO`, `PYTHONHASHSEED=1`": Surroundings(("-OO",), (("PYTHONHASHSEED", "1"),)),
    "`python -X dev -W error`": Surroundings(("-X", "dev", "-W", "error")),
    "`LC_ALL=C`": Surroundings(variables=ASCII[:1]),
    "`LC_ALL=C`, `PYTHONUTF8=0`, `PYTHONCOERCECLOCALE=0`": Surroundings(variables=ASCII),
    "no `HOME`, `PYTHONHASHSEED=random`": Surroundings(
        variables=(("HOME", None), ("PYTHONHASHSEED", "random"))
    ),
    "`HOME` where nothing can be written": Surroundings(variables=(("HOME", "/proc"),)),
    "PyYAML without its parser in C": Surroundings(first="import sys; sys.modules['yaml.cyaml'] = None"),
}
NOBODY: Final = {"the user `nobody`, no `HOME`": None, "the user `nobody`, `HOME` of root": "/root"}
NEXT_DEBIAN: Final = {
    "CPython 3.14, of Debian's next release": ("python3.14", [3, 14], True),
    "CPython 3.15, of Debian's next release": ("python3.15", [3, 15], True),
    "PyPy, which is Python 3.11, of Debian's next release": ("pypy3", [3, 11], False),
}
"""The name of the program, its version of Python, and whether there is a wheel of PyYAML with its parser in C."""
WASM: Final = "Pyodide, which is CPython 3.14 for WebAssembly, under Node"


def expected(**changes: object) -> dict[str, object]:
    """Return what probe.py tells of all golden cases, if none differs."""
    bodies = [case.body for case in cases()]
    return {
        "python": list(sys.version_info[:2]),
        "libyaml": yaml.__with_libyaml__,
        "threads": 8,
        "bodies": len(bodies),
        "commands": len([body for body in bodies if not isinstance(body, list)]),
        "reports": 5 * len(CASES),
        "differences": [],
        **changes,
    }


def run(
    *command: str | Path, around: Mapping[str, "str | None"] | None = None, status: int = 0, cwd: Path = ROOT
) -> str:
    """Run a command without a word on standard error but the summary; return its output."""
    environment = {
        name: value for name, value in {**os.environ, **(around or {})}.items() if value is not None
    }
    done = subprocess.run(  # noqa: S603  # our own commands
        command, cwd=cwd, env=environment, capture_output=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (status, SUMMARY if status else ""), done.stdout
    return done.stdout


(SHOWN,) = re.findall(
    r"^\$ mailbox-schema check docs/examples/\*\.json\n(.*?)^```$",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)
SUMMARY: Final = SHOWN.splitlines(keepends=True)[-1]


def told(output: str) -> tuple[dict[str, Any], int]:
    """Return what probe.py tells, and the number of examples in docstrings that it has tried."""
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found, found.pop("examples")


@pytest.mark.parametrize("name", ROWS)
def test_everything_is_the_same(name: str, tmp_path: Path) -> None:
    options, variables, first = ROWS[name]
    (tmp_path / "sitecustomize.py").write_text(first, encoding="utf-8")
    around = {**dict(variables), "PYTHONPATH": str(tmp_path)}
    found, examples = told(run(sys.executable, *options, "tests/system/probe.py", "tests", around=around))
    assert found == (expected(libyaml=False) if first else expected())
    assert examples == 0 if "-OO" in options else examples > 100
    output = run(sys.executable, *options, "-m", "mailbox_schema", *EXAMPLES, status=1, around=around)
    assert output + SUMMARY == SHOWN


@pytest.fixture(scope="module")
def copied() -> Iterator[Path]:
    """Give a folder that everybody may read, with the installed package, probe.py and the golden cases."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        site = folder / "site"
        subprocess.run(  # noqa: S603  # our own package
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", site, ROOT],
            check=True,
            capture_output=True,
        )
        shutil.copytree(ROOT / "docs/examples", folder / "docs/examples")
        shutil.copytree(ROOT / "tests/lint/cases", folder / "tests/lint/cases")
        (folder / "tests/system").mkdir()
        shutil.copy(ROOT / "tests/system/probe.py", folder / "tests/system")
        run("chmod", "--recursive", "a+rX", folder)
        yield folder


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None or not Path(DEBIAN).exists(),
    reason="needs root, setpriv, and a Python outside of root's folders",
)
@pytest.mark.parametrize("name", NOBODY)
def test_everything_is_the_same_for_nobody(name: str, copied: Path) -> None:
    """Nothing can be written but temporary files, not even next to the modules."""
    python = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", DEBIAN)
    version = json.loads(run(DEBIAN, "-c", "import sys; print(list(sys.version_info[:2]))"))
    around = {"HOME": NOBODY[name], "PYTHONPATH": str(copied / "site")}
    found, examples = told(run(*python, "tests/system/probe.py", "tests", cwd=copied, around=around))
    has_same_abi = version == list(sys.version_info[:2])
    assert found == expected(python=version, libyaml=has_same_abi and yaml.__with_libyaml__)
    assert examples > 100
    output = run(*python, "-m", "mailbox_schema", *EXAMPLES, status=1, cwd=copied, around=around)
    assert output + SUMMARY == SHOWN


@pytest.fixture(scope="module")
def next_debian(copied: Path) -> Iterator[Path]:
    """Give Debian's next release in a folder, with what the probe needs and a wheel of the package."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "debian"
        run(IN_DEBIAN, "make", folder)
        for part in ("docs", "tests"):
            shutil.copytree(copied / part, folder / "work" / part)
        subprocess.run(  # noqa: S603  # our own package
            [
                sys.executable,
                "-m",
                "pip",
                "wheel",
                "--quiet",
                "--no-deps",
                "--wheel-dir",
                folder / "work",
                ROOT,
            ],
            check=True,
            capture_output=True,
        )
        yield folder


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mmdebstrap") is None, reason="needs root, and mmdebstrap of Debian"
)
@pytest.mark.parametrize("name", NEXT_DEBIAN)
def test_everything_is_the_same_in_the_next_debian(name: str, next_debian: Path) -> None:
    program, version, has_libyaml = NEXT_DEBIAN[name]
    install = f"{program} -m venv /{program} && /{program}/bin/pip install --quiet /work/*.whl"
    subprocess.run(  # noqa: S603  # our own package
        [IN_DEBIAN, "run", next_debian, "sh", "-c", install], check=True, capture_output=True
    )
    there = (
        IN_DEBIAN,
        "run",
        next_debian,
        "sh",
        "-c",
        f'cd /work && exec "/{program}/bin/python" "$@"',
        "sh",
    )
    found, examples = told(run(*there, "tests/system/probe.py", "tests"))
    assert found == expected(python=version, libyaml=has_libyaml)
    assert examples > 100
    assert run(*there, "-m", "mailbox_schema", *EXAMPLES, status=1) + SUMMARY == SHOWN


@only_if_installed(
    "" if (PYODIDE / "node_modules").is_dir() else "not installed: npm ci --prefix tests/system/pyodide"
)
def test_everything_is_the_same_in_webassembly(copied: Path) -> None:
    """Without threads, which a browser's Python doesn't have, and without PyYAML's parser in C."""
    output = run(NODE, "probe.mjs", copied / "site", copied / "tests", cwd=PYODIDE)
    found, examples = told(output)
    assert found == expected(python=[3, 14], libyaml=False, threads=0)
    assert examples > 100


def test_the_page_has_a_row_for_each() -> None:
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## Where it runs\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows if row[1] == "the probe"] == [*ROWS, *NOBODY, *NEXT_DEBIAN, WASM]
