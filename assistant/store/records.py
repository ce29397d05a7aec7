"""What the conversation store hands out."""

from __future__ import annotations

from typing import Literal

import msgspec

from assistant.core.events import Event
from assistant.core.messages import Attachment, Role

AnswerState = Literal["complete", "running", "stopped", "failed"]
MATCH_START = "\x02"
MATCH_END = "\x03"


class Conversation(msgspec.Struct, frozen=True):
    """A conversation without its messages; times are seconds since the epoch."""

    id: int
    title: str
    created: float
    updated: float
    pinned: bool
    archived: bool = False
    collection: str | None = None
    """Of documents, which it is asked about; None for the default one."""


class StoredMessage(msgspec.Struct, frozen=True):
    """One message; `state` is "complete" for all but answers under way or cut short."""

    id: int
    conversation: int
    role: Role
    text: str
    attachments: tuple[Attachment, ...]
    state: AnswerState
    events: tuple[Event, ...]
    created: float
    parent: int | None = None
    """Of an answer its question; of a question the one before it in its branch."""
    versions: tuple[int, ...] = ()
    """Of a question: all that stand at its place, itself included, oldest first."""


class Draft(msgspec.Struct, frozen=True):
    """What was written and attached, and not yet sent."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()


class Hit(msgspec.Struct, frozen=True):
    """Something a search found; `message` is None where the title matched.

    `snippet` is one line of plain text with MATCH_START and MATCH_END around matches.
    """

    conversation: int
    message: int | None
    title: str
    snippet: str
