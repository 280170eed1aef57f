"""A real browser, Debian's Chromium, and what a person does with a form in it."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

needs_browser: Final = pytest.mark.skipif(
    not os.environ.get("MAILBOX_SCHEMA_BROWSER"),
    reason="set MAILBOX_SCHEMA_BROWSER=1 to test in Chromium; needs the extra browser and tests/peers",
)

AXE: Final = Path(__file__).parent.parent / "peers/node_modules/axe-core/axe.min.js"
CHROMIUM: Final = shutil.which("chromium") or "/usr/bin/chromium"
OPTIONS: Final = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
WIDTHS: Final = {360: 740, 1280: 800}
"""The widths of a phone and of a desk, and the heights that go with them."""
LONGEST: Final = 120_000
"""The most milliseconds to wait for anything: a machine may be busy."""

FILLED_IN: Final = {
    "smtp_email": "jared@getpiedpiper.com",
    "smtp_password": "not-a-real-password",
    "smtp_server": "smtp.server.io",
    "smtp_port": "587",
    "imap_email": "jared@getpiedpiper.com",
    "imap_password": "not-a-real-password",
    "imap_server": "imap.server.io",
    "imap_port": "993",
}
REFUSED: Final = FILLED_IN | {
    "smtp_email": "jared@localhost",
    "smtp_port": "0587",
    "imap_port": "\uff19\uff19\uff13",
    "open_tracking_domain": "https://open-domain.com",
    "sending_wait_time_from": "30",
    "sending_wait_time_to": "20",
}


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Yield the browser, with an empty profile."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # installed where these tests run only

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: "Browser", width: int = 1280, **options: Any) -> "Iterator[Page]":
    """Yield an empty page, in a window of its own."""
    size = {"width": width, "height": WIDTHS.get(width, 800)}
    with browser.new_context(viewport=size, **options) as context:
        context.set_default_timeout(LONGEST)
        yield context.new_page()


@contextmanager
def opened(browser: "Browser", address: str, width: int = 1280, **options: Any) -> "Iterator[Page]":
    """Yield the page at an address, in a window of its own."""
    with window(browser, width, **options) as page:
        page.goto(address)
        yield page


def type_into(page: "Page", texts: "dict[str, str]", prefix: str = "") -> None:
    """Type into the inputs, by keyboard alone: the Tab key leads from one to the next, in the order of the page."""
    left = {prefix + name: text for name, text in texts.items()}
    while left:
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused in left:
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(left.pop(focused))  # as an input method or the clipboard does
        assert page.evaluate("document.activeElement !== document.body"), f"not reached: {sorted(left)}"


def press_enter(page: "Page") -> None:
    """Press Enter, and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def violations(page: "Page") -> "list[tuple[str, str]]":
    """Return what axe-core finds: the name of the rule and the element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [(each["id"], node["html"]) for each in found for node in each["nodes"]]
