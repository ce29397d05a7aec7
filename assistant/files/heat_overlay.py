"""Lays a heat map over a copy of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.files.drawing import enlarged, reduced

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.heat import Heat
    from assistant.core.protocols import Pixels

    Floats = npt.NDArray[np.float32]

_COLOURS = ((0.0, (48, 18, 120)), (0.5, (225, 60, 60)), (1.0, (255, 225, 70)))
"""Evidence, of the greatest there is → colour; brighter means more, for those who see no hues."""
_STRONGEST = 0.6
_GREY = 0.55
"""How far the image loses its own colours, so that those of the map stand out."""


def with_heat(pixels: Pixels, heat: Heat) -> Pixels:
    """A copy in which what speaks for the label glows; what speaks against it stays dark."""
    import numpy as np

    height, width = pixels.shape[:2]
    copy = reduced(pixels)
    rows, columns = copy.shape[:2]
    evidence = _spread(heat, rows / height, columns / width, rows, columns)[..., None]
    flat = copy.astype(np.float32)
    grey = flat @ np.array([0.299, 0.587, 0.114], np.float32)
    dull = flat * (1 - _GREY) + grey[..., None] * _GREY
    opacity = _STRONGEST * np.sqrt(evidence)
    drawn = dull * (1 - opacity) + _coloured(evidence[..., 0]) * opacity
    return np.asarray(drawn.round().clip(0, 255).astype(np.uint8))


def _spread(heat: Heat, down: float, across: float, rows: int, columns: int) -> Floats:
    """Evidence for each pixel in [0, 1], smoothly between the places of the grid."""
    import numpy as np

    values = np.maximum(heat.values, 0)
    values = values / max(float(values.max()), 1e-12)
    left, right = round(heat.box[0] * across), round(heat.box[2] * across)
    top, bottom = round(heat.box[1] * down), round(heat.box[3] * down)
    size = (max(1, right - left), max(1, bottom - top))
    smooth = enlarged(values.astype(np.float32), size[1], size[0]).clip(0, 1)
    spread = np.zeros((rows, columns), np.float32)
    part = spread[top : top + size[1], left : left + size[0]]
    part[:] = smooth[: part.shape[0], : part.shape[1]]
    return spread


def _coloured(evidence: Floats) -> Floats:
    import numpy as np

    at = [place for place, _ in _COLOURS]
    channels = [np.interp(evidence, at, [c[i] for _, c in _COLOURS]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)
