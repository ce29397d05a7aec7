"""A row of choices, one of them taken; walked with the arrow keys or clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static


class Tabs(Static, can_focus=True):
    """Names on a line. The names may change (they hold counts) without any layout."""

    DEFAULT_CSS = """
    Tabs {
        height: 1; width: 1fr; text-wrap: nowrap; color: $foreground-muted;
        link-color: $foreground-muted; link-style: none; link-background: transparent;
        link-color-hover: $foreground; link-style-hover: none; link-background-hover: $boost;
    }
    Tabs:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
    ]

    class Taken(Message):
        """Another one was taken."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    at: reactive[int] = reactive(0)
    names: reactive[tuple[str, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, names: Sequence[str]) -> None:
        """Show these names."""
        self.names = tuple(names)

    def action_step(self, step: int) -> None:
        """Take the next (1) or the one before (-1), round the ends."""
        if self.names:
            self.action_take((self.at + step) % len(self.names))

    def action_take(self, at: int) -> None:
        """Take one of them."""
        self.at = at
        self.post_message(self.Taken(at))

    def render(self) -> Content:
        """The names, the taken one standing out."""
        return Content("  ").join(self._drawn(at, name) for at, name in enumerate(self.names))

    def _drawn(self, at: int, name: str) -> Content:
        if at == self.at:
            return Content.styled(f" {name} ", "bold $background on $primary")
        return Content(f" {name} ").stylize(Style.from_meta({"@click": f"take({at})"}))
