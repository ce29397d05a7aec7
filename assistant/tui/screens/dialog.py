"""The frame of every dialog: a titled box in the middle that Esc closes."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """Subclasses yield their parts from `parts`; leaving gives None."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle; background: $background 60%;
        & > #box {
            width: 76; max-width: 94%; height: auto; max-height: 90%; padding: 1 2;
            border: round $border; background: $surface; overflow-y: auto;
            border-title-color: $primary; border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            scrollbar-size-vertical: 1;
        }
        Static { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._box = Vertical(id="box")
        self._box.border_title = Content(title)
        self._box.border_subtitle = Content(hint)

    def compose(self) -> ComposeResult:
        with self._box:
            yield from self.parts()

    def on_screen_resume(self) -> None:
        """The cursor stands still where motion is unwanted."""
        for field in self.query(Input):
            field.cursor_blink = self.app.animation_level != "none"

    def parts(self) -> ComposeResult:
        """The widgets in the box."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)
