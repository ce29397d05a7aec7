"""Database rows as records, and what the tables keep of a message."""

from __future__ import annotations

import sqlite3
from pathlib import PurePath
from typing import Any

from assistant.core.messages import Message, TextAttachment
from assistant.core.text import one_line
from assistant.store.encoding import decode_attachments, decode_events, encode, storable
from assistant.store.records import AnswerState, Conversation, StoredMessage
from assistant.store.search import indexed_terms

TITLE_CHARACTERS = 60
CONVERSATION = "SELECT id, title, created, updated, pinned FROM conversations"
MESSAGE = "SELECT id, conversation, role, text, attachments, state, events, created FROM messages"


def conversation_of(row: tuple[Any, ...]) -> Conversation:
    """The record of a row of CONVERSATION."""
    number, title, created, updated, pinned = row
    return Conversation(number, title, created, updated, bool(pinned))


def message_of(row: tuple[Any, ...]) -> StoredMessage:
    """The record of a row of MESSAGE."""
    number, conversation, role, text, attachments, state, events, created = row
    return StoredMessage(
        number,
        conversation,
        role,
        text,
        decode_attachments(attachments),
        state,
        decode_events(events),
        created,
    )


def insert_message(
    sql: sqlite3.Connection,
    conversation: int,
    message: Message,
    state: AnswerState,
    owner: str | None,
    now: float,
) -> int:
    """Add a message at the end of a conversation; its id."""
    row = sql.execute(
        "INSERT INTO messages"
        " (conversation, role, text, attachments, state, events, created, owner)"
        " VALUES (?, ?, ?, ?, ?, '[]', ?, ?)",
        (
            conversation,
            message.role,
            storable(message.text),
            encode(message.attachments),
            state,
            now,
            owner,
        ),
    )
    return int(row.lastrowid or 0)


def index_message(sql: sqlite3.Connection, message: int, text: str) -> None:
    """Make a message's text findable, in place of what it was before."""
    sql.execute(
        "INSERT OR REPLACE INTO message_words (rowid, terms) VALUES (?, ?)",
        (message, storable(indexed_terms(text))),
    )


def set_title(sql: sqlite3.Connection, conversation: int, title: str) -> None:
    """Name a conversation and make the name findable."""
    sql.execute("UPDATE conversations SET title = ? WHERE id = ?", (storable(title), conversation))
    sql.execute(
        "INSERT OR REPLACE INTO title_words (rowid, terms) VALUES (?, ?)",
        (conversation, storable(indexed_terms(title))),
    )


def title_of(message: Message) -> str:
    """A title made from the first message: its text, or the name of what came with it."""
    if title := one_line(message.text, TITLE_CHARACTERS):
        return title
    for attachment in message.attachments:
        if isinstance(attachment, TextAttachment):
            return one_line(attachment.name, TITLE_CHARACTERS)
        return one_line(PurePath(attachment.path).name, TITLE_CHARACTERS)
    return ""
