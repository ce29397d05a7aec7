"""What a slash or an `@` can become, shown above the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.commands import Command

ROWS = 10
GAP = 3
"""Columns before an example."""
LEAST_CELLS, MOST_CELLS = 12, 40
"""Of the column with the names."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line: a name, what there is to say about it, and what it stands for.

    `path` is what follows the `@`, for a folder with a slash at the end; `example` what one might
    write after the name.
    """

    name: str
    summary: str
    command: Command | None = None
    path: str = ""
    example: str = ""


class Completion(Static):
    """A list the prompt steers; it never has the focus. Shows ten lines of it at a time."""

    DEFAULT_CSS = """
    Completion {
        display: none; overlay: screen; height: auto; max-height: 11; padding: 0 1; margin: 0 1;
        background: $panel; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Completion.-any { display: block; }
    """

    choices: reactive[tuple[Choice, ...]] = reactive((), layout=True)
    at: reactive[int] = reactive(0)

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these, the first one chosen."""
        if tuple(choices) != self.choices:
            self.choices = tuple(choices)
            self.at = 0
        self._first = 0
        # Lies over the transcript, its last line just above the prompt.
        self.styles.offset = (0, -self._height)
        self.set_class(bool(choices), "-any")

    @property
    def chosen(self) -> Choice | None:
        """The line under the cursor, when any is offered."""
        return self.choices[self.at] if self.choices else None

    def move(self, step: int) -> None:
        """Up (-1) or down (1), round the ends."""
        if self.choices:
            self.at = (self.at + step) % len(self.choices)

    def on_click(self, event: events.Click) -> None:
        """Choose the line clicked on."""
        number = self._top + event.y
        if 0 <= event.y < ROWS and number < len(self.choices):
            self.post_message(self.Clicked(self.choices[number]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down the list."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up the list."""
        event.stop()
        self.move(-1)

    def render(self) -> Content:
        """A choice a line, and below them how many there are and an example."""
        top = self._top
        shown = list(enumerate(self.choices))[top : top + ROWS]
        widest = max((Content(choice.name).cell_length for choice in self.choices), default=0)
        cells = min(max(widest + 2, LEAST_CELLS), MOST_CELLS)
        lines = [self._line(choice, number == self.at, cells) for number, choice in shown]
        if self._has_last_line:
            lines.append(self._last_line())
        return Content("\n").join(lines)

    def _last_line(self) -> Content:
        """Where one is in the list when not all of it fits, and at the right what one might write
        after the chosen name."""
        is_cut = len(self.choices) > ROWS
        count = Content(f" {self.at + 1}/{len(self.choices)}" if is_cut else "")
        room = max(1, self.content_size.width - count.cell_length - GAP)
        example = _example(self.choices[self.at]).truncate(room, ellipsis=True)
        gap = self.content_size.width - count.cell_length - example.cell_length
        return count + Content(" " * max(0, gap)) + example

    @property
    def _has_last_line(self) -> bool:
        return len(self.choices) > ROWS or any(choice.example for choice in self.choices)

    @property
    def _height(self) -> int:
        return min(len(self.choices), ROWS) + self._has_last_line

    @property
    def _top(self) -> int:
        """The first line shown: the window moves only when the cursor leaves it."""
        self._first = max(self.at - ROWS + 1, min(self._first, self.at))
        return self._first

    _first = 0

    def _line(self, choice: Choice, chosen: bool, cells: int) -> Content:
        name = Content(one_line(choice.name, MOST_CELLS)).truncate(cells - 2, ellipsis=True)
        gap = " " * (cells - name.cell_length)
        said = Content(one_line(choice.summary, 200))
        if not chosen:
            return Content.assemble(" ", name.stylize("$foreground"), gap) + said
        name = name.stylize("bold $primary")
        return Content.assemble(("▌", "$primary"), name, gap) + said.stylize_before("$foreground")


def _example(choice: Choice) -> Content:
    """What one might write after a name, as if it were written."""
    if not choice.example:
        return Content()
    return Content.styled(
        f"{one_line(choice.name, MOST_CELLS)} {one_line(choice.example, 80)}",
        "italic $foreground-muted",
    )
