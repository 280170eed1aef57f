"""What the jobs of docs/at-scale.md cost: ``python tests/benchmarks/at_scale.py [--write]`` prints seconds.

Whole processes from start to exit, on two cores, next to a plain loop over the same JSON Lines; each round runs every
process once. ``--write`` also puts the table into the page. The input is written into a temporary folder.
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from measured import ROOT, MeasuredPart

from mailbox_schema import iter_mailbox_violations, load_schema

TABLE: Final = MeasuredPart("docs/at-scale.md", "tests/benchmarks/at_scale.py")
EXAMPLE: Final = ROOT / "docs/examples/at-scale"
CORES: Final = 2
SEED: Final = 6
STAT: Final = Path("/proc/stat")
ROW_GROUP: Final = 20_000

# Input.

FULL: Final[dict[str, Any]] = load_schema()["examples"][0]["mailboxes"][0]
# Of the field's own type, so that Parquet holds the same mailboxes as JSON Lines.
MISTAKES: Final[dict[str, tuple[object, ...]]] = {
    "smtp_email": ("jared", "jared@localhost"),
    "smtp_password": ("", " "),
    "smtp_port": (0, 65536),
    "open_tracking_domain": ("-", "https://track.piedpiper.com"),
    "sending_wait_time_from": (5, 10000),
    "daily_sending_limit": (0, 5501),
}


def mailboxes(amount: int) -> Iterator[dict[str, Any]]:
    """Yield mailboxes with all fields and distinct addresses at 20 domains; every tenth is broken."""
    draw = random.Random(SEED)  # noqa: S311  # no secrets
    for number in range(amount):
        domain = f"company-{number % 20}.com"
        mailbox = {
            **FULL,
            **dict.fromkeys(("smtp_email", "smtp_login", "imap_email"), f"first{number}.last@{domain}"),
            **dict.fromkeys(("smtp_password", "imap_password"), f"not-a-real-{number:04}"),
            "smtp_from_name": f"First{number} Last",
            "sending_wait_time_from": draw.randint(10, 500),
            "sending_wait_time_to": draw.randint(501, 9999),
        }
        if number % 10 == 0:
            for name in draw.sample(list(MISTAKES), draw.randint(1, 3)):
                mailbox[name] = draw.choice(MISTAKES[name])
        yield mailbox


def write_input(folder: Path, amount: int) -> None:
    """Write the same mailboxes as JSON Lines and as Parquet."""
    import pyarrow as pa  # noqa: PLC0415  # not in the everyday environment, where pytest looks for doctests here
    import pyarrow.parquet as pq  # noqa: PLC0415  # as above

    (folder / "empty.jsonl").touch()
    schema = pa.Table.from_pylist([next(mailboxes(1))]).schema
    with (
        (folder / "mailboxes.jsonl").open("w", encoding="utf-8") as lines,
        pq.ParquetWriter(folder / "mailboxes.parquet", schema) as rows,
    ):
        group: list[dict[str, Any]] = []
        for number, mailbox in enumerate(mailboxes(amount), 1):
            lines.write(f"{json.dumps(mailbox)}\n")
            group.append(mailbox)
            if number % ROW_GROUP == 0 or number == amount:
                rows.write_table(pa.Table.from_pylist(group, schema=schema))
                group = []


# What is measured.


def loop(source: str) -> None:
    """Check a file of JSON Lines in the plainest way there is, and print how many violations it has."""
    found = []
    with Path(source).open("rb") as lines:
        for row, line in enumerate(lines):
            found += [(row, violation) for violation in iter_mailbox_violations(json.loads(line), row % 200)]
    print(len(found))


class Process(NamedTuple):
    """A whole process: what the table calls it, its script, and its input."""

    name: str
    script: str
    source: str


LOOP: Final = Process("a plain loop over JSON Lines, one process", "loop", "mailboxes.jsonl")
PROCESSES: Final = (
    LOOP,
    Process("Dask, JSON Lines", "dask_job.py", "mailboxes.jsonl"),
    Process("Dask, Parquet", "dask_job.py", "mailboxes.parquet"),
    Process("Dask, an empty file", "dask_job.py", "empty.jsonl"),
    Process("Spark, JSON Lines", "spark_job.py", "mailboxes.jsonl"),
    Process("Spark, Parquet", "spark_job.py", "mailboxes.parquet"),
    Process("Spark, an empty file", "spark_job.py", "empty.jsonl"),
)


def run(process: Process, folder: Path) -> tuple[float, int]:
    """Return how many seconds a process takes, and how many violations it finds."""
    from pyarrow.parquet import read_table  # noqa: PLC0415  # as above

    environment = os.environ | {
        "PYSPARK_SUBMIT_ARGS": f"--master local[{CORES}] pyspark-shell",
        "DASK_NUM_WORKERS": str(CORES),
    }
    source = str(folder / process.source)
    with tempfile.TemporaryDirectory(dir=folder) as target:
        table = Path(target) / "violations"
        own = [__file__, "--loop", source]
        command = own if process is LOOP else [str(EXAMPLE / process.script), source, str(table)]
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603  # our own commands
            [sys.executable, *command],
            cwd=target,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"{process.name}: {done.stderr[-2000:]}")
        return seconds, int(done.stdout) if process is LOOP else read_table(table).num_rows


def busy_cores(seconds: float = 2) -> float:
    """Return how many cores are busy while this process waits, or NaN where the system does not tell."""

    def ticks() -> int:
        user, nice, system, _idle, _waiting, *other = map(int, STAT.read_text().splitlines()[0].split()[1:9])
        return user + nice + system + sum(other)

    if not STAT.exists():
        return math.nan
    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def measured(folder: Path, runs: int) -> tuple[dict[Process, list[float]], list[float]]:
    """Return the seconds of every process in every round, and how busy the machine was before each.

    All processes have to find the same number of violations.
    """
    seconds: dict[Process, list[float]] = {process: [] for process in PROCESSES}
    busy = []
    for _ in range(runs):
        found = {}
        for process in PROCESSES:
            busy.append(busy_cores())
            taken, found[process] = run(process, folder)
            seconds[process].append(taken)
            print(f"{process.name}: {taken:.1f} s, {busy[-1]:.1f} cores busy before", file=sys.stderr)
        counts = {count for process, count in found.items() if process.source != "empty.jsonl"}
        if len(counts) != 1:
            sys.exit(f"the processes find different numbers of violations: {found}")
    return seconds, busy


# The table.


def table(seconds: dict[Process, list[float]], busy: list[float], amount: int, size: int) -> Iterator[str]:
    """Yield the lines of the table, and of what it was measured on."""
    runs = len(seconds[LOOP])
    packages = ", ".join(f"{name} {version(name)}" for name in ("dask", "pyspark", "pyarrow", "pandas"))
    yield f"{amount:,} mailboxes, every tenth of them broken in one to three fields; {size / 1e6:,.0f} MB of JSON Lines."
    yield f"Medians of {runs} rounds, in brackets the lowest and the highest. {CORES} cores of {platform.machine()}, of which"
    yield f"other work kept {statistics.median(busy):.1f} busy ({min(busy):.1f} to {max(busy):.1f}, sampled before each process)."
    yield f"{platform.python_implementation()} {platform.python_version()}, {platform.system()}, {packages}."
    yield ""
    yield "| process, from start to exit | seconds | times the loop |"
    yield "|---|---|---|"
    reference = statistics.median(seconds[LOOP])
    for process, taken in seconds.items():
        median = statistics.median(taken)
        spread = f"{median:.1f} ({min(taken):.1f} to {max(taken):.1f})"
        yield f"| {process.name} | {spread} | {median / reference:.2f} |"


def main() -> None:
    """Print the table; write it into the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.page}")
    parser.add_argument("--runs", type=int, default=3, help="how many rounds (3)")
    parser.add_argument("--mailboxes", type=int, default=1_000_000, help="how many mailboxes (1000000)")
    parser.add_argument("--loop", metavar="FILE", help="only run the plain loop over FILE")
    chosen = parser.parse_args()
    if chosen.loop:
        loop(chosen.loop)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_input(folder, chosen.mailboxes)
        size = (folder / "mailboxes.jsonl").stat().st_size
        seconds, busy = measured(folder, chosen.runs)
        text = "\n".join(table(seconds, busy, chosen.mailboxes, size))
    print(text)
    if chosen.write:
        TABLE.write(text)


if __name__ == "__main__":
    main()
