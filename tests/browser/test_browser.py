"""The pages of the four examples in Chromium: by keyboard alone, with ugly input, on a phone and a desk."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest
from browser import (
    FILLED_IN,
    REFUSED,
    WIDTHS,
    needs_browser,
    opened,
    press_enter,
    type_into,
    violations,
)
from servers import EXAMPLES, copied, started, wait_for

from mailbox_schema import FIELDS
from mailbox_schema.contract import PASSWORDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

STATES: Final = ["empty", "refused", "sent"]
SECRET: Final = FILLED_IN["smtp_password"]
RIGHT_TO_LEFT: Final = "\u202e\u05d9\u05e2\u05e8\u05d3 \u0640\u062c\u0627\u0631\u064a\u062f"
SCRIPT: Final = "</textarea>\"'><script>window.pwned = 1</script><img src=x onerror=window.pwned=1>"

each_example = pytest.mark.parametrize("example", EXAMPLES)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start all examples; return their addresses."""
    with ExitStack() as stack:
        servers = {
            example: stack.enter_context(started(example, copied(example, tmp_path_factory.mktemp(example))))
            for example in EXAMPLES
        }
        for address in servers.values():
            wait_for(address)
        yield servers


def bring_to(state: str, page: "Page") -> None:
    """Fill in the form by keyboard, so that the page is in a state of ``STATES``."""
    if state != "empty":
        type_into(page, REFUSED if state == "refused" else FILLED_IN)
        press_enter(page)
    assert (
        page.title()
        == {
            "empty": "Connect a mailbox",
            "refused": "Error: Connect a mailbox",
            "sent": "The request is sent",
        }[state]
    )


@pytest.mark.parametrize("state", STATES)
@each_example
def test_axe_finds_nothing(browser: "Browser", addresses: dict[str, str], example: str, state: str) -> None:
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            with opened(browser, addresses[example], width, color_scheme=scheme) as page:
                bring_to(state, page)
                assert violations(page) == []


@pytest.mark.parametrize("state", STATES)
@each_example
def test_a_page_is_readable_at_any_width(
    browser: "Browser", addresses: dict[str, str], example: str, state: str
) -> None:
    """320 pixels is a page of 1280 pixels, enlarged four times."""
    for width in (320, *WIDTHS):
        with opened(browser, addresses[example], width) as page:
            bring_to(state, page)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            for box in page.locator("input:visible, textarea").all():
                size = box.bounding_box()
                assert size is not None
                assert size["width"] >= 100
                assert size["height"] >= 44


@each_example
def test_the_keyboard_leads_through_the_form_and_its_errors(
    browser: "Browser", addresses: dict[str, str], example: str
) -> None:
    with opened(browser, addresses[example]) as page:
        reached = []
        for _ in FIELDS:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.name"))
        assert reached == list(FIELDS)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Connect"
        press_enter(page)
        assert page.title() == "Error: Connect a mailbox"
        required = [name for name, field in FIELDS.items() if field.required]
        summary = page.get_by_role("alert")
        assert summary.evaluate("element => element === document.activeElement")
        assert [link.get_attribute("href") for link in summary.get_by_role("link").all()] == [
            f"#{name}" for name in required
        ]
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == required[0]
        assert page.locator("[aria-invalid=true]").count() == len(required)
        for name in required:
            spoken = page.locator(f"#{name}").evaluate(
                "input => input.getAttribute('aria-describedby').split(' ')"
                ".map(id => document.getElementById(id).textContent)"
            )
            assert spoken == [page.inner_text(f"#{name}-error"), page.inner_text(f"#{name}-help")]


@each_example
def test_a_form_is_sent_once_and_the_passwords_are_gone(
    browser: "Browser", addresses: dict[str, str], example: str
) -> None:
    with opened(browser, addresses[example]) as page:
        bring_to("sent", page)
        number = page.inner_text("strong")
        assert number.isdigit()
        page.reload()
        assert page.inner_text("strong") == number
        page.go_back()
        assert all(page.input_value(f"#{name}") == "" for name in PASSWORDS)


@each_example
def test_a_refusal_of_the_api_is_next_to_the_input(
    browser: "Browser", addresses: dict[str, str], example: str
) -> None:
    with opened(browser, addresses[example]) as page:
        type_into(page, FILLED_IN | {"smtp_server": "refused.example"})
        press_enter(page)
        assert [
            link.get_attribute("href") for link in page.get_by_role("alert").get_by_role("link").all()
        ] == ["#smtp_server"]
        assert page.input_value("#smtp_server") == "refused.example"
        assert SECRET not in page.content()
        assert "Type it again" in page.inner_text("#smtp_password-help")
        # Only the passwords and the server have to be typed again.
        type_into(page, {name: FILLED_IN[name] for name in (PASSWORDS[0], "smtp_server", PASSWORDS[1])})
        press_enter(page)
        assert page.title() == "The request is sent"


