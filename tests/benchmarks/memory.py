"""How much memory checking a file takes: ``python tests/benchmarks/memory.py [--write]``.

Each input is checked by a process of its own. Its peak, less the peak of a process that checks an empty list, is
divided by the size of the input: bytes of memory for each byte of input. The inputs are the largest and the most
wasteful ones that are read at all. ``--write`` puts the table into docs/linting.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from measured import ROOT, MeasuredPart

from mailbox_schema import FIELDS, load_schema

TABLE: Final = MeasuredPart("docs/linting.md", "tests/benchmarks/memory.py")
MEGABYTE: Final = 1024 * 1024

ROW: Final = ",".join(
    str(load_schema()["examples"][0]["mailboxes"][0].get(name, "")).replace(",", " ") for name in FIELDS
)
HEADER: Final = ",".join(FIELDS)


def rows(size: int) -> str:
    """Return a CSV file of valid rows."""
    return f"{HEADER}\n" + f"{ROW}\n" * (size // len(ROW))


INPUTS: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "64 MB of one JSON string": ("a.json", lambda: '{"footer": "' + "x" * (64 * MEGABYTE - 100) + '"}'),
    "a JSON list of 1,000,000 zeros": ("a.json", lambda: f"[{'0,' * 999_999}0]"),
    "a JSON list of 1,000,000 empty objects": ("a.json", lambda: "[" + "{}," * 999_999 + "{}]"),
    "a JSON object of 500,000 keys, each twice": (
        "a.json",
        lambda: "{" + ",".join(f'"k{number % 250_000}":0' for number in range(500_000)) + "}",
    ),
    "200 JSON mailboxes of 4,000 unknown keys": (
        "a.json",
        lambda: (
            "[" + ",".join("{" + ",".join(f'"k{n}":0' for n in range(4000)) + "}" for _ in range(200)) + "]"
        ),
    ),
    "a JSON mailbox of 200,000 unknown keys": (
        "a.json",
        lambda: "[{" + ",".join(f'"{number:05x}":0' for number in range(200_000)) + "}]",
    ),
    "2 MB of line breaks before a JSON body": ("a.json", lambda: "\n" * 2 * MEGABYTE + '{"mailboxes":[]}'),
    "a YAML list of 500,000 zeros": ("a.yaml", lambda: f"[{'0,' * 499_999}0]"),
    "a YAML list of 300,000 empty mappings": ("a.yaml", lambda: "- {}\n" * 300_000),
    "3,000 YAML lists, 90 deep": ("a.yaml", lambda: f"- {'[' * 90}{']' * 90}\n" * 3_000),
    "37 MB of CSV, in valid rows": ("a.csv", lambda: rows(37 * MEGABYTE)),
    "1 MB of CSV, many errors in each row": ("a.csv", lambda: f"{HEADER}\n" + "x,\n" * (MEGABYTE // 3)),
    "a CSV cell of 4 MB": ("a.csv", lambda: f'{HEADER}\n"' + "x" * (4 * MEGABYTE - 1000) + '"\n'),
    "a CSV cell of 4 MB, in lines of one letter": (
        "a.csv",
        lambda: f'{HEADER}\n"' + "a\n" * (2 * MEGABYTE - 500) + '"\n',
    ),
    "a CSV row of 4,000,000 cells": ("a.csv", lambda: f"{HEADER}\n" + "," * 4_000_000 + "\n"),
    "a line of JSON Lines of 1,000,000 zeros": ("a.jsonl", lambda: f"[{'0,' * 999_999}0]\n"),
    "100 MB of JSON Lines, in valid mailboxes": (
        "a.jsonl",
        lambda: (
            (
                '{"smtp_email":"a@b.com","smtp_password":"x","smtp_server":"a.b","smtp_port":465,'
                '"imap_email":"a@b.com","imap_password":"x","imap_server":"a.b","imap_port":993}\n'
            )
            * (100 * MEGABYTE // 161)
        ),
    ),
}


# Linux's own count for this program alone: the one of wait4 includes its parent's memory.
PROGRAM: Final = """
import re, sys
from mailbox_schema.lint.cli import main
main(sys.argv[1:])
status = open("/proc/self/status").read()
print(re.search("VmHWM:\\s*([0-9]+) kB", status)[1], file=sys.stderr)
"""


def peak(name: str, *options: str) -> int:
    """Return the peak of memory of a process that checks the file with the options, in bytes."""
    program = [sys.executable, "-c", PROGRAM, "check", "--quiet", *options, name]
    done = subprocess.run(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603  # our own command
    return int(done.stderr.split()[-1]) * 1024


def table() -> str:
    """Return the table of all inputs."""
    lines = ["| input | size | memory | bytes for each byte |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("empty.json").write_text("[]", encoding="utf-8")
        least = peak("empty.json")
        for title, (name, make) in INPUTS.items():
            Path(name).write_text(make(), encoding="utf-8")
            size = Path(name).stat().st_size
            used = max(0, peak(name) - least)
            lines.append(
                f"| {title} | {size / MEGABYTE:.1f} MB | {used / MEGABYTE:.0f} MB | {used / size:.1f} |"
            )
            print(lines[-1], flush=True)
        Path("answer.json").write_text('{"details": ["mailbox[0].smtp_port x"]}', encoding="utf-8")
        Path("a.jsonl").write_text("{}\n" * 20_000, encoding="utf-8")
        size = Path("a.jsonl").stat().st_size
        for title, options in (
            ("with `--format sarif`", "--format=sarif"),
            ("with `--response`", "--response=answer.json"),
        ):
            used = max(0, peak("a.jsonl", options) - least)
            name = f"20,000 empty mailboxes, {title}"
            lines.append(
                f"| {name} | {size / MEGABYTE:.1f} MB | {used / MEGABYTE:.0f} MB | {used / size:.1f} |"
            )
            print(lines[-1], flush=True)
        os.chdir(ROOT)
    return "\n".join([*lines, "", f"A process that checks an empty list takes {least / MEGABYTE:.0f} MB."])


def main() -> None:
    """Print the table, or write it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help=f"write the table into {TABLE.page}")
    is_written = options.parse_args().write
    text = table()
    print(text)
    if is_written:
        TABLE.write(text)


if __name__ == "__main__":
    main()
