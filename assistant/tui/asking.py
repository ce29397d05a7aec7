"""Asking from the screen: one turn at a time, the status while it runs, what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from textual.screen import Screen
from textual.worker import Worker

from assistant.core.messages import Message
from assistant.tui.conductor import Conductor
from assistant.tui.session import ChatSession, Exchange
from assistant.tui.strings import Strings
from assistant.tui.turns import Outcome
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.status import StatusLine


class Asking:
    """Starts turns as workers of the screen, and settles the desk and the status after them."""

    def __init__(
        self,
        screen: Screen[None],
        conductor: Conductor,
        desk: Desk,
        status: StatusLine,
        strings: Strings,
        on_change: Callable[[], None],
        on_end: Callable[[AnswerView], None],
    ) -> None:
        self._screen = screen
        self._conductor = conductor
        self._desk = desk
        self._status = status
        self._strings = strings
        self._on_change = on_change
        self._on_end = on_end
        self._edited: Exchange | None = None
        self._turn: Worker[None] | None = None

    def is_busy(self) -> bool:
        """Whether a turn runs; the person is told. It counts from the moment it is asked for,
        since keys come faster than workers start."""
        busy = self._turn is not None and not self._turn.is_finished
        if busy:
            self._screen.notify(
                self._strings.keyed(self._strings.busy), severity="warning", markup=False
            )
        return busy

    def edit(self, exchange: Exchange) -> None:
        """Let a message be edited; what is sent next takes its place."""
        self._desk.edit(exchange.user.text, exchange.user.attachments)
        self._edited = exchange

    def stop_editing(self) -> bool:
        """Leave the message as it was; False when none is edited."""
        was_editing = self._edited is not None
        if was_editing:
            self._edited = None
            self._desk.end_edit()
        return was_editing

    def ask(self, message: Message, skill: str | None) -> None:
        """Answer a message: a new one, an edited one, or the one that just failed once more."""
        session = self._conductor.session
        exchanges = session.exchanges
        edited, self._edited = self._edited, None
        last = exchanges[-1] if exchanges else None
        if edited in exchanges:
            self._run(self.asked(session, message, skill, edited))
        elif last is not None and last.has_failed and last.user == message:
            self._run(self._answered(session, last, skill))
        else:
            self._run(self.asked(session, message, skill))

    def again(self, exchange: Exchange, skill: str | None) -> None:
        """Answer again: in place for the last message, on a branch of its own for an earlier
        one, since what follows goes by the old answer."""
        session = self._conductor.session
        if exchange is session.exchanges[-1]:
            self._run(self._answered(session, exchange, skill))
        else:
            self._run(self.asked(session, exchange.user, skill, exchange))

    async def asked(
        self,
        session: ChatSession,
        message: Message,
        skill: str | None,
        instead_of: Exchange | None = None,
    ) -> None:
        """Keep a message in its session and answer it; returns when that is over."""
        exchange = await self._conductor.ask(session, message, instead_of)
        await self._answered(session, exchange, skill)

    def _run(self, turn: Coroutine[None, None, None]) -> None:
        self._turn = self._screen.run_worker(turn, group="turn")

    async def _answered(self, session: ChatSession, exchange: Exchange, skill: str | None) -> None:
        self._writing(True)
        try:
            self._settle(*await self._conductor.answer(session, exchange, skill))
        finally:
            self._writing(False)

    def _settle(self, outcome: Outcome, view: AnswerView) -> None:
        """Note the numbers; a message that failed comes back, to be mended and sent again."""
        if view.routed is not None:
            skill = self._strings.skill(view.routed.skill)
            self._status.skill = self._strings.aside.format(skill, self._strings.auto)
        self._status.usage = view.usage or self._status.usage
        self._on_end(view)
        if outcome == "failed" and view.is_attached and self._desk.is_empty:
            user = view.exchange.user
            self._desk.fill(user.text, user.attachments)

    def _writing(self, writing: bool) -> None:
        self._status.writing = writing
        self.say_keys()
        self._on_change()

    def say_keys(self) -> None:
        """Show beside the prompt what stops the answer, or what sends."""
        strings = self._strings
        self._desk.prompt.say_keys(
            strings.stop_hint if self._status.writing else strings.prompt_hint
        )
        self._desk.say_keys()
