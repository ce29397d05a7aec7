"""A small mark over the transcript while its end is out of view; a click goes there."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.strings import Strings

FROM_EDGE = 4
"""Columns it keeps from the right edge."""


class BelowMark(Static):
    """Takes no room of its own: it lies on the last line of the transcript."""

    DEFAULT_CSS = """
    BelowMark {
        display: none; overlay: screen; width: auto; height: 1; padding: 0 1;
        background: $panel; color: $foreground-muted;
        &.-away { display: block; }
        &.-new { background: $primary; color: $background; text-style: bold; }
        &:hover { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    class Wanted(Message):
        """To the end, please."""

    def __init__(self, strings: Strings) -> None:
        super().__init__(markup=False)
        self._strings = strings
        self._text = ""

    def show(self, is_at_end: bool, has_new: bool) -> None:
        """Say where the end is."""
        self.set_class(not is_at_end, "-away")
        self.set_class(has_new, "-new")
        self._text = self._strings.new_below if has_new else self._strings.below
        self.update(self._text)
        self._move()

    def on_mount(self) -> None:
        """Stay at the right when the terminal changes its size."""
        self.watch(self.app, "size", self._move, init=False)

    def _move(self) -> None:
        width = Content(self._text).cell_length + 2
        self.styles.offset = (self.parent_width - width - FROM_EDGE, -1)

    @property
    def parent_width(self) -> int:
        """Columns of what it lies on."""
        return self.parent.size.width if isinstance(self.parent, Widget) else 0

    def on_click(self) -> None:
        """Go to the end."""
        self.post_message(self.Wanted())
