"""JSON Lines -> a document for each line, one mailbox each; read line by line, in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbox_schema.lint.sources.base import EMPTY, UTF_16, Remark, SourceError, decode, read_lines
from mailbox_schema.lint.sources.json import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from mailbox_schema.lint.sources.base import Document


def documents(stream: BinaryIO) -> Iterator[Document | Remark]:
    """Yield a document for each line that is not blank; a remark for one that is not JSON.

    The index of a record is its number, from 0; a line that is not JSON counts too.

    :raises SourceError: if a line is too long, there is none, or the file is UTF-16
    """
    record = returns = 0
    for count, line in read_lines(stream):
        number = count + returns
        # The line end is not part of the record: a record that is cut off is reported on its own line.
        written = line.rstrip(b"\r\n")
        if b"\r" in line:  # alone, it ends a line, too
            returns += line.removesuffix(b"\n").removesuffix(b"\r").count(b"\r")
        try:
            yield parse_document(decode(written, number), record)
        except SourceError as error:
            if error.reason == EMPTY:
                continue
            if error.reason == UTF_16 and number == 1:
                raise
            yield Remark(
                "syntax", error.position or (number, 1), f"mailbox[{record}] can't be read: {error.reason}"
            )
        record += 1
    if record == 0:
        raise SourceError(EMPTY)
