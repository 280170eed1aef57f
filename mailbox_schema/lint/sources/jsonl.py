"""JSON Lines -> a document a line, each one mailbox; read line by line, in constant memory."""

from mailbox_schema.lint.sources import UTF_16, Document, Remark, SourceError, decode
from mailbox_schema.lint.sources.json import document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Final

# A mailbox is a few kilobytes. A file without line ends is read no further than this.
_LONGEST_LINE: "Final" = 16 * 1024 * 1024


def documents(stream: "BinaryIO") -> "Iterator[Document | Remark]":
    """Yield a document for each line that is not blank; a remark for one that is not JSON.

    The index of a document is the number of its record, from 0; a line that is not JSON counts too.

    :raises SourceError: if a line is too long, there is none, or the file is UTF-16
    """
    line_number = record_number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        line_number += 1
        if len(line) > _LONGEST_LINE:
            reason = f"a line of more than {_LONGEST_LINE // 1024 // 1024} MB"
            raise SourceError(reason, (line_number, 1))
        if line_number > 1 and not line.strip():
            continue
        try:
            # The end of the line is none of the record: what is cut off is reported on its own line.
            yield document(decode(line.rstrip(b"\r\n"), line_number), record_number)
        except SourceError as error:
            if error.reason == "empty":
                continue
            if error.reason == UTF_16 and line_number == 1:
                raise
            place = error.position or (line_number, 1)
            yield Remark("syntax", place, f"mailbox[{record_number}] can't be read: {error.reason}")
        record_number += 1
    if record_number == 0:
        raise SourceError("empty")
