"""Disk space: how much is free, how much is needed, and what a disk error means."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.core.errors import ModelError

FreeBytes = Callable[[Path], int]
RESERVE = 64 * 1024 * 1024
"""Bytes left free beside the models: logs, databases and the system need some."""

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}


def readable_size(count: float) -> str:
    """Bytes as people read them (decimal units): "98.4 MB"."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.2f} GB"


def free_bytes(folder: Path) -> int:
    """Bytes free where a folder is or will be.

    Raises:
        OSError: not even the root answers.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(needed: int, folder: Path, free: FreeBytes = free_bytes) -> None:
    """Refuse work that would fill the disk.

    Raises:
        ModelError: fewer than `needed` bytes and the reserve are free.
    """
    there = free(folder)
    if there < needed + RESERVE:
        raise ModelError(
            f"Fetching needs {readable_size(needed + RESERVE)} of disk space for a while; "
            f"{readable_size(there)} are free at {folder}.",
            "Free some space, or move the cache: set ASSISTANT_CACHE_DIR.",
        )


def explain_os_error(error: OSError, folder: Path) -> ModelError:
    """What an error met while writing to a folder means to its owner."""
    if error.errno in _FULL:
        return ModelError(
            f"The disk that holds {folder} is full.",
            "Free some space and pull again, or move the cache: set ASSISTANT_CACHE_DIR.",
        )
    if error.errno in _REFUSED:
        return ModelError(
            f"{folder} can't be written to ({error.strerror}).",
            "Change its permissions, or choose another folder: set ASSISTANT_CACHE_DIR.",
        )
    if error.errno in _NO_FOLDER:
        return ModelError(
            f"{error.filename or folder} is in the way: a folder is needed there.",
            "Move that file, or choose another folder: set ASSISTANT_CACHE_DIR.",
        )
    return ModelError(f"Writing to {folder} failed: {error}.", "Check the disk, then pull again.")
