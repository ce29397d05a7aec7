"""How lines read from a page lie on it: straightened, and in columns in the order they are read.

Pure geometry. Columns are found by their gutter: a strip from the top of the page's text to its
end that next to no line crosses, with running text on both sides; lines that do cross it (titles)
divide the page into bands, each read column by column. A simple form of the recursive XY cut
(Nagy and Seth 1984) that leaves the rows of tables together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import cos, radians, sin
from statistics import median

from assistant.core.documents import TextLine

_LEVEL = 0.3
"""Degrees up to which a page counts as straight."""
_ROW_OVERLAP = 0.5
"""Two pieces stand in one row when they share this part of the lower one's height."""
_TALL = 1.8
"""Height over width from which a line of several letters runs from top to bottom."""
_CROSSING = 0.25
"""Part of the lines that may cross a gutter."""
_FULL = 0.6
"""Part of its column that a typical line of running text fills."""
_LEAST_LINES = 3
"""Lines a column has at least."""
_LEAST_EMS = 6.0
"""Width of a column of running text over the height of its lines, at least."""
_STEPS = 400
"""Places across a page where a gutter is looked for."""
_STRIPS = 8
"""Strips looked at more closely."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line as it would lie if its page were straight."""

    line: TextLine
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def is_tall(self) -> bool:
        """Whether it runs from top to bottom."""
        return len(self.line.text) > 1 and self.height > _TALL * self.width


def straightened(lines: Sequence[TextLine]) -> list[Placed]:
    """The lines turned by the angle most of the text has."""
    angle = page_angle(lines)
    return [_turned(line, angle) for line in lines]


def page_angle(lines: Sequence[TextLine]) -> float:
    """Degrees clockwise that text on the page leans: the median over its longest lines."""
    sizes = [(line, *upright_size(line)) for line in lines]
    wide = next((w for w in (_wider(sizes, 3), _wider(sizes, 1.5)) if w), [])
    angle = median(line.angle for line in wide) if wide else 0.0
    return angle if abs(angle) >= _LEVEL else 0.0


def _wider(sizes: Sequence[tuple[TextLine, float, float]], ratio: float) -> list[TextLine]:
    return [line for line, width, height in sizes if width > ratio * height]


def columns(placed: Sequence[Placed]) -> list[list[Placed]]:
    """The lines in blocks to be read one after the other; those of a block are in rows from top
    to bottom, and in a row from left to right. Text that runs from top to bottom is one block,
    read from the right."""
    if _is_vertical(placed):
        return [sorted(placed, key=lambda one: (-one.right, one.top))]
    gutter = _gutter(placed)
    if gutter is None:
        return [[one for row in rows(placed) for one in row]] if placed else []
    blocks: list[list[Placed]] = []
    left: list[Placed] = []
    right: list[Placed] = []
    for one in sorted(placed, key=lambda one: one.top + one.bottom):
        if one.right <= gutter:
            left.append(one)
        elif one.left >= gutter:
            right.append(one)
        else:
            blocks += [*columns(left), *columns(right), [one]]
            left, right = [], []
    return [*blocks, *columns(left), *columns(right)]


def rows(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Rows from top to bottom, within a row from left to right.

    A piece joins the last row when it overlaps enough with the piece the row began with.
    """
    found: list[list[Placed]] = []
    for one in sorted(placed, key=lambda one: (one.top + one.bottom, one.left)):
        if found and _share_row(found[-1][0], one):
            found[-1].append(one)
        else:
            found.append([one])
    return [sorted(row, key=lambda one: one.left) for row in found]


def in_reading_order(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Column by column, each from top to bottom, within a row from left to right."""
    return tuple(one.line for block in columns(straightened(lines)) for one in block)


def _is_vertical(placed: Sequence[Placed]) -> bool:
    letters = sum(len(one.line.text) for one in placed)
    tall = sum(len(one.line.text) for one in placed if one.is_tall)
    return tall > letters / 2


def _gutter(placed: Sequence[Placed]) -> float | None:
    """Where two columns of running text part; None where there are none."""
    if len(placed) < 2 * _LEAST_LINES:
        return None
    return next((at for at in _strips(placed) if _parts_columns(placed, at)), None)


def _strips(placed: Sequence[Placed]) -> list[float]:
    """The middles of strips that few lines cross: the emptiest first, then the widest."""
    lefts = sorted(one.left for one in placed)
    rights = sorted(one.right for one in placed)
    step = (rights[-1] - lefts[0]) / _STEPS
    places = [lefts[0] + step * number for number in range(1, _STEPS)]
    crossing = [bisect_left(lefts, at) - bisect_right(rights, at) for at in places]
    runs: list[tuple[int, int, float]] = []
    for count, group in groupby(range(len(places)), key=crossing.__getitem__):
        steps = list(group)
        if count <= _CROSSING * len(placed):
            runs.append((count, -len(steps), (places[steps[0]] + places[steps[-1]]) / 2))
    return [at for _, _, at in sorted(runs)[:_STRIPS]]


def _parts_columns(placed: Sequence[Placed], at: float) -> bool:
    """Whether there is running text on both sides, side by side."""
    left = [one for one in placed if one.right <= at]
    right = [one for one in placed if one.left >= at]
    return _side_by_side(left, right) and all(
        _is_prose(side) or _gutter(side) is not None for side in (left, right)
    )


def _is_prose(side: Sequence[Placed]) -> bool:
    """Whether most lines fill the width; the cells of a table are short or few to a row."""
    across = max(one.right for one in side) - min(one.left for one in side)
    typical = median(one.width for one in side)
    em = median(one.height for one in side)
    return typical >= _FULL * across and typical >= _LEAST_EMS * em


def _side_by_side(left: Sequence[Placed], right: Sequence[Placed]) -> bool:
    if min(len(left), len(right)) < _LEAST_LINES:
        return False
    top = max(min(one.top for one in side) for side in (left, right))
    bottom = min(max(one.bottom for one in side) for side in (left, right))
    shorter = min(
        max(one.bottom for one in side) - min(one.top for one in side) for side in (left, right)
    )
    return bottom - top > shorter / 2


def _share_row(first: Placed, second: Placed) -> bool:
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    return shared > _ROW_OVERLAP * min(first.height, second.height)


def _turned(line: TextLine, angle: float) -> Placed:
    left, top, right, bottom = line.box
    if not angle:
        return Placed(line, left, top, right, bottom)
    width, height = upright_size(line)
    along, down = (left + right) / 2, (top + bottom) / 2
    turn = radians(angle)
    x = along * cos(turn) + down * sin(turn)
    y = down * cos(turn) - along * sin(turn)
    return Placed(line, x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def upright_size(line: TextLine) -> tuple[float, float]:
    """Width and height of the leaning rectangle whose bounds the box is."""
    turn = radians(abs(line.angle))
    square = cos(turn) ** 2 - sin(turn) ** 2
    across, down = _width(line), _height(line)
    if square < 0.1:  # near 45 degrees the bounds say nothing of the sides
        return across, down
    width = (across * cos(turn) - down * sin(turn)) / square
    height = (down * cos(turn) - across * sin(turn)) / square
    return (width, height) if width > 0 < height else (across, down)


def _width(line: TextLine) -> float:
    return line.box[2] - line.box[0]


def _height(line: TextLine) -> float:
    return line.box[3] - line.box[1]
