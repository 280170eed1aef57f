"""What docs/build.py relies on, for every day: no link is broken, every page is listed, each rule has its address."""

import re
from pathlib import Path
from typing import Final

import pytest
from test_docs import PAGES, ROOT

from mailbox_schema.lint.catalogue import RULES

DOCS: Final = ROOT / "docs"
LINK: Final = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE: Final = re.compile(r"^```.*?^```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the names that a code host gives to the headings of a page."""
    headings = HEADING.findall(
        re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for target, anchor in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if target.startswith(("http:", "https:")):
            continue
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), f"{target}#{anchor}"


def test_every_page_is_listed_once() -> None:
    listed = re.findall(r"^- \[.+\]\((.+)\)$", (DOCS / "index.md").read_text("utf-8"), re.MULTILINE)
    pages = {file.name for suffix in ("md", "rst") for file in DOCS.glob(f"*.{suffix}")}
    assert sorted(listed) == sorted(pages - {"index.md"})


def test_the_address_of_a_rule_is_its_name() -> None:
    page = (DOCS / "rules.md").read_text("utf-8")
    assert re.findall("^## (.+)$", page, re.MULTILINE) == list(RULES)
