"""What is attached to the message being written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.messages import Attachment
from assistant.tui.attachments import label
from assistant.tui.widgets.question import glyph


class Chip(Static):
    """One attachment; a click takes it off."""

    DEFAULT_CSS = """
    Chip {
        width: auto; height: 1; padding: 0 1; margin: 0 1 0 0; background: $panel;
        &:hover { background: $error 20%; }
    }
    """

    class Dropped(Message):
        """The attachment is not wanted after all."""

        def __init__(self, attachment: Attachment) -> None:
            super().__init__()
            self.attachment = attachment

    def __init__(self, attachment: Attachment) -> None:
        text = Content.assemble(
            (glyph(attachment), "$accent"),
            f" {label(attachment)} ",
            ("✕", "$foreground-disabled"),
        )
        super().__init__(text, markup=False)
        self._attachment = attachment

    def on_click(self) -> None:
        """Take it off."""
        self.post_message(self.Dropped(self._attachment))


class Chips(Horizontal):
    """A row of chips; takes no room while there are none."""

    DEFAULT_CSS = """
    Chips { height: 1; margin: 0 0 0 1; display: none; overflow-x: auto;
            scrollbar-size-horizontal: 0; }
    Chips.-any { display: block; }
    """

    attachments: reactive[tuple[Attachment, ...]] = reactive((), recompose=True)

    def compose(self) -> ComposeResult:
        for attachment in self.attachments:
            yield Chip(attachment)

    def watch_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        """Make room only when needed."""
        self.set_class(bool(attachments), "-any")
