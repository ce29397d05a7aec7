"""Markdown that is written while one watches.

Textual's Markdown re-parses its last block on every append, so appends are spaced by
max(50 ms, 4 × the cost of the last one): of five ways measured, the only one that kept the
event loop free at 100 tokens a second on prose, code, lists and mixed text. A full update at
the end mends what parsing piece by piece gets wrong (reference links, fences in lists), where
it got anything wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from time import perf_counter

from markdown_it import MarkdownIt
from textual.app import ComposeResult
from textual.content import Content
from textual.css.types import TextAlign
from textual.widgets import Markdown
from textual.widgets._markdown import (
    MarkdownBlock,
    MarkdownTable,
    MarkdownTableContent,
    MarkdownTH,
)

from assistant.tui.widgets.code import CodeBlock
from assistant.tui.widgets.lists import FlatBulletList, FlatOrderedList

LEAST_GAP = 0.05
"""Seconds between appends; 20 a second look continuous."""
COST_FACTOR = 4.0
_SIDES: Mapping[str, TextAlign] = {"right": "right", "center": "center"}
_OPENABLE = ("http://", "https://", "mailto:")


class LiteralTableContent(MarkdownTableContent):
    """Cells without Textual's tooltips, which would read the text of a cell as markup."""

    def __init__(
        self, headers: list[Content], rows: list[list[Content]], sides: Sequence[TextAlign]
    ) -> None:
        super().__init__(headers, rows)
        self._sides = sides

    def compose(self) -> ComposeResult:
        for cell in super().compose():
            cell.tooltip = None
            yield cell

    def on_mount(self) -> None:
        """Each column to its side."""
        super().on_mount()
        self._align()

    async def _update_rows(self, updated_rows: list[list[Content]]) -> None:
        await super()._update_rows(updated_rows)
        self._align()

    def _align(self) -> None:
        for cell, side in zip(self.children, cycle(self._sides), strict=False):
            cell.styles.text_align = side
            cell.tooltip = None


class LiteralTable(MarkdownTable):
    """A table of such cells."""

    def compose(self) -> ComposeResult:
        for content in super().compose():
            if isinstance(content, MarkdownTableContent):
                yield LiteralTableContent(content.headers, content.rows, self._sides())

    def _sides(self) -> list[TextAlign]:
        """To which side each column goes; the parser writes it into the cells of the head."""
        written = [str(h._token.attrs.get("style", "")) for h in _heads(self)]  # noqa: SLF001
        return [_SIDES.get(style.removeprefix("text-align:"), "left") for style in written]


def _heads(block: MarkdownBlock) -> Iterator[MarkdownTH]:
    for inner in block._blocks:  # noqa: SLF001 - there is no other way to them
        yield from [inner] if isinstance(inner, MarkdownTH) else _heads(inner)


class StreamedMarkdown(Markdown):
    """A Markdown document that grows; raw HTML in it is shown, not hidden."""

    BLOCKS = {  # noqa: RUF012 - Textual's own form
        **Markdown.BLOCKS,
        "table_open": LiteralTable,
        "fence": CodeBlock,
        "code_block": CodeBlock,
        "bullet_list_open": FlatBulletList,
        "ordered_list_open": FlatOrderedList,
    }

    def __init__(self, text: str = "", copy_hint: str = "") -> None:
        self.copy_hint = copy_hint
        self._parser: MarkdownIt | None = None
        super().__init__(text or None, parser_factory=self._parser_once, open_links=False)
        self._waiting: list[str] = []
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._gap = LEAST_GAP

    def _parser_once(self) -> MarkdownIt:
        # Making a parser costs some 2 ms; one a widget, since linkify keeps state.
        if self._parser is None:
            self._parser = MarkdownIt("gfm-like", {"html": False})
        return self._parser

    def write(self, text: str) -> None:
        """Add text; it is shown within the gap."""
        self._waiting.append(text)
        self._arrived.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_on())

    async def finish(self, text: str) -> None:
        """End the writing and show `text`, the whole of it, parsed in one piece."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.wait([self._writer])
            self._writer = None
        if not self.is_attached:
            return
        if self._waiting:
            await self._append_waiting()
        if not await self._is_as_if_parsed_whole(text):
            await self.update(text)

    async def _is_as_if_parsed_whole(self, text: str) -> bool:
        """Whether what was written piece by piece shows the text as parsing it in one piece
        would: the same blocks from the same lines, and no references across them. Then nothing
        is to be mended, and what has the focus or is selected stays."""
        if self._markdown.rstrip() != text.rstrip():
            return False
        env: dict[str, object] = {}
        tokens = await asyncio.to_thread(self._parser_once().parse, text, env)
        blocks = [block for block in self.children if isinstance(block, MarkdownBlock)]
        shown = [(block.name, block.source_range[0]) for block in blocks]
        whole = [(t.type, t.map[0]) for t in tokens if t.map and not t.level and t.nesting >= 0]
        return shown == whole and not env.get("references")

    async def on_unmount(self) -> None:
        """Nothing writes to a widget that is gone."""
        if self._writer is not None:
            self._writer.cancel()

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Open what is a web or mail address; other links of a model's text open nothing."""
        event.stop()
        event.prevent_default()
        if event.href.startswith(_OPENABLE):
            self.app.open_url(event.href)

    async def _write_on(self) -> None:
        while await self._arrived.wait():
            await asyncio.shield(self._append_waiting())
            await asyncio.sleep(self._gap)

    async def _append_waiting(self) -> None:
        text = "".join(self._waiting)
        self._waiting.clear()
        self._arrived.clear()
        if not self.is_attached:
            return
        started = perf_counter()
        await self.append(text)
        self._gap = max(LEAST_GAP, COST_FACTOR * (perf_counter() - started))
