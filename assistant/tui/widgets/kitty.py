"""A picture kept by the terminal (Kitty's graphics protocol): sent once, drawn by placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import randrange
from typing import Protocol, runtime_checkable

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

PLACEHOLDER = "\U0010eeee"
CHUNK = 4096
"""Characters of a picture sent in one sequence; the protocol allows no more."""
_numbers = count(randrange(1, 2**23))  # noqa: S311 - may well be guessed
"""Of pictures; from somewhere in the middle, for other programs begin with 1."""


@runtime_checkable
class TellsTerminal(Protocol):
    """An app that sends the terminal what draws nothing."""

    def tell_terminal(self, sequence: str) -> None: ...


class KittyCells(Widget):
    """Sends the picture when it is mounted and takes it back when it leaves.

    Args:
        payload: the picture as PNG in base64.
        columns, rows: its size.
        diacritics: the protocol's marks for row and column numbers.
    """

    def __init__(self, payload: str, columns: int, rows: int, diacritics: Sequence[str]) -> None:
        super().__init__()
        self._payload = payload
        self._columns, self._rows = columns, rows
        self._number = next(_numbers) % 2**24 or 1
        colour = Color.from_rgb(*self._number.to_bytes(3, "big"))
        style = Style(color=colour)
        self._strips = [
            Strip([Segment(_row(row, columns, diacritics), style)], columns) for row in range(rows)
        ]

    def on_mount(self) -> None:
        """The terminal gets it in one piece, from the thread that writes to it."""
        pieces = [self._payload[at : at + CHUNK] for at in range(0, len(self._payload), CHUNK)]
        last = len(pieces) - 1
        sent = [
            _sequence(f"i={self._number},f=100,q=2,m={int(at < last)}", piece)
            for at, piece in enumerate(pieces)
        ]
        placed = f"a=p,U=1,i={self._number},c={self._columns},r={self._rows},q=2"
        self._tell("".join([*sent, _sequence(placed)]))
        self._payload = ""

    def on_unmount(self) -> None:
        """The terminal may forget it."""
        self._tell(_sequence(f"a=d,d=I,i={self._number},q=2"))

    def render_line(self, y: int) -> Strip:
        """A row of placeholders, which the terminal draws the picture over."""
        width = self.size.width
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)

    def _tell(self, sequence: str) -> None:
        app = self.app
        if isinstance(app, TellsTerminal):
            app.tell_terminal(sequence)


def _sequence(keys: str, payload: str = "") -> str:
    return f"\x1b_G{keys}{';' if payload else ''}{payload}\x1b\\"


def _row(row: int, columns: int, diacritics: Sequence[str]) -> str:
    cells = (PLACEHOLDER + diacritics[row] + diacritics[column] for column in range(columns))
    return "".join(cells)
