"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from tempfile import mkstemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


def write_whole(path: str, data: bytes) -> None:
    """Write ``data`` to a file, as :func:`whole_file` does.

    :raises OSError: if it can't be written
    """
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """Give a file to write: a reader sees the old content or the new one, and a failure leaves the old one.

    The mode of a file that is there is kept; a link stays one. What is not a regular file, such as a device,
    is written to as it is.

    :raises OSError: if it can't be written
    """
    path = os.path.realpath(path)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | (0o666 & ~_umask())
    if not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            yield file
        return
    descriptor, temporary = mkstemp(dir=os.path.dirname(path), prefix=".mailbox-schema-")
    try:
        with open(descriptor, "wb") as file:
            yield file
        os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
