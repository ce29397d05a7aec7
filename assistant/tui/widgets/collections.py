"""The collections of documents, one a line; the one chosen is the one that is asked."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.content import Content

from assistant.core.collections import CollectionSummary
from assistant.core.text import one_line
from assistant.tui.indexing import Indexing
from assistant.tui.strings import Strings
from assistant.tui.widgets import gauge
from assistant.tui.widgets.lines import LineList

MAX_COLLECTION_LINES = 5
MOST_NAME_CELLS = 32
GAP = 3
"""Columns between the name and the figures."""


class CollectionList(LineList[CollectionSummary]):
    """The collections; the one chosen is the one that is asked."""

    DEFAULT_CSS = "CollectionList { height: 1; }"

    def __init__(self, indexing: Indexing, strings: Strings) -> None:
        super().__init__(id="collections", chooses_on_click=True)
        self._indexing = indexing
        self._texts = strings.screens.documents
        self._strings = strings
        self._widest = 0

    def show(self, rows: Sequence[CollectionSummary]) -> None:
        """As high as there are collections, up to a limit."""
        self.styles.height = max(1, min(MAX_COLLECTION_LINES, len(rows)))
        self._widest = max((_named(row).cell_length for row in rows), default=0)
        super().show(rows)

    def key(self, row: CollectionSummary) -> Hashable:
        return row.name

    def draw(self, row: CollectionSummary, width: int) -> Content:
        chosen = row.name == self._indexing.chosen
        mark = ("● ", "$primary") if chosen else ("○ ", "$foreground-muted")
        name = _named(row).truncate(max(12, width // 3), ellipsis=True)
        gap = min(self._widest, max(12, width // 3)) + GAP - name.cell_length
        line = Content.assemble(mark) + (name.stylize("bold") if chosen else name)
        line += Content(" " * gap)
        after = self._state(row, chosen)
        room = width - line.cell_length - after.cell_length
        return line + Content.styled(self._figures(row, room), "$foreground-muted") + after

    def _state(self, row: CollectionSummary, chosen: bool) -> Content:
        """What goes on with it, which is never left out."""
        state = Content()
        if self._indexing.is_watching(row.name):
            state += Content.styled(f" · ↻ {self._texts.watching_status}", "$success")
        if chosen:
            state += Content.styled(f" · {self._texts.in_scope}", "$primary")
        return state

    def _figures(self, row: CollectionSummary, room: int) -> str:
        return gauge.joined(self.figures(row), room)

    def figures(self, row: CollectionSummary) -> list[str]:
        """What there is in it, the most telling first."""
        texts = self._texts
        if not (row.files or row.failed or row.waiting):
            return [texts.new_collection]
        parts = [self._strings.documents(row.files)]
        for text, number in (
            (texts.failed, row.failed),
            (texts.waiting, row.waiting),
            (texts.embedding, row.pending),
            (texts.picture_one if row.pictures == 1 else texts.pictures, row.pictures),
        ):
            if number:
                parts.append(text.format(f"{number:,}"))
        return parts


def _named(row: CollectionSummary) -> Content:
    return Content(one_line(row.name, MOST_NAME_CELLS))
