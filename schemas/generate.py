"""Writes the generated documents, or checks that they are up to date.

``python schemas/generate.py`` writes all of them. With ``--check`` it writes nothing, prints a line for each
file that differs or is missing, and exits with status 1 if there is one.

The TypeScript declarations need Node and its packages: ``npm ci --prefix tests/peers``.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from _generate.documents import COMMAND
from _generate.editions import EDITIONS, generate_edition
from _generate.openapi import generate_openapi
from _generate.rules_page import generate_rules_page
from _generate.typescript import NodeMissingError, generate_declarations

ROOT: Final = Path(__file__).parent.parent

GENERATORS: Final[dict[str, Callable[[], str]]] = {
    **{f"schemas/{name}.schema.json": partial(generate_edition, name) for name in EDITIONS},
    "schemas/openapi.json": generate_openapi,
    "schemas/mailbox-schema.d.ts": generate_declarations,
    "docs/rules.md": generate_rules_page,
}
"""The generated files, relative to the repository's root, each with the function that returns its text."""


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write or check the files below ``root``; return the exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Write the generated documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; report the files that differ")
    process = check if parser.parse_args(arguments).check else write
    status = 0
    for name in GENERATORS:
        if problem := process(root / name, name):
            print(problem)
            status = 1
    return status


def check(file: Path, name: str) -> str | None:
    """Compare a file with its generated text; return the problem if there is one."""
    if not file.is_file():
        return f"{name} is missing: run {COMMAND}"
    try:
        text = GENERATORS[name]()
    except NodeMissingError as error:
        return f"{name} can't be checked: {error}"
    return None if file.read_text(encoding="utf-8") == text else f"{name} differs: run {COMMAND}"


def write(file: Path, name: str) -> str | None:
    """Write a file; return the problem if there is one."""
    try:
        text = GENERATORS[name]()
    except NodeMissingError as error:
        return f"{name} can't be generated: {error}"
    file.write_text(text, encoding="utf-8", newline="\n")
    return None


if __name__ == "__main__":
    sys.exit(main())
