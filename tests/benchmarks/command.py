"""What the command costs: ``python tests/benchmarks/command.py [--runs N] [--ajv FOLDER] [--write]``.

Whole processes, from start to exit, each next to ``python -c pass`` in the same round; the files are made in a
temporary folder, from a fixed seed. The peers check the same thousand files against ``request.schema.json``:

- check-jsonschema, from the extra ``bench``;
- ajv-cli, in FOLDER after ``npm install ajv-cli ajv-formats`` there (the present folder, if not given).

``--write`` puts the table into ``docs/performance.md``.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from measured import ROOT, MeasuredPart

from mailbox_schema import __version__, is_valid, load_schema

SCHEMA: Final = ROOT / "schemas" / "request.schema.json"
TABLE: Final = MeasuredPart("docs/performance.md", "tests/benchmarks/command.py")

SEED: Final = 6
FILES: Final = 1000
DOMAINS: Final = 20
PEERS: Final = ("`check-jsonschema`", "`ajv-cli`")
# A run of a peer takes seconds: this many rounds of them are enough.
ROUNDS_WITH_PEERS: Final = 5


class Command(NamedTuple):
    """A process that is measured, and how many rounds it takes part in."""

    name: str
    words: list[str]
    rounds: int


class Measured(NamedTuple):
    """Seconds of a command, and their ratios to those of ``python -c pass`` in the same round."""

    name: str
    seconds: list[float]
    ratios: list[float]


def make_files(folder: Path) -> list[str]:
    """Write the files, each a body of one full, valid mailbox; return their names."""
    chance = random.Random(SEED)  # noqa: S311  # the same each time
    full = load_schema()["examples"][0]["mailboxes"][0]
    names = []
    for number in range(FILES):
        domain = f"company{chance.randrange(DOMAINS)}.com"
        address = f"user{number}@{domain}"
        mailbox = full | dict.fromkeys(("smtp_email", "imap_email", "smtp_login"), address)
        mailbox |= dict.fromkeys(("smtp_password", "imap_password"), f"not-a-real-password-{number}")
        mailbox |= {"smtp_server": f"smtp.{domain}", "imap_server": f"imap.{domain}"}
        body = {"mailboxes": [mailbox]}
        assert is_valid(body)
        names.append(f"mailbox{number:04}.json")
        (folder / names[-1]).write_text(json.dumps(body, indent=2), encoding="utf-8")
    return names


def commands(names: list[str], ajv: "Path | None", runs: int) -> list[Command]:
    """Return what is measured: the interpreter, this command, and the peers that are there."""
    check = [next_to_python("mailbox-schema"), "check"]
    found = [
        Command("`python -c pass`", [sys.executable, "-c", "pass"], runs),
        Command("`import json, re`", [sys.executable, "-c", "import json, re"], runs),
        Command(
            "`from mailbox_schema import validate`",
            [sys.executable, "-c", "from mailbox_schema import validate"],
            runs,
        ),
        Command("`check`, 1 file", [*check, names[0]], runs),
        Command(f"`check`, {FILES:,} files", [*check, *names], runs),
    ]
    few = min(runs, ROUNDS_WITH_PEERS)
    peer = next_to_python("check-jsonschema")
    if os.access(peer, os.X_OK):
        words = [peer, "--schemafile", str(SCHEMA), *names]
        found.append(Command(f"`check-jsonschema`, {FILES:,} files", words, few))
    if ajv is not None:
        data = [word for name in names for word in ("-d", name)]
        # Strict mode refuses formats that it doesn't know, and annotations.
        options = [
            "--spec=draft2020",
            "-c",
            "ajv-formats",
            "--strict=false",
            "--all-errors",
            "-s",
            str(SCHEMA),
        ]
        found.append(Command(f"`ajv-cli`, {FILES:,} files", [str(ajv), "validate", *options, *data], few))
    return found


def next_to_python(name: str) -> str:
    """Return the script ``name`` of the environment that runs this."""
    return str(Path(sys.executable).parent / name)


def seconds(words: list[str], folder: Path) -> float:
    """Return how long a process takes; its exit status has to be 0."""
    # These change how every Python process starts.
    unset = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    start = time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False)  # noqa: S603  # our own commands
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(words[:8])}: exit status {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return took


def measured(every: list[Command], folder: Path) -> list[Measured]:
    """Return how long each command takes: all of them once a round, in turn."""
    for command in every:
        seconds(command.words, folder)  # writes bytecode, and fills the system's cache
    took: dict[str, list[float]] = {command.name: [] for command in every}
    ratios: dict[str, list[float]] = {command.name: [] for command in every}
    base = every[0].name
    for number in range(max(command.rounds for command in every)):
        for command in every:
            if number < command.rounds:
                took[command.name].append(seconds(command.words, folder))
                ratios[command.name].append(took[command.name][-1] / took[base][-1])
    return [Measured(name, took[name], ratios[name]) for name in took]


def table(results: list[Measured]) -> str:
    """Return the medians, the spread and the ratios as a table."""
    lines = ["| process | milliseconds | lowest to highest | times `python -c pass` |", "|---|---|---|---|"]
    for name, took, ratios in results:
        low, middle, high = (1000 * value for value in (min(took), statistics.median(took), max(took)))
        lines.append(f"| {name} | {middle:.1f} | {low:.1f} to {high:.1f} | {statistics.median(ratios):.2f} |")
    return "\n".join(lines)


def compared(results: list[Measured]) -> str:
    """Return how many times faster than each peer the command is."""
    medians = {name: statistics.median(took) for name, took, _ in results}
    own = medians[f"`check`, {FILES:,} files"]
    peers = [name for name in medians if name.startswith(PEERS)]
    lines = [f"- {name.partition(',')[0]} takes {medians[name] / own:.1f} times as long" for name in peers]
    there = {name.partition(",")[0] for name in peers}
    absent = [name for name in PEERS if name not in there]
    return "\n".join([*lines, *(f"- {name} is not installed and was not measured" for name in absent)])


def versions(ajv: "Path | None", runs: int) -> str:
    """Return what was measured, and where."""
    parts = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"{platform.system()} {platform.machine()} of {os.cpu_count()} cores",
        f"mailbox_schema {__version__}",
    ]
    parts += [f"{package} {installed(package)}" for package in ("check-jsonschema", "jsonschema")]
    if ajv is not None:
        modules = ajv.resolve().parents[2]
        for package in ("ajv-cli", "ajv", "ajv-formats"):
            manifest = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
            parts.append(f"{package} {manifest['version']}")
        node = subprocess.run(["node", "--version"], capture_output=True, check=True, text=True)  # noqa: S607  # the one that is found
        parts.append(f"Node.js {node.stdout.strip()}")
    return f"{', '.join(parts)}; medians of {runs} rounds ({min(runs, ROUNDS_WITH_PEERS)} of the peers)."


def installed(package: str) -> str:
    """Return the version of a package from PyPI."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


