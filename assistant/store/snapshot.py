"""The database as it was at one moment, for a reader that takes its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.store.database import Database


class Snapshot:
    """Reads from a connection of its own: nobody waits for it, and what others write meanwhile
    is not seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one by one."""
        yield from self._connection.execute(query, values)


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """The database as it is now, until the end of the block.

    Raises:
        StoreError: it can't be read.
    """
    with database.reading_beside() as connection:
        connection.execute("BEGIN")
        yield Snapshot(connection)
