"""Writes a result to a file: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from assistant.core.errors import DocumentError, UsageError
from assistant.core.paths import is_folder, is_there, with_home

_SHORT = 40
"""Characters of a name that a longer one may begin with: of Chinese, they are 120 bytes."""


def check_absent(path: Path, force: bool) -> None:
    """
    Raises:
        UsageError: there is such a file and it may not be replaced, or there is no such folder.
    """
    path = with_home(path)
    if is_folder(path):
        raise UsageError(f"{path} is a folder.", "Name a file in it.")
    if not is_folder(path.parent):
        raise UsageError(f"There is no folder {path.parent}.", "Make it first.")
    if is_there(path) and not force:
        raise UsageError(f"{path} exists.", "Choose another name, or replace it with --force.")


def write_whole(path: Path, data: bytes, force: bool) -> None:
    """Write a file under another name and put it in place when it is complete.

    Raises:
        UsageError: a file of that name appeared meanwhile.
        DocumentError: it can't be written.
    """
    path = with_home(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:_SHORT]}.")
    except OSError as error:
        raise _unwritable(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        _put(temporary, path, force)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _put(temporary: Path, path: Path, force: bool) -> None:
    if force:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # unlike a rename it fails where the file exists
    except FileExistsError:
        check_absent(path, force)
    except OSError:  # file systems without links
        check_absent(path, force)
        temporary.replace(path)


def _umask() -> int:
    """The mask new files get; there is no way to read it but to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> DocumentError:
    return DocumentError(
        f"{path} can't be written: {error.strerror}.", "Free some space, or choose another folder."
    )
