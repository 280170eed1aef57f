"""The vendor's answer, located in the file that was sent: its lines joined to positions."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from mailbox_schema.lint.findings import Finding, Request
from mailbox_schema.lint.sources.base import MOST_VALUES, SourceError, decode, too_many_values
from mailbox_schema.responses import failure_details
from mailbox_schema.violation import Violation
from mailbox_schema.vocabulary import show_index, show_key, show_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailbox_schema.lint.body import Batch
    from mailbox_schema.lint.sources.base import Document


class Located(NamedTuple):
    """The findings for the lines of an answer, and how many of the lines we find too.

    ``missing`` counts the lines that we find and the answer doesn't have.
    """

    findings: list[Finding]
    known: int
    missing: int


def read_answer(data: bytes) -> list[str]:
    """Return the lines of the body of a 400 answer.

    :raises SourceError: if it is not such a body
    """
    text = decode(data).text
    if text.count(",") >= MOST_VALUES:
        raise too_many_values()
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise SourceError("not JSON") from None
    try:
        return failure_details(answer)
    except ValueError:
        raise SourceError("not an API answer: `details` must be a list of lines") from None


def locate_answer(lines: list[str], documents: Iterable[Document], file: str) -> Located:
    """Return the findings for ``lines``, at the places in ``documents`` that they name.

    The answer is about the first document, or about all of them if they are parts of a stream. Each is
    dropped after the lines about it are located.

    :raises SourceError: if there is none
    """
    sent = set(lines)
    waiting: dict[int | None, list[str]] = {}
    for line in lines:
        waiting.setdefault(Violation.parse(line).index, []).append(line)
    found: list[Finding] = []
    known = missing = amount = 0
    first: Request | None = None
    for document in documents:
        if first is not None and document.records is None:
            continue
        request = Request(document)
        own: dict[str, Violation] = {}
        for violation in request.violations():
            if str(violation) in sent:
                own[str(violation)] = violation
            else:
                missing += 1
        amount = document.first_index + len(request.mailboxes)
        indices = [*range(document.first_index, amount), *([] if first else [None])]
        first = first or request
        for line in chain.from_iterable(waiting.pop(index, ()) for index in indices):
            known += line in own
            found.append(_locate(request, file, line, own.get(line), amount))
    if first is None:
        raise SourceError("no line of it can be read")
    rest = chain.from_iterable(waiting.values())
    found.extend(_locate(first, file, line, None, amount) for line in rest)
    found.sort(key=lambda finding: (finding.line, finding.column))
    return Located(found, known, missing)


def locate_in_batch(lines: list[str], batch: Batch) -> Located:
    """Return the findings for ``lines``, the answer about ``batch``, at the places in its files."""
    located = locate_answer(lines, [batch], "")
    found = [finding._replace(file=batch.file(finding.index)) for finding in located.findings]
    found.sort(key=lambda finding: batch.files.index(finding.file))
    return located._replace(findings=found)


def _locate(request: Request, file: str, line: str, own: Violation | None, amount: int) -> Finding:
    violation = own or Violation.parse(line)
    finding = request.locate(file, violation)
    return finding if own else _redact(finding, violation, amount)


def _hint(violation: Violation, amount: int) -> str:
    if violation.index is None or violation.index < amount:
        return "only the API found this"
    mailboxes = "is only 1 mailbox" if amount == 1 else f"are only {amount} mailboxes"
    return f"there {mailboxes}: is it the right file or batch?"


def _redact(finding: Finding, violation: Violation, amount: int) -> Finding:
    """Return a finding for a line of the API's own: of its words, those that can't be a secret."""
    index, field, message = violation.index, violation.field, violation.message
    if index is not None and show_index(index, amount) != index:
        index = None
    if field is not None and show_key(field) != field:
        field = None
    return finding._replace(
        rule="response",
        message=show_line(violation.index, violation.field, message, amount),
        hint=_hint(violation, amount),
        index=index,
        field=field,
        pointer=Violation(index, field, None, "").pointer,
    )
