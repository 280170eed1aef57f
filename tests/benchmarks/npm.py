"""What the npm package costs: ``python tests/benchmarks/npm.py [--write] [--quick]`` prints sizes and ratios.

The package and ajv, with ajv-errors and ajv-formats, are each bundled for a browser, and give the lines of the same
bodies in turn, in one process of Node. ``--write`` writes the tables into docs/javascript.md, ``--quick`` takes few
rounds. Needs Node and ``npm ci --prefix tests/peers``.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.validate import BODIES
from measured import MeasuredPart
from node import NODE, install_package

from mailbox_schema import load_schema

SCRIPT: Final = Path(__file__).with_suffix(".mjs")
TABLES: Final = MeasuredPart("docs/javascript.md", "tests/benchmarks/npm.py")
MEASURED: Final = ("(a)", "(b)", "(c)", "(d)")


def measure(project: Path, rounds: int) -> Any:
    """Return what npm.mjs measures in a project in which the package is installed."""
    bodies = {name: {"mailboxes": items} for name, items in BODIES.items() if name.startswith(MEASURED)}
    given = {
        "project": str(project),
        "schema": load_schema("request-ajv-errors"),
        "bodies": bodies,
        "rounds": rounds,
    }
    done = subprocess.run(  # noqa: S603  # our own script
        [NODE, SCRIPT], input=json.dumps(given), stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


def report(measured: Any) -> str:
    """Return the tables."""
    ours, ajv = measured["bundles"]
    our_start, ajv_start = measured["starts"]
    lines = [
        f"Node {measured['node']}; the lowest of many rounds.",
        "",
        "| bundled for a browser | `mailbox-schema` | ajv, ajv-errors, ajv-formats and the schema document |",
        "|---|---|---|",
        f"| minified | {ours['minified'] / 1000:.0f} kB | {ajv['minified'] / 1000:.0f} kB |",
        f"| compressed (gzip) | {ours['compressed'] / 1000:.0f} kB | {ajv['compressed'] / 1000:.0f} kB |",
        f"| load it, and check 200 mailboxes once | 1 | {ajv_start / our_start:.1f} times as long |",
        "",
        "| body | `validate` / `JSON.parse` | ajv / `validate` |",
        "|---|---|---|",
    ]
    for name, times in measured["speeds"].items():
        ratios = f"{times['ours'] / times['parse']:.1f} | {times['ajv'] / times['ours']:.1f}"
        lines.append(f"| {name} | {ratios} |")
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write them into {TABLES.page}")
    parser.add_argument("--quick", action="store_true", help="take few rounds")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables = report(measure(install_package(Path(folder)), 5 if arguments.quick else 100))
    if not arguments.write:
        print(tables, end="")
        return
    TABLES.write(tables)


if __name__ == "__main__":
    main()
