"""docs/rules.md, made from the docstrings of the rules: ``python tests/rules_page.py`` writes it anew."""

from pathlib import Path
from typing import Final

from mailbox_schema.lint.rules import RULES, contract_rows

PAGE: Final = Path(__file__).parent.parent / "docs" / "rules.md"


def rules_page() -> str:
    """Return the page."""
    lines = [
        "# Rules",
        "",
        "Made from the docstrings of the rules by `python tests/rules_page.py`.",
        "",
        "The contract's rules say what the API would refuse. Provenance: **V** verbatim, **R** required, **I**",
        "inferred; see the README.",
    ]
    for rule in RULES.values():
        if rule.name == "unknown-field":
            lines += ["", "Advice is what the API takes and a mailbox owner would still want to know."]
        kind = "" if rule.is_contract else f" ({rule.severity}{'' if rule.is_default else ', on request'})"
        lines += ["", f"## {rule.name}{kind}", "", rule.page]
        rows = [row for row in contract_rows() if row[0] == rule.name]
        if rows:
            lines += ["", "| what the API says | provenance |", "|---|---|"]
            lines += [f"| `{path} {message}` | {provenance} |" for _, path, provenance, message in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(rules_page(), encoding="utf-8")
