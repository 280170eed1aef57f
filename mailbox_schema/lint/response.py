"""The vendor's answer, located in the file that was sent: its lines joined to positions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from mailbox_schema.lint.findings import Finding, Request
from mailbox_schema.lint.sources.base import MOST_VALUES, SourceError, decode, too_many_values
from mailbox_schema.responses import failure_details
from mailbox_schema.violation import Violation
from mailbox_schema.vocabulary import show_index, show_key, show_line

if TYPE_CHECKING:
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


def locate_answer(lines: list[str], documents: list[Document], file: str) -> Located:
    """Return the findings for ``lines``, at the places in ``documents`` that they name.

    The answer is about the first document, or about all of them if they are parts of a stream.

    :raises SourceError: if there is none
    """
    if not documents:
        raise SourceError("no line of it can be read")
    first, *others = [Request(document) for document in documents]
    requests = [first, *(request for request in others if request.document.records is not None)]
    by_index = {
        index: request for request in requests for index in range(request.document.first_index, _end(request))
    }
    ours = {str(violation): violation for request in requests for violation in request.violations()}
    amount = max(map(_end, requests))
    found = []
    # Mailbox by mailbox, so that each is walked once for the positions in it.
    for line in sorted(lines, key=lambda line: Violation.parse(line).index or 0):
        own = ours.get(line)
        violation = own or Violation.parse(line)
        request = by_index.get(violation.index or 0, first)
        finding = request.locate(file, violation)
        found.append(finding if own else _redact(finding, violation, amount))
    found.sort(key=lambda finding: (finding.line, finding.column))
    return Located(found, sum(line in ours for line in lines), len(ours.keys() - set(lines)))


def _end(request: Request) -> int:
    return request.document.first_index + len(request.mailboxes)


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
        hint="only the API found this",
        index=index,
        field=field,
        pointer=Violation(index, field, None, "").pointer,
    )
