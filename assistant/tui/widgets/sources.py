"""The numbered passages an answer quotes; each folds open to its context."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.documents import Passage
from assistant.core.text import one_line, sanitize

QUOTE_CHARACTERS = 160
CONTEXT_CHARACTERS = 4_000


class SourceRow(Static, can_focus=True):
    """One passage: number, file, place and quote on a line; its context when open."""

    DEFAULT_CSS = """
    SourceRow {
        height: 1; width: 1fr; padding: 0 1; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
        &:hover { background: $boost; }
        &:focus { background: $block-cursor-background; }
        &.-open { height: auto; text-wrap: wrap; padding-bottom: 1; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "unfold", "fold", show=False),
        Binding("o", "open", "open", show=False),
    ]

    class Opened(Message):
        """The file is wanted, at the place of the passage."""

        def __init__(self, passage: Passage) -> None:
            super().__init__()
            self.passage = passage

    is_open: reactive[bool] = reactive(False, layout=True)

    def __init__(self, number: int, passage: Passage) -> None:
        super().__init__(markup=False)
        self._number = number
        self.passage = passage

    def watch_is_open(self, is_open: bool) -> None:
        """Wrap only when open, so that a folded row is one line."""
        self.set_class(is_open, "-open")
        self.update(self._line())

    def on_mount(self) -> None:
        """Show the folded line."""
        self.update(self._line())

    def on_click(self) -> None:
        """Fold or unfold."""
        self.action_unfold()

    def action_unfold(self) -> None:
        """Fold or unfold."""
        self.is_open = not self.is_open

    def action_open(self) -> None:
        """Ask for the file to be opened."""
        self.post_message(self.Opened(self.passage))

    def _line(self) -> Content:
        passage = self.passage
        place = one_line(str(passage.place), 60)
        head = Content.assemble(
            ("▾ " if self.is_open else "▸ ", "$foreground-disabled"),
            (f"{self._number} ", "bold $success"),
            (one_line(Path(passage.path).name, 60), "$foreground"),
            (f" · {place}" if place else ""),
        )
        quote = one_line(passage.quote, QUOTE_CHARACTERS)
        return head + self._passage_in_context() if self.is_open else head + Content(f"  “{quote}”")

    def _passage_in_context(self) -> Content:
        quote = " ".join(sanitize(self.passage.quote).split())
        context = " ".join(sanitize(self.passage.context)[:CONTEXT_CHARACTERS].split()) or quote
        before, found, after = context.partition(quote)
        if not found:
            before, found, after = "", quote, f"\n{context}"
        path = one_line(self.passage.path, 300)
        marked = (found, "$foreground on $success 20%")
        return Content.assemble("\n", before, marked, after, (f"\n{path}", "$foreground-disabled"))


class SourceList(Vertical):
    """A heading and its rows."""

    DEFAULT_CSS = """
    SourceList { height: auto; margin: 0 0 1 0; }
    SourceList > .heading { color: $foreground-muted; text-style: bold; padding: 0 1; }
    """

    def __init__(self, heading: str, passages: Sequence[Passage]) -> None:
        super().__init__()
        self._heading = heading
        self._passages = passages

    def compose(self) -> ComposeResult:
        yield Static(self._heading, classes="heading", markup=False)
        for number, passage in enumerate(self._passages, 1):
            yield SourceRow(number, passage)
