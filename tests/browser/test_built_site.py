"""The built site: nothing of it is loaded from another host, the search works, and the rules are at their addresses."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from typing import TYPE_CHECKING, Final

import pytest
from browser import needs_browser, opened
from files import SITE, served
from servers import ROOT

from mailbox_schema.lint.catalogue import RULES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser

# What loads something as soon as a page is shown; a link loads nothing.
LOADING: Final = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src", "link": "href",
    "object": "data", "script": "src", "source": "src", "track": "src", "video": "src",
}  # fmt: skip
URL: Final = re.compile(r"""(?:url\(\s*|@import\s+|\bfrom\s*|\bimport\(?\s*)["']?([^"')\s;]*)""")
OTHER_HOST: Final = re.compile(r"[a-z][a-z+.-]*://|//", re.IGNORECASE)


class Loads(HTMLParser):
    """The addresses that a page loads something from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in {"canonical", "index", "next", "prev", "search"}:
            return
        self.addresses += [given.get(LOADING.get(tag, "")) or "", *(given.get("srcset") or "").split(",")]
        self.addresses += URL.findall(given.get("style") or "")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as one:
        yield one


def test_no_file_loads_anything_from_another_host() -> None:
    pages = sorted(SITE.rglob("*.html"))
    assert len(pages) > len(list((ROOT / "docs").glob("*.md")))
    for page in pages:
        loads = Loads(page.read_text("utf-8")).addresses
        assert [each for each in loads if OTHER_HOST.match(each.strip())] == [], page
    for file in [*SITE.rglob("*.css"), *SITE.rglob("*.svg")]:
        loads = URL.findall(file.read_text("utf-8"))
        assert [each for each in loads if OTHER_HOST.match(each)] == [], file


def test_no_page_asks_for_anything_of_another_host(browser: "Browser", address: str) -> None:
    """What scripts load too; and every file that a page asks for is there."""
    with opened(browser, address) as page:
        asked: list[str] = []
        failed: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
        for file in sorted(SITE.glob("*.html")):
            page.goto(f"{address}/{file.name}")
        assert [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []
        assert failed == []


def test_a_rule_is_at_its_address(browser: "Browser", address: str) -> None:
    with opened(browser, f"{address}/rules.html") as page:
        headings = page.locator("section[id] > h2").all()
        ids = [heading.locator("..").get_attribute("id") for heading in headings]
        assert ids == list(RULES)


def test_the_search_finds_a_page_without_a_server(browser: "Browser") -> None:
    """The pages are read as files: nothing answers, and the search works all the same."""
    with opened(browser, f"{SITE.as_uri()}/search.html?q=placeholder") as page:
        found = page.locator("#search-results a", has_text="placeholder").first
        found.click()
        assert page.url.startswith(f"{SITE.as_uri()}/rules.html")


def test_the_pictures_show_what_the_command_prints() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    pictures = import_module("pictures")
    folder = ROOT / "docs/images"
    shown = {file.stem: file.read_text("utf-8") for file in folder.glob("terminal-*.svg")}
    assert shown == {name: pictures.picture(name) for name in pictures.COMMANDS}
