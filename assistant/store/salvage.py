"""Carries what can be read of a damaged database over into a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.store.database import Database

HIGHEST_GUESS = 1 << 17
"""Row numbers looked for where the highest one can't be read."""
_KEPT = {
    "conversations": (
        "id", "title", "created", "updated", "pinned", "archived", "uid", "tip", "deleted_by",
        "collection",
    ),
    "messages": (
        "id", "conversation", "parent", "role", "text", "attachments", "state", "events", "created",
    ),
    "drafts": ("conversation", "text", "attachments"),
}  # fmt: skip
_RELINK = """
UPDATE messages SET parent = (
    SELECT q.id FROM messages AS q
    WHERE q.conversation = messages.conversation AND q.id < messages.id AND q.role = 'user'
    ORDER BY q.id DESC LIMIT 1
)
WHERE {} AND (parent IS NOT NULL OR role = 'assistant' OR {})
"""
_LOST_PARENT = "(parent IS NULL OR parent NOT IN (SELECT id FROM messages))"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How much could be read."""

    conversations: int
    messages: int


def salvage(path: Path) -> tuple[Path, Salvaged]:
    """A new database beside the damaged one, which is left alone, and what it holds.

    Raises:
        StoreError: the new one can't be written.
    """
    fresh = path.with_name(f"{path.stem}.salvaged{path.suffix}")
    for ending in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
    with closing(Database(fresh)) as target, closing(_opened(path)) as damaged:
        with target.writing() as sql:
            sql.execute("PRAGMA defer_foreign_keys = ON")
            for table in _KEPT:
                _carry_over(damaged, sql, table)
            _tidy(sql, had_tree="parent" in _columns(damaged, "messages"))
        saved = _counted(target)
        target.forget_log()
    return fresh, saved


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda stored: stored.decode("utf-8", "replace")
    # Lets SQLite read a file that is shorter than its header says; nothing is written.
    connection.execute("PRAGMA writable_schema = ON")
    return connection


def _carry_over(damaged: sqlite3.Connection, sql: sqlite3.Connection, table: str) -> None:
    known = _columns(damaged, table)
    columns = [name for name in _KEPT[table] if name in known]
    if not columns:
        return
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE rowid BETWEEN ? AND ?"  # noqa: S608
    marks = ", ".join("?" for _ in columns)
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    for rows in _readable(damaged, query, 1, _highest(damaged, table)):
        sql.executemany(insert, rows)


def _columns(damaged: sqlite3.Connection, table: str) -> set[str]:
    try:
        return {str(row[1]) for row in damaged.execute(f"PRAGMA table_info({table})")}
    except sqlite3.DatabaseError:
        return set()


def _highest(damaged: sqlite3.Connection, table: str) -> int:
    for query in (
        f"SELECT max(rowid) FROM {table}",  # noqa: S608
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608
    ):
        try:
            row = damaged.execute(query).fetchone()
        except sqlite3.DatabaseError:
            continue
        return int(row[0] or 0) if row else 0
    return HIGHEST_GUESS


def _readable(
    damaged: sqlite3.Connection, query: str, first: int, last: int
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of a range; one that can't be read whole is halved until it can, or is a row."""
    spans = [(first, last)]
    while spans:
        low, high = spans.pop()
        try:
            yield damaged.execute(query, (low, high)).fetchall()
        except sqlite3.DatabaseError:
            middle = (low + high) // 2
            if low < high:
                spans += [(middle + 1, high), (low, middle)]


def _tidy(sql: sqlite3.Connection, *, had_tree: bool) -> None:
    """Make a whole of what was saved: no row without what it belongs to."""
    sql.execute("DELETE FROM messages WHERE typeof(conversation) <> 'integer'")
    sql.execute(
        "INSERT INTO conversations (id, title, created, updated)"
        " SELECT conversation, '', min(created), max(created) FROM messages"
        " WHERE conversation NOT IN (SELECT id FROM conversations) GROUP BY conversation"
    )
    sql.execute("UPDATE conversations SET uid = lower(hex(randomblob(16))) WHERE uid IS NULL")
    sql.execute("UPDATE messages SET state = 'stopped' WHERE state = 'running'")
    sql.execute(_RELINK.format(_LOST_PARENT, "0" if had_tree else "1"))
    # An answer whose question is lost, and none stands before it, can only be shown as one.
    sql.execute("UPDATE messages SET role = 'user' WHERE role <> 'user' AND parent IS NULL")
    sql.execute("DELETE FROM about WHERE name = 'terms'")


def _counted(database: Database) -> Salvaged:
    (counts,) = database.read(
        "SELECT count(DISTINCT c.id), count(m.id) FROM conversations AS c"
        " LEFT JOIN messages AS m ON m.conversation = c.id WHERE c.deleted_by IS NULL"
    )
    return Salvaged(*counts)
