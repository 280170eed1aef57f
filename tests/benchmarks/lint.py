"""What the linter costs: ``python tests/benchmarks/lint.py [RECORDS]`` prints ratios and peak memory.

Each ratio is of two things done in turn in this process, the median of many pairs, with the lowest and the
highest. RECORDS is how many lines the JSON Lines file has (a million, if not given).
"""

import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mailbox_schema import load_schema
from mailbox_schema.lint.catalogue import GROUPS
from mailbox_schema.lint.config import Choice
from mailbox_schema.lint.findings import Request, Search
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document

PAIRS = 50
FULL: dict[str, Any] = load_schema()["examples"][0]["mailboxes"][0]


def body(broken: int) -> dict[str, Any]:
    """Return a body of 200 full mailboxes with ``broken`` bad ports, spread evenly."""
    mailboxes = [{**FULL, "smtp_email": f"user{number}@mail.com"} for number in range(200)]
    for number in range(broken):
        mailboxes[number * 200 // broken]["smtp_port"] = 0
    return {"mailboxes": mailboxes}


def seconds(act: Callable[[], object]) -> float:
    """Return how long ``act`` takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ratio(name: str, one: Callable[[], float], other: Callable[[], float]) -> None:
    """Print the ratio of what two measurements, done in turn, return."""
    ratios = [one() / other() for _ in range(PAIRS)]
    print(f"{name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def parsed(data: bytes, kind: str) -> Document:
    """Return the one document of ``data``."""
    document = next(documents(io.BytesIO(data), kind))
    assert isinstance(document, Document)
    return document


def locating(data: bytes) -> float:
    """Return how long the positions of the violations take, beyond finding them."""
    document = parsed(data, "json")
    request = Request(document)
    violations = list(request.violations())
    return seconds(lambda: [request.locate("mailboxes.json", violation) for violation in violations])


def json_and_yaml() -> None:
    """Print what positions cost."""
    for indent in (None, 2):
        data = json.dumps(body(broken=40), indent=indent).encode()
        search = Search("mailboxes.json", "json", Choice(GROUPS["contract"]))
        assert len([*search.findings(parsed(data, "json"))]) == 40
        style = "minified" if indent is None else f"indented by {indent}"
        ratio(
            f"JSON, {style}: locate 40 violations of 200 mailboxes / json.loads",
            lambda data=data: locating(data),  # type: ignore[misc]  # mypy can't infer a default's type
            lambda data=data: seconds(lambda: json.loads(data)),  # type: ignore[misc]  # mypy can't infer a default's type
        )
        ratio(
            f"JSON, {style}: parse / json.loads",
            lambda data=data: seconds(lambda: parsed(data, "json")),  # type: ignore[misc]  # mypy can't infer a default's type
            lambda data=data: seconds(lambda: json.loads(data)),  # type: ignore[misc]  # mypy can't infer a default's type
        )
    text = yaml.safe_dump(body(broken=40), sort_keys=False)
    ratio(
        "YAML: parse 200 mailboxes with positions / yaml.load with CSafeLoader",
        lambda: seconds(lambda: parsed(text.encode(), "yaml")),
        lambda: seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader)),  # the safe one
    )


def findings(data: bytes, kind: str) -> int:
    """Return how many findings of the default rules there are in ``data``."""
    search = Search("mailboxes", kind, Choice(GROUPS["default"]))
    return sum(len([*search.findings(document)]) for document in documents(io.BytesIO(data), kind))


def lines_of_json() -> None:
    """Print what checking JSON Lines costs."""
    for broken in (0, 20):
        lines = [json.dumps(mailbox).encode() for mailbox in body(broken)["mailboxes"]]
        data = b"\n".join(lines)
        assert findings(data, "jsonl") == broken
        ratio(
            f"JSON Lines, {broken} of 200 mailboxes broken: check / json.loads of each line",
            lambda data=data: seconds(lambda: findings(data, "jsonl")),  # type: ignore[misc]  # mypy can't infer a default's type
            lambda lines=lines: seconds(lambda: [*map(json.loads, lines)]),  # type: ignore[misc]  # mypy can't infer a default's type
        )


def json_lines(records: int) -> None:
    """Print how much memory a long JSON Lines file takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mailboxes.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            for number in range(records):
                port = 0 if number % 1000 == 0 else 465
                lines.write(
                    json.dumps({**FULL, "smtp_email": f"user{number}@mail.com", "smtp_port": port}) + "\n"
                )
        command = [sys.executable, "-m", "mailbox_schema", "check", str(file)]
        took = seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=False))  # noqa: S603  # our own command
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = file.stat().st_size / 1e6
        print(
            f"JSON Lines: {records} mailboxes, {size:.0f} MB: {took:.0f} s, at most {peak:.0f} MB of memory"
        )


if __name__ == "__main__":
    json_and_yaml()
    lines_of_json()
    json_lines(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
