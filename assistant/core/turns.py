"""What the program is asked to do in one turn."""

from __future__ import annotations

import msgspec

from assistant.core.documents import NO_FILTERS, Filters
from assistant.core.messages import Attachment, Message


class TurnRequest(msgspec.Struct, frozen=True, tag=True):
    """One message to answer."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    history: tuple[Message, ...] = ()
    skill: str | None = None
    source: str | None = None
    target: str | None = None
    labels: tuple[str, ...] = ()
    collection: str | None = None
    filters: Filters = NO_FILTERS
    route_only: bool = False
    ask_if_unsure: bool = False
    """End after `Routed` where it is unsure, so that the person can choose."""
    known_hosts: tuple[str, ...] = ()
    """Other machines the person knows that this conversation's text goes to (`SentTo`)."""
