"""Each program that measures finds its part of its page, and replaces nothing else."""

import re
from pathlib import Path

import measured
import pytest
from measured import ROOT, MeasuredPart

PROGRAMS = [*(ROOT / "tests/benchmarks").glob("*.py"), *(ROOT / "tests/peers").glob("*.py")]
PARTS = [
    MeasuredPart(*found)
    for path in PROGRAMS
    for found in re.findall(r'MeasuredPart\("(.+)", "(.+)"\)', path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.program)
def test_a_page_has_what_its_program_measured(part: MeasuredPart) -> None:
    assert (ROOT / part.program).is_file()
    assert part.read().count("|---|") > 0


def test_all_programs_are_found() -> None:
    assert len(PARTS) == 7


def test_only_the_part_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    around = "# Title\n\n<!-- python a.py --write -->\n\n{}\n\n<!-- end of what it writes -->\n\nThe rest.\n"
    page.write_text(around.format("| old |"), encoding="utf-8")
    part = MeasuredPart("page.md", "a.py")
    part.write("| new |\n")
    assert page.read_text(encoding="utf-8") == around.format("| new |")
    assert part.read() == "| new |"
    with pytest.raises(ValueError, match="substring not found"):
        MeasuredPart("page.md", "b.py").read()
