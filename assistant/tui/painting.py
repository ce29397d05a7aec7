"""Turns pictures into what the terminal understands, in a thread; what is left is to draw it."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

from assistant.tui.graphics import Box, Fitted, Protocol
from assistant.tui.widgets.half_cells import HalfCells
from assistant.tui.widgets.kitty import KittyCells
from assistant.tui.widgets.sixel import SixelCells

if TYPE_CHECKING:
    from PIL.Image import Image

_importing = Lock()


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture ready to be drawn, and its size."""

    make: Callable[[], Widget]
    box: Box

    def widget(self) -> Widget:
        """What draws it; quickly made."""
        widget = self.make()
        widget.styles.width, widget.styles.height = self.box.columns, self.box.rows
        return widget


def paint(picture: Fitted, way: Protocol, cell: tuple[int, int]) -> Painted:
    """Encode a picture, which takes 10-200 ms; the first one also imports for 0.2 s."""
    if way == "sixel":
        return Painted(_as_sixels(picture, cell), picture.box)
    return Painted(_for_kitty(picture) if way == "kitty" else _as_blocks(picture), picture.box)


def _as_blocks(picture: Fitted) -> Callable[[], Widget]:
    columns, rows = picture.box.columns, picture.box.rows * 2
    pixels = picture.image.resize((columns, rows)).tobytes()
    colours = list(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
    lines = [colours[at : at + columns] for at in range(0, len(colours), columns)]
    return lambda: HalfCells(lines)


def _for_kitty(picture: Fitted) -> Callable[[], Widget]:
    png = io.BytesIO()
    picture.image.save(png, "png", compress_level=1)
    payload = base64.b64encode(png.getvalue()).decode()
    box, marks = picture.box, _diacritics()
    return lambda: KittyCells(payload, box.columns, box.rows, marks)


def _as_sixels(picture: Fitted, cell: tuple[int, int]) -> Callable[[], Widget]:
    box, encode = picture.box, partial(_sixels, picture.image, cell)
    whole = encode(Region(0, 0, box.columns, box.rows))
    return lambda: SixelCells(encode, whole, box.columns, box.rows)


def _sixels(image: Image, cell: tuple[int, int], part: Region) -> str:
    """The Sixels of a part given in cells."""
    from textual_image._sixel import image_to_sixels

    width, height = cell
    right, bottom = min(image.width, part.right * width), min(image.height, part.bottom * height)
    box = (min(part.x * width, right - 1), min(part.y * height, bottom - 1), right, bottom)
    return image_to_sixels(image.crop(box))


@cache
def _diacritics() -> Sequence[str]:
    """Kitty's marks for row and column numbers, as textual-image has them.

    It would ask the terminal what it can do while it is imported, and take keys from the person
    for the answer, so it is kept from seeing one. Textual itself writes to stderr.
    """
    with _importing:
        stdout, sys.__stdout__ = sys.__stdout__, io.StringIO()  # type: ignore[misc,assignment]
        try:
            from textual_image.renderable.tgp import _NUMBER_TO_DIACRITIC
        finally:
            sys.__stdout__ = stdout  # type: ignore[misc]
    return [chr(mark) for mark in _NUMBER_TO_DIACRITIC]
