"""Code in an answer: framed, with its language, scrolled sideways, copied by one key or click."""

from __future__ import annotations

from typing import ClassVar

from markdown_it.token import Token
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownBlock, MarkdownFence

from assistant.core.text import one_line
from assistant.tui.widgets.copyable import Copied, Copyable

SCROLL_CELLS = 8


class CodeBlock(MarkdownFence, Copyable, can_focus=True):
    """A fence. Long lines are not wrapped, for where a line of code ends means something."""

    DEFAULT_CSS = """
    CodeBlock {
        border: round $border-blurred; background: transparent; padding: 0;
        border-title-color: $foreground-muted; border-subtitle-color: $foreground-disabled;
        &:hover { border-subtitle-color: $foreground; }
        &:focus { border: round $border; border-subtitle-color: $primary; }
        & > Label { padding: 0 1; width: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy_code", show=False, id="copy_code"),
        Binding("y", "copy_code", show=False, id="copy"),
        Binding("enter", "copy_code", show=False),
        Binding("left", "sideways(-1)", show=False),
        Binding("right", "sideways(1)", show=False),
    ]

    def __init__(self, markdown: Markdown, token: Token, code: str) -> None:
        super().__init__(markdown, token, code)
        self.border_subtitle = Content(getattr(markdown, "copy_hint", ""))
        self._show_language()

    def on_click(self, event: events.Click) -> None:
        """A click on the lower edge, where it says so, copies."""
        if event.y >= self.outer_size.height - 1:
            event.stop()
            self.action_copy_code()

    def action_copy_code(self) -> None:
        """Copy the code, without the fence."""
        self.post_message(Copied(self.code))

    def action_sideways(self, step: int) -> None:
        """Scroll to the rest of long lines."""
        self.scroll_relative(x=step * SCROLL_CELLS, animate=False)

    def _copy_context(self, block: MarkdownBlock) -> None:
        super()._copy_context(block)
        self._show_language()

    def _show_language(self) -> None:
        language = self.lexer.split(maxsplit=1)
        self.border_title = Content(one_line(language[0], 24)) if language else None
