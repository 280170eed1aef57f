"""Violations and advice joined to positions, in order."""

import re
from typing import NamedTuple

from mailbox_schema.contract import FIELDS, MAILBOXES
from mailbox_schema.hints import is_encrypted, is_placeholder
from mailbox_schema.lint.advice import ADVICE, CONTAINER_KEYS, Batch
from mailbox_schema.lint.sources import Document, Remark, Tagged
from mailbox_schema.validation import iter_mailbox_violations, iter_violations
from mailbox_schema.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final, Literal

    from mailbox_schema.lint.advice import Advice
    from mailbox_schema.lint.config import Choice
    from mailbox_schema.lint.sources import Path, Position


_CELL_HINTS: "Final" = {
    "add the field": "fill in the cell",
    "leave the field out": "leave the cell blank",
    ", without quotes": ", in digits only",
}
_FOR_CELLS: "Final" = re.compile("|".join(_CELL_HINTS))


class Finding(NamedTuple):
    """A violation or advice in a file at a position.

    ``severity`` is ``error`` for what the API would refuse, and for a line or row that can't be read;
    ``warning`` for advice. ``message`` is the API's exact line, or the advice.
    """

    file: str
    line: int
    column: int
    severity: "Literal['error', 'warning']"
    rule: str
    message: str
    hint: "str | None"
    index: "int | None"  # type: ignore[assignment]  # a tuple's method of this name is not used
    field: "str | None"
    pointer: str


def findings(file: str, kind: str, document: "Document | Remark", choice: "Choice") -> "list[Finding]":
    """Return the findings in a document of ``file``, sorted by position."""
    if isinstance(document, Remark):
        return [_of_remark(file, document)] if document.rule in choice.rules else []
    request = Request(document)
    violations = [
        violation
        for violation in request.violations()
        if not (choice.allow_placeholders and request.is_filled_in_later(violation))
    ]
    found = [request.locate(file, violation) for violation in violations if violation.rule in choice.rules]
    violated = {(finding.index, finding.field) for finding in found}
    found += [_of_remark(file, remark) for remark in document.remarks() if remark.rule in choice.rules]
    found += [request.locate_advice(file, advice) for advice in request.advice(kind, choice, violated)]
    return sorted(found, key=lambda finding: (finding.line, finding.column))


def _of_remark(file: str, remark: Remark) -> Finding:
    severity: "Literal['error', 'warning']" = "warning" if ADVICE[remark.rule].is_warning else "error"
    return Finding(file, *remark.position, severity, remark.rule, remark.message, remark.hint, None, None, "")


class Request:
    """What a document is taken for, and the way from the request it stands for back into it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        value = document.value
        self.first_index = document.index or 0
        self.body: object = value
        self._mailboxes: "Path" = (MAILBOXES.key or "",)
        if document.index is not None:
            self.taken_for = "one mailbox a line"
        elif isinstance(value, list):
            self.taken_for = "a list of mailboxes"
            self.body, self._mailboxes = {"mailboxes": value}, ()
        elif isinstance(value, dict) and not value.keys() & CONTAINER_KEYS and value.keys() & FIELDS.keys():
            self.taken_for = "one mailbox"
            self.body = {"mailboxes": [value]}
        else:
            self.taken_for = "a request body"

    def violations(self) -> "Iterator[Violation]":
        """Yield the violations, as the API would say them."""
        if self._document.index is not None:
            return iter_mailbox_violations(self._document.value, self._document.index)
        return iter_violations(self.body)

    def path(self, index: "int | None", field: "str | None") -> "Path":
        """Return the way to a field of a mailbox, or of the body, in the document."""
        last: "Path" = () if field is None else (field,)
        if self.taken_for in {"one mailbox", "one mailbox a line"}:
            return last if index == self.first_index else ()
        if index is None:
            return last if self._mailboxes else ()
        return (*self._mailboxes, index, *last)

    def mailboxes(self) -> "list[tuple[int, dict[str, object]]]":
        """Return the mailboxes that are objects, with their indices."""
        if self._document.index is not None:
            items: object = [self._document.value]
        else:
            items = self.body.get("mailboxes") if isinstance(self.body, dict) else None
        if not isinstance(items, list):
            return []
        return [
            (self.first_index + number, item) for number, item in enumerate(items) if isinstance(item, dict)
        ]

    def locate(self, file: str, violation: Violation) -> Finding:
        """Return the finding for a violation: at its value, or at the mailbox that lacks it."""
        position = self._document.position(self.path(violation.index, violation.field))
        return _finding(file, position, violation, self._hint(violation))

    def _hint(self, violation: Violation) -> "str | None":
        """Return the hint as it fits the source: a CSV file has cells, and no quotes to take away."""
        if self._document.is_typed or violation.hint is None:
            return violation.hint
        return _FOR_CELLS.sub(lambda said: _CELL_HINTS[said[0]], violation.hint)

    def is_filled_in_later(self, violation: Violation) -> bool:
        """Say whether what is violated is wholly a placeholder, or an encrypted value."""
        value = self._document.value
        for step in self.path(violation.index, violation.field):
            if isinstance(value, dict) and step in value:
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
            else:
                return False
        return is_given_later(value)

    def advice(
        self, kind: str, choice: "Choice", violated: "Iterable[tuple[int | None, str | None]]"
    ) -> "Iterator[Advice]":
        """Yield the advice for the request, of the rules that were chosen."""
        batch = Batch(
            self.mailboxes(),
            self.body if self.taken_for == "a request body" else None,
            self._document,
            kind,
            self.path,
            frozenset(violated),
            choice.allow_placeholders,
        )
        for name, rule in ADVICE.items():
            if name in choice.rules:
                yield from rule.check(batch)

    def locate_advice(self, file: str, advice: "Advice") -> Finding:
        """Return the finding for advice: at the value, or at the key where that is meant."""
        path = self.path(advice.index, advice.key)
        at = self._document.key_position if advice.at_key else self._document.position
        violation = Violation(advice.index, advice.field, advice.rule, advice.message, advice.hint)
        return _finding(file, at(path), violation, advice.hint, severity="warning")


def _finding(
    file: str,
    position: "Position",
    violation: Violation,
    hint: "str | None",
    severity: "Literal['error', 'warning']" = "error",
) -> Finding:
    return Finding(
        file,
        *position,
        severity,
        violation.rule or "response",
        str(violation),
        hint,
        violation.index,
        violation.field,
        violation.pointer,
    )


def is_given_later(value: object) -> bool:
    """Say whether a value is replaced at deploy time: a placeholder, an application's tag, a cipher text."""
    if isinstance(value, Tagged):
        return True
    return isinstance(value, str) and (is_placeholder(value) or is_encrypted(value))
