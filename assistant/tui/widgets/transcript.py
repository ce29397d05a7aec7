"""The exchanges of a conversation, one under the other; follows the end unless one reads.

Only those near what is on the screen are mounted, whose cost is some 10 ms each; the others
follow as the reader comes near them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.session import Answer, Exchange
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.picture import PictureAgain
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.turn import Surroundings, TurnWidget

AHEAD = 1.0
"""Screens above and below the one shown that are kept mounted."""
EXCHANGE_ROWS = 7
"""Of an exchange beside its text: margins, badge, a line of sources."""


class Transcript(VerticalScroll, can_focus=False):
    """Scrolls; anchored to its end until the reader scrolls away, and again at the end."""

    DEFAULT_CSS = """
    Transcript {
        align: center bottom; padding: 1 1 0 1;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > .note { width: 100%; max-width: 100; height: auto; margin: 0 0 1 0; padding: 0 2 0 3;
                    color: $foreground-muted; }
        & > .older { width: 100%; max-width: 100; text-align: center; color: $foreground-disabled; }
    }
    """

    class OlderWanted(Message):
        """The reader came to the top, and there is more above it in the store."""

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
        self._exchanges: list[Exchange] = []
        around.gallery.exchanges = self._exchanges
        self._first = self._end = 0
        """Those mounted: `_exchanges[_first:_end]`."""
        self._has_older = False
        self._busy = False
        self._place = (True, False)
        self._height_left = 0
        self._times = False

    async def show(
        self, exchanges: Sequence[Exchange], has_older: bool, at: int | None = None
    ) -> None:
        """Show these exchanges instead of what was there: from the end, or with the focus on
        the stored message `at`."""
        self._exchanges, self._has_older = list(exchanges), has_older
        self._around.gallery.exchanges = self._exchanges
        wanted = next((i for i, e in enumerate(self._exchanges) if at in e.messages), None)
        self._end = len(self._exchanges) if wanted is None else self._filling(wanted, 1)
        self._first = self._filling(self._end - 1 if wanted is None else wanted, -1)
        with self.app.batch_update():
            await self.remove_children()
            shown = self._exchanges[self._first : self._end]
            await self.mount_all(self._marker() + self._views(shown))
        if wanted is None or at is None:
            self.follow()
        else:
            self._go_to(at)

    async def prepend(self, exchanges: Sequence[Exchange], has_older: bool) -> None:
        """Exchanges before the oldest one, from the store; mounted as the reader comes near."""
        self._exchanges[:0] = exchanges
        self._first += len(exchanges)
        self._end += len(exchanges)
        self._has_older = has_older
        self._busy = False
        for mark in self.query(PictureAgain):
            mark.renumber()
        await self._extend_upwards()

    async def leave_out(self, exchange: Exchange) -> None:
        """Take an exchange and all that follow it away: another version takes its place."""
        at = next((i for i, e in enumerate(self._exchanges) if e is exchange), None)
        if at is None:
            return
        gone = self._exchanges[at:]
        del self._exchanges[at:]
        self._end = min(self._end, at)
        self._first = min(self._first, at)
        for widget in [w for w in self.query(TurnWidget) if any(w.exchange is e for e in gone)]:
            await widget.remove()

    async def add_question(self, exchange: Exchange) -> None:
        """Show what was just said, and follow the end again."""
        if self._end < len(self._exchanges):
            await self.show([*self._exchanges, exchange], self._has_older)
            return
        self._exchanges.append(exchange)
        self._end += 1
        await self.mount(self._in_time(QuestionView(exchange, self._around)))
        self.follow()

    def view_of(self, exchange: Exchange, answer: Answer) -> AnswerView:
        """A view for an answer, not shown yet."""
        return AnswerView(exchange, answer, self._around)

    async def add_answer(self, view: AnswerView) -> None:
        """Show a new answer at the end; earlier ones to the same question fold."""
        for earlier in self.query(AnswerView):
            if earlier.exchange is view.exchange:
                earlier.fold()
        await self.mount(self._in_time(view))
        self.follow()

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
        """Whether the last line of the conversation is in view."""
        is_all_mounted = self._end >= len(self._exchanges)
        return is_all_mounted and self.scroll_y >= self.max_scroll_y - 1

    def follow(self) -> None:
        """Stay at the end from now on."""
        if self._end < len(self._exchanges):
            self.call_next(self.show, self._exchanges, self._has_older)
            return
        self.anchor()
        self.call_after_refresh(self._say_place)

    def page(self, step: int) -> None:
        """Scroll by a screenful, up (-1) or down (1)."""
        if step < 0:
            self.scroll_page_up()
        else:
            self.scroll_page_down()

    @property
    def is_following(self) -> bool:
        """Whether it stays at the end when something is added."""
        return self.is_anchored and not self._anchor_released

    def walk(self, step: int) -> TurnWidget | None:
        """The message above (-1) or below (1) the focused one; the last when none is."""
        turns = list(self.query(TurnWidget))
        focused = self.screen.focused
        at = next((i for i, turn in enumerate(turns) if _holds(turn, focused)), None)
        if at is None:
            return turns[-1] if turns and step < 0 else None
        return turns[at + step] if 0 <= at + step < len(turns) else None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Mount what the reader comes near to."""
        super().watch_scroll_y(old_value, new_value)
        margin = self.size.height * AHEAD
        if new_value < old_value and new_value < margin:
            self.call_next(self._extend_upwards)
        elif new_value > old_value and self.max_scroll_y - new_value < margin:
            self.call_next(self._extend_downwards)
        self._say_place()

    def watch_virtual_size(self) -> None:
        """Text came, or went."""
        self.call_after_refresh(self._say_place)

    def _say_place(self) -> None:
        is_at_end = self.is_at_end
        if is_at_end:
            self._height_left = self.virtual_size.height
        place = (is_at_end, not is_at_end and self.virtual_size.height > self._height_left)
        if place != self._place:
            self._place = place
            self.post_message(self.Moved(*place))

    def _in_time(self, turn: TurnWidget) -> TurnWidget:
        turn.show_times(self._times)
        return turn

    # --- what is mounted ------------------------------------------------------------------

    async def _extend_upwards(self) -> None:
        """Mount more above, keeping in place what is being read; ask for more at the top."""
        if self._busy:
            return
        if not self._first and self._has_older:
            self._busy = True
            self.post_message(self.OlderWanted())
            return
        if not self._first:
            return
        self._busy = True
        first = self._filling(self._first - 1, -1)
        added = self._exchanges[first : self._first]
        self._first = first
        read = self.query(TurnWidget).first()
        before = read.virtual_region.y
        await self.query(".older").remove()
        await self.mount_all(self._marker() + self._views(added), before=0)

        def keep_place() -> None:
            self._busy = False
            moved = read.virtual_region.y - before
            if moved and not self.is_following:
                self.scroll_to(y=self.scroll_y + moved, animate=False, immediate=True)

        self.call_after_refresh(keep_place)

    async def _extend_downwards(self) -> None:
        """Mount more below, or follow the end where there is none."""
        if self._end == len(self._exchanges):
            if self.is_vertical_scroll_end and not self.is_anchored:
                self.anchor()
            return
        end = self._filling(self._end, 1)
        added = self._exchanges[self._end : end]
        self._end = end
        await self.mount_all(self._views(added))

    def _filling(self, start: int, step: int) -> int:
        """How far to go from an exchange, upwards (-1) or downwards, to fill a screen and what
        is kept ahead of it; the bound of a slice."""
        room = self.size.height or self.app.size.height
        room = int(room * (1 + AHEAD))
        width = max(20, min(100, self.size.width or self.app.size.width))
        at = start
        while 0 <= at < len(self._exchanges) and room > 0:
            room -= _rows(self._exchanges[at], width)
            at += step
        return at + 1 if step < 0 else at

    def _go_to(self, message: int) -> None:
        self.anchor(False)
        for turn in self.query(TurnWidget):
            if message == (turn.answer.id if isinstance(turn, AnswerView) else turn.exchange.id):
                turn.focus(scroll_visible=False)
                self.call_after_refresh(
                    self.scroll_to_widget, turn, animate=False, top=True, immediate=True
                )

    def _marker(self) -> list[Widget]:
        if self._first or not self._has_older:
            return []
        return [Static(self._strings.earlier_messages, classes="older", markup=False)]

    def _views(self, exchanges: Iterable[Exchange]) -> list[Widget]:
        widgets: list[Widget] = []
        for exchange in exchanges:
            widgets.append(self._in_time(QuestionView(exchange, self._around)))
            views = [AnswerView(exchange, answer, self._around) for answer in exchange.answers]
            for earlier in views[:-1]:
                earlier.fold()
            widgets += map(self._in_time, views)
        return widgets


def _rows(exchange: Exchange, width: int) -> int:
    """About how many rows an exchange takes."""
    texts = [exchange.user.text, *(answer.text for answer in exchange.answers[-1:])]
    return EXCHANGE_ROWS + sum(len(text) // width + text.count("\n") for text in texts)


def _holds(turn: TurnWidget, focused: Widget | None) -> bool:
    return focused is not None and turn in focused.ancestors_with_self
