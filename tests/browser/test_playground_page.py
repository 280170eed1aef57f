"""The playground in Chromium: it shows what the command prints, and sends nothing anywhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from browser import WIDTHS, needs_browser, opened, violations, window
from files import SITE, served
from golden import mailbox
from lint.command import check_files
from test_playground import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

DONE: Final = "#answers[aria-busy=false]"
SECRET: Final = "not-a-real-password"
MISTAKES: Final = mailbox(smtp_port="465", imap_port=465, smtp_password=SECRET, bcc="x", daily_sending_limt=1)
VALID: Final = mailbox()
FILES: Final = {
    "a.json": json.dumps({"mailboxes": [MISTAKES, VALID]}, indent=2),
    "a.jsonl": f"{json.dumps(MISTAKES)}\n{{\n{json.dumps(VALID)}\n",
    "a.yaml": "".join(f"{'-' if key == 'smtp_email' else ' '} {key}: {json.dumps(value)}\n" for key, value in MISTAKES.items()),
    "a.csv": "\n".join([",".join(MISTAKES), ",".join(map(str, MISTAKES.values())), "x"]),
}  # fmt: skip
RIGHT_TO_LEFT: Final = "\u202e\u05d9\u05e2\u05e8\u05d3"
SCRIPT: Final = "</textarea><script>window.pwned = 1</script><img src=x onerror=window.pwned=1>"
UGLY: Final[dict[str, tuple[str, bytes]]] = {
    "empty": ("a.json", b""),
    "binary": ("a.json", bytes(range(256)) * 9),
    "two megabytes": ("a.json", json.dumps([MISTAKES] * 6000).encode()),
    "deep YAML": ("a.yaml", b"[" * 5000),
    "byte order mark": ("a.json", b"\xef\xbb\xbf" + FILES["a.json"].encode()),
    "line ends of Windows": ("a.yaml", FILES["a.yaml"].replace("\n", "\r\n").encode()),
    "line ends of old": ("a.yaml", FILES["a.yaml"].replace("\n", "\r").encode()),
    "NUL": ("a.json", b'{"smtp_port": "\0"}'),
    "broken JSON": ("a.json", FILES["a.json"].encode()[:-3]),
    "script": ("a.json", json.dumps(MISTAKES | {"bcc": SCRIPT, SCRIPT: SCRIPT}).encode()),
    "right to left": ("a.json", json.dumps({RIGHT_TO_LEFT: 1} | MISTAKES, ensure_ascii=False).encode()),
    "emoji": ("a.json", json.dumps({"footer": "\U0001f4ec\U0001f468\u200d\U0001f469"} | MISTAKES, ensure_ascii=False).encode()),
    "UTF-16": ("a.csv", FILES["a.csv"].encode("utf-16")),
}  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as one:
        yield f"{one}/playground.html"


@pytest.fixture(scope="module")
def loaded(browser: "Browser", address: str) -> "Iterator[tuple[Page, list[str]]]":
    """Load the page once; yield it, and the list of what its console shows."""
    with opened(browser, address, accept_downloads=True) as page:
        page.wait_for_selector(DONE)
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("request", lambda request: console.append(request.url))
        yield page, console


@pytest.fixture
def page(loaded: "tuple[Page, list[str]]") -> "Iterator[Page]":
    """Yield the page, cleared. In the end it has written nothing to the console, and asked for nothing."""
    page, console = loaded
    page.set_viewport_size({"width": 1280, "height": 800})
    page.select_option("#kind", "")
    page.click("#clear")
    page.wait_for_selector(DONE)
    console.clear()
    yield page
    assert console == []


def open_file(page: "Page", name: str, content: bytes) -> None:
    page.set_input_files("#open", {"name": name, "mimeType": "", "buffer": content})
    page.wait_for_selector(DONE)


def paste(page: "Page", text: str) -> None:
    page.fill("#text", text)
    page.wait_for_selector(DONE)


def shown(page: "Page", name: str) -> str:
    """Return the findings on the page as the command prints them."""
    items = page.evaluate(
        """[...document.querySelectorAll("#findings > li")].map(
            item => [item.querySelector("button").textContent, item.querySelector("a")?.textContent,
                     item.textContent.includes(" [*]"), item.querySelector("p")?.textContent])"""
    )
    text = ""
    for message, rule, is_fixable, hint in items:
        if rule is None:  # what keeps the file from being read; the command has no severity for it
            place, reason = message.split("error: ", 1)
            text += f"{name}:{place or ' '}{reason}\n"
        else:
            text += f"{name}:{message} {rule}{' [*]' * is_fixable}\n"
        text += f"    {hint}\n" if hint else ""
    more = page.locator("#more li").all_inner_texts()
    return text + "".join(f"{name}: {line} (--all shows them)\n" for line in more)


def printed(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # The page's YAML parser is the one in Python; libyaml's has errors of its own.
        patch.delattr(yaml, "CSafeLoader", raising=False)
        _, output, errors = check_files("--quiet", name)
    return output + errors


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_the_findings_of_the_command(page: "Page", name: str, tmp_path: Path) -> None:
    expected = printed(tmp_path, name, FILES[name].encode())
    assert expected.count("\n") > 5
    open_file(page, name, FILES[name].encode())
    assert shown(page, name) == expected
    page.click("#clear")
    paste(page, FILES[name])
    assert shown(page, name) == expected
    page.click("#clear")
    page.evaluate(
        """([name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, FILES[name]],
    )
    page.wait_for_selector(f"{DONE} #findings li")
    page.wait_for_selector(DONE)
    assert shown(page, name) == expected


