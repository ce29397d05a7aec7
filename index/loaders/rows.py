"""Writes the rows of a table as text: the header's names joined to the values of every row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.builder import Builder
from index.loaders.document import Limits

_LONGEST_NAME = 60
"""Characters; what is longer is no column's name."""
_NUMBER = re.compile(r"[\s\d.,:/%€$£¥+()-]*")
_CELL = 32_767
"""Characters a cell may have in Excel; longer ones are cut."""


class RowWriter:
    """Adds the rows of one table to a builder, each a paragraph with its number.

    The first row with several cells is the header when all of them are different short
    words; later rows then read “Name: Baker; Salary: 2400”.
    """

    def __init__(self, builder: Builder, limits: Limits, rows_before: int = 0) -> None:
        self._builder = builder
        self._limits = limits
        self._count = rows_before
        self._header: Sequence[str] | None = None

    @property
    def count(self) -> int:
        """Rows of this and the tables before."""
        return self._count

    def add(self, number: int, values: Sequence[object]) -> None:
        """Append a row; rows without text only count.

        Raises:
            DocumentError: there are too many.
        """
        self._count += 1
        if self._count > self._limits.rows:
            raise DocumentError(f"It has more than {self._limits.rows:,} rows.", "Split the file.")
        cells = [_cell(value) for value in values]
        filled = sum(map(bool, cells))
        if not filled:
            return
        if self._header is None and filled > 1:
            self._header = cells if _is_header(cells) else ()
            text = " | ".join(filter(None, cells))
        else:
            text = self._named(cells, filled)
        self._builder.add(sanitize(text), row=number)

    def _named(self, cells: Sequence[str], filled: int) -> str:
        header = self._header
        if not header or filled == 1:
            return " | ".join(filter(None, cells))
        names = [*header, *[""] * (len(cells) - len(header))]
        pairs = zip(names, cells, strict=False)
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _is_header(cells: Sequence[str]) -> bool:
    names = [cell for cell in cells if cell]
    return len(set(names)) == len(names) and all(
        len(name) <= _LONGEST_NAME and not _NUMBER.fullmatch(name) for name in names
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return " ".join(str(value)[:_CELL].split())
