"""Attachments and events as the database keeps them: JSON that outlives versions."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from assistant.core.events import Event, Notice
from assistant.core.messages import Attachment

_UNREADABLE = Notice(
    "Part of this message was saved by another version and can't be shown.",
    "Its text is complete.",
)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_attachments: msgspec.json.Decoder[tuple[Attachment, ...]] = msgspec.json.Decoder(
    tuple[Attachment, ...]
)


def encode(items: Sequence[Event] | Sequence[Attachment]) -> bytes:
    """The JSON of a list of events or attachments."""
    try:
        return msgspec.json.encode(items)
    except UnicodeEncodeError:  # a file name that is no valid text
        plain = json.dumps(msgspec.to_builtins(items), ensure_ascii=False)
        return storable(plain).encode()


def storable(text: str) -> str:
    """Text without lone surrogates, which UTF-8 (and so the database) can't hold."""
    return text.encode("utf-8", "replace").decode()


def decode_events(stored: bytes) -> tuple[Event, ...]:
    """The events; those that can't be read are passed over, with one notice in their place."""
    try:
        raw = msgspec.json.decode(stored, type=list[msgspec.Raw])
    except msgspec.DecodeError:
        return (_UNREADABLE,)
    events: list[Event] = []
    for item in raw:
        try:
            events.append(_events.decode(item))
        except msgspec.DecodeError:
            if _UNREADABLE not in events:
                events.append(_UNREADABLE)
    return tuple(events)


def decode_attachments(stored: bytes) -> tuple[Attachment, ...]:
    """The attachments; none where they can't be read."""
    try:
        return _attachments.decode(stored)
    except msgspec.DecodeError:
        return ()
