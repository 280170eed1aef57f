"""The version is in one place, and the changelog goes with it."""

import re
from pathlib import Path
from typing import Final

from mailbox_schema import __version__

ROOT: Final = Path(__file__).parent.parent
CHANGELOG: Final = (ROOT / "docs/changelog.md").read_text(encoding="utf-8")
TITLES: Final = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)


def test_the_changelog_begins_with_what_is_not_released_or_with_the_version() -> None:
    assert TITLES[0] == "Unreleased" or TITLES[0].startswith(f"{__version__} - ")


def test_the_changelog_has_a_section_for_each_version_the_newest_first() -> None:
    released = [title for title in TITLES if title != "Unreleased"]
    versions = [
        re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (not tagged|\d{4}-\d\d-\d\d)", title) for title in released
    ]
    numbers = [tuple(map(int, version.groups()[:3])) for version in versions if version]
    assert len(numbers) == len(released) == len(set(numbers))
    assert numbers == sorted(numbers, reverse=True)
    assert released[0].startswith(f"{__version__} - ")


def test_the_version_is_written_in_one_place() -> None:
    """Everything else reads it from there: the build, the command, the reports, the generated documents."""
    folders = [ROOT / "mailbox_schema", ROOT / "schemas/_generate"]
    files = [
        file for folder in folders for file in folder.rglob("*") if file.suffix in {".py", ".yaml", ".po"}
    ]
    version = re.compile(rf"(?<![\w.]){re.escape(__version__)}(?![\w.])")
    found = [file for file in files if version.search(file.read_text(encoding="utf-8"))]
    assert found == [ROOT / "mailbox_schema/__init__.py"]
    project = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.optional-dependencies]")[0]
    )
    assert re.findall("^.*version.*$", project, re.MULTILINE)[0] == 'dynamic = ["version"]'
