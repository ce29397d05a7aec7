"""How pictures get onto the terminal: which way it understands, and the size they get.

What a terminal can do is told by its environment. Asking the terminal itself takes keys from the
person or leaves its answer in the prompt once the interface runs. A wrong guess is put right by
`ui.pictures`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Protocol = Literal["kitty", "sixel", "blocks"]

_KITTY_TERMS = ("xterm-kitty", "xterm-ghostty")
_SIXEL_TERMS = ("foot", "mlterm", "contour", "yaft")
_SIXEL_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "mintty"})
_SIXEL_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "WEZTERM_PANE")
USUAL_CELL = (10, 20)
"""Pixels of a column and a row where the terminal doesn't say (a VT340's)."""


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a picture, in columns and rows."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture scaled to the room it gets, with how many columns and rows that is."""

    image: Image
    box: Box


def protocol(wanted: str, environ: Mapping[str, str], *, in_browser: bool) -> Protocol | None:
    """The way to draw; None when pictures are off. In a multiplexer only what passes through
    every one of them: colours."""
    if wanted == "off":
        return None
    if in_browser:
        return "blocks"
    if wanted in ("kitty", "sixel", "blocks"):
        return wanted  # type: ignore[return-value] # narrowed by the line above
    term = environ.get("TERM", "")
    if "TMUX" in environ or "STY" in environ or "ZELLIJ" in environ:
        return "blocks"
    if term in _KITTY_TERMS or "KITTY_WINDOW_ID" in environ:
        return "kitty"
    is_sixel = (
        term.startswith(_SIXEL_TERMS)
        or environ.get("TERM_PROGRAM") in _SIXEL_PROGRAMS
        or any(name in environ for name in _SIXEL_VARIABLES)
    )
    return "sixel" if is_sixel else "blocks"


def cell_size() -> tuple[int, int]:
    """Pixels of a column and a row, as the terminal's driver says without being asked."""
    if sys.platform == "win32":
        return USUAL_CELL
    import fcntl
    import struct
    import termios

    try:
        reply = fcntl.ioctl(2, termios.TIOCGWINSZ, b"\0" * 8)
    except OSError:
        return USUAL_CELL
    rows, columns, width, height = struct.unpack("HHHH", reply)
    if not (rows and columns and width >= columns and height >= rows):
        return USUAL_CELL
    return width // columns, height // rows


def fit(width: int, height: int, most: Box, cell: tuple[int, int]) -> Box:
    """The room a picture of so many pixels takes: as large as `most` allows, in proportion,
    never larger than its own pixels."""
    across, down = width / cell[0], height / cell[1]
    scale = min(most.columns / across, most.rows / down, 1.0)
    return Box(max(1, round(across * scale)), max(1, round(down * scale)))


def fitted(path: Path, most: Box, max_pixels: int, cell: tuple[int, int]) -> Fitted:
    """Open an image within the limits and scale it down; for a thread.

    Raises:
        DocumentError: it can't be read, is damaged or too large.
    """
    from assistant.files.images import PillowOpener, scaled

    loaded = PillowOpener(max_pixels).open(path)
    box = fit(loaded.width, loaded.height, most, cell)
    return Fitted(scaled(loaded, (box.columns * cell[0], box.rows * cell[1])), box)
