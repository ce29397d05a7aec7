"""The JSON in which conversations leave the program and come back: its shape and its limits.

One object: `format` is "assistant-conversations", `version` 1, `exported` the time, and
`conversations` a list. A conversation has `id` (32 hexadecimal digits, the same on every
machine), `title`, `created`, `updated`, `pinned`, `archived`, `shown` (the last question of the
branch in view), `collection` (of documents, which it is asked about; null for the default one) and
`messages`. A message has `id` (a number of its own in the conversation),
`parent`, `role` ("user" or "assistant"), `text`, `attachments` (by path, or with their text),
`state`, `created` and `events` (the route, the sources and the numbers of an answer, as
`assistant.core.events` defines them).

Messages are a tree: the parent of an answer is its question, that of a question the question
before it, null for the first. A parent stands before its children in the list. Times are RFC
3339 with a time zone. Unknown fields are passed over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw

from assistant.core.errors import UsageError
from assistant.core.events import Event
from assistant.core.messages import Attachment
from assistant.core.text import one_line, sanitize

FORMAT = "assistant-conversations"
VERSION = 1
MAX_BYTES = 256 * 1024 * 1024
MAX_MESSAGES = 10_000
"""Of one conversation."""

_DAY = timedelta(days=1)
_EARLIEST = datetime.min.replace(tzinfo=UTC) + _DAY
_LATEST = datetime.max.replace(tzinfo=UTC) - _DAY
"""A day short of what a date can be: every time zone has a date for the times between."""
_Time = Annotated[datetime, Meta(tz=True)]
_Number = Annotated[int, Meta(ge=1, le=2**53)]
_Text = Annotated[str, Meta(max_length=10_000_000)]


class PortableMessage(msgspec.Struct, frozen=True):
    """One message; see the module."""

    id: _Number
    role: Literal["user", "assistant"]
    text: _Text
    created: _Time
    parent: _Number | None = None
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=1_000)] = ()
    state: Literal["complete", "running", "stopped", "failed"] = "complete"
    events: Annotated[tuple[Raw, ...], Meta(max_length=10_000)] = ()


class PortableConversation(msgspec.Struct, frozen=True):
    """One conversation; see the module."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    title: Annotated[str, Meta(max_length=10_000)]
    created: _Time
    updated: _Time
    messages: Annotated[tuple[PortableMessage, ...], Meta(max_length=MAX_MESSAGES)]
    pinned: bool = False
    archived: bool = False
    shown: _Number | None = None
    collection: Annotated[str, Meta(max_length=1_000)] | None = None


class Bundle(msgspec.Struct, frozen=True):
    """The whole file, its conversations not yet looked at."""

    format: Literal["assistant-conversations"]
    version: int
    conversations: Annotated[tuple[Raw, ...], Meta(max_length=1_000_000)]


def parsed(content: bytes) -> tuple[Raw, ...]:
    """The conversations in a file, each as JSON still to be looked at.

    Raises:
        UsageError: it is no such file, too large, or of a later version.
    """
    if len(content) > MAX_BYTES:
        raise UsageError(
            f"The file is too large ({len(content) >> 20} MB).",
            f"At most {MAX_BYTES >> 20} MB can be imported at a time; export in parts.",
        )
    try:
        bundle = msgspec.json.decode(content, type=Bundle)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(
            f"This is no file of exported conversations: {one_line(str(error))}.",
            "`assistant conversations export` writes such files.",
        ) from error
    if bundle.version != VERSION:
        raise UsageError(
            f"The file has version {bundle.version}; this program knows {VERSION}.",
            "Upgrade the assistant.",
        )
    return bundle.conversations


def conversation_of(raw: Raw) -> PortableConversation:
    """One conversation, safe to keep: whole, a tree, without control characters.

    Raises:
        UsageError: it is not as described.
    """
    try:
        found = msgspec.json.decode(raw, type=PortableConversation)
        messages = tuple(_cleaned(message) for message in found.messages)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(f"{one_line(str(error))}.") from error
    _check_tree(found)
    _check_times(found)
    title, collection = one_line(found.title), one_line(found.collection or "") or None
    return msgspec.structs.replace(found, title=title, collection=collection, messages=messages)


def _check_tree(conversation: PortableConversation) -> None:
    questions: set[int] = set()
    seen: set[int] = set()
    for message in conversation.messages:
        is_root = message.parent is None and message.role == "user"
        if message.id in seen or not (is_root or message.parent in questions):
            raise UsageError(f"Message {message.id} has no place in the conversation.")
        seen.add(message.id)
        if message.role == "user":
            questions.add(message.id)
    if conversation.shown is not None and conversation.shown not in questions:
        raise UsageError(f"There is no question {conversation.shown} to show.")


def _check_times(conversation: PortableConversation) -> None:
    times = (
        conversation.created,
        conversation.updated,
        *(m.created for m in conversation.messages),
    )
    for time in times:
        if not _EARLIEST <= time <= _LATEST:
            raise UsageError(f"The time {time.isoformat()} is out of range.")


def _cleaned(message: PortableMessage) -> PortableMessage:
    attachments = msgspec.convert(
        _plain(msgspec.to_builtins(message.attachments)), tuple[Attachment, ...]
    )
    events = tuple(Raw(event) for raw in message.events if (event := _cleaned_event(raw)))
    return msgspec.structs.replace(
        message, text=sanitize(message.text), attachments=attachments, events=events
    )


def _cleaned_event(raw: Raw) -> bytes:
    """The event without control characters; nothing where it is one of a later version."""
    try:
        event = msgspec.json.decode(raw, type=Event)
    except msgspec.ValidationError:
        return b""
    return msgspec.json.encode(msgspec.convert(_plain(msgspec.to_builtins(event)), Event))


def _plain(value: Any) -> Any:
    """The value with every text in it sanitized."""
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
