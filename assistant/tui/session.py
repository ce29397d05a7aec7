"""The conversation in view: its exchanges, kept in the store as they happen.

It goes on in memory when the store refuses (full disk, read-only file); the listener hears
about that once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.core.errors import StoreError
from assistant.core.events import Event
from assistant.core.messages import Message
from assistant.tui.ports import AnswerState, StoredMessageLike, StoreLike

HISTORY_MESSAGES = 40
"""At most so many earlier messages go to the engine, which trims further by tokens."""
PAGE = 50
"""Messages read from the store at a time."""

T = TypeVar("T")


@dataclass(slots=True)
class Answer:
    """One answer; `id` is None while the store doesn't have it."""

    id: int | None = None
    text: str = ""
    state: AnswerState = "running"
    events: tuple[Event, ...] = ()


@dataclass(slots=True)
class Exchange:
    """What the person said and the answers to it, the newest last."""

    user: Message
    id: int | None = None
    answers: list[Answer] = field(default_factory=list)


class ChatSession:
    """Exchanges of one conversation, oldest first; not in the store before the first message."""

    def __init__(self, store: StoreLike, on_trouble: Callable[[StoreError], None]) -> None:
        self._store = store
        self._on_trouble = on_trouble
        self._warned = False
        self.conversation: int | None = None
        self.exchanges: list[Exchange] = []
        self.has_older = False

    @classmethod
    def opened(
        cls, conversation: int, store: StoreLike, on_trouble: Callable[[StoreError], None]
    ) -> ChatSession:
        """The stored conversation with its last messages.

        Raises:
            StoreError: it can't be read.
        """
        session = cls(store, on_trouble)
        session.conversation = conversation
        page = store.messages(conversation, PAGE)
        session.exchanges = exchanges_of(page)
        session.has_older = len(page) == PAGE
        return session

    def load_older(self) -> list[Exchange]:
        """The exchanges before the oldest one loaded, which they are joined to."""
        first = self.exchanges[0].id if self.exchanges else None
        if not self.has_older or self.conversation is None or first is None:
            self.has_older = False
            return []
        conversation = self.conversation
        page = self._kept(lambda: self._store.messages(conversation, PAGE, first)) or ()
        self.has_older = len(page) == PAGE
        older = exchanges_of(page)
        self.exchanges[:0] = older
        return older

    def ask(self, message: Message) -> Exchange:
        """Keep the person's message, making the conversation if it is the first."""
        if self.conversation is None:
            created = self._kept(self._store.create)
            self.conversation = created.id if created is not None else None
        conversation = self.conversation
        exchange = Exchange(message)
        if conversation is not None:
            exchange.id = self._kept(lambda: self._store.add_user(conversation, message))
        self.exchanges.append(exchange)
        return exchange

    def begin(self, exchange: Exchange) -> Answer:
        """A new running answer to a message."""
        conversation = self.conversation
        answer = Answer()
        if conversation is not None and exchange.id is not None:
            answer.id = self._kept(lambda: self._store.begin_answer(conversation))
        exchange.answers.append(answer)
        return answer

    def save(self, answer: Answer) -> None:
        """Keep an answer as it stands: its partial text, or its end."""
        kept = answer.id
        if kept is None:
            return
        if answer.state == "running":
            self._kept(lambda: self._store.save_partial(kept, answer.text))
        else:
            self._kept(
                lambda: self._store.finish_answer(kept, answer.text, answer.state, answer.events)
            )

    def history(self, before: Exchange) -> tuple[Message, ...]:
        """The turns before an exchange that were answered, oldest first."""
        turns: list[Message] = []
        for exchange in self.exchanges:
            if exchange is before:
                break
            answer = exchange.answers[-1] if exchange.answers else None
            if answer is not None and answer.state in ("complete", "stopped") and answer.text:
                turns += [Message("user", exchange.user.text), Message("assistant", answer.text)]
        return tuple(turns[-HISTORY_MESSAGES:])

    def _kept(self, write: Callable[[], T]) -> T | None:
        try:
            return write()
        except StoreError as error:
            if not self._warned:
                self._warned = True
                self._on_trouble(error)
            return None


def exchanges_of(messages: Iterable[StoredMessageLike]) -> list[Exchange]:
    """Stored messages as exchanges; an answer whose question lies on the page before is left
    to that page."""
    exchanges: list[Exchange] = []
    for stored in messages:
        if stored.role == "user":
            message = Message("user", stored.text, stored.attachments)
            exchanges.append(Exchange(message, stored.id))
        elif stored.role == "assistant" and exchanges:
            answer = Answer(stored.id, stored.text, stored.state, stored.events)
            exchanges[-1].answers.append(answer)
    return exchanges