CAVEATS: Final = (
    "The peers check against the JSON Schema document. Its patterns are exact for ASCII addresses and domains, and"
    " accept nearly all others; they can't see that one wait time has to be lower than the other; they name the"
    " place in the data, but no line, and give no advice. ajv-cli runs with `--all-errors`: without it, ajv-cli"
    " reports only the first error of each file."
)


def found_ajv(folder: Path) -> "Path | None":
    """Return the script of ajv-cli that npm installed in ``folder``, or that is on the path."""
    own = folder / "node_modules" / ".bin" / "ajv"
    elsewhere = shutil.which("ajv")
    if own.exists():
        return own
    return Path(elsewhere) if elsewhere else None


def main() -> None:
    """Measure, and print or write what was measured."""
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--runs", type=int, default=30, help="how many rounds (30)")
    parser.add_argument("--ajv", type=Path, default=Path(), help="the folder where npm has installed ajv-cli")
    parser.add_argument("--write", action="store_true", help=f"put the table into {TABLE.page}")
    arguments = parser.parse_args()
    ajv = found_ajv(arguments.ajv.resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = measured(commands(make_files(folder), ajv, arguments.runs), folder)
    text = "\n\n".join([table(results), compared(results), versions(ajv, arguments.runs), CAVEATS])
    print(text)
    if arguments.write:
        TABLE.write(text)


if __name__ == "__main__":
    main()
