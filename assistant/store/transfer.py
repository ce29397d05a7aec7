"""Takes conversations out of the database and puts them in, in the portable form."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from assistant.core.errors import UsageError
from assistant.core.messages import Message
from assistant.store import portable
from assistant.store.database import Database
from assistant.store.encoding import storable
from assistant.store.portable import PortableConversation, PortableMessage
from assistant.store.rows import (
    MESSAGE_COLUMNS,
    conversation_of,
    index_message,
    insert_message,
    message_of,
    set_title,
)

_MESSAGES = f"SELECT {MESSAGE_COLUMNS} FROM messages AS m WHERE m.conversation = ? ORDER BY m.id"  # noqa: S608
_REFUSALS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the conversations of a file; `refused` says why, for the first few."""

    added: int
    known: int
    refused: tuple[str, ...] = ()
    refused_count: int = 0


def take_out(database: Database, conversation: int) -> PortableConversation | None:
    """A conversation with all its branches; None if it is gone."""
    rows = database.read(
        "SELECT id, title, created, updated, pinned, archived, uid, tip FROM conversations"
        " WHERE id = ? AND deleted_by IS NULL",
        (conversation,),
    )
    for *columns, uid, tip in rows:
        found = conversation_of(columns)
        messages = _renumbered(database.read(_MESSAGES, (conversation,)))
        numbers = {stored: message.id for stored, message in messages}
        return PortableConversation(
            str(uid),
            found.title,
            _time(found.created),
            _time(found.updated),
            tuple(message for _, message in messages),
            found.pinned,
            found.archived,
            numbers.get(tip),
        )
    return None


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
    for number, raw in enumerate(portable.parsed(content), start=1):
        try:
            conversation = portable.conversation_of(raw)
        except UsageError as error:
            refused.append(f"Conversation {number}: {error.message}")
            continue
        with database.writing() as sql:
            if _is_known(sql, conversation.id):
                known += 1
            else:
                _insert(sql, conversation)
                added += 1
    return Imported(added, known, tuple(refused[:_REFUSALS_TOLD]), len(refused))


def _renumbered(rows: Sequence[Sequence[Any]]) -> list[tuple[int, PortableMessage]]:
    """Messages by their number in the database, numbered from 1; one whose parent is lost
    is left out with what hangs on it."""
    numbers: dict[int | None, int | None] = {None: None}
    found: list[tuple[int, PortableMessage]] = []
    for row in rows:
        message = message_of(row)
        if message.parent not in numbers or (message.role, message.parent) == ("assistant", None):
            continue
        number = len(found) + 1
        portable_one = PortableMessage(
            number,
            "assistant" if message.role == "assistant" else "user",
            message.text,
            _time(message.created),
            numbers[message.parent],
            message.attachments,
            message.state,
            _raw_events(row[6]),
        )
        found.append((message.id, portable_one))
        if message.role == "user":
            numbers[message.id] = number
    return found


def _raw_events(stored: object) -> tuple[msgspec.Raw, ...]:
    """As they were stored, so that a later version's survive."""
    try:
        return msgspec.json.decode(
            stored if isinstance(stored, bytes) else b"[]", type=tuple[msgspec.Raw, ...]
        )
    except msgspec.MsgspecError:
        return ()


def _is_known(sql: sqlite3.Connection, uid: str) -> bool:
    """Whether it is here; one that was deleted, and could still be restored, makes way."""
    row = sql.execute("SELECT id, deleted_by FROM conversations WHERE uid = ?", (uid,)).fetchone()
    if row is not None and row[1] is not None:
        sql.execute("DELETE FROM conversations WHERE id = ?", (row[0],))
        return False
    return row is not None


def _insert(sql: sqlite3.Connection, conversation: PortableConversation) -> None:
    row = sql.execute(
        "INSERT INTO conversations (title, created, updated, pinned, archived, uid)"
        " VALUES ('', ?, ?, ?, ?, ?)",
        (
            conversation.created.timestamp(),
            conversation.updated.timestamp(),
            int(conversation.pinned),
            int(conversation.archived),
            conversation.id,
        ),
    )
    new = int(row.lastrowid or 0)
    set_title(sql, new, conversation.title)
    numbers: dict[int | None, int | None] = {None: None}
    for message in conversation.messages:
        numbers[message.id] = _insert_message(sql, new, message, numbers[message.parent])
    last = max((m.id for m in conversation.messages if m.role == "user"), default=None)
    tip = numbers[conversation.shown if conversation.shown is not None else last]
    sql.execute("UPDATE conversations SET tip = ? WHERE id = ?", (tip, new))


def _insert_message(
    sql: sqlite3.Connection, conversation: int, message: PortableMessage, parent: int | None
) -> int:
    said = Message(message.role, message.text, message.attachments)
    state = "stopped" if message.state == "running" else message.state
    created = message.created.timestamp()
    new = insert_message(sql, conversation, said, parent, state, None, created)
    events = storable(msgspec.json.encode(message.events).decode()).encode()
    sql.execute("UPDATE messages SET events = ? WHERE id = ?", (events, new))
    index_message(sql, new, message.text)
    return new


def _time(seconds: float) -> datetime:
    """A stored time; a damaged one becomes the beginning of the epoch."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
