"""Measures the playground in Chromium: ``python tests/benchmarks/playground.py``.

Needs the extra ``browser``, Chromium and the built site. Each time is the median of its runs, with the range.

- first answer: from the moment at which the page is parsed, with an empty cache, to the findings of the example
- each later one: from a change of the text to its findings on the page, for 200 mailboxes
"""

import json
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

HERE: Final = Path(__file__).parent.parent
sys.path[:0] = [str(HERE), str(HERE / "browser")]

from browser import chromium, opened  # noqa: E402  # found by the line above
from files import served  # noqa: E402  # as above
from golden import mailbox  # noqa: E402  # as above

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUNS: Final = 9
WARM_UP: Final = 3
DONE: Final = "#answers[aria-busy=false]"
MAILBOXES: Final = [mailbox(smtp_email=f"jared{number}@getpiedpiper.com") for number in range(200)]
TEXTS: Final = {
    "200 valid mailboxes, JSON": json.dumps(MAILBOXES, indent=2),
    "200 mailboxes, a mistake in 20 of them, JSON": json.dumps(
        [each | ({"smtp_port": "587"} if number % 10 == 0 else {}) for number, each in enumerate(MAILBOXES)],
        indent=2,
    ),
    "200 valid mailboxes, JSON Lines": "\n".join(map(json.dumps, MAILBOXES)),
    "200 valid mailboxes, CSV": "\n".join(
        [",".join(MAILBOXES[0]), *(",".join(map(str, each.values())) for each in MAILBOXES)]
    ),
}
CHANGE: Final = """text => new Promise(resolve => {
  const area = document.getElementById("text");
  area.value = text;
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    resolve(performance.now() - begun);
  }).observe(document.getElementById("status"), { childList: true });
  area.dispatchEvent(new Event("input"));
})"""


def main() -> None:
    """Measure, and print a table."""
    first: list[float] = []
    with served() as address, chromium() as browser:
        for _ in range(RUNS):
            with opened(browser, f"{address}/playground.html") as page:
                page.wait_for_selector(DONE)
                first.append(page.evaluate("performance.mark('answered').startTime"))
        print(row("first answer", first))
        with opened(browser, f"{address}/playground.html") as page:
            page.wait_for_selector(DONE)
            for name, text in TEXTS.items():
                print(row(name, [changed(page, text) for _ in range(WARM_UP + RUNS)][WARM_UP:]))


def changed(page: "Page", text: str) -> float:
    """Return the milliseconds from a change of the text to its findings."""
    milliseconds: float = page.evaluate(CHANGE, text)
    page.wait_for_selector(DONE)
    return milliseconds


def row(name: str, times: list[float]) -> str:
    """Return a row of the table."""
    return f"| {name} | {statistics.median(times):.0f} ms | {min(times):.0f} to {max(times):.0f} ms |"


if __name__ == "__main__":
    main()
