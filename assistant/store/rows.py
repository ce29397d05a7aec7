"""Database rows as records, and what the tables keep of a message."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, get_args

from assistant.core.messages import Message
from assistant.store.encoding import decode_attachments, decode_events, encode, storable
from assistant.store.records import AnswerState, Conversation, StoredMessage
from assistant.store.search import indexed_terms

CONVERSATION_COLUMNS = "id, title, created, updated, pinned, archived, collection"
CONVERSATION = f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608 - our own names
MESSAGE_COLUMNS = (
    "m.id, m.conversation, m.role, m.text, m.attachments, m.state, m.events, m.created, m.parent"
)


def conversation_of(row: Sequence[Any]) -> Conversation:
    """The record of a row of CONVERSATION; a damaged value becomes an empty one."""
    number, title, created, updated, pinned, archived, collection = row
    return Conversation(
        number,
        _text(title),
        _number(created),
        _number(updated),
        bool(pinned),
        bool(archived),
        _text(collection) or None,
    )


def message_of(row: Sequence[Any]) -> StoredMessage:
    """The record of a row of MESSAGE_COLUMNS; a damaged value becomes an empty one."""
    number, conversation, role, text, attachments, state, events, created, parent = row
    return StoredMessage(
        number,
        conversation,
        "assistant" if role == "assistant" else "user",
        _text(text),
        decode_attachments(_bytes(attachments)),
        state if state in get_args(AnswerState) else "stopped",
        decode_events(_bytes(events)),
        _number(created),
        parent,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b"[]"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def insert_message(
    sql: sqlite3.Connection,
    conversation: int,
    message: Message,
    parent: int | None,
    state: AnswerState,
    owner: str | None,
    now: float,
) -> int:
    """Add a message below its parent; its id."""
    row = sql.execute(
        "INSERT INTO messages"
        " (conversation, role, text, attachments, state, events, created, owner, parent)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            conversation,
            message.role,
            storable(message.text),
            encode(message.attachments),
            state,
            b"[]",
            now,
            owner,
            parent,
        ),
    )
    return int(row.lastrowid or 0)


def index_message(sql: sqlite3.Connection, message: int, text: str) -> None:
    """Make a message's text findable, in place of what it was before."""
    index_terms(sql, message, indexed_terms(text))


def index_terms(sql: sqlite3.Connection, message: int, terms: str) -> None:
    """As `index_message`, with the terms of the text found already: the greater part of it."""
    sql.execute(
        "INSERT OR REPLACE INTO message_words (rowid, terms) VALUES (?, ?)",
        (message, storable(terms)),
    )


def set_title(sql: sqlite3.Connection, conversation: int, title: str) -> None:
    """Name a conversation and make the name findable."""
    sql.execute("UPDATE conversations SET title = ? WHERE id = ?", (storable(title), conversation))
    sql.execute(
        "INSERT OR REPLACE INTO title_words (rowid, terms) VALUES (?, ?)",
        (conversation, storable(indexed_terms(title))),
    )
