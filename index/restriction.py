"""Restricts a question to the files that pass its filters, inside the database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.documents import Filters
from index.filters import passing

_TABLES = (
    "CREATE TEMP TABLE allowed_files (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE allowed (content INTEGER PRIMARY KEY)",
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """Where a question may look.

    When partial, the connection that made it has the ids of the files and of their contents
    in the tables `temp.allowed_files` and `temp.allowed`, in memory, until its transaction ends.
    """

    files: int
    """Searchable files that pass."""
    is_partial: bool
    """Whether there are others."""
    contents: int = 0
    """Contents of the files, when partial."""

    def allowed_contents(self, connection: sqlite3.Connection) -> list[int]:
        """Ids of the contents; only when partial."""
        return [content for (content,) in connection.execute("SELECT content FROM temp.allowed")]


def restrict(connection: sqlite3.Connection, filters: Filters, roots: Sequence[str]) -> Restriction:
    """Apply filters; to be called inside a transaction.

    Costs 3 µs a file, and 2 µs a chunk of those that pass unless all do.
    """
    if not filters:
        return Restriction(_count(connection, "files WHERE state = 'indexed'"), is_partial=False)
    passes = passing(filters, roots)
    rows = connection.execute("SELECT id, path, mtime_ns FROM files WHERE state = 'indexed'")
    allowed = []
    total = 0
    for file, path, mtime_ns in rows:
        total += 1
        if passes(os.fsdecode(path), mtime_ns):
            allowed.append((file,))
    if len(allowed) == total:
        return Restriction(total, is_partial=False)
    for table in _TABLES:
        connection.execute(table)
    connection.executemany("INSERT INTO temp.allowed_files VALUES (?)", allowed)
    connection.execute(
        "INSERT OR IGNORE INTO temp.allowed SELECT c.content FROM temp.allowed_files f "
        "CROSS JOIN chunks c ON c.file = f.id"
    )
    return Restriction(len(allowed), is_partial=True, contents=_count(connection, "temp.allowed"))


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(count)
