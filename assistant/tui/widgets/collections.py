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


class CollectionList(LineList[CollectionSummary]):
    """The collections; the one chosen is the one that is asked."""

    DEFAULT_CSS = "CollectionList { height: 1; }"

    def __init__(self, indexing: Indexing, strings: Strings) -> None:
        super().__init__(id="collections", chooses_on_click=True)
        self._indexing = indexing
        self._texts = strings.screens.documents
        self._strings = strings

    def show(self, rows: Sequence[CollectionSummary]) -> None:
        """As high as there are collections, up to a limit."""
        self.styles.height = max(1, min(MAX_COLLECTION_LINES, len(rows)))
        super().show(rows)

    def key(self, row: CollectionSummary) -> Hashable:
        return row.name

    def draw(self, row: CollectionSummary, width: int) -> Content:
        chosen = row.name == self._indexing.chosen
        mark = ("● ", "$primary") if chosen else ("○ ", "$foreground-muted")
        name_cells = min(32, max(16, width // 3))
        name = Content(one_line(row.name, name_cells - 2)).pad_right(1)
        name = name.pad_right(max(0, name_cells - name.cell_length))
        line = Content.assemble(mark) + (name.stylize("bold") if chosen else name)
        line += Content.styled(self._figures(row), "$foreground-muted")
        if self._indexing.is_watching(row.name):
            line += Content.styled(f" · ↻ {self._texts.watching_status}", "$success")
        if chosen:
            line += Content.styled(f" · {self._texts.in_scope}", "$primary")
        return line

    def _figures(self, row: CollectionSummary) -> str:
        texts = self._texts
        if not (row.files or row.failed or row.waiting):
            return texts.new_collection
        parts = [self._strings.documents(row.files)]
        for text, number in (
            (texts.picture_one if row.pictures == 1 else texts.pictures, row.pictures),
            (texts.failed, row.failed),
            (texts.waiting, row.waiting),
            (texts.embedding, row.pending),
        ):
            if number:
                parts.append(text.format(f"{number:,}"))
        return gauge.SEPARATOR.join(parts)
