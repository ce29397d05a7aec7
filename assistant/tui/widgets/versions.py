"""Which version of an edited question is shown: `‹ 2/3 ›`, its arrows for the mouse."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class VersionSwitch(Static):
    """A click on the left half goes to the version before, on the right half to the one after."""

    DEFAULT_CSS = """
    VersionSwitch {
        dock: right; width: auto; height: 1; color: $foreground-muted;
        &:hover { background: $boost; color: $foreground; }
    }
    """

    class Stepped(Message):
        """Another version is wanted: the one before (-1) or after (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, number: int, count: int) -> None:
        left = "$foreground-disabled" if number == 1 else "$primary"
        right = "$foreground-disabled" if number == count else "$primary"
        super().__init__(
            Content.assemble((" ‹ ", left), f"{number}/{count}", (" › ", right)), markup=False
        )

    def on_click(self, event: events.Click) -> None:
        """One step to the side clicked on."""
        event.stop()
        self.post_message(self.Stepped(-1 if event.x < self.size.width / 2 else 1))
