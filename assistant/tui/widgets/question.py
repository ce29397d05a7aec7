"""What the person said."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from assistant.core.messages import ImageAttachment, TextAttachment
from assistant.core.text import sanitize
from assistant.tui.attachments import label
from assistant.tui.session import Exchange
from assistant.tui.strings import Strings
from assistant.tui.widgets.turn import TurnWidget

SHOWN_LINES = 40
SHOWN_CHARACTERS = 8_000
"""A longer message is cut on the screen, not in the conversation."""


class QuestionView(TurnWidget):
    """The person's text, literally, and the names of what was attached."""

    DEFAULT_CSS = """
    QuestionView {
        background: $surface; border-left: outer $primary-muted; margin: 0 0 1 0; padding: 0 2;
        & > .text { width: 1fr; height: auto; color: $foreground; }
        & > .attached { width: 1fr; height: auto; color: $foreground-muted; }
    }
    """

    def __init__(self, exchange: Exchange, strings: Strings) -> None:
        super().__init__(exchange)
        self._strings = strings

    def compose(self) -> ComposeResult:
        if self.exchange.user.text:
            yield Static(self._text(), classes="text", markup=False)
        if self.exchange.user.attachments:
            yield Static(self._attached(), classes="attached", markup=False)

    def _text(self) -> Content:
        text = sanitize(self.exchange.user.text)
        lines = text[:SHOWN_CHARACTERS].splitlines()
        shown = Content("\n".join(lines[:SHOWN_LINES]))
        hidden = len(text.splitlines()) - min(len(lines), SHOWN_LINES)
        if hidden <= 0 and len(text) <= SHOWN_CHARACTERS:
            return shown
        more = self._strings.more_lines.format(max(hidden, 1))
        return shown + Content.styled(f"\n{more}", "$foreground-muted")

    def _attached(self) -> Content:
        return Content("   ").join(
            Content.assemble((glyph(a), "$accent"), f" {label(a)}")
            for a in self.exchange.user.attachments
        )


def glyph(attachment: object) -> str:
    """A one-cell sign for the kind of attachment."""
    if isinstance(attachment, ImageAttachment):
        return "▣"
    return "¶" if isinstance(attachment, TextAttachment) else "≡"
