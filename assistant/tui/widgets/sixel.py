"""A picture drawn as Sixels, which are made in a thread: 50-200 ms each time another part of it
comes into view."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from rich.control import Control
from rich.segment import ControlType, Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

KEPT = 24
"""Parts kept; one takes some 100 kB. A picture scrolled in and out has as many as rows."""
_AS_IT_IS = ((ControlType.CURSOR_FORWARD, 0),)
"""Marks a segment that Rich and Textual neither measure nor cut."""


class SixelCells(Widget):
    """Draws the part in view, blank until its Sixels are made.

    Args:
        encode: the Sixels of a part of the picture, in cells; slow, and safe in a thread.
        whole: those of the whole picture.
        columns, rows: its size.
    """

    def __init__(
        self, encode: Callable[[Region], str], whole: str, columns: int, rows: int
    ) -> None:
        super().__init__()
        self._encode = encode
        self._made: OrderedDict[Region, str] = OrderedDict()
        self._made[Region(0, 0, columns, rows)] = whole
        self._wanted: Region | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The part of the picture, or the same room in blanks."""
        part = crop.intersection(Region(0, 0, self.size.width, self.size.height))
        sixels = self._made.get(part)
        if sixels is None:
            self._want(part)
        if sixels is None or not self.screen.is_active:  # a dimmed screen would tint the codes
            return [Strip.blank(crop.width, self.rich_style) for _ in range(crop.height)]
        self._made.move_to_end(part)
        return [Strip([])] * (crop.height - 1) + [Strip(self._drawn(sixels), crop.width)]

    def _drawn(self, sixels: str) -> list[Segment]:
        seen = self.screen.find_widget(self).visible_region
        begin, end = Control.move_to(seen.x, seen.y), Control.move_to(seen.right, seen.bottom)
        return [
            Segment(begin.segment.text),
            Segment(sixels, control=_AS_IT_IS),
            Segment(end.segment.text),
        ]

    def _want(self, part: Region) -> None:
        """Make the Sixels of the part that is in view last; those wanted before it are not."""
        is_at_work, self._wanted = self._wanted is not None, part
        if part and not is_at_work:
            self.run_worker(self._make(), group="sixels")

    async def _make(self) -> None:
        while (part := self._wanted) is not None:
            self._made[part] = await asyncio.to_thread(self._encode, part)
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
            if part == self._wanted:
                self._wanted = None
        self.refresh()
