"""How far the reading of documents is, on a line: a bar, amounts, the time left."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.indexing import Indexing
from assistant.tui.strings import Strings
from assistant.tui.widgets import gauge
from assistant.tui.widgets.bars import bar

LEAST_BAR, MOST_BAR = 8, 24


class ReadingLine(Static):
    """Says, while nothing is read, which keys begin it.

    Args:
        key: the key bound to a name, as it is written.
    """

    DEFAULT_CSS = """
    ReadingLine { height: 1; width: 1fr; padding: 0 1; color: $foreground-muted;
                  text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, indexing: Indexing, strings: Strings, key: Callable[[str], str]) -> None:
        super().__init__(markup=False)
        self._indexing = indexing
        self._strings = strings
        self._texts = strings.screens.documents
        self._key = key

    def render(self) -> Content:
        """The line as things stand."""
        indexing, texts = self._indexing, self._texts
        event = indexing.progress
        if event is not None:
            stage = self._strings.screens.times.stages.get(event.label)
            stage = stage or self._strings.tell(event.label)
            said = f"{one_line(stage, 40)}  {gauge.summary(event, self._strings)}"
            return self._bar(gauge.share(event), Content(said))
        if indexing.is_working:
            return self._bar(0.0, Content(texts.loading))
        if indexing.is_watching(indexing.chosen):
            return Content.styled(f"↻ {texts.watching}", "$success")
        return Content(texts.up_to_date.format(self._key("sync"), self._key("watch")))

    def _bar(self, share: float, said: Content) -> Content:
        """A bar as long as the words leave room for."""
        room = self.content_size.width - said.cell_length - 2
        cells = gauge.fitting(room, LEAST_BAR, MOST_BAR)
        return bar(share, cells) + Content("  " if cells else "") + said
