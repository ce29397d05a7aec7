"""Takes conversations out of the database, in the portable form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from assistant.store.portable import PortableConversation, PortableMessage
from assistant.store.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_of,
    message_of,
)
from assistant.store.snapshot import Snapshot

_MESSAGES = f"SELECT {MESSAGE_COLUMNS} FROM messages AS m WHERE m.conversation = ? ORDER BY m.id"  # noqa: S608


def take_out(snapshot: Snapshot, conversation: int) -> PortableConversation | None:
    """A conversation with all its branches; None if it is gone."""
    rows = snapshot.read(
        f"SELECT {CONVERSATION_COLUMNS}, uid, tip FROM conversations"  # noqa: S608
        " WHERE id = ? AND deleted_by IS NULL",
        (conversation,),
    )
    for *columns, uid, tip in rows:
        found = conversation_of(columns)
        messages = _renumbered(snapshot.read(_MESSAGES, (conversation,)))
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
            found.collection,
        )
    return None


def _renumbered(rows: Iterable[Sequence[Any]]) -> list[tuple[int, PortableMessage]]:
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


def _time(seconds: float) -> datetime:
    """A stored time; a damaged one becomes the beginning of the epoch."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
