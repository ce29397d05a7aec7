"""The conversations' SQLite file: opening it, reading and writing under a lock, its health."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from assistant.config import make_private_folder
from assistant.store.failures import DamagedStoreError, damaged, explained
from assistant.store.schema import migrate

BUSY_MILLISECONDS = 5000
"""How long a write waits for another process's; writes take a few milliseconds."""


class Database:
    """One open database; usable from any thread, one at a time.

    Raises (this and every method): `StoreError`, with the remedy, when the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with explained(path):
            _look_into_suspicion(path)
            self._connection = _connect(path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, committed whole or not at all."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection

    def read(
        self, query: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, self._explained():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def scanning(self, query: str, values: Sequence[object]) -> Iterator[sqlite3.Cursor]:
        """The rows of a query one by one, for a reader that stops early."""
        with self._lock, self._explained(), closing(self._connection.cursor()) as cursor:
            yield cursor.execute(query, values)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """As `explained`; damage met leaves a mark, so that the next opening looks closely."""
        try:
            with explained(self.path):
                yield
        except DamagedStoreError:
            _suspicion(self.path).touch()
            raise


def _connect(path: Path) -> sqlite3.Connection:
    """Open the database, made or brought up to date as needed; for its owner alone (0600).

    Write-ahead logging lets other processes read and write at the same time; what is committed
    survives the end of this process, however sudden.

    Raises:
        StoreError: a newer version of the program wrote it.
        sqlite3.Error, OSError: it can't be opened.
    """
    make_private_folder(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path)
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def find_damage(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with the file; nothing is changed.

    Raises:
        sqlite3.Error: it is no database, or can't be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        try:
            rows = connection.execute("PRAGMA quick_check").fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            return [str(error)]
    return [str(row[0]) for row in rows if row[0] != "ok"]


def move_aside(path: Path) -> Path:
    """Rename a damaged database and its logs so that a new one can begin; its new name."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.corrupt-{number}{path.suffix}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept.with_name(kept.name + ending))
    _suspicion(path).unlink(missing_ok=True)
    return kept


def _suspicion(path: Path) -> Path:
    """The mark beside a database in which damage was met: a full check takes 0.1 s for 100 MB,
    too long for every opening."""
    return path.with_name(path.name + "-suspect")


def _look_into_suspicion(path: Path) -> None:
    """
    Raises:
        DamagedStoreError: damage was met in the last run and is still there.
    """
    if not _suspicion(path).exists():
        return
    if path.exists() and (damage := find_damage(path)):
        raise damaged(path, damage[0])
    _suspicion(path).unlink(missing_ok=True)
