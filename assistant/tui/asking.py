"""Asking from the screen: one turn at a time, the status while it runs, what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from textual.content import Content
from textual.screen import Screen
from textual.worker import Worker

from assistant.core.messages import Message
from assistant.tui.conductor import Conductor
from assistant.tui.session import Exchange
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
    ) -> None:
        self._screen = screen
        self._conductor = conductor
        self._desk = desk
        self._status = status
        self._strings = strings
        self._on_change = on_change
        self._turn: Worker[None] | None = None

    def is_busy(self) -> bool:
        """Whether a turn runs; the person is told. It counts from the moment it is asked for,
        since keys come faster than workers start."""
        busy = self._turn is not None and not self._turn.is_finished
        if busy:
            self._screen.notify(self._strings.busy, severity="warning", markup=False)
        return busy

    def ask(self, message: Message, skill: str | None) -> None:
        """Answer a new message."""
        self._run(self.asked(message, skill))

    def again(self, exchange: Exchange, skill: str | None) -> None:
        """Answer again: in place for the last message, as a new turn for an earlier one."""
        if exchange is self._conductor.session.exchanges[-1]:
            self._run(self._answered(exchange, skill))
        else:
            self._run(self.asked(exchange.user, skill))

    async def asked(self, message: Message, skill: str | None) -> None:
        """Keep a message and answer it; returns when that is over."""
        exchange = await self._conductor.ask(message)
        await self._answered(exchange, skill)

    def _run(self, turn: Coroutine[None, None, None]) -> None:
        self._turn = self._screen.run_worker(turn, group="turn")

    async def _answered(self, exchange: Exchange, skill: str | None) -> None:
        self._writing(True)
        try:
            self._settle(*await self._conductor.answer(exchange, skill))
        finally:
            self._writing(False)

    def _settle(self, outcome: Outcome, view: AnswerView) -> None:
        """Note the numbers; a message that failed comes back, to be mended and sent again."""
        if view.routed is not None:
            skill = self._strings.skill(view.routed.skill)
            self._status.skill = f"{skill} ({self._strings.auto})"
        self._status.usage = view.usage or self._status.usage
        if outcome == "failed" and view.is_attached and self._desk.is_empty:
            user = view.exchange.user
            self._desk.fill(user.text, user.attachments)

    def _writing(self, writing: bool) -> None:
        self._status.writing = writing
        hint = self._strings.stop_hint if writing else self._strings.prompt_hint
        self._desk.prompt.border_subtitle = Content(hint)
        self._on_change()
