"""What SQLite's errors mean to a person, and what can be done about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import StoreError


class DamagedStoreError(StoreError):
    """The database's contents are broken; the file itself could be opened."""


class UnwritableStoreError(StoreError):
    """The database can't be opened or written, for a reason that lies outside of it."""


def damaged(path: Path, detail: str) -> DamagedStoreError:
    """The error for a database whose contents are broken."""
    return DamagedStoreError(
        f"The conversations in {path} are damaged: {detail}.",
        "Start the chat again: it saves what can be read, and keeps the old file.",
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns SQLite and system errors over the database at `path` into `StoreError`s."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except OSError as error:
        raise UnwritableStoreError(
            f"{path} can't be opened: {error.strerror}.",
            "Correct the folder's permissions, or name another with ASSISTANT_DATA_DIR.",
        ) from error


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """The fact and the remedy of an SQLite error (its primary result code decides)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return damaged(path, str(error))
    if code == sqlite3.SQLITE_FULL:
        return UnwritableStoreError(
            f"The disk that holds {path} is full.", "Free some space; nothing saved so far is lost."
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError(
            f"Another program is writing to {path}.", "Close it, or wait a moment and try again."
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return UnwritableStoreError(
            f"{path} can't be written.",
            "Correct the permissions of it and its folder, or name another folder with "
            "ASSISTANT_DATA_DIR.",
        )
    if code == sqlite3.SQLITE_IOERR:
        return UnwritableStoreError(
            f"The disk failed while {path} was used: {error}.",
            "Look whether it is full or was taken away; nothing saved so far is lost.",
        )
    return StoreError(
        f"{path} refused an operation: {str(error).rstrip('.')}.",
        "`assistant doctor` checks the file.",
    )