@pytest.mark.parametrize("ugly", UGLY)
def test_an_ugly_file_has_the_findings_of_the_command(page: "Page", ugly: str, tmp_path: Path) -> None:
    name, content = UGLY[ugly]
    open_file(page, name, content)
    assert shown(page, name) == printed(tmp_path, name, content)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert SECRET not in page.inner_text("#answers")


SELECTED: Final = "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))"
LINES_SHOWN: Final = """(area => {
    const height = parseFloat(getComputedStyle(area).lineHeight);
    return [area.scrollTop / height + 1, (area.scrollTop + area.clientHeight) / height];
})"""


def test_a_finding_leads_to_its_place(page: "Page") -> None:
    open_file(page, *UGLY["emoji"])
    page.locator("#findings button", has_text="smtp_port").first.click()
    assert page.evaluate(f"{SELECTED}(document.activeElement)") == '"465"'
    paste(page, "\n".join(["- {}"] * 150))
    last = page.locator("#findings button").last
    assert last.inner_text().startswith("50:3: ")
    last.click()
    assert page.evaluate(f"{SELECTED}(document.activeElement)") == "{"
    first_line, last_line = page.evaluate(f"{LINES_SHOWN}(document.activeElement)")
    assert first_line < 50 < last_line < 150


def test_what_is_certain_is_fixed_and_the_body_is_made(page: "Page", tmp_path: Path) -> None:
    """A fix leaves every other byte as it is, although a text area has line feeds only."""
    broken = json.dumps({"mailboxes": [mailbox(smtp_port="465")]}, indent=1).replace("\n", "\r\n")
    fixed = tmp_path / "a.json"
    fixed.write_bytes(f"\ufeff{broken}".encode())
    open_file(page, "a.json", fixed.read_bytes())
    assert page.inner_text("#refused") == "There is none because of 1 finding."
    page.click("#fix")
    page.wait_for_selector("#sendable:not([hidden])")
    assert page.inner_text("#fixed").split("\n") == [
        "Fixed:",
        "line 7: mailbox[0].smtp_port: write the number in digits only",
    ]
    assert page.inner_text("#status") == "No findings. Read as a request body (json)."
    run("check", "--fix", str(fixed))
    assert page.input_value("#text") == fixed.read_text("utf-8-sig")
    assert page.input_value("#body") == run("body", str(fixed))[1]
    page.click("#fix")
    page.wait_for_selector("text=There is nothing that is certain to fix.")


def test_what_keeps_a_body_from_being_sent_is_shown_too(page: "Page") -> None:
    paste(page, json.dumps([mailbox(smtp_password="${PASSWORD}")]))
    assert page.inner_text("#status") == "1 warning. Read as a list of mailboxes (json)."
    assert page.inner_text("#refused") == "There is none because of 1 finding."
    (obstacle,) = page.locator("#obstacles button").all_inner_texts()
    assert obstacle.endswith(": error: mailbox[0].smtp_password has a placeholder")


