"""Files of mailboxes -> the request bodies that they stand for, and what keeps them from being sent."""

from __future__ import annotations

import io
import json
import os
import stat
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Final

from mailbox_schema.contract import FIELDS, MAILBOXES
from mailbox_schema.lint.advice import ADVICE, Advice
from mailbox_schema.lint.catalogue import GROUPS
from mailbox_schema.lint.check import STDIN, ensure_keys, open_source
from mailbox_schema.lint.config import Choice
from mailbox_schema.lint.findings import Request, Search
from mailbox_schema.lint.mailboxes import mailboxes_in, members_around
from mailbox_schema.lint.sources import documents
from mailbox_schema.lint.sources.base import Document, SourceError, Tagged, read_whole
from mailbox_schema.placeholders import is_encrypted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from mailbox_schema.lint.check import File
    from mailbox_schema.lint.findings import Finding
    from mailbox_schema.lint.mailboxes import Read
    from mailbox_schema.lint.sources.base import Path, Position, Remark

# Whatever the settings choose: the API doesn't know them. All other advice is for the check.
_RULES: Final = GROUPS["contract"].union(
    ["placeholder"], [name for name, rule in ADVICE.items() if not rule.is_warning]
)
# Of a file with such a finding, no mailboxes are read.
_NEVER_SENT: Final = frozenset({"body-object", "mailbox-count", "ragged-row", "syntax"})
_NOT_JSON: Final = "has a value that JSON can't express"


def can_be_forced(finding: Finding) -> bool:
    """Return whether a body can be sent in spite of a finding."""
    return finding.rule not in _NEVER_SENT


class Sendable:
    """A file that is read twice: to check it, and to send it.

    Standard input and pipes can be read once only, so they are kept in memory. A file is not, and must not
    change in between. ``file`` is its name in reports; ``option`` is the path ``at``, if an option gives it.
    """

    def __init__(self, file: File, at: str, option: str | None = None) -> None:
        self.file = file.shown
        self._source = file
        self._at = at
        self._option = option
        self._data: bytes | None = None
        self._state: tuple[int, ...] | None = None

    def obstacles(self) -> Iterator[Finding]:
        """Yield what keeps the mailboxes of the file from being sent; any number of them can be.

        :raises SourceError: if the file can't be read or parsed
        """
        search = Search(self.file, self._kind(), Choice(_RULES))
        for part in self._documents():
            found = search.findings(part)
            if isinstance(part, Document):
                request = Request(part)
                found = chain(found, _unsendable(request, self.file))
                if request.mailboxes:
                    found = (finding for finding in found if finding.rule != MAILBOXES.rule)
            # This command fixes nothing.
            yield from (finding._replace(severity="error", fix=None) for finding in found)

    def mailboxes(self) -> Iterator[Read]:
        """Yield the mailboxes of the file.

        :raises SourceError: if the file can't be read or parsed, or has changed since it was checked
        """
        return mailboxes_in(self._documents(), self.file)

    def _documents(self) -> Iterator[Document | Remark]:
        kind = self._kind()
        ensure_keys(kind, self._option)
        with self._open() as stream:
            self._ensure_same(stream)
            yield from documents(stream, kind, self._at)
            self._ensure_same(stream)

    def _kind(self) -> str:
        """Return the type of the file; of standard input without a name or type, by its content."""
        if not self._source.has_type:
            from mailbox_schema.lint.sources.content import kind_of_content  # noqa: PLC0415  # for this case only

            self._open().close()
            self._source = self._source._replace(type=kind_of_content(self._data or b""))
        return self._source.kind

    def _open(self) -> BinaryIO:
        if self._data is None:
            stream = open_source(self._source.name)
            if self._source.name != STDIN and stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return stream
            with stream:
                self._data = read_whole(stream)
        return io.BytesIO(self._data)

    def _ensure_same(self, stream: BinaryIO) -> None:
        if self._data is not None:
            return
        status = os.fstat(stream.fileno())
        state = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
        if self._state not in {None, state}:
            raise SourceError("has changed while it was read")
        self._state = state


def _unsendable(request: Request, file: str) -> Iterator[Finding]:
    """Yield what only a sender has to know: values to be filled in later, or that JSON can't express."""
    if not _is_json(members_around(request)):
        yield request.locate_advice(file, None, Advice("syntax", None, f"the body {_NOT_JSON}"))
    for index, mailbox in enumerate(request.mailboxes, request.document.first_index):
        if not _is_json(mailbox):
            yield request.locate_advice(file, index, Advice("syntax", None, _NOT_JSON))
        for name in FIELDS:
            value = mailbox.get(name) if isinstance(mailbox, dict) else None
            if isinstance(value, Tagged) or (isinstance(value, str) and is_encrypted(value)):
                advice = Advice(
                    "placeholder", name, "is encrypted or has a tag", "decrypt the file first", name
                )
                yield request.locate_advice(file, index, advice)


def _is_json(value: object) -> bool:
    """Return whether JSON can express a value: not NaN, infinity, nor more levels than the encoder takes."""
    try:
        # Some levels deeper than in the body, and called from elsewhere.
        json.dumps([[[[[[[[[[value]]]]]]]]]], allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return True


class Batch(Document):
    """Mailboxes that were read, as one request body, with their positions in the files."""

    def __init__(self, reads: list[Read]) -> None:
        self._reads = reads
        self.value = {"mailboxes": [read.mailbox for read in reads], **reads[0].around}
        # A hint about columns holds for the mailboxes of one file.
        self.columns = reads[0].request.document.columns if len(self.files) == 1 else None

    @property
    def text(self) -> str:
        """The body as JSON: one line, in ASCII."""
        return json.dumps(self.value, allow_nan=False)

    @property
    def files(self) -> list[str]:
        """The names of the files, in their order."""
        return list(dict.fromkeys(read.file for read in self._reads))

    def file(self, index: int | None) -> str:
        """Return the file of the mailbox at ``index``; of any other part of the body, the first file."""
        read = self._reads[0 if index is None or index >= len(self._reads) else index]
        return read.file

    def locate(self, path: Path) -> tuple[Position | None, Position | None]:
        """Return the positions of key and value at ``path``; the body begins where its first mailbox does."""
        if len(path) > 1:
            index, field = int(path[1]), str(path[2]) if path[2:] else None
            return self._reads[index].locate(field) if index < len(self._reads) else (None, None)
        if path and path[0] in self._reads[0].around:
            request = self._reads[0].request
            return request.document.locate(request.path(None, str(path[0])))
        return self._reads[0].locate(None)


def batches(reads: Iterable[Read], size: int) -> Iterator[Batch]:
    """Yield the mailboxes in their order, at most ``size`` in a batch.

    A batch has mailboxes with the same ``completion_notification_types`` only.
    """
    for _, group in groupby(reads, lambda read: read.around):
        while batch := list(islice(group, size)):
            yield Batch(batch)
