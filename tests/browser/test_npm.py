"""The npm package in Chromium: the lines of every golden case."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from browser import needs_browser, window
from golden import cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser

# A module has an address: here, that of its text.
VALIDATE = """async ([script, bodies]) => {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { validate } = await import(address);
  return JSON.stringify(JSON.parse(bodies).map((body) => validate(body)));
}"""


def test_a_golden_case_has_its_exact_lines(browser: "Browser", npm_project: Path) -> None:
    script = (npm_project / "node_modules/mailbox-schema/index.js").read_text(encoding="utf-8")
    bodies = json.dumps([case.body for case in cases()])
    with window(browser) as page:
        lines = json.loads(page.evaluate(VALIDATE, [script, bodies]))
    assert lines == [case.details for case in cases()]
