"""The exchanges of a conversation, one under the other; follows the end unless one reads."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.session import Answer, Exchange
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.turn import Surroundings, TurnWidget


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

    class Moved(Message):
        """The end came into view or went out of it; `has_new` when text came below since."""

        def __init__(self, is_at_end: bool, has_new: bool) -> None:
            super().__init__()
            self.is_at_end = is_at_end
            self.has_new = has_new

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._strings = around.strings
        self._has_older = False
        self._asked = False
        self._place = (True, False)
        self._height_left = 0
        self._times = False

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
        await self.mount(self._in_time(QuestionView(exchange, self._around)))
        self.follow()

    async def cut(self, exchange: Exchange) -> None:
        """Take away a question and all that stands below it."""
        children = list(self.children)
        first = next((i for i, c in enumerate(children) if _shows(c, exchange)), len(children))
        await self.remove_children(children[first:])

    def focus_question(self, exchange: Exchange) -> None:
        """Walk to a question."""
        for view in self.query(QuestionView):
            if view.exchange is exchange:
                view.focus()

    async def add_answer(self, exchange: Exchange, answer: Answer) -> AnswerView:
        """Show a new answer at the end; earlier ones to the same question fold."""
        for earlier in self.query(AnswerView):
            if earlier.exchange is exchange:
                earlier.fold()
        view = AnswerView(exchange, answer, self._around)
        await self.mount(self._in_time(view))
        self.follow()
        return view

    async def add_note(self, content: Content) -> Static:
        """A line of the program's own, which is no part of the conversation."""
        note = Static(content, classes="note", markup=False)
        at_end = self.is_at_end
        await self.mount(note)
        if at_end:
            self.follow()
        return note

    def toggle_times(self) -> None:
        """Show or hide when everything was said."""
        self._times = not self._times
        with self.app.batch_update():
            for turn in self.query(TurnWidget):
                turn.show_times(self._times)

    @property
    def is_at_end(self) -> bool:
        """Whether the last line is in view."""
        return self.scroll_y >= self.max_scroll_y - 1

    def follow(self) -> None:
        """Stay at the end from now on."""
        self.anchor()
        self.call_after_refresh(self._say_place)

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
        self._say_place()

    def watch_virtual_size(self) -> None:
        """Text came, or went."""
        self.call_after_refresh(self._say_place)

    def _say_place(self) -> None:
        if self.is_at_end or not self.children:
            self._height_left = self.virtual_size.height
        is_at_end = self.is_at_end
        place = (is_at_end, not is_at_end and self.virtual_size.height > self._height_left)
        if place != self._place:
            self._place = place
            self.post_message(self.Moved(*place))

    def _in_time(self, turn: TurnWidget) -> TurnWidget:
        turn.show_times(self._times)
        return turn

    def _marker(self, has_older: bool) -> list[Widget]:
        text = self._strings.earlier_messages
        return [Static(text, classes="older", markup=False)] if has_older else []

    def _widgets(self, exchanges: Sequence[Exchange]) -> list[Widget]:
        widgets: list[Widget] = []
        for exchange in exchanges:
            widgets.append(self._in_time(QuestionView(exchange, self._around)))
            views = [AnswerView(exchange, answer, self._around) for answer in exchange.answers]
            for earlier in views[:-1]:
                earlier.fold()
            widgets += map(self._in_time, views)
        return widgets


def _shows(child: Widget, exchange: Exchange) -> bool:
    return isinstance(child, TurnWidget) and child.exchange is exchange


def _holds(turn: TurnWidget, focused: Widget | None) -> bool:
    return focused is not None and turn in focused.ancestors_with_self
