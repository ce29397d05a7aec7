"""Finds tables among the rows of a block: cells that stand under one another.

Pure geometry. Rows that follow one another belong to a table as long as their cells fall into
common columns; columns are the spans of x that cells share. A row with one cell goes on with the
cell above it where it stands close under that alone, and ends the table where it spans columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.core.layout import Placed
from assistant.core.text import one_line

_LEAST_CELLS = 5
"""Filled cells of the smallest table: with less, a date beside a heading would be one."""
_GAP = 2.2
"""Space between rows over their height from which a table has ended."""
_CLOSE = 0.55
"""Space over height up to which a lone cell goes on with the row above."""
_TOUCHING = 0.35
"""Part of the narrower of two cells that overlaps where they are in one column."""

Row = Sequence[Placed]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, every row as long as the first; "" where a cell is empty."""

    cells: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    """Numbers of the rows of the block it takes up."""


def find_tables(rows: Sequence[Row]) -> list[Table]:
    """The tables among rows from top to bottom, in order and apart."""
    found: list[Table] = []
    start = 0
    while start < len(rows):
        table = _table_at(rows, start)
        if table is None:
            start += 1
        else:
            found.append(table)
            start = table.rows[-1] + 1
    return found


def _table_at(rows: Sequence[Row], start: int) -> Table | None:
    """The longest table that begins with a row."""
    if len(rows[start]) < 2:
        return None
    grid = _Grid.of(rows[start])
    taken = [start]
    for number in range(start + 1, len(rows)):
        row = rows[number]
        if _space(rows[number - 1], row) > _GAP * _height(rows[number - 1]):
            break
        if len(row) == 1:
            if not grid.goes_on(row[0], rows[number - 1]):
                break
        elif not grid.take(row):
            break
        taken.append(number)
    return _filled(rows, taken, grid)


def _filled(rows: Sequence[Row], taken: Sequence[int], grid: _Grid) -> Table | None:
    cells: list[list[str]] = []
    for number in taken:
        row = rows[number]
        if len(row) == 1 and cells and grid.goes_on(row[0], rows[number - 1]):
            column = grid.column(row[0])
            cells[-1][column] = f"{cells[-1][column]} {_text(row[0])}".strip()
            continue
        texts = [""] * len(grid.spans)
        for cell in row:
            column = grid.column(cell)
            texts[column] = f"{texts[column]} {_text(cell)}".strip()
        cells.append(texts)
    filled = sum(1 for row in cells for cell in row if cell)
    if len(cells) < 2 or filled < _LEAST_CELLS:
        return None
    return Table(tuple(tuple(row) for row in cells), tuple(taken))


@dataclass(slots=True)
class _Grid:
    """Columns as spans of x, from the left; they grow with each row that fits."""

    spans: list[tuple[float, float]]

    @staticmethod
    def of(row: Row) -> _Grid:
        return _Grid([(cell.left, cell.right) for cell in row])

    def take(self, row: Row) -> bool:
        """Take a row in; False, and nothing changed, where its cells fit no columns."""
        spans = list(self.spans)
        used: set[int] = set()
        for cell in row:
            under = [at for at, span in enumerate(spans) if _meets(span, cell)]
            if len(under) > 1 or used & set(under):
                return False
            if under:
                left, right = spans[under[0]]
                spans[under[0]] = min(left, cell.left), max(right, cell.right)
                used.add(under[0])
            else:
                spans.append((cell.left, cell.right))
                spans.sort()
                used = {at + (spans[at] > (cell.left, cell.right)) for at in used}
                used.add(spans.index((cell.left, cell.right)))
        if not _apart(spans) or not _common(self.spans, row):
            return False
        self.spans = spans
        return True

    def goes_on(self, cell: Placed, above: Row) -> bool:
        """Whether a cell that stands alone belongs to one cell of the row above."""
        under = [at for at, span in enumerate(self.spans) if _meets(span, cell)]
        close = cell.top - max(one.bottom for one in above) < _CLOSE * cell.height
        fits = len(under) == 1 and self._between(under[0], cell)
        return fits and close and any(_meets((one.left, one.right), cell) for one in above)

    def column(self, cell: Placed) -> int:
        """The column a cell overlaps most, else the nearest."""
        middle = (cell.left + cell.right) / 2
        return max(
            range(len(self.spans)),
            key=lambda at: (
                _shared(self.spans[at], cell),
                -abs(sum(self.spans[at]) / 2 - middle),
            ),
        )

    def _between(self, at: int, cell: Placed) -> bool:
        """Whether a cell leaves the columns beside its own alone."""
        before = self.spans[at - 1][1] if at else float("-inf")
        after = self.spans[at + 1][0] if at + 1 < len(self.spans) else float("inf")
        return before <= cell.left and cell.right <= after


def _common(spans: Sequence[tuple[float, float]], row: Row) -> bool:
    """Whether a row shares two columns with the rows before; one would be chance."""
    return sum(any(_meets(span, cell) for span in spans) for cell in row) >= min(2, len(row))


def _meets(span: tuple[float, float], cell: Placed) -> bool:
    narrower = max(1.0, min(span[1] - span[0], cell.width))
    return _shared(span, cell) > _TOUCHING * narrower


def _shared(span: tuple[float, float], cell: Placed) -> float:
    return min(span[1], cell.right) - max(span[0], cell.left)


def _apart(spans: Sequence[tuple[float, float]]) -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(spans))


def _space(above: Row, below: Row) -> float:
    return min(cell.top for cell in below) - max(cell.bottom for cell in above)


def _height(row: Row) -> float:
    return median(cell.height for cell in row)


def _text(cell: Placed) -> str:
    return one_line(cell.line.text, 10_000)
