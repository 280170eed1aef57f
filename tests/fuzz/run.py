"""The search for inputs that make a target fail: ``python tests/fuzz/run.py --seconds 60``.

It needs the extra ``fuzz``. Each target runs in a process of its own under atheris, which is libFuzzer for
Python. The search for a target ends at the first input that makes it fail; this input is kept in
``tests/fuzz/regressions/``, and the everyday tests replay it.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from fuzz.seeds import LONGEST, dictionary, seeds  # noqa: E402  # the tests are not installed
from fuzz.targets import TARGETS  # noqa: E402  # as above

REGRESSIONS: Final = HERE / "regressions"
# An input that takes longer hangs, even on a busy machine.
SECONDS_OF_AN_INPUT: Final = 60
# The command writes files for each input, which is much faster in memory.
MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder with a random name is made there

_EXECUTIONS: Final = re.compile(r"^stat::number_of_executed_units: *([0-9]+)", re.MULTILINE)
_EDGES: Final = re.compile(r" cov: ([0-9]+) ")
_EXCEPTION: Final = re.compile(r"=== Uncaught Python exception: ===\n(.*?)\n\n", re.DOTALL)


class Result(NamedTuple):
    """The result of the search for one target."""

    target: str
    executions: int
    edges: int
    failure: str | None


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Search for inputs that make a target fail.")
    add = parser.add_argument
    add("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET", help=f"default: {', '.join(TARGETS)}")
    add("--seconds", type=int, default=60, help="for each target (default: 60)")
    add("--jobs", type=int, default=1, help="how many targets at a time (default: 1)")
    add("--seed", type=int, default=1, help="of the pseudo-random numbers (default: 1)")
    add(
        "--corpus",
        type=Path,
        help="a folder that keeps the inputs that reached new edges, for the next search",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        corpus = options.corpus or Path(folder)
        names = options.targets or list(TARGETS)
        searches = [pool.submit(search, name, corpus, options.seconds, options.seed) for name in names]
        results = [each.result() for each in searches]
    print(f"{'target':10}{'executions':>12}{'edges':>8}{'findings':>10}")
    for target, executions, edges, failure in results:
        print(f"{target:10}{executions:12,}{edges:8,}{int(failure is not None):10}")
    print(f"{'all':10}{sum(result.executions for result in results):12,}")
    failures = [f"{result.target}: {result.failure}" for result in results if result.failure is not None]
    print(*failures, sep="\n")
    return int(bool(failures))


def search(target: str, corpus: Path, seconds: int, seed: int) -> Result:
    """Search for an input that makes a target fail, and keep it."""
    inputs, words = corpus / target, corpus / f"{target}.dict"
    first = list(seeds(target))
    longest = min(2 * max(map(len, first)), LONGEST)
    _keep(inputs, [*first, *(path.read_bytes() for path in (REGRESSIONS / target).glob("*"))])
    words.write_text(dictionary(), encoding="ascii")
    with tempfile.TemporaryDirectory() as found:
        arguments = [f"-max_total_time={seconds}", f"-seed={seed}", f"-dict={words}", f"-max_len={longest}"]
        arguments += [f"-timeout={SECONDS_OF_AN_INPUT}", f"-artifact_prefix={found}/", "-print_final_stats=1"]
        arguments += ["-mutate_depth=3"]  # of more changes in a row, a format survives few
        log = _run(target, [*arguments, str(inputs)])
        failing = [path.read_bytes() for path in Path(found).iterdir()]
    _keep(REGRESSIONS / target, failing)
    executions, edges = _EXECUTIONS.findall(log), _EDGES.findall(log)
    counts = int(executions[-1]) if executions else 0, int(edges[-1]) if edges else 0
    is_done = bool(executions and not failing)
    return Result(target, *counts, None if is_done else _failure(log, failing))


def _keep(folder: Path, inputs: list[bytes]) -> None:
    """Write each input into the folder, in a file that is named by its hash."""
    for each in inputs:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(each).hexdigest()[:16]).write_bytes(each)


def _failure(log: str, failing: list[bytes]) -> str:
    """Return the exception that made a target fail, or else the end of the log; and the input."""
    exception = _EXCEPTION.search(log)
    reason = "\n".join(log.splitlines()[-20:]) if exception is None else exception[1]
    return "\n".join([reason, *map(repr, failing)])


def _run(target: str, arguments: list[str]) -> str:
    """Run the search in a process of its own, and return what it prints."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    if MEMORY.is_dir():
        environment["TMPDIR"] = str(MEMORY)
    command = [sys.executable, str(HERE / "search.py"), target, *arguments]
    done = subprocess.run(  # noqa: S603  # our own command
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
