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


class ChangedError(Exception):
    """A file doesn't contain any more what it should be replaced for; it is left as it is."""


def write_whole(path: str, data: bytes, before: bytes | None = None) -> None:
    """Write ``data`` to a file, as :func:`whole_file` does.

    :raises OSError: if it can't be written
    :raises ChangedError: if it doesn't contain ``before`` any more, where that is given
    """
    with whole_file(path, before) as file:
        file.write(data)


@contextmanager
def whole_file(path: str, before: bytes | None = None) -> Iterator[BinaryIO]:
    """Give a file to write: a reader sees the old content or the new one, and a failure leaves the old one.

    The mode and the owner of a file that is there are kept; a link stays one. What is not a regular file,
    such as a device, is written to as it is.

    :raises OSError: if it can't be written
    :raises ChangedError: if it doesn't contain ``before`` any more, where that is given
    """
    try:
        status = os.stat(path)
        mode = status.st_mode
    except FileNotFoundError:
        status = None
        mode = stat.S_IFREG | (0o666 & ~_umask())
    if not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            yield file
        return
    path = os.path.realpath(path)
    descriptor, temporary = mkstemp(dir=os.path.dirname(path), prefix=".mailbox-schema-")
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if status is not None:
            with suppress(AttributeError, PermissionError):  # not on Windows; not for another's file
                os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(mode))
        if before is not None:
            _require(path, before)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _require(path: str, before: bytes) -> None:
    with open(path, "rb") as file:
        if file.read() != before:
            raise ChangedError


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
