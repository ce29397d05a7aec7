"""Opens a collection's SQLite database, and says what went wrong in plain words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.core.errors import StoreError
from index.schema import VERSION, upgrade

BUSY_SECONDS = 5.0
"""How long SQLite waits for another connection's commit."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one operation; it costs about 0.3 ms, and threads share nothing.

    Autocommit: writers use `transaction`.

    Raises:
        StoreError: the database is damaged, full, locked or can't be opened.
    """
    with explained(path):
        _create(path)
        with closing(
            sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        ) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
            connection.execute("PRAGMA synchronous = NORMAL")  # safe with WAL after a kill
            connection.execute("PRAGMA temp_store = MEMORY")  # no trace of a question's filters
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                _log_ahead(connection)
                upgrade(connection)
            yield connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. SQLite refuses that at once while anybody else so much as
    reads, without waiting as it does elsewhere."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: commits at the end, rolls back on any way out but that. Inside another one
    it is a part of it."""
    joins = connection.in_transaction
    if joins:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns SQLite's and the system's refusals into `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(path, error) from error
    except OSError as error:
        raise StoreError(
            f"The index in {path.parent} can't be opened: {error.strerror or error}.",
            "Check the folder's permissions and the free space.",
        ) from error


def _explain(path: Path, error: sqlite3.Error) -> StoreError:
    words = str(error)
    if "locked" in words or "busy" in words:
        return StoreError("The index is being changed by another program.", "Try again shortly.")
    if "full" in words or "disk I/O" in words:
        return StoreError(f"The index can't be written: {words}.", "Make space on the disk.")
    if "readonly" in words or "unable to open" in words:
        return StoreError(f"{path}: {words}.", "Check the permissions of that folder.")
    if "newer version" in words:
        return StoreError(f"The index was {words}.", "Update the assistant.")
    return StoreError(
        f"The index database {path} is damaged ({words}).",
        f"Delete the folder {path.parent} and add the documents again; they are not touched.",
    )


def _create(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (path.parent, path.parent.parent):
        folder.chmod(0o700)
    # SQLite gives its WAL files the permissions of the database.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
