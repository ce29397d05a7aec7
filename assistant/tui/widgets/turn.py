"""What both kinds of message share: the focus, and the keys that act on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from assistant.tui.gallery import Gallery
from assistant.tui.keys import bindings
from assistant.tui.pictures import Pictures
from assistant.tui.session import Exchange
from assistant.tui.strings import Strings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every message is shown with."""

    strings: Strings
    pictures: Pictures
    zone: tzinfo | None
    """Of the times shown."""
    gallery: Gallery = field(default_factory=Gallery)
    """The pictures of the conversation in view."""


class TurnWidget(Vertical, can_focus=True):
    """A message one can walk to; its keys become `Wanted` messages for the screen."""

    DEFAULT_CSS = """
    TurnWidget {
        width: 100%; max-width: 100; height: auto;
        padding: 0 1 0 1; border-left: blank;
        &:focus { border-left: outer $primary; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("message")]

    class Wanted(Message):
        """Something is to be done with this message."""

        def __init__(self, widget: TurnWidget, what: str) -> None:
            super().__init__()
            self.widget = widget
            self.what = what

    def __init__(self, exchange: Exchange, around: Surroundings) -> None:
        super().__init__()
        self.exchange = exchange
        self._strings = around.strings
        self._pictures = around.pictures
        self._zone = around.zone
        self._gallery = around.gallery

    @property
    def copyable(self) -> str:
        """The text that `copy` takes."""
        return self.exchange.user.text

    def action_copy(self) -> None:
        """Copy the text."""
        self._want("copy")

    def action_edit(self) -> None:
        """Put the question into the prompt."""
        self._want("edit")

    def action_regenerate(self) -> None:
        """Answer again."""
        self._want("regenerate")

    def action_skill(self) -> None:
        """Answer with another skill."""
        self._want("skill")

    def action_unteach(self) -> None:
        """Forget the correction that another skill made."""
        self._want("unteach")

    def action_why(self) -> None:
        """Explain the choice of the skill."""
        self._want("why")

    def action_heat(self) -> None:
        """Ask what in the picture speaks for what was said."""
        self._want("heat")

    def action_open(self) -> None:
        """Open the first source."""
        self._want("open")

    def action_copy_code(self) -> None:
        """Copy the code in it."""
        self._want("copy_code")

    def action_version(self, step: int) -> None:
        """Show what was asked here before or after it was edited."""
        self._want("version_after" if step > 0 else "version_before")

    def show_times(self, shown: bool) -> None:
        """Show or hide when it was said."""
        self.set_class(shown, "-times")

    def _want(self, what: str) -> None:
        self.post_message(self.Wanted(self, what))
