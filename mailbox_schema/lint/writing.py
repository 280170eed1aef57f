"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from tempfile import NamedTemporaryFile


def write_whole(path: str, data: bytes) -> None:
    """Write a file: a reader sees the old content or the new one, and a failure leaves the old one.

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
            file.write(data)
        return
    with NamedTemporaryFile(dir=os.path.dirname(path), prefix=".mailbox-schema-", delete=False) as temporary:
        try:
            temporary.write(data)
            temporary.close()
            os.chmod(temporary.name, stat.S_IMODE(mode))
            os.replace(temporary.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary.name)
            raise


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
