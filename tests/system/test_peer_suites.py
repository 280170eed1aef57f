"""What we say about the addresses and domains in the test suites of jsonschema, email-validator, idna and validators.

The sdists come from the package index, so .ci/run runs this, not the everyday command.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
SCRIPT: Final = Path(__file__).with_name("peer_suites.py")
TABLE: Final = Path(__file__).with_name("peer-suites.tsv")


def test_each_verdict_that_differs_is_in_the_table() -> None:
    """After an intended change: ``python tests/system/peer_suites.py >tests/system/peer-suites.tsv``."""
    command = [sys.executable, str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603  # our own script
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout == TABLE.read_text(encoding="utf-8")


def test_a_clause_decides_each_difference() -> None:
    table = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert table[0].split("\t") == ["suite", "text", "peer", "we", "clause"]
    assert [
        row for row in table[1:] if not row.split("\t")[-1].startswith(("Valid domain: ", "Valid email "))
    ] == []


def test_the_page_has_the_counts_of_the_table() -> None:
    counts = re.findall(
        r"^# (.+): (\d+) texts, (\d+) differ$", TABLE.read_text(encoding="utf-8"), re.MULTILINE
    )
    page = (ROOT / "docs/validators.md").read_text(encoding="utf-8")
    for suite, texts, differ in counts:
        assert re.search(rf"^\| {re.escape(suite)} \|.*\| {texts} \| {differ} \|$", page, re.MULTILINE), suite
