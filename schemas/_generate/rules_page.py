"""Generates docs/rules.md from the docstrings of the rules."""

from mailbox_schema.lint.catalogue import RULES, contract_rows

from .documents import COMMAND


def generate_rules_page() -> str:
    """Return the text of the page."""
    lines = [
        f"<!-- Generated from the docstrings of the rules: edit those, then run {COMMAND} -->",
        "",
        "# Rules",
        "",
        (
            "The contract's rules report what the API would refuse. "
            "Provenance: **V** verbatim, **R** required, **I**"
        ),
        "inferred; see the [README](../README.md#the-contract).",
    ]
    for rule in RULES.values():
        if rule.name == "unknown-field":
            lines += ["", "Advice: the API accepts these values, but they are probably not what you want."]
        # The name alone: the heading is the address of the rule's page.
        lines += ["", f"## {rule.name}", ""]
        if not rule.is_contract:
            lines += [f"*{rule.severity.capitalize()}{'' if rule.is_default else ', off by default'}.*", ""]
        lines.append(rule.page)
        rows = [row for row in contract_rows() if row[0] == rule.name]
        if rows:
            lines += ["", "| the API's message | provenance |", "|---|---|"]
            lines += [f"| `{path} {message}` | {provenance} |" for _, path, provenance, message in rows]
    return "\n".join(lines) + "\n"
