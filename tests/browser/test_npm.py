"""The npm package in Chromium: the lines of every golden case."""

import json
from pathlib import Path

from browser import chromium, needs_browser
from golden import cases

pytestmark = needs_browser

# A module has an address: here, that of its text.
VALIDATE = """async ([script, bodies]) => {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { validate } = await import(address);
  return JSON.stringify(JSON.parse(bodies).map((body) => validate(body)));
}"""


def test_a_golden_case_has_its_exact_lines(npm_project: Path) -> None:
    script = (npm_project / "node_modules/mailbox-schema/index.js").read_text(encoding="utf-8")
    bodies = json.dumps([case.body for case in cases()])
    with chromium() as browser:
        lines = json.loads(browser.new_page().evaluate(VALIDATE, [script, bodies]))
    assert lines == [case.details for case in cases()]
