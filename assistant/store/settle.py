"""Putting a store in order when it opens: what ended processes left, an outdated word index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from assistant.language.terms import VERSION
from assistant.store.database import Database
from assistant.store.failures import explained
from assistant.store.owner import is_alive
from assistant.store.rows import index_message, set_title
from assistant.store.schema import WORD_TABLES, forget_copies


def remake_outdated_index(database: Database) -> None:
    """Index every text anew if it was split into terms by other rules than today's, or if the
    index is suspected of damage.

    About 0.3 ms a message; nothing to do in a store that is empty or up to date.
    """
    current = database.read("SELECT 1 FROM about WHERE name = 'terms' AND value = ?", (VERSION,))
    if current and not database.words_are_suspect:
        return
    with database.writing() as sql:
        for statement in WORD_TABLES:
            sql.execute(statement)
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
    rows = database.read("SELECT id, deleted_by FROM conversations WHERE deleted_by IS NOT NULL")
    dead = _dead({str(owner) for _, owner in rows})
    erase(database, [number for number, owner in rows if str(owner) in dead])


def erase(database: Database, conversations: Sequence[int]) -> None:
    """Erase conversations so that no byte of them is left in the file, its logs or its copies;
    those restored meanwhile stay. From a store in memory they go alone: the file, and with it
    its copies, stays as it is.

    The index of words keeps what is deleted until its parts are merged: 0.6 s with 50,000
    messages.
    """
    if not conversations:
        return
    with database.writing() as sql:
        sql.executemany(
            "DELETE FROM conversations WHERE id = ? AND deleted_by IS NOT NULL",
            [(number,) for number in conversations],
        )
        for words in ("message_words", "title_words"):
            sql.execute(f"INSERT INTO {words} ({words}) VALUES ('optimize')")  # noqa: S608
    if database.in_memory:
        return
    database.forget_log()
    with explained(database.path):
        forget_copies(database.path)


def _dead(owners: set[str]) -> set[str]:
    return {owner for owner in owners if not is_alive(owner)}