def test_the_type_can_be_chosen(page: "Page") -> None:
    paste(page, '{"smtp_port": 465}')
    page.select_option("#kind", "yaml")
    page.wait_for_selector("#status:has-text('(yaml)')")


def test_the_last_text_wins(page: "Page") -> None:
    """While a long text is being checked, the keys go on: the page shows the findings of what is there in the end."""
    page.evaluate(
        """texts => texts.forEach(each => {
            const text = document.getElementById("text");
            text.value = each;
            text.dispatchEvent(new Event("input"));
        })""",
        [json.dumps([MISTAKES] * 300), "[", '{"smtp_port": 0}'],
    )
    page.wait_for_selector(DONE)
    assert page.inner_text("#status") == "8 violations. Read as one mailbox (json)."


def test_a_file_that_is_too_large_is_refused(page: "Page") -> None:
    page.set_input_files("#open", {"name": "a.csv", "mimeType": "", "buffer": b"x" * (8 * 1024 * 1024 + 1)})
    page.wait_for_selector("#status:has-text('larger than 8 MB')")
    assert page.input_value("#text") == ""


# Nothing leaves the browser


ATTEMPTS: Final = {
    "fetch": "fetch(url)",
    "the own host": "fetch('/')",
    "XMLHttpRequest": "new Promise((yes, no) => { const r = new XMLHttpRequest(); r.onload = yes; r.onerror = no; r.open('GET', url); r.send() })",
    "WebSocket": "new Promise((yes, no) => { const s = new WebSocket(url.replace('http', 'ws')); s.onopen = yes; s.onerror = no })",
    "EventSource": "new Promise((yes, no) => { const s = new EventSource(url); s.onopen = yes; s.onerror = no })",
}
ATTEMPTS_OF_PAGES: Final = {
    "an image": "new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = url })",
    "a script": "new Promise((yes, no) => { const s = document.createElement('script'); s.onload = yes; s.onerror = no; s.src = url; document.head.append(s) })",
    "a module": "import(url)",
    "a style": "new Promise((yes, no) => { const s = document.createElement('link'); s.rel = 'stylesheet'; s.onload = yes; s.onerror = no; s.href = url; document.head.append(s) })",
    "a frame": "new Promise((yes, no) => { const f = document.createElement('iframe'); f.src = url; f.onload = () => { try { f.contentDocument ? yes() : no() } catch { no() } }; document.body.append(f) })",
    "a worker": "new Promise((yes, no) => { const w = new Worker(url); w.onmessage = yes; w.onerror = no })",
}


FILE: Final = "/_static/doctools.js"


def outcome(way: str) -> str:
    return f"url => ({way}).then(() => 'reached', () => 'refused')"


def test_no_connection_is_possible(browser: "Browser") -> None:
    """Neither the page nor its worker reaches any host, its own included: no server is asked for anything."""
    asked: list[str] = []
    with served(asked) as own, served(asked) as other, opened(browser, f"{own}/playground.html") as page:
        page.wait_for_selector(DONE)
        (worker,) = page.workers
        asked.clear()
        for host in (own, other):
            page.evaluate("url => navigator.sendBeacon(url, 'x')", f"{host}{FILE}")
            for way in (*ATTEMPTS.values(), *ATTEMPTS_OF_PAGES.values()):
                assert page.evaluate(outcome(way), f"{host}{FILE}") == "refused", way
            for way in (*ATTEMPTS.values(), ATTEMPTS_OF_PAGES["a module"]):
                assert worker.evaluate(outcome(way), f"{host}{FILE}") == "refused", way
        assert asked == []


def test_without_the_policy_the_attempts_reach_a_server(browser: "Browser") -> None:
    """A page of the same site without a policy: so the attempts are real."""
    asked: list[str] = []
    with served(asked) as own, opened(browser, f"{own}/rules.html") as page:
        for name in ("fetch", "XMLHttpRequest", "a script", "a style", "a frame"):
            asked.clear()
            page.evaluate(outcome((ATTEMPTS | ATTEMPTS_OF_PAGES)[name]), f"{own}{FILE}?{name[-4:]}")
            assert asked == [f"{FILE}?{name[-4:]}"], name


