"""Files whose names are to survive a loss of power."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_full(error: OSError) -> bool:
    """Whether a file could not be written because there is no room for it."""
    return error.errno in _FULL


def sync(folder: Path) -> None:
    """The names in the folder are on the disk, where a system lets folders be synchronised."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_new(path: Path, data: bytes, *, mode: int) -> None:
    """Afterwards a new file holds `data`, and its content is on the disk. Raises OSError, and leaves no file then."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
