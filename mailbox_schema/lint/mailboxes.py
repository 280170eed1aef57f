"""The mailboxes of a file one by one, each with the positions of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mailbox_schema.contract import BODY_KEYS, MAILBOXES
from mailbox_schema.lint.advice import ADVICE
from mailbox_schema.lint.findings import Request
from mailbox_schema.lint.sources.base import Remark, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mailbox_schema.lint.sources.base import Document, Path, Position


class Read(NamedTuple):
    """A mailbox that was read: in which file, and at which index of which request.

    ``around`` are the other members of its request that the API reads.
    """

    mailbox: object
    file: str
    request: Request
    index: int  # type: ignore[assignment]  # a tuple's method of this name is not used
    around: dict[str, object]

    def locate(self, field: str | None) -> tuple[Position | None, Position | None]:
        """Return the positions of a field's key and value, where there are any; by default, the mailbox's."""
        return self.request.document.locate(self._path(field))

    def position(self, field: str | None) -> Position:
        """Return the position of a field's value; if it has none, of the mailbox."""
        return self.request.document.position(self._path(field))

    def _path(self, field: str | None) -> Path:
        return self.request.path(self.index, field)


def _refuse(error: SourceError) -> None:
    raise error


def mailboxes_in(
    parts: Iterable[Document | Remark], file: str, on_unreadable: Callable[[SourceError], None] = _refuse
) -> Iterator[Read]:
    """Yield the mailboxes in the documents of a file.

    ``on_unreadable`` is called for a mailbox that can't be read as it is meant: JSON Lines that aren't JSON,
    ragged rows of CSV.

    :raises SourceError: by default, for such a mailbox; for a body without a list of mailboxes
    """
    for part in parts:
        if isinstance(part, Remark):
            on_unreadable(SourceError(part.message, part.position))
            continue
        request = Request(part)
        _ensure_list(request)
        around = members_around(request)
        errors = {each.position: each for each in part.remarks() if not ADVICE[each.rule].is_warning}
        for index, mailbox in enumerate(request.mailboxes, part.first_index):
            read = Read(mailbox, file, request, index, around)
            if errors and (error := errors.get(read.position(None))) is not None:
                on_unreadable(SourceError(error.message, error.position))
            else:
                yield read


def members_around(request: Request) -> dict[str, object]:
    """Return the members of a body that the API reads, without the mailboxes."""
    body = request.body
    if request.taken_for != "a request body" or not isinstance(body, dict):
        return {}
    return {key: body[key] for key in BODY_KEYS if key in body and key != MAILBOXES.key}


def _ensure_list(request: Request) -> None:
    """Refuse a body without a list of mailboxes.

    :raises SourceError: with the API's line about it
    """
    body = request.body
    has_list = isinstance(body, dict) and isinstance(body.get("mailboxes"), list)
    if request.taken_for == "a request body" and not has_list:
        violation = next(request.violations_around())
        raise SourceError(str(violation), request.document.position(request.path(None, violation.field)))
