"""Tells the foreground of an image from the rest with U²-Net in ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.models.conversion.picture_graphs import INPUT
from assistant.models.onnx_session import OnnxNetwork

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.pictures import Alpha
    from assistant.core.protocols import Pixels

    Map = npt.NDArray[np.float32]

SIDE = 320
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_GUIDED_SIDE = 1024
"""Longest side at which edges are brought to those of the image; the rest is interpolation."""
_REACH = 0.008
"""Radius of the windows of the guided filter, as a part of the longer side."""
_SMOOTH = 1e-4
"""Variance of brightness (in 0–1) below which a window counts as even."""


class OnnxForeground(OnnxNetwork):
    """A `ForegroundFinder`.

    Args:
        folder: has `model.onnx` as `conversion.picture_graphs.convert_foreground` writes it.

    Raises:
        ModelError: the file is missing or damaged.
    """

    def foreground(self, image: Pixels) -> Alpha:
        """float32 [height, width] in [0, 1]; edges follow those of the image."""
        import numpy as np
        from PIL import Image

        (found,) = self._session.run(None, {INPUT: prepared(image)})
        height, width = image.shape[:2]
        reduction = min(1.0, _GUIDED_SIDE / max(height, width))
        size = max(1, round(width * reduction)), max(1, round(height * reduction))
        guide = Image.fromarray(image).convert("L").resize(size, Image.Resampling.BILINEAR)
        coarse = Image.fromarray(found[0, 0]).resize(size, Image.Resampling.BILINEAR)
        radius = max(1, round(_REACH * max(size)))
        grey = np.asarray(guide, dtype=np.float32) / np.float32(255)
        fine = guided(grey, np.asarray(coarse, dtype=np.float32), radius, _SMOOTH)
        whole = Image.fromarray(fine).resize((width, height), Image.Resampling.BILINEAR)
        return np.clip(np.asarray(whole, np.float32), 0.0, 1.0)


def prepared(image: Pixels) -> Map:
    """The whole image as the network takes it: float32 [1, 3, 320, 320], standardised."""
    import numpy as np
    from PIL import Image

    scaled = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    pixels = np.asarray(scaled, dtype=np.float32)
    bright = pixels / max(float(pixels.max()), 1.0)  # as it was trained: by the brightest value
    standard = (bright - np.array(_MEAN)) / np.array(_DEVIATION)
    return np.asarray(standard.transpose(2, 0, 1)[None], dtype=np.float32)


def guided(guide: Map, source: Map, radius: int, smooth: float) -> Map:
    """The guided filter (He, Sun and Tang 2010): `source`, linear in `guide` within each window.

    Args:
        guide: grey levels in 0–1, [h, w]; `source` has the same shape.
        radius: half the side of the square windows, in pixels.
    """
    import numpy as np

    mean_guide, mean_source = box_mean(guide, radius), box_mean(source, radius)
    covariance = box_mean(guide * source, radius) - mean_guide * mean_source
    variance = box_mean(guide * guide, radius) - mean_guide * mean_guide
    slope: Map = (covariance / (variance + np.float32(smooth))).astype(np.float32)
    level = mean_source - slope * mean_guide
    fine = box_mean(slope, radius) * guide + box_mean(level, radius)
    return np.asarray(fine, dtype=np.float32)


def box_mean(values: Map, radius: int) -> Map:
    """The mean over the square window around each pixel, as far as it lies inside."""
    import numpy as np

    for axis in (0, 1):
        length = values.shape[axis]
        sums = np.cumsum(values, axis=axis, dtype=np.float64)
        sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis)
        places = np.arange(length)
        ends, starts = np.minimum(places + radius + 1, length), np.maximum(places - radius, 0)
        counts = (ends - starts).reshape((-1, 1) if axis == 0 else (1, -1))
        values = ((sums.take(ends, axis) - sums.take(starts, axis)) / counts).astype(np.float32)
    return values
