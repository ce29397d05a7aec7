"""What the interface needs of the engine and the store, and nothing more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from assistant.core.events import Event
from assistant.core.messages import Attachment, Message, Role
from assistant.engine.wire import Job, Status

StatusListener = Callable[[Status], None]
Clock = Callable[[], datetime]
"""The time now, with the person's time zone."""
AnswerState = Literal["complete", "running", "stopped", "failed"]


class JobStreamLike(Protocol):
    """The events of one job, in order; ends after `Done` or `Failed`."""

    def __aiter__(self) -> AsyncIterator[Event]: ...
    def cancel(self) -> None:
        """Ask for an early end; the stream still finishes by itself."""
        ...


class EngineLike(Protocol):
    """The process that holds the models."""

    async def start(self) -> None: ...
    def submit(self, job: Job) -> JobStreamLike:
        """
        Raises:
            AssistantError: the job can't be sent (too large, engine closed).
        """
        ...

    def restart(self) -> None:
        """Start it anew with the settings as they are now; jobs under way end."""
        ...

    async def close(self) -> None: ...


Connect = Callable[[StatusListener], EngineLike]
"""Makes the engine's client; the listener hears every change of its status."""


class ConversationLike(Protocol):
    """A conversation as the sidebar lists it; times are epoch seconds."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def updated(self) -> float: ...
    @property
    def pinned(self) -> bool: ...


class StoredMessageLike(Protocol):
    """A message as it was kept, with what happened while it was answered."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> Role: ...
    @property
    def text(self) -> str: ...
    @property
    def attachments(self) -> tuple[Attachment, ...]: ...
    @property
    def state(self) -> AnswerState: ...
    @property
    def events(self) -> tuple[Event, ...]: ...


class HitLike(Protocol):
    """A search result; `snippet` has \\x02 and \\x03 around each match."""

    @property
    def conversation(self) -> int: ...
    @property
    def message(self) -> int | None: ...
    @property
    def title(self) -> str: ...
    @property
    def snippet(self) -> str: ...


class StoreLike(Protocol):
    """Where conversations are kept. Any call may raise StoreError."""

    def create(self, title: str = "") -> ConversationLike: ...
    def recent(self, limit: int, offset: int = 0) -> Sequence[ConversationLike]: ...
    def get(self, conversation: int) -> ConversationLike: ...
    def messages(
        self, conversation: int, limit: int = 50, before: int | None = None
    ) -> Sequence[StoredMessageLike]: ...
    def add_user(self, conversation: int, message: Message) -> int: ...
    def begin_answer(self, conversation: int) -> int: ...
    def save_partial(self, answer: int, text: str) -> None: ...
    def finish_answer(
        self, answer: int, text: str, state: AnswerState, events: Sequence[Event]
    ) -> None: ...
    def set_pinned(self, conversation: int, pinned: bool) -> None: ...
    def delete(self, conversation: int) -> None: ...
    def restore(self, conversation: int) -> None: ...
    def search(self, query: str, limit: int = 50) -> Sequence[HitLike]: ...
    def close(self) -> None: ...
