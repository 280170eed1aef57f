"""Builds the site of these pages: ``python docs/build.py``, with the extra ``docs`` and Node.

It is in ``build/site`` then. Any server of static files can serve it.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parent
BUILD: Final = DOCS.parent / "build"
SITE: Final = BUILD / "site"
# What conf.py adds to the pages.
EXTRA: Final = BUILD / "extra"


def main() -> None:
    """Build everything anew, and stop at the first warning."""
    for folder in (SITE, EXTRA):
        shutil.rmtree(folder, ignore_errors=True)
    pack_examples()
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


def run(*command: str) -> None:
    """Run a command, which stops the build if it fails."""
    subprocess.run(command, check=True)  # noqa: S603  # our own


if __name__ == "__main__":
    main()
