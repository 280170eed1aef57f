"""What code generators make of the OpenAPI document: ``python tests/peers/generated.py`` prints the table.

The generated code judges every golden case. With ``--write`` the table is written into docs/openapi.md. Needs the
extra ``generators``, Node, and ``npm ci`` in tests/peers and in tests/peers/generators.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from golden import Case, cases
from measured import ROOT, MeasuredPart
from node import NODE, PEERS, compiled

from mailbox_schema import FIELDS, iter_violations
from mailbox_schema.contract import BODY_CONSTRAINTS

DOCUMENT: Final = ROOT / "schemas/openapi.json"
GENERATORS: Final = PEERS / "generators"
TABLE: Final = MeasuredPart("docs/openapi.md", "tests/peers/generated.py")


class Generator(NamedTuple):
    """A generator: the command that runs it, and how the code that it makes in a folder judges bodies.

    ``home`` is the folder of its Node package, or ``None`` for a package of Python.
    """

    name: str
    home: "Path | None"
    command: str
    judge: Callable[[Path, list[Any]], list[bool]]


def run(command: list[str], folder: Path, given: Any = None) -> str:
    """Run a command in a folder, with ``given`` as JSON on its standard input; return its output."""
    done = subprocess.run(  # noqa: S603  # commands that this module names
        command,
        cwd=folder,
        # For the module that judge.py imports, and for the formatter that openapi-python-client runs.
        env={**os.environ, "PYTHONPATH": str(folder), "PATH": f"{_SCRIPTS}:{os.environ['PATH']}"},
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


_SCRIPTS: Final = Path(sys.executable).parent


def program(home: "Path | None", name: str) -> list[str]:
    """Return what starts the command of a package."""
    return [str(_SCRIPTS / name)] if home is None else [NODE, str(home / "node_modules/.bin" / name)]


def judge(generator: Generator, bodies: list[Any]) -> list[bool]:
    """Generate code from the document, and return whether it accepts each body."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / DOCUMENT.name).write_bytes(DOCUMENT.read_bytes())
        command, *arguments = generator.command.split()
        run([*program(generator.home, command), *arguments], folder)
        return generator.judge(folder, bodies)


def _by_zod(folder: Path, bodies: list[Any]) -> list[bool]:
    (folder / "node_modules").symlink_to(GENERATORS / "node_modules")
    verdicts: list[bool] = json.loads(
        run([NODE, str(GENERATORS / "judge.mjs"), str(folder / "zod.mjs")], folder, bodies)
    )
    return verdicts


def _by_types(folder: Path, bodies: list[Any]) -> list[bool]:
    """A body is refused if the compiler reports an error in its line."""
    head = (
        'import type { components } from "./openapi.js";'
        'declare function send<T extends components["schemas"]["Body"]>(body: T): void;'
    )
    lines = [head, *(f"send({json.dumps(body)});" for body in bodies)]
    types = (folder / "openapi.d.ts").read_text(encoding="utf-8")
    reported = compiled(folder, {"openapi.d.ts": types, "bodies.ts": "\n".join(lines)})
    refused = {int(number) for line in reported for number in re.findall(r"^bodies\.ts\((\d+),", line)}
    return [number not in refused for number in range(2, len(lines) + 1)]


def _by_python(*arguments: str) -> Callable[[Path, list[Any]], list[bool]]:
    def judge(folder: Path, bodies: list[Any]) -> list[bool]:
        command = [sys.executable, str(GENERATORS / "judge.py"), *arguments]
        verdicts: list[bool] = json.loads(run(command, folder, bodies))
        return verdicts

    return judge


ALL: Final = (
    Generator("orval", GENERATORS, "orval --input openapi.json --output zod.mjs --client zod", _by_zod),
    Generator(
        "datamodel-code-generator",
        None,
        "datamodel-codegen --input openapi.json --input-file-type openapi --output models.py"
        " --output-model-type pydantic_v2.BaseModel --strict-types str int --formatters builtin",
        _by_python("models", "Body", "model_validate"),
    ),
    Generator(
        "openapi-typescript", PEERS, "openapi-typescript openapi.json --output openapi.d.ts", _by_types
    ),
    Generator(
        "openapi-python-client",
        None,
        "openapi-python-client generate --path openapi.json --output-path client --meta none",
        _by_python("client.models", "AddMailboxesInBulkRequestBody", "from_dict"),
    ),
)


def version(generator: Generator) -> str:
    """Return the version of a generator."""
    if generator.home is None:
        return metadata.version(generator.name)
    manifest = generator.home / "node_modules" / generator.name / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


RULES: Final = [
    *dict.fromkeys(row.rule for row in BODY_CONSTRAINTS),
    *dict.fromkeys(row.rule for row in FIELDS.values()),
]
ROWS: Final = {"": "valid", **{rule: f"`{rule}`" for rule in RULES}, "several": "several rules"}


def kind(case: Case) -> str:
    """Return the row of the table that a case is counted in."""
    rules = {str(violation.rule) for violation in iter_violations(case.body)}
    return "several" if len(rules) > 1 else "".join(rules)


def column(generator: Generator, verdicts: list[bool]) -> list[str]:
    """Return the column of a generator: its version, and how many cases of each kind its code judges rightly."""
    right = [
        case for case, verdict in zip(cases(), verdicts, strict=True) if verdict is not bool(case.details)
    ]
    agreed = Counter(map(kind, right))
    return [version(generator), *(str(agreed[row]) for row in ROWS), f"{len(right) / len(cases()):.1%}"]


def table(columns: list[list[str]]) -> str:
    """Return the table: a row for the versions, for each kind of case, and for all of them."""
    counted = Counter(map(kind, cases()))
    kinds = [f"{text}: {counted[row]}" for row, text in ROWS.items()]
    heads = ["version", *kinds, f"all: {len(cases())}"]
    names = ["golden cases", *(generator.name for generator in ALL)]
    rows = [" | ".join(row) for row in (names, *zip(heads, *columns, strict=True))]
    rows.insert(1, "|".join(["---"] * len(names)))
    return "".join(f"|{row}|\n" if row.startswith("-") else f"| {row} |\n" for row in rows)


def main() -> None:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write it into {TABLE.page}")
    is_written = parser.parse_args().write
    bodies = [case.body for case in cases()]
    printed = table([column(generator, judge(generator, bodies)) for generator in ALL])
    if not is_written:
        print(printed, end="")
        return
    TABLE.write(printed)


if __name__ == "__main__":
    main()
