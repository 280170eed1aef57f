"""An answer of the API, located: its lines joined to positions in the file that was sent."""

import json
import re
from typing import NamedTuple

from mailbox_schema.contract import FIELDS, SECRET_FIELDS
from mailbox_schema.lint.findings import Finding, Request
from mailbox_schema.lint.sources import SourceError, decode
from mailbox_schema.responses import failure_details
from mailbox_schema.violation import Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from mailbox_schema.lint.sources import Document

_SHORTEST_IN_A_WORD: "Final" = 4


class Located(NamedTuple):
    """The findings for the lines of an answer, and how many of them we find ourselves.

    ``missing`` counts what we find and the answer doesn't say.
    """

    findings: "list[Finding]"
    known: int
    missing: int


def read_answer(data: bytes) -> "list[str]":
    """Return the lines of the body of a 400 answer.

    :raises SourceError: if it is no such body
    """
    try:
        answer = json.loads(decode(data).text)
    except (ValueError, RecursionError):
        raise SourceError("not JSON") from None
    try:
        return failure_details(answer)
    except ValueError:
        raise SourceError("no answer of the API: it has no `details`, a list of lines") from None


def locate_answer(lines: "list[str]", documents: "list[Document]", file: str) -> Located:
    """Return the findings for ``lines``, at what they are about in ``documents``.

    The answer is about the first document, or about all of them where each is one mailbox.

    :raises SourceError: if there is none
    """
    if not documents:
        raise SourceError("no line of it can be read")
    every = [Request(document) for document in documents]
    requests = {request.first_index: request for request in reversed(every)}
    ours = {str(violation): violation for request in requests.values() for violation in request.violations()}
    secrets = {
        text
        for request in every
        for _, mailbox in request.mailboxes()
        for name in SECRET_FIELDS
        for text in _spellings(mailbox.get(name))
    }
    findings = []
    for line in lines:
        own = ours.get(line)
        violation = own or Violation.parse(_without_secrets(line, secrets))
        request = requests.get(violation.index or 0, every[0])
        finding = request.locate(file, violation)
        if own is None:
            finding = finding._replace(rule="response", hint="only the API found this")
        findings.append(finding)
    findings.sort(key=lambda finding: (finding.line, finding.column))
    known = sum(line in ours for line in lines)
    return Located(findings, known, len(ours.keys() - set(lines)))


def _spellings(value: object) -> "Iterator[str]":
    """Yield what a secret may look like where it is quoted, in lower case."""
    if isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from _spellings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _spellings(part)
    elif value is not None and str(value).strip():
        yield str(value).strip().lower()
        yield json.dumps(value)[1:-1].strip().lower()


def _without_secrets(line: str, secrets: "set[str]") -> str:
    """Return the line; of one that quotes a secret of the file, only the place that it names."""
    said = Violation.parse(line)
    if said.rule is not None:
        return line
    place = f"mailbox[{said.index}]" if said.index is not None else ""
    rest = said.message if said.field is None else f"{said.field} {said.message}"
    if said.field in FIELDS:
        place, rest = said.path, said.message
    if not any(_quotes(rest.lower(), secret) for secret in secrets if secret):
        return line
    return f"{place} (what the API says is not shown: it quotes a secret)".strip()


def _quotes(message: str, secret: str) -> bool:
    """Say whether ``secret`` stands in ``message``: a short one as a word, so that `no` is not in `not`."""
    if len(secret) >= _SHORTEST_IN_A_WORD:
        return secret in message
    return re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", message) is not None
