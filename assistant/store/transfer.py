"""Writes the file of exported conversations, and puts the conversations of one in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import sleep
from typing import Any

import msgspec

from assistant.core.errors import UsageError
from assistant.core.messages import Message
from assistant.store import portable
from assistant.store.database import Database
from assistant.store.encoding import storable
from assistant.store.owner import this_process
from assistant.store.portable import PortableConversation, PortableMessage
from assistant.store.rows import index_terms, insert_message, set_title
from assistant.store.search import indexed_terms

_KNOWN = "SELECT id, deleted_by FROM conversations WHERE uid = ?"
_REFUSALS_TOLD = 20
_PIECE = 50_000
"""Characters written at a time."""
_MESSAGE_COST = 500
"""What a message without text costs, in characters."""
_PAUSE_SECONDS = 0.001
"""Between pieces: a lock taken again at once is hardly ever got by the thread that waits."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the conversations of a file; `refused` says why, for the first few."""

    added: int
    known: int
    refused: tuple[str, ...] = ()
    refused_count: int = 0


def file_of(conversations: Iterator[PortableConversation]) -> Iterator[bytes]:
    """The JSON file of conversations, piece by piece."""
    now = msgspec.json.encode(datetime.now(UTC).replace(microsecond=0)).decode()
    yield (
        f'{{\n"format": "{portable.FORMAT}",\n"version": {portable.VERSION},\n'
        f'"exported": {now},\n"conversations": ['
    ).encode()
    for number, conversation in enumerate(conversations):
        yield b",\n" if number else b"\n"
        yield msgspec.json.format(msgspec.json.encode(conversation), indent=1)
    yield b"\n]\n}\n"


def put_in(database: Database, content: bytes) -> Imported:
    """Add the conversations of a file; one that is here already is left as it is, one that is
    broken is passed over.

    Raises:
        UsageError: it is no file of conversations.
        StoreError: they can't be written.
    """
    added = known = 0
    refused: list[str] = []
    owner = this_process()
    for number, raw in enumerate(portable.parsed(content), start=1):
        try:
            conversation = portable.conversation_of(raw)
        except UsageError as error:
            refused.append(f"Conversation {number}: {error.message}")
            continue
        if _add(database, conversation, owner):
            added += 1
        else:
            known += 1
    return Imported(added, known, tuple(refused[:_REFUSALS_TOLD]), len(refused))


def _add(database: Database, conversation: PortableConversation, owner: str) -> bool:
    """Add one conversation, whole or not at all; False if it is here already.

    It is written in pieces, so that nobody waits long for the database, and until the last one
    it counts as deleted by this process: what a killed import leaves is erased at the next start.
    """
    if _is_here(database.read(_KNOWN, (conversation.id,))):
        return False
    with database.writing() as sql:
        new = _insert_hidden(sql, conversation, owner)
    numbers: dict[int | None, int | None] = {None: None}
    for piece in _pieces(conversation.messages):
        terms = [indexed_terms(message.text) for message in piece]
        with database.writing() as sql:
            for message, found in zip(piece, terms, strict=True):
                number = _insert_message(sql, new, message, numbers[message.parent], found)
                numbers[message.id] = number
        sleep(_PAUSE_SECONDS)
    last = max((m.id for m in conversation.messages if m.role == "user"), default=None)
    tip = numbers[conversation.shown if conversation.shown is not None else last]
    with database.writing() as sql:
        return _uncover(sql, new, conversation, tip)


def _is_here(rows: Sequence[Sequence[Any]]) -> bool:
    return any(deleted_by is None for _, deleted_by in rows)


def _pieces(messages: Sequence[PortableMessage]) -> Iterator[list[PortableMessage]]:
    """The messages in order, as many at a time as are written in some ten milliseconds."""
    piece: list[PortableMessage] = []
    size = 0
    for message in messages:
        piece.append(message)
        size += _MESSAGE_COST + len(message.text)
        if size >= _PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _insert_hidden(sql: sqlite3.Connection, conversation: PortableConversation, owner: str) -> int:
    row = sql.execute(
        "INSERT INTO conversations"
        " (title, created, updated, pinned, archived, collection, deleted_by)"
        " VALUES ('', ?, ?, ?, ?, ?, ?)",
        (
            conversation.created.timestamp(),
            conversation.updated.timestamp(),
            int(conversation.pinned),
            int(conversation.archived),
            conversation.collection,
            owner,
        ),
    )
    return int(row.lastrowid or 0)


def _uncover(
    sql: sqlite3.Connection, new: int, conversation: PortableConversation, tip: int | None
) -> bool:
    """Bring the finished conversation into sight, unless another import was faster; one of its
    identity that was deleted, and could still be restored, makes way."""
    others = sql.execute(_KNOWN, (conversation.id,)).fetchall()
    if _is_here(others):
        sql.execute("DELETE FROM conversations WHERE id = ?", (new,))
        return False
    sql.executemany("DELETE FROM conversations WHERE id = ?", [other[:1] for other in others])
    set_title(sql, new, conversation.title)
    sql.execute(
        "UPDATE conversations SET uid = ?, tip = ?, deleted_by = NULL WHERE id = ?",
        (conversation.id, tip, new),
    )
    return True


def _insert_message(
    sql: sqlite3.Connection,
    conversation: int,
    message: PortableMessage,
    parent: int | None,
    terms: str,
) -> int:
    said = Message(message.role, message.text, message.attachments)
    state = "stopped" if message.state == "running" else message.state
    created = message.created.timestamp()
    new = insert_message(sql, conversation, said, parent, state, None, created)
    events = storable(msgspec.json.encode(message.events).decode()).encode()
    sql.execute("UPDATE messages SET events = ? WHERE id = ?", (events, new))
    index_terms(sql, new, terms)
    return new
