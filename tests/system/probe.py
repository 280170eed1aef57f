"""Try the package in any interpreter: without assert, and without a package that only the tests need.

``python probe.py TESTS`` prints what was tried, and what differs from the golden cases in the folder TESTS, as JSON.
"""

import contextlib
import doctest
import importlib
import io
import json
import os
import pkgutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import mailbox_schema
from mailbox_schema.cases import golden_cases
from mailbox_schema.lint.catalogue import RULES
from mailbox_schema.lint.check import File, check_file
from mailbox_schema.lint.cli import main
from mailbox_schema.lint.config import Choice

ENDINGS: Final = {"text": "txt", "json": "json", "github": "github", "gitlab": "gitlab", "junit": "xml"}
THREADS: Final = 8


def probe(tests: Path) -> dict[str, Any]:
    """Return what was tried: how many of each kind, and the names of those that differ."""
    cases = sorted((tests / "lint/cases").iterdir())
    differences: list[str] = []
    tried = {
        "threads": run(in_threads(cases), differences),
        "bodies": run(bodies(), differences),
        "commands": run(commands(), differences),
        "reports": run(reports(cases), differences),
        "examples": run(examples(), differences),
    }
    yaml = importlib.import_module("yaml")
    about = {"python": list(sys.version_info[:2]), "libyaml": yaml.__with_libyaml__}
    return {**about, **tried, "differences": differences}


def run(tried: Iterator[tuple[str, bool]], differences: list[str]) -> int:
    """Note the names of what differs; return how many were tried."""
    count = 0
    for name, is_same in tried:
        count += 1
        if not is_same:
            differences.append(name)
    return count


def bodies() -> Iterator[tuple[str, bool]]:
    """Try each golden case through the functions."""
    for name, body, lines in golden_cases():
        found = [str(violation) for violation in mailbox_schema.iter_violations(body)]
        is_valid = mailbox_schema.is_valid(body)
        yield name, mailbox_schema.validate(body) == found == lines and is_valid is (not lines)


def commands() -> Iterator[tuple[str, bool]]:
    """Try each golden case through the command, which reads a list as a list of mailboxes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "body.json")
        for name, body, lines in golden_cases():
            if isinstance(body, list):
                continue
            file.write_text(json.dumps(body), encoding="utf-8")
            status, output = call("check", "--select=contract", "--format=json", "--quiet", str(file))
            found = sorted(finding["message"] for finding in json.loads(output))
            yield f"command: {name}", (status, found) == (bool(lines), sorted(lines))


def reports(cases: list[Path]) -> Iterator[tuple[str, bool]]:
    """Try each of the linter's golden cases in each format but SARIF, of which they have a part."""
    for case in cases:
        os.chdir(case)
        (file,) = case.glob("input.*")
        for kind, ending in ENDINGS.items():
            _, output = call("check", "--quiet", f"--format={kind}", file.name)
            yield f"{case.name}: {kind}", output == (case / f"expected.{ending}").read_bytes().decode()


def call(*arguments: str) -> tuple[int, str]:
    """Run the command in this process; return its exit status and output."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        return main(arguments), output.getvalue()


def examples() -> Iterator[tuple[str, bool]]:
    """Try the examples in docstrings of all modules but those that need an extra."""
    for module in pkgutil.walk_packages(mailbox_schema.__path__, "mailbox_schema."):
        if module.name.rpartition(".")[2] in {"__main__", "schema", "strategies", "pydantic", "lsp"}:
            continue
        failures, count = doctest.testmod(importlib.import_module(module.name), report=False)
        yield from ((f"{module.name}: example", number >= failures) for number in range(count))


def in_threads(cases: list[Path]) -> Iterator[tuple[str, bool]]:
    """Try everything at once in several threads, from the first moment that anything is loaded."""
    files = [file for case in cases for file in case.glob("input.*")]
    barrier, answers = threading.Barrier(THREADS), dict[int, list[object]]()
    try:
        started = [start(number, files, barrier, answers) for number in range(THREADS)]
    except RuntimeError:  # no threads on this platform
        return
    for thread in started:
        thread.join()
    expected = answer_all(files)
    yield from ((f"thread {number}", answers.get(number) == expected) for number in range(THREADS))


def start(
    number: int, files: list[Path], barrier: threading.Barrier, answers: dict[int, list[object]]
) -> threading.Thread:
    """Start a thread that answers everything when all are ready."""

    def work() -> None:
        barrier.wait()
        answers[number] = answer_all(files)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def answer_all(files: list[Path]) -> list[object]:
    """Return the violations of all golden cases, and the findings in all files."""
    choice, ignore = Choice(frozenset(RULES)), do_nothing
    found: list[object] = [list(mailbox_schema.iter_violations(case.body)) for case in golden_cases()]
    return found + [
        list(check_file(File(str(file), file.name, None), choice, ignore, ignore)) for file in files
    ]


def do_nothing(_: object) -> None:
    """Take what the linter tells about a file."""


if __name__ == "__main__":
    sys.setswitchinterval(1e-5)
    sys.stdout.write(json.dumps(probe(Path(sys.argv[1]).resolve())) + "\n")
