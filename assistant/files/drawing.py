"""Draws on copies of images: boxes with their names, regions, cut-outs."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.ImageDraw import ImageDraw

    from assistant.core.pictures import Alpha, Box, Mask
    from assistant.core.protocols import Pixels

Colour = tuple[int, int, int]
Rgba: TypeAlias = "npt.NDArray[np.uint8]"

MOST_SIDE = 2000
"""Pictures that are drawn on are no larger: they are to be looked at."""
_GOLDEN = 0.61803398875
"""Hues a golden section apart stay apart however many there are."""
_TINT = 0.45
_LETTERS = range(0x20, 0x250)
"""What the font that comes with Pillow can write."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Something to mark: where, its name, and which of several kinds it is (for the colour)."""

    box: Box
    name: str
    kind: int


def colour_of(kind: int) -> Colour:
    """A colour that differs from that of every other small number."""
    hue = (0.02 + kind * _GOLDEN) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.85, 0.95 if kind % 2 == 0 else 0.8)
    return round(red * 255), round(green * 255), round(blue * 255)


def with_boxes(pixels: Pixels, marked: Sequence[Marked], *, boxes: bool = True) -> Pixels:
    """A copy with a box around each thing and its name above; `MOST_SIDE` pixels at most.
    Without `boxes` the names alone.

    A name the font can't write is left to the number in front of it.
    """
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    across, down = image.width / width, image.height / height
    line = max(2, round(min(image.size) / 200))
    font = ImageFont.load_default(size=max(11, min(image.size) // 28))
    draw = ImageDraw.Draw(image)
    for one in sorted(marked, key=lambda mark: -mark.box.area) if boxes else ():
        box = one.box.scaled(across, down)
        corners = _inside((box.left, box.top, box.right, box.bottom), image.size)
        draw.rectangle(corners, outline=colour_of(one.kind), width=line)
    for one in marked:
        box = one.box.scaled(across, down)
        _label(draw, one, (box.left, box.top), font, line)
    return np.asarray(image)


def with_regions(pixels: Pixels, masks: Sequence[Mask], kinds: Sequence[int]) -> Pixels:
    """A copy with each region tinted and its edge drawn.

    Args:
        masks: bool [height, width], each of the size of `pixels`.
        kinds: which colour each has.
    """
    import numpy as np

    drawn = pixels.astype(np.float32)
    for mask, kind in zip(masks, kinds, strict=True):
        colour = np.array(colour_of(kind), np.float32)
        drawn[mask] = drawn[mask] * (1 - _TINT) + colour * _TINT
        drawn[edge_of(mask)] = colour
    return drawn.round().astype(np.uint8)


def reduced(pixels: Pixels, side: int = MOST_SIDE) -> Pixels:
    """The image scaled down so that neither side is longer than `side`."""
    import numpy as np
    from PIL import Image

    if max(pixels.shape[:2]) <= side:
        return pixels
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(image)


def enlarged(alpha: Alpha, height: int, width: int) -> Alpha:
    """Opacity at another size, interpolated: float32 [height, width]."""
    import numpy as np
    from PIL import Image

    if alpha.shape == (height, width):
        return alpha
    image = Image.fromarray(alpha).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.float32)


def edge_of(mask: Mask) -> Mask:
    """The pixels of a region beside one that is not of it; the image's rim is no edge."""
    edge = mask.copy()
    inner = mask.copy()
    inner[1:] &= mask[:-1]
    inner[:-1] &= mask[1:]
    inner[:, 1:] &= mask[:, :-1]
    inner[:, :-1] &= mask[:, 1:]
    edge &= ~inner
    return edge


def cut_out(pixels: Pixels, alpha: Alpha) -> Rgba:
    """The image with all but the foreground transparent, uint8 [height, width, 4], trimmed to what
    can be seen."""
    import numpy as np

    opacity = np.clip(alpha, 0.0, 1.0)
    rgba = np.dstack([pixels, (opacity * 255).round().astype(np.uint8)])
    seen = rgba[..., 3] > 2
    if not seen.any():
        return np.asarray(rgba)
    rows, columns = np.nonzero(seen.any(axis=1))[0], np.nonzero(seen.any(axis=0))[0]
    return np.asarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def on_checks(rgba: Rgba, square: int = 12) -> Pixels:
    """A cut-out on the chequered ground that stands for transparency."""
    import numpy as np

    height, width = rgba.shape[:2]
    rows, columns = np.indices((height, width)) // square
    ground = np.where((rows + columns) % 2 == 0, 225, 190)[..., None].astype(np.float32)
    opacity = rgba[..., 3:].astype(np.float32) / 255
    shown = rgba[..., :3] * opacity + ground * (1 - opacity)
    return np.asarray(shown.round().astype(np.uint8))


def _inside(corners: tuple[float, ...], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top, right, bottom = corners
    width, height = size
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return left, top, max(left, min(right, width) - 1), max(top, min(bottom, height) - 1)


def _label(draw: ImageDraw, one: Marked, corner: tuple[float, float], font: Any, line: int) -> None:
    text = "".join(c for c in one.name if ord(c) in _LETTERS).strip()
    if not text:
        return
    colour = colour_of(one.kind)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 2 * line, bottom - top + 2 * line
    at_left = min(max(0.0, corner[0]), max(0.0, draw.im.size[0] - width))
    at_top = corner[1] - height if corner[1] >= height else max(0.0, corner[1])
    draw.rectangle((at_left, at_top, at_left + width, at_top + height), fill=colour)
    dark = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 140
    ink = "black" if dark else "white"
    draw.text((at_left + line - left, at_top + line - top), text, fill=ink, font=font)