UGLY: Final[list[tuple[str, str, str]]] = [
    # field, typed, shown again
    ("smtp_port", "0587", "587"),
    ("smtp_port", "587 ", "587"),
    ("smtp_port", "\uff19\uff19\uff13", "993"),
    ("smtp_port", "\u0661\u0662", "12"),
    ("smtp_port", "1e3", "1e3"),
    ("smtp_port", "9" * 100, "9" * 100),
    ("smtp_from_name", "\U0001f4ec\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f4ec\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    ("smtp_from_name", RIGHT_TO_LEFT, RIGHT_TO_LEFT),
    ("smtp_from_name", SCRIPT, SCRIPT),
    ("smtp_login", "  0012345 ", "  0012345 "),
    ("open_tracking_domain", "https://" + "x" * 300, "https://" + "x" * 300),
    ("footer", "\n\nJared\n", "\n\nJared\n"),
    ("footer", SCRIPT, SCRIPT),
    ("footer", "<b>x</b>\u00e9\U0001f4ec" * 1000, "<b>x</b>\u00e9\U0001f4ec" * 1000),
]  # fmt: skip


@each_example
def test_ugly_input_is_shown_again_as_it_was_typed(
    browser: "Browser", addresses: dict[str, str], example: str
) -> None:
    with opened(browser, addresses[example], 360) as page:
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("dialog", lambda dialog: console.append(dialog.message))
        for field, typed, shown in UGLY:
            # The missing email address keeps the form from being sent.
            page.goto(addresses[example])
            type_into(
                page, {name: text for name, text in FILLED_IN.items() if name < "smtp_email"} | {field: typed}
            )
            page.keyboard.press("Control+Enter" if field == "footer" else "Enter")
            if field == "footer":
                page.get_by_role("button", name="Connect").press("Enter")
            page.wait_for_selector("[role=alert]")
            assert page.input_value(f"#{field}") == shown
            assert page.evaluate("window.pwned") is None
            assert page.evaluate("document.documentElement.scrollWidth") == 360
            assert SECRET not in page.content()
        assert [text for text in console if "status of 400" not in text] == []


def test_the_pages_ask_for_nothing_elsewhere(browser: "Browser", addresses: dict[str, str]) -> None:
    for address in addresses.values():
        with opened(browser, address) as page:
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            bring_to("refused", page)
            assert [url for url in asked if not url.startswith((address, "data:"))] == []


# Several mailboxes, in the example for Django


def rows(page: "Page") -> list[str]:
    legends = page.locator("form fieldset legend").all_inner_texts()
    total = page.locator("[name=mailboxes-TOTAL_FORMS]").input_value()
    assert (legends, total) == (
        [f"Mailbox {number + 1}" for number in range(len(legends))],
        str(len(legends)),
    )
    return [page.locator(f"#mailboxes-{index}-smtp_server").input_value() for index in range(len(legends))]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_rows_are_added_and_removed(browser: "Browser", addresses: dict[str, str], script: bool) -> None:
    options: dict[str, Any] = {"java_script_enabled": script}
    with opened(browser, addresses["django"] + "/several/", 360, **options) as page:
        if script:
            assert violations(page) == []
        fill(page, 0, FILLED_IN | {"smtp_server": "one.server.io"})
        page.get_by_role("button", name="Add a mailbox").press("Enter")
        page.wait_for_selector("#mailboxes-1-smtp_server")
        fill(page, 1, FILLED_IN | {"smtp_server": "two.server.io"})
        page.get_by_role("button", name="Add a mailbox").press("Enter")
        page.wait_for_selector("#mailboxes-2-smtp_server")
        assert rows(page) == ["one.server.io", "two.server.io", ""]
        kept = SECRET if script else ""  # a page from the server has no passwords
        assert page.input_value("#mailboxes-0-smtp_password") == kept
        page.get_by_role("button", name="Remove this mailbox").nth(0).press("Enter")
        page.wait_for_selector("#mailboxes-2-smtp_server", state="detached")
        assert rows(page) == ["two.server.io", ""]
        page.get_by_label("SMTP server").nth(0).fill("refused.example")
        for name in PASSWORDS:
            page.fill(f"#mailboxes-0-{name}", SECRET)
        # Enter in an input sends the form; it doesn't press the first button, which removes a row.
        with page.expect_navigation():
            page.locator("#mailboxes-0-imap_port").press("Enter")
        assert rows(page) == ["refused.example", ""]
        assert page.title() == "Error: Connect mailboxes"
        assert SECRET not in page.content()
        if script:
            assert violations(page) == []
            assert page.get_by_role("alert").evaluate("element => element === document.activeElement")
        page.fill("#mailboxes-0-smtp_server", "smtp.server.io")
        for name in PASSWORDS:
            page.fill(f"#mailboxes-0-{name}", SECRET)
        with page.expect_navigation():
            page.locator("#mailboxes-0-imap_port").press("Enter")
        assert page.title() == "The request is sent"


def fill(page: "Page", row: int, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        page.fill(f"#mailboxes-{row}-{name}", text)
