"""Builds the site of these pages: ``python docs/build.py``, with the extra ``docs`` and Node.

It is in ``build/site`` then. Any server of static files can serve it.
"""

import gzip
import json
import shutil
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

DOCS: Final = Path(__file__).resolve().parent
BUILD: Final = DOCS.parent / "build"
SITE: Final = BUILD / "site"
# What conf.py adds to the pages.
EXTRA: Final = BUILD / "extra"
PLAYGROUND: Final = EXTRA / "playground"
PYODIDE: Final = BUILD / "node/node_modules/pyodide"
# What the package needs to check one file. The page finds no files, so it needs no pathspec.
DEPENDENCIES: Final = ("email-validator", "idna", "pyyaml")


def main() -> None:
    """Build everything anew, and stop at the first warning."""
    for folder in (SITE, EXTRA):
        shutil.rmtree(folder, ignore_errors=True)
    pack_examples()
    build_playground()
    command = ["sphinx", "--builder", "html", "--fresh-env", "--doctree-dir", str(BUILD / "doctrees")]
    strictly = ["--quiet", "--nitpicky", "--fail-on-warning"]
    run(sys.executable, "-m", *command, *strictly, str(DOCS), str(SITE))


def pack_examples() -> None:
    """Make an archive of each folder of examples, to which the pages link."""
    for folder in sorted((DOCS / "examples").iterdir()):
        if folder.is_dir():
            clean = BUILD / "examples" / folder.name
            shutil.rmtree(clean, ignore_errors=True)
            shutil.copytree(folder, clean, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.make_archive(str(EXTRA / "examples" / folder.name), "zip", clean)


def build_playground() -> None:
    """Make the files that the playground loads: Pyodide, the package, and a snapshot of both in memory."""
    PLAYGROUND.mkdir(parents=True)
    install_pyodide()
    build_wheel()
    pack_dependencies()
    snapshot = BUILD / "snapshot"
    given = (PLAYGROUND / "package.zip", PLAYGROUND / "dependencies.zip", DOCS / "playground/playground.py")
    run("node", str(DOCS / "playground/snapshot.mjs"), str(PYODIDE), *map(str, given), str(snapshot))
    (PLAYGROUND / "snapshot.gz").write_bytes(gzip.compress(snapshot.read_bytes(), mtime=0))
    for name in ("playground.css", "playground.js"):
        shutil.copy(DOCS / "playground" / name, PLAYGROUND)
    for name in ("pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copy(PYODIDE / name, PLAYGROUND)
    (PLAYGROUND / "worker.js").write_text(worker(), encoding="utf-8")


def install_pyodide() -> None:
    """Install the npm package that the lock file names."""
    PYODIDE.parents[1].mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(DOCS / "playground" / name, PYODIDE.parents[1])
    run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(PYODIDE.parents[1]))


def build_wheel() -> None:
    """Build the wheel of the package."""
    folder = BUILD / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(DOCS.parent),
    )
    (wheel,) = folder.iterdir()
    shutil.copy(wheel, PLAYGROUND / "package.zip")


def pack_dependencies() -> None:
    """Pack the libraries as they are installed here, with their licenses, without compiled code."""
    with ZipFile(PLAYGROUND / "dependencies.zip", "w", ZIP_DEFLATED) as archive:
        for library in DEPENDENCIES:
            for file in files(library) or ():
                if file.suffix == ".py" or "licenses" in file.parts or file.name.startswith("LICENSE"):
                    archive.write(file.locate(), str(file))


def worker() -> str:
    """Return the worker's script, which needs no other one: the page's policy admits none."""
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    own = f"const LOCK = {json.dumps({'info': lock['info'], 'packages': {}})};\n"
    scripts = (PYODIDE / "pyodide.asm.mjs", PYODIDE / "pyodide.js", DOCS / "playground/worker.js")
    first, second, third = (script.read_text(encoding="utf-8") for script in scripts)
    return f"{first}\n{second}\n{own}{third}"


def run(*command: str) -> None:
    """Run a command, which stops the build if it fails."""
    subprocess.run(command, check=True)  # noqa: S603  # our own


if __name__ == "__main__":
    main()
