"""A picture of coloured half blocks, which every terminal and browser can show."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

UPPER_HALF = "▀"
Colour = tuple[int, int, int]


class HalfCells(Widget):
    """Draws two rows of pixels as one row of cells.

    Args:
        rows: colours of the pixels, an even number of rows, all equally long.
    """

    def __init__(self, rows: Sequence[Sequence[Colour]]) -> None:
        super().__init__()
        pairs = zip(rows[::2], rows[1::2], strict=True)
        self._strips = [_strip(upper, lower) for upper, lower in pairs]

    def render_line(self, y: int) -> Strip:
        """A row of cells."""
        width = self.size.width
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)


def _strip(upper: Sequence[Colour], lower: Sequence[Colour]) -> Strip:
    return Strip(
        [
            Segment(UPPER_HALF, Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below)))
            for above, below in zip(upper, lower, strict=True)
        ]
    )
