"""The catalogue of all rules, the contract's and advice, with their pages."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import BODY_CONSTRAINTS, BODY_OBJECT, FIELDS, MAILBOX_OBJECT
from mailbox_schema.lint.advice import ADVICE, response
from mailbox_schema.rules import BODY_RULES, FIELD_RULES
from mailbox_schema.vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

SITE: Final[str | None] = None
"""The address of the documentation's site, without a slash at the end. It has none yet."""

Row = tuple[str, str, str, str]
"""A rule, the path it is about, the provenance, and the message."""


class Rule:
    """A rule with its page, which is the docstring of its function."""

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        self.name = name
        self._function = function
        advice = ADVICE.get(name)
        self.is_contract = name in BODY_RULES or name in FIELD_RULES
        self.is_default = advice is None or advice.is_default
        is_warning = advice is not None and advice.is_warning
        self.severity: Literal["error", "warning"] = "warning" if is_warning else "error"

    @cached_property
    def page(self) -> str:
        """The documentation of the rule, in Markdown."""
        from inspect import cleandoc  # noqa: PLC0415  # loaded for pages only

        return cleandoc(self._function.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first sentence of the page."""
        return self.page.partition("\n")[0]

    @property
    def address(self) -> str | None:
        """The address of the page, if the site has one."""
        return None if SITE is None else f"{SITE}/rules.html#{self.name}"


RULES: Final[dict[str, Rule]] = {
    **{name: Rule(name, function) for name, function in {**BODY_RULES, **FIELD_RULES}.items()},
    **{name: Rule(name, advice.check) for name, advice in ADVICE.items()},
    "response": Rule("response", response),
}
"""All rules by name, the contract's first."""

GROUPS: Final[dict[str, frozenset[str]]] = {
    "all": frozenset(RULES),
    "default": frozenset(name for name, rule in RULES.items() if rule.is_default),
    "contract": frozenset(name for name, rule in RULES.items() if rule.is_contract),
    "advice": frozenset(name for name, rule in RULES.items() if not rule.is_contract and rule.is_default),
}
"""Names for several rules at once."""


def contract_rows() -> list[Row]:
    """Return the rows of the contract's two tables: rule, path, provenance, message."""
    shown_path = {BODY_OBJECT.rule: "body", MAILBOX_OBJECT.rule: "mailbox[i]"}
    around: list[Row] = [
        (row.rule, row.key or shown_path[row.rule], row.provenance, row.message) for row in BODY_CONSTRAINTS
    ]
    fields: list[Row] = [
        (field.rule, f"mailbox[i].{field.name}", field.provenance, field.message) for field in FIELDS.values()
    ]
    return around + fields


def explanation(name: str) -> str:
    """Return the page of a rule, with the API's lines if it is the contract's.

    :raises ValueError: if there is no rule of that name; the error suggests one
    """
    rule = RULES[check_name(name)]
    kind = "contract" if rule.is_contract else f"advice, {rule.severity}"
    lines = [f"{name} ({kind}{'' if rule.is_default else ', off by default'})", "", rule.page]
    rows = [row for row in contract_rows() if row[0] == name]
    if rows:
        lines += ["", "What the API says:", ""]
        lines += [f"    {path} {message}  [{provenance}]" for _, path, provenance, message in rows]
    return "\n".join(lines)


def expand(names: list[str]) -> frozenset[str]:
    """Return the rules with these names, and those of the groups among them.

    :raises ValueError: if there is no rule of a name; the error suggests one
    """
    found: frozenset[str] = frozenset()
    for name in names:
        found |= GROUPS[name] if name in GROUPS else {check_name(name)}
    return found


def check_name(name: str) -> str:
    """Return ``name`` if there is a rule of that name.

    :raises ValueError: if there is none; the error suggests one
    """
    if name in RULES:
        return name
    meant = nearest(name, [*RULES, *GROUPS], likeness=0.7)
    raise ValueError(f"unknown rule {name!r}" + ("" if meant is None else f"; did you mean {meant!r}?"))
