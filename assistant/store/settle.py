"""Putting a store in order when it opens: what ended processes left, an outdated word index."""

from __future__ import annotations

import sqlite3

from assistant.language.terms import VERSION
from assistant.store.database import Database
from assistant.store.owner import is_alive
from assistant.store.rows import index_message, set_title


def remake_outdated_index(database: Database) -> None:
    """Index every text anew if it was split into terms by other rules than today's.

    About 0.3 ms a message; nothing to do in a store that is empty or up to date.
    """
    if database.read("SELECT 1 FROM about WHERE name = 'terms' AND value = ?", (VERSION,)):
        return
    with database.writing() as sql:
        for message, text in sql.execute("SELECT id, text FROM messages WHERE state <> 'running'"):
            index_message(sql, message, text)
        titles = sql.execute("SELECT id, title FROM conversations").fetchall()
        for conversation, title in titles:
            set_title(sql, conversation, title)
        sql.execute("INSERT OR REPLACE INTO about VALUES ('terms', ?)", (VERSION,))


def stop_abandoned(database: Database) -> None:
    """Mark "stopped" the answers whose process has ended."""
    rows = database.read("SELECT id, owner FROM messages WHERE state = 'running'")
    dead = _dead({str(owner) for _, owner in rows})
    if abandoned := [answer for answer, owner in rows if str(owner) in dead]:
        with database.writing() as sql:
            for answer in abandoned:
                stop_answer(sql, answer)


def stop_answer(sql: sqlite3.Connection, answer: int) -> None:
    """Mark one answer "stopped" if it is still "running"; its text becomes findable."""
    row = sql.execute(
        "UPDATE messages SET state = 'stopped', owner = NULL"
        " WHERE id = ? AND state = 'running' RETURNING text",
        (answer,),
    ).fetchone()
    if row:
        index_message(sql, answer, row[0])


def erase_deleted(database: Database) -> None:
    """Erase the conversations deleted by processes that have ended: nobody can undo it now."""
    rows = database.read(
        "SELECT DISTINCT deleted_by FROM conversations WHERE deleted_by IS NOT NULL"
    )
    for owner in _dead({str(owner) for (owner,) in rows}):
        with database.writing() as sql:
            sql.execute("DELETE FROM conversations WHERE deleted_by = ?", (owner,))


def _dead(owners: set[str]) -> set[str]:
    return {owner for owner in owners if not is_alive(owner)}
