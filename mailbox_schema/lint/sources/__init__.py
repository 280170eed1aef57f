"""One module a file type: text -> the value it holds."""


class SourceError(Exception):
    """A source can't be read or parsed; says why in one line, without quoting the source.

    ``line`` and ``column`` count from 1; ``None`` where the reason has no place.
    """

    def __init__(self, reason: str, line: "int | None" = None, column: "int | None" = None) -> None:
        super().__init__(reason, line, column)
        self.reason = reason
        self.line = line
        self.column = column


def decode(data: bytes) -> str:
    """Return the text of ``data``: UTF-8, with or without a byte order mark.

    :raises SourceError: if there is none, or it is not UTF-8
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise SourceError("not UTF-8", *position(before, len(before))) from None
    if not text.strip():
        raise SourceError("empty", 1, 1)
    return text


def position(text: str, offset: int) -> "tuple[int, int]":
    r"""Return the line and the column (both from 1, in characters) of ``offset`` in ``text``.

    >>> position("a\nbc", 3)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
