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

    Args:
        path: the file, made if missing.
        in_memory: work on a copy of the file that lives as long as the program, empty where
            the file can't be read; for when nothing can be written.

    Raises (this and every method): `StoreError`, with the remedy, when the file can't be used.
    """

    def __init__(self, path: Path, *, in_memory: bool = False) -> None:
        self.path = path
        self.in_memory = in_memory
        self._lock = threading.RLock()
        with explained(path):
            self.words_are_suspect = not in_memory and _look_into_suspicion(path)
            """Damage was met that the tables don't have: the word index is to be remade."""
            self._connection = _loaded(path) if in_memory else _connect(path)
            self._seen = self._data_version()

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
    def reading_beside(self) -> Iterator[sqlite3.Connection]:
        """Another connection to read from, which neither takes nor waits for the lock; to what is
        only in memory, a copy of it."""
        with self._explained():
            connection = self._copied() if self.in_memory else _beside(self.path)
            with closing(connection):
                yield connection

    def _copied(self) -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        copy.text_factory = _text
        with self._lock:
            self._connection.backup(copy)
        return copy

    def changed_elsewhere(self) -> bool:
        """Whether another process (or store) wrote to the file since this was last asked; takes
        some ten microseconds."""
        with self._lock, self._explained():
            before, self._seen = self._seen, self._data_version()
            return self._seen != before

    def forget_log(self) -> None:
        """Empty the write-ahead log, which holds what was overwritten; left to a later time
        while another process reads it."""
        self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def _data_version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """As `explained`; damage met leaves a mark, so that the next opening looks closely."""
        try:
            with explained(self.path):
                yield
        except DamagedStoreError:
            with explained(self.path):
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
    return _prepared(sqlite3.connect(path, isolation_level=None, check_same_thread=False), path)


def _beside(path: Path) -> sqlite3.Connection:
    """For reading only; the generator that reads may be ended by another thread."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.text_factory = _text
    return connection


def _loaded(path: Path) -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    # Immutable: a folder that can't be written to has no room for the logs of a reader.
    for access in ("mode=ro", "immutable=1"):
        try:
            uri = f"{path.absolute().as_uri()}?{access}"
            with closing(sqlite3.connect(uri, uri=True)) as file:
                file.backup(memory)
            break
        except sqlite3.Error:
            memory.close()
            memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    return _prepared(memory, path)


def _prepared(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # zeros over what is deleted
        connection.text_factory = _text
        migrate(connection, path)
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _text(stored: bytes) -> str:
    """Text even where a damaged row holds none: one such row must not cost a whole page."""
    return stored.decode("utf-8", "replace")


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


def _look_into_suspicion(path: Path) -> bool:
    """Whether damage was met in the last run that the tables don't have.

    Raises:
        DamagedStoreError: they have.
    """
    if not _suspicion(path).exists():
        return False
    if path.exists() and (damage := find_damage(path)):
        raise damaged(path, damage[0])
    _suspicion(path).unlink(missing_ok=True)
    return True
