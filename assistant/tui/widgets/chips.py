"""What is attached to the message being written."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.messages import Attachment
from assistant.tui.attachments import label, size
from assistant.tui.widgets.question import glyph


class Chip(Static, can_focus=True):
    """One attachment: Enter or a click opens it, Backspace or its ✕ takes it off."""

    DEFAULT_CSS = """
    Chip {
        width: auto; height: 1; padding: 0 1; margin: 0 1 0 0; background: $panel;
        &:hover { background: $boost; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,o", "open", show=False),
        Binding("backspace,delete,x", "drop", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("down,escape", "leave", show=False),
    ]

    class Dropped(Message):
        """The attachment is not wanted after all."""

        def __init__(self, attachment: Attachment) -> None:
            super().__init__()
            self.attachment = attachment

    class Opened(Message):
        """The file is to be seen, or the text unfolded into the prompt."""

        def __init__(self, attachment: Attachment) -> None:
            super().__init__()
            self.attachment = attachment

    class Left(Message):
        """Back to the prompt."""

    def __init__(self, attachment: Attachment) -> None:
        measure = size(attachment)
        self._face = Content.assemble(
            (glyph(attachment), "$accent"),
            f" {label(attachment)} ",
            (f"{measure} " if measure else "", "$foreground-muted"),
        )
        super().__init__(self._face + Content.styled("✕", "$foreground-disabled"), markup=False)
        self.attachment = attachment

    def on_click(self, event: events.Click) -> None:
        """The ✕ takes it off, the rest opens it."""
        on_cross = event.x > self._face.cell_length
        self.action_drop() if on_cross else self.action_open()

    def action_open(self) -> None:
        """Open or unfold it."""
        self.post_message(self.Opened(self.attachment))

    def action_drop(self) -> None:
        """Take it off."""
        self.post_message(self.Dropped(self.attachment))

    def action_leave(self) -> None:
        """Back to the prompt."""
        self.post_message(self.Left())


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

    async def recompose(self) -> None:
        """Keep the focus among the chips, or give it back when there are none."""
        was_inside = isinstance(self.screen.focused, Chip)
        await super().recompose()
        if was_inside and self.attachments:
            self.query(Chip).last().focus()
        elif was_inside:
            self.post_message(Chip.Left())

    def watch_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        """Make room only when needed."""
        self.set_class(bool(attachments), "-any")
