"""The commands a slash can become, shown above the prompt."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.commands import Command

NAME_CELLS = 14


class Completion(Static):
    """A list the prompt steers; it never has the focus."""

    DEFAULT_CSS = """
    Completion {
        display: none; overlay: screen; height: auto; max-height: 14; padding: 0 1; margin: 0 1;
        background: $panel; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Completion.-any { display: block; }
    """

    choices: reactive[tuple[Command, ...]] = reactive((), layout=True)
    at: reactive[int] = reactive(0)

    class Clicked(Message):
        """A command was clicked."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def offer(self, choices: Sequence[Command]) -> None:
        """Show these commands, the first one chosen."""
        if tuple(choices) != self.choices:
            self.choices = tuple(choices)
            self.at = 0
        # Lies over the transcript, its last line just above the prompt.
        self.styles.offset = (0, -len(choices))
        self.set_class(bool(choices), "-any")

    @property
    def chosen(self) -> Command | None:
        """The command under the cursor, when any is offered."""
        return self.choices[self.at] if self.choices else None

    def move(self, step: int) -> None:
        """Up (-1) or down (1), round the ends."""
        if self.choices:
            self.at = (self.at + step) % len(self.choices)

    def on_click(self, event: events.Click) -> None:
        """Choose the line clicked on."""
        if 0 <= event.y < len(self.choices):
            self.post_message(self.Clicked(self.choices[event.y]))

    def render(self) -> Content:
        """One command a line."""
        return Content("\n").join(
            self._line(command, number == self.at) for number, command in enumerate(self.choices)
        )

    def _line(self, command: Command, chosen: bool) -> Content:
        name = f"/{one_line(command.name, NAME_CELLS - 2)}".ljust(NAME_CELLS)
        summary = one_line(command.summary, 100)
        if chosen:
            return Content.assemble(
                ("▌", "$primary"), (name, "bold $primary"), (summary, "$foreground")
            )
        return Content.assemble(" ", (name, "$foreground"), summary)
