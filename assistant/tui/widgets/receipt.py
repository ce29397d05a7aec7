"""The files of a collection, one a line: state, name, passages or the reason of a failure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.content import Content

from assistant.core.collections import FileReceipt, FileStatus
from assistant.core.text import one_line
from assistant.tui.receipts import RootRow, Row, relative
from assistant.tui.strings import Strings
from assistant.tui.widgets.lines import LineList

MARKS: dict[FileStatus, tuple[str, str]] = {
    "fresh": ("✓ ", "$success"),
    "stale": ("↻ ", "$accent"),
    "failed": ("✗ ", "$error"),
    "waiting": ("◌ ", "$warning"),
}


class ReceiptList(LineList[Row]):
    """Folders as headings one can stand on, their files indented below."""

    def __init__(self, strings: Strings) -> None:
        super().__init__(id="files")
        self._strings = strings
        self._texts = strings.screens.documents
        self._roots: tuple[str, ...] = ()

    def list_below(self, roots: Sequence[str], listed: Sequence[Row]) -> None:
        """List these rows; files are named by their path below a root."""
        self._roots = tuple(roots)
        self.show(listed)

    def key(self, row: Row) -> Hashable:
        return row.path

    def draw(self, row: Row, width: int) -> Content:
        if isinstance(row, RootRow):
            figure = Content.styled(f"{row.files:,}", "$foreground-muted")
            return _spread(
                Content.styled(f"▾ {one_line(row.path, 300)}", "bold $primary"), figure, width
            )
        return _spread(self._file_name(row), self._about(row, width), width)

    def _file_name(self, row: FileReceipt) -> Content:
        name = relative(row.path, self._roots)
        indent = "  " if name != row.path else ""
        return Content.assemble(indent, MARKS[row.state], one_line(name, 300))

    def _about(self, row: FileReceipt, width: int) -> Content:
        if row.reason:
            colour = "$error" if row.state == "failed" else "$foreground-muted"
            return Content.styled(
                one_line(self._strings.tell(row.reason), max(20, width // 2 - 2)), colour
            )
        if not row.chunks:
            return Content()
        return Content.styled(self._texts.passages_of(row.chunks), "$foreground-muted")


def _spread(left: Content, right: Content, width: int) -> Content:
    """Left and right on one line; the left one gives way."""
    room = width - right.cell_length - 2
    if left.cell_length > room:
        left = left.truncate(max(1, room), ellipsis=True)
    return left + Content(" " * max(1, width - left.cell_length - right.cell_length)) + right