def test_the_page_has_no_script_and_no_style_of_its_own_and_stores_nothing(
    browser: "Browser", address: str
) -> None:
    html = (SITE / "playground.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", html) == []
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    with opened(browser, address) as page:
        page.wait_for_selector(DONE)
        open_file(page, "a.json", FILES["a.json"].encode())
        stored = "[localStorage.length, sessionStorage.length, document.cookie]"
        assert page.evaluate(stored) == [0, 0, ""]
        assert page.evaluate("indexedDB.databases()") == []
        assert page.evaluate("caches.keys()") == []


# Loading


def test_the_progress_is_shown_and_nothing_can_be_typed_before_the_policy_is_in_force(
    browser: "Browser", address: str
) -> None:
    with window(browser) as page:
        held: list[Any] = []
        page.route("**/snapshot.gz", lambda route: held.append(route))  # noqa: PLW0108  # it has to be a function of Python
        page.goto(address)
        page.wait_for_selector("progress:not([value='0'])")
        assert page.inner_text("#status") == "Loading the package"
        assert page.get_attribute("#status", "role") == "status"
        assert page.is_disabled("#text")
        assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
        held[0].continue_()
        page.wait_for_selector(DONE)
        assert page.is_enabled("#text")
        assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 2
        assert page.is_hidden("progress")
        assert page.inner_text("#status") == "11 violations; 3 can be fixed. Read as a request body (json)."


@pytest.mark.parametrize("file", ["snapshot.gz", "worker.js", "pyodide.asm.wasm"])
def test_a_file_that_is_missing_is_a_line(browser: "Browser", address: str, file: str) -> None:
    with window(browser) as page:
        page.route(f"**/playground/{file}", lambda route: route.fulfill(status=404))
        page.goto(address)
        page.wait_for_selector(
            '#status:has-text("The package can\'t be loaded: reload the page, or use the command.")'
        )


FAILED: Final = (
    "The check has failed: the file is nested too deeply, or the page has a mistake. Go on with another text."
)


def test_a_check_that_fails_is_a_line_and_the_next_one_works(browser: "Browser", address: str) -> None:
    with opened(browser, address) as page:
        page.wait_for_selector(DONE)
        for _ in range(2):
            open_file(page, "a.json", b"[" * 2_000_000)
            assert page.inner_text("#status") == FAILED
            assert page.locator("#answers li").count() == 0
            open_file(page, "a.json", b'{"smtp_port": 0}')
            assert page.inner_text("#status") == "8 violations. Read as one mailbox (json)."
        page.workers[0].evaluate("() => { setTimeout(() => { throw new Error('secret') }) }")
        page.wait_for_selector(f"#status:has-text({json.dumps(FAILED)})")
        assert "secret" not in page.inner_text("body")


# For everybody


HAS_OUTLINE: Final = """[document.activeElement, document.activeElement.closest("label")].some(
    each => each !== null && getComputedStyle(each).outlineStyle === "solid")"""


def test_the_keyboard_is_enough(page: "Page") -> None:
    page.focus("nav a")
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate(HAS_OUTLINE), reached
    assert reached == ["", "", "", "kind", "open", "fix", "clear", "text"]
    page.keyboard.insert_text('{"smtp_port": 0}')
    page.wait_for_selector(f"{DONE} #findings li")
    page.wait_for_selector(DONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("1:1: error: mailbox[0].smtp_email")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(DONE)
    assert page.input_value("#text") == ""
    assert page.evaluate("document.activeElement.id") == "text"


def test_a_rule_is_linked(page: "Page") -> None:
    paste(page, '{"smtp_port": 0}')
    links = {link.get_attribute("href") for link in page.locator("#findings a").all()}
    assert links == {"rules.html#email", "rules.html#not-blank", "rules.html#port"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: "Browser", address: str, width: int, scheme: str) -> None:
    with opened(browser, address, width, color_scheme=scheme) as page:
        page.wait_for_selector(DONE)
        for text in (FILES["a.json"], json.dumps(VALID)):
            paste(page, text)
            page.evaluate("document.getElementById('sendable').open = true")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
