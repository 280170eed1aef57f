"""Build a release of the last commit, and check it.

    python .ci/release.py FOLDER

FOLDER then has the wheel, the sdist, and the bill of materials (CycloneDX) of an environment with the wheel.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VERSION: Final = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
TITLE: Final = re.compile(r"^## (.+)$", re.MULTILINE)
# Pyroma also wants a public address of the repository and one of the authors. There is none yet.
NOT_RATED: Final = "AuthorEmail,Url"


def main() -> None:
    """Write what is released into the folder; end with one line if something is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument(
        "--draft",
        action="store_true",
        help="accept a changelog that begins with Unreleased, to try everything",
    )
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        work = Path(name)
        source = clone(work / "source")
        version = check_version(source, is_draft=arguments.draft)
        built = build(source, "--wheel", "--sdist")
        compare(built, build_elsewhere(work / "of somebody else/a clone"))
        inspect(*built)
        files = [*built, list_materials(built[0], source, version)]
        arguments.folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            print(shutil.copy(file, arguments.folder))


def run(*command: str | Path, umask: int = -1, **variables: str) -> None:
    """Run a command quietly; end with its output if it fails."""
    done = subprocess.run(  # noqa: S603  # our own commands
        command,
        umask=umask,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nfailed: {' '.join(map(str, command))}")


def clone(folder: Path, umask: int = -1) -> Path:
    """Clone the repository, so that no other file gets into a release."""
    run("git", "clone", "--quiet", ROOT, folder, umask=umask)
    return folder


def check_version(source: Path, *, is_draft: bool) -> str:
    """Return the version. The changelog must begin with its section."""
    (version,) = VERSION.findall((source / "mailbox_schema/__init__.py").read_text(encoding="utf-8"))
    title = TITLE.findall((source / "docs/changelog.md").read_text(encoding="utf-8"))[0]
    is_dated = re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", title)
    if not is_dated and not (is_draft and title == "Unreleased"):
        sys.exit(
            f'docs/changelog.md begins with "{title}", not with "{version} - " and the day of the release'
        )
    return str(version)


def build(source: Path, *options: str, umask: int = -1, **variables: str) -> tuple[Path, Path]:
    """Return the wheel and the sdist of a tree; without options, the wheel is built from the sdist."""
    run(sys.executable, "-m", "build", *options, source, umask=umask, **variables)
    (wheel,), (sdist,) = (source / "dist").glob("*.whl"), (source / "dist").glob("*.tar.gz")
    return wheel, sdist


def build_elsewhere(folder: Path) -> tuple[Path, Path]:
    """Build again, as somebody else would: in another folder, with other times, rights and settings."""
    source = clone(folder, umask=0o077)
    for file in source.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    return build(source, umask=0o077, TZ="Asia/Kolkata", LC_ALL="C", PYTHONHASHSEED="1")


def compare(built: tuple[Path, Path], again: tuple[Path, Path]) -> None:
    """End if two builds differ in a byte."""
    for one, other in zip(built, again, strict=True):
        if (one.name, one.read_bytes()) != (other.name, other.read_bytes()):
            sys.exit(f"{one.name} is not reproducible")


def inspect(wheel: Path, sdist: Path) -> None:
    """Check what an index, and the people who search it, will see."""
    run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    run(sys.executable, "-m", "check_wheel_contents", wheel)
    run(sys.executable, "-m", "pyroma", "--min=10", f"--skip-tests={NOT_RATED}", "--file", sdist)


def list_materials(wheel: Path, source: Path, version: str) -> Path:
    """Write the bill of materials; it is the same for the same wheel and the same dependencies."""
    environment, bill = source / ".venv", wheel.with_suffix(".cdx.json")
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    run(sys.executable, "-m", "pip", "--python", environment, "install", wheel)
    project = source / "pyproject.toml"
    # The tool knows no version that is dynamic.
    text = project.read_text(encoding="utf-8").replace('dynamic = ["version"]', f'version = "{version}"')
    project.write_text(text, encoding="utf-8")
    options = (
        "--output-reproducible",
        "--mc-type=library",
        f"--pyproject={project}",
        f"--output-file={bill}",
    )
    run(sys.executable, "-m", "cyclonedx_py", "environment", *options, environment)
    return bill


if __name__ == "__main__":
    main()
