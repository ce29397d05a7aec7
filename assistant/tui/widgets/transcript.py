"""The exchanges of a conversation, one under the other; follows the end unless one reads."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.session import Answer, Exchange
from assistant.tui.strings import Strings
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.turn import TurnWidget


class Transcript(VerticalScroll, can_focus=False):
    """Scrolls; anchored to its end until the reader scrolls away, and again at the end."""

    DEFAULT_CSS = """
    Transcript {
        align: center bottom; padding: 1 1 0 1;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > .note { width: 100%; max-width: 100; height: auto; margin: 0 0 1 0; padding: 0 2;
                    color: $foreground-muted; }
        & > .older { width: 100%; max-width: 100; text-align: center; color: $foreground-disabled; }
    }
    """

    class OlderWanted(Message):
        """The reader came to the top, and there is more above it."""

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings
        self._has_older = False
        self._asked = False

    async def show(self, exchanges: Sequence[Exchange], has_older: bool) -> None:
        """Show these exchanges instead of what was there, from the end."""
        await self.remove_children()
        self._has_older, self._asked = has_older, False
        await self.mount_all(self._marker(has_older) + self._widgets(exchanges))
        self.follow()

    async def prepend(self, exchanges: Sequence[Exchange], has_older: bool) -> None:
        """Put older exchanges above, keeping in place what is being read."""
        below = self.virtual_size.height - self.scroll_y
        await self.query(".older").remove()
        widgets = self._marker(has_older) + self._widgets(exchanges)
        await self.mount_all(widgets, before=0 if self.children else None)
        self._has_older = has_older

        def keep_place() -> None:
            self.scroll_to(y=self.virtual_size.height - below, animate=False, immediate=True)
            self._asked = False

        self.call_after_refresh(keep_place)

    async def add_question(self, exchange: Exchange) -> None:
        """Show what was just said, and follow the end again."""
        await self.mount(QuestionView(exchange, self._strings))
        self.follow()

    async def add_answer(self, exchange: Exchange, answer: Answer) -> AnswerView:
        """Show a new answer at the end; earlier ones to the same question fold."""
        for earlier in self.query(AnswerView):
            if earlier.exchange is exchange:
                earlier.fold()
        view = AnswerView(exchange, answer, self._strings)
        await self.mount(view)
        self.follow()
        return view

    async def add_note(self, content: Content) -> Static:
        """A line of the program's own, which is no part of the conversation."""
        note = Static(content, classes="note", markup=False)
        await self.mount(note)
        self.follow()
        return note

    def follow(self) -> None:
        """Stay at the end from now on."""
        self.anchor()

    def walk(self, step: int) -> TurnWidget | None:
        """The message above (-1) or below (1) the focused one; the last when none is."""
        turns = list(self.query(TurnWidget))
        focused = self.screen.focused
        at = next((i for i, turn in enumerate(turns) if _holds(turn, focused)), None)
        if at is None:
            return turns[-1] if turns and step < 0 else None
        return turns[at + step] if 0 <= at + step < len(turns) else None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for older messages at the top."""
        super().watch_scroll_y(old_value, new_value)
        if new_value <= 0 < old_value and self._has_older and not self._asked:
            self._asked = True
            self.post_message(self.OlderWanted())

    def _marker(self, has_older: bool) -> list[Widget]:
        text = self._strings.earlier_messages
        return [Static(text, classes="older", markup=False)] if has_older else []

    def _widgets(self, exchanges: Sequence[Exchange]) -> list[Widget]:
        widgets: list[Widget] = []
        for exchange in exchanges:
            widgets.append(QuestionView(exchange, self._strings))
            views = [AnswerView(exchange, answer, self._strings) for answer in exchange.answers]
            for earlier in views[:-1]:
                earlier.fold()
            widgets += views
        return widgets


def _holds(turn: TurnWidget, focused: Widget | None) -> bool:
    return focused is not None and turn in focused.ancestors_with_self
