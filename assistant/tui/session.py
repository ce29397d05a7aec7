"""The conversation in view: its exchanges, kept in the store as they happen.

It goes on in memory when the store refuses (full disk, read-only file); the listener hears
about that once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.core.errors import StoreError
from assistant.core.events import Event, SentTo
from assistant.core.messages import Attachment, ImageAttachment, Message
from assistant.tui.ports import AnswerState, DraftLike, StoredMessageLike, StoreLike

HISTORY_MESSAGES = 40
"""At most so many earlier messages go to the engine, which trims further by tokens."""
PAGE = 25
"""Exchanges read from the store at a time."""

READ_AHEAD = 500
"""Exchanges read at a time on the way to an early message."""

T = TypeVar("T")


@dataclass(slots=True)
class Answer:
    """One answer; `id` is None while the store doesn't have it."""

    id: int | None = None
    text: str = ""
    state: AnswerState = "running"
    events: tuple[Event, ...] = ()
    created: float | None = None
    """Epoch seconds."""


@dataclass(slots=True)
class Exchange:
    """What the person said and the answers to it, the newest last."""

    user: Message
    id: int | None = None
    answers: list[Answer] = field(default_factory=list)
    versions: tuple[int, ...] = ()
    """The questions that stand at this place, this one included, oldest first: what came of
    editing it. Any other is brought into view by `ChatSession.choose`."""
    created: float | None = None
    """Epoch seconds."""

    @property
    def has_failed(self) -> bool:
        """Whether there is nothing to show for it: it can be asked again as it stands."""
        return bool(self.answers) and self.answers[-1].state == "failed"

    @property
    def messages(self) -> tuple[int, ...]:
        """The numbers its question and answers have in the store."""
        return tuple(n for n in (self.id, *(answer.id for answer in self.answers)) if n)


class ChatSession:
    """Exchanges of one conversation, oldest first; not in the store before the first message."""

    def __init__(self, store: StoreLike, on_trouble: Callable[[StoreError], None]) -> None:
        self._store = store
        self._on_trouble = on_trouble
        self._warned = False
        self.conversation: int | None = None
        self.collection: str | None = None
        """Of documents, which its questions go to; None for the default one."""
        self.exchanges: list[Exchange] = []
        self.has_older = False

    @classmethod
    def opened(
        cls,
        conversation: int,
        store: StoreLike,
        on_trouble: Callable[[StoreError], None],
        at: int | None = None,
    ) -> ChatSession:
        """The stored conversation with its last messages; with all from the message `at` on,
        whose branch comes into view, when that is given.

        Raises:
            StoreError: it can't be read, or isn't there.
        """
        session = cls(store, on_trouble)
        stored = store.get(conversation)
        session.conversation, session.collection = stored.id, stored.collection
        if at is not None:
            at = store.show_branch(at)
        session._read(at)
        return session

    def load_older(self) -> list[Exchange]:
        """The exchanges before the oldest one loaded, which they are joined to."""
        first = self.exchanges[0].id if self.exchanges else None
        if not self.has_older or self.conversation is None or first is None:
            self.has_older = False
            return []
        conversation = self.conversation
        page = self._kept(lambda: self._store.messages(conversation, PAGE, first)) or ()
        older = exchanges_of(page)
        self.has_older = len(older) == PAGE
        self.exchanges[:0] = older
        return older

    def reach(self, message: int) -> None:
        """Load older exchanges until a stored message is among them, if it is in view at all."""
        while self.has_older and all(message not in e.messages for e in self.exchanges):
            self.load_older()

    def ask(self, message: Message, instead_of: Exchange | None = None) -> Exchange:
        """Keep the person's message, making the conversation if it is the first.

        Instead of an earlier exchange it becomes another version of that: the earlier one, and
        all that followed it, leave `exchanges` and stay in the store.
        """
        if self.conversation is None:
            created = self._kept(lambda: self._store.create(collection=self.collection))
            self.conversation = created.id if created is not None else None
        conversation = self.conversation
        exchange = Exchange(message)
        replaced = instead_of.id if instead_of is not None else None
        if conversation is not None:
            exchange.id = self._kept(lambda: self._store.add_user(conversation, message, replaced))
        if instead_of is not None:
            del self.exchanges[self.exchanges.index(instead_of) :]
            exchange.versions = instead_of.versions
        if exchange.id is not None:
            exchange.versions += (exchange.id,)
        self.exchanges.append(exchange)
        return exchange

    def choose(self, version: int) -> Exchange:
        """Bring another version of a question into view, with the newest of what followed it;
        `exchanges` are read anew. The exchange chosen.

        Raises:
            StoreError: it can't be read.
        """
        self._read(self._store.show_branch(version))
        return next(e for e in self.exchanges if e.id == version)

    def ask_about(self, collection: str | None) -> None:
        """Put its questions to this collection from now on, and whenever it is opened."""
        self.collection = collection
        if (conversation := self.conversation) is not None:
            self._kept(lambda: self._store.set_collection(conversation, collection))

    def save_draft(self, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Keep what is written and not sent in this conversation."""
        self._kept(lambda: self._store.save_draft(self.conversation, text, attachments))

    def draft(self) -> DraftLike | None:
        """What was kept by `save_draft`; None where the store can't be read."""
        return self._kept(lambda: self._store.draft(self.conversation))

    def begin(self, exchange: Exchange) -> Answer:
        """A new running answer to a message."""
        conversation = self.conversation
        answer = Answer()
        if conversation is not None and exchange.id is not None:
            answer.id = self._kept(lambda: self._store.begin_answer(conversation, exchange.id))
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
        """The turns before an exchange that were answered, oldest first; of what was attached to
        them only pictures, for one may ask on about these."""
        turns: list[Message] = []
        for exchange in self.exchanges:
            if exchange is before:
                break
            answer = exchange.answers[-1] if exchange.answers else None
            if answer is not None and answer.state in ("complete", "stopped") and answer.text:
                pictures = tuple(map(ImageAttachment, exchange.user.images))
                asked = Message("user", exchange.user.text, pictures)
                turns += [asked, Message("assistant", answer.text)]
        return tuple(turns[-HISTORY_MESSAGES:])

    def known_hosts(self, before: Exchange) -> tuple[str, ...]:
        """Other machines the person was told of in this conversation before an exchange."""
        hosts: dict[str, None] = {}
        for exchange in self.exchanges:
            if exchange is before:
                break
            events = (event for answer in exchange.answers for event in answer.events)
            hosts.update((event.host, None) for event in events if isinstance(event, SentTo))
        return tuple(hosts)

    def _read(self, first: int | None) -> None:
        """The last page of the branch in view, and those before it as far as the question
        `first`."""
        assert self.conversation is not None  # noqa: S101 - only stored ones are read
        self.exchanges = exchanges_of(self._store.messages(self.conversation, PAGE))
        self.has_older = len(self.exchanges) == PAGE
        while first is not None and self.has_older and all(e.id != first for e in self.exchanges):
            before = self.exchanges[0].id
            older = exchanges_of(self._store.messages(self.conversation, READ_AHEAD, before))
            self.has_older = len(older) == READ_AHEAD
            self.exchanges[:0] = older

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
            exchange = Exchange(message, stored.id, [], stored.versions, stored.created)
            exchanges.append(exchange)
        elif stored.role == "assistant" and exchanges:
            answer = Answer(stored.id, stored.text, stored.state, stored.events, stored.created)
            exchanges[-1].answers.append(answer)
    return exchanges
