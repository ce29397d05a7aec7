"""Asks, answers, answers again: joins the session, the engine and what is on the screen.

One turn runs at a time. It goes on when another conversation is opened meanwhile, and is
shown again when one comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time

from assistant.core.errors import StoreError
from assistant.core.events import Event, Failed, Routed
from assistant.core.messages import Message
from assistant.engine.wire import TurnRequest
from assistant.tui.ports import EngineLike, StoreLike
from assistant.tui.session import Answer, ChatSession, Exchange
from assistant.tui.turns import Outcome, Turn
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.transcript import Transcript


class _Live:
    """The turn that runs, the session it belongs to, and the view it is shown in."""

    def __init__(self, session: ChatSession, answer: Answer, turn: Turn, view: AnswerView) -> None:
        self.session = session
        self.answer = answer
        self.turn = turn
        self.view = view

    async def show(self, event: Event) -> None:
        await self.view.show(event)

    async def choose(self, routed: Routed) -> str | None:
        return await self.view.choose(routed)

    async def settle(self) -> None:
        await self.view.settle()


class Conductor:
    """Holds the session in view and the turn that runs."""

    def __init__(
        self,
        engine: EngineLike,
        store: StoreLike,
        transcript: Transcript,
        on_trouble: Callable[[StoreError], None],
        on_death: Failed,
        asks: bool = True,
        seconds: Callable[[], float] = monotonic,
        now: Callable[[], float] = time,
    ) -> None:
        self._engine = engine
        self._store = store
        self._transcript = transcript
        self._on_trouble = on_trouble
        self._on_death = on_death
        self._asks = asks
        self._seconds = seconds
        self._now = now
        self._live: _Live | None = None
        self.session = ChatSession(store, on_trouble)

    @property
    def is_running(self) -> bool:
        """Whether an answer is being written, here or in another conversation."""
        return self._live is not None

    def cancel(self) -> None:
        """Stop the answer; what is written stays."""
        if self._live is not None:
            self._live.turn.cancel()

    def new(self) -> None:
        """An empty conversation, about the same documents as the one before; it is stored with
        its first message."""
        before = self.session
        self.session = ChatSession(self._store, self._on_trouble)
        self.session.ask_about(before.collection)

    async def open(self, conversation: int, at: int | None = None) -> None:
        """Show a stored conversation, from its end or at a message.

        Raises:
            StoreError: it can't be read.
        """
        live = self._live
        if live is not None and live.session.conversation == conversation:
            self.session = live.session
            if at is not None:
                self.session.reach(at)
        else:
            self.session = ChatSession.opened(conversation, self._store, self._on_trouble, at)
        session = self.session
        await self._transcript.show(session.exchanges, session.has_older, at)
        if live is not None and live.session is self.session:
            self._show_again(live)

    async def older(self) -> None:
        """Show the page of messages before the oldest one shown."""
        session = self.session
        exchanges = session.load_older()
        await self._transcript.prepend(exchanges, session.has_older)

    async def ask(
        self, session: ChatSession, message: Message, instead_of: Exchange | None = None
    ) -> Exchange:
        """Keep a message and show it; it is safe before anything is answered.

        Instead of an earlier one it begins another branch there; what followed the earlier one
        leaves the screen and stays in the store.

        Args:
            session: the one in view when it was sent; by now another may be.
        """
        exchange = session.ask(message, instead_of)
        exchange.created = self._now()
        if instead_of is not None and session is self.session:
            await self._transcript.leave_out(instead_of)
        if session is self.session:
            await self._transcript.add_question(exchange)
        return exchange

    async def choose(self, exchange: Exchange, step: int) -> None:
        """Show the version of a question before (-1) or after (1) this one, and what followed it.

        Raises:
            StoreError: it can't be read.
        """
        at = exchange.versions.index(exchange.id) + step if exchange.id is not None else -1
        if not 0 <= at < len(exchange.versions):
            return
        chosen = self.session.choose(exchange.versions[at])
        session = self.session
        await self._transcript.show(session.exchanges, session.has_older, chosen.id)

    async def answer(
        self, session: ChatSession, exchange: Exchange, skill: str | None = None
    ) -> tuple[Outcome, AnswerView]:
        """Answer a message of a session, for the first time or again; returns when it is over."""
        answer = session.begin(exchange)
        answer.created = self._now()
        view = self._transcript.view_of(exchange, answer)
        turn = Turn(self._engine, answer, session.save, self._seconds, self._on_death)
        live = self._live = _Live(session, answer, turn, view)
        user = exchange.user
        request = TurnRequest(
            user.text,
            user.attachments,
            session.history(exchange),
            skill,
            collection=session.collection,
            ask_if_unsure=self._asks and skill is None,
            known_hosts=session.known_hosts(exchange),
        )
        try:
            if session is self.session:
                await self._transcript.add_answer(view)
            outcome = await turn.run(request, live)
        finally:
            self._live = None
        return outcome, live.view

    def _show_again(self, live: _Live) -> None:
        for view in self._transcript.query(AnswerView):
            if view.answer is live.answer:
                live.view = view
