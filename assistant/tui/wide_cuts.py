"""Keeps wide characters whole where something lies over something else.

Textual cuts every row of the screen wherever a widget on it begins or ends, in sight or not. A
character two columns wide that lies across such a cut is drawn as two spaces, so that text over
the cards of the first screen lost some of its Chinese. Here a row is cut only where two widgets
are seen to meet.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class _Row:
    """What is seen on one row of the screen, put down from front to back."""

    def __init__(self, width: int) -> None:
        self.cuts = [0, width]
        self._covered: list[tuple[int, int]] = []

    def put(self, begin: int, end: int) -> None:
        """Put down a widget behind all that lie there."""
        for edge in (begin, end):
            if edge not in self.cuts and not any(a < edge < b for a, b in self._covered):
                insort(self.cuts, edge)
        apart = []
        for a, b in self._covered:
            if b < begin or end < a:
                apart.append((a, b))
            else:
                begin, end = min(a, begin), max(b, end)
        self._covered = [*apart, (begin, end)]


def cuts(self: Compositor) -> list[list[int]]:
    """The columns at which each row is cut, from 0 to the width of the screen."""
    if self._cuts is None:
        width, height = self.size
        rows = [_Row(width) for _ in range(height)]
        for region, clip in self.visible_widgets.values():  # the one in front comes first
            x, y, wide, high = region.intersection(clip)
            if wide and high:
                for row in rows[y : y + high]:
                    row.put(x, x + wide)
        self._cuts = [row.cuts for row in rows]
    return self._cuts


def render_chops(
    self: Compositor, crop: Region, is_rendered_line: Callable[[int], bool]
) -> Sequence[Mapping[int, Strip | None]]:
    """The pieces of each row by the column they begin at; None where nothing was drawn."""
    rows: list[dict[int, Strip | None]] = [dict.fromkeys(row[:-1]) for row in self.cuts]
    for region, clip, strips in self._get_renders(crop):
        seen = region.intersection(clip)
        for y, strip in zip(seen.line_range, strips, strict=False):
            if is_rendered_line(y):
                _fill(rows[y], self.cuts[y], seen.x, strip)
    return rows


def _fill(pieces: dict[int, Strip | None], edges: Sequence[int], x: int, strip: Strip) -> None:
    """Draw a widget's row into the pieces that those in front of it left."""
    end_of_all = x + strip.cell_length
    for begin, end in pairwise(edges[bisect_left(edges, x) :]):
        if end > end_of_all:
            return
        if pieces[begin] is None:
            is_whole = (begin, end) == (x, end_of_all)
            pieces[begin] = strip if is_whole else strip.crop(begin - x, end - x)


def install() -> None:
    """Use it for every screen of this process."""
    Compositor.cuts = property(cuts)  # type: ignore[assignment,method-assign]
    Compositor._render_chops = render_chops  # type: ignore[assignment,method-assign]  # noqa: SLF001
