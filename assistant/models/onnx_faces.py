"""Finds faces with CenterFace in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING

from assistant.core.pictures import Box, Detection, without_repeats
from assistant.models.conversion.picture_graphs import FACE_OUTPUTS, INPUT
from assistant.models.onnx_session import OnnxNetwork

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

    Map = npt.NDArray[np.float32]

FACE = "face"
USUAL_THRESHOLD = 0.5
"""No face was seen where there is none, and all there were, in 38 pictures looked at; the highest
score of what is no face was .26."""
MOST_SIDE = 1280
"""Larger images are scaled down first: 0.3 s on two cores at this size."""
_GRID = 32  # the network halves the image five times
_STRIDE = 4  # pixels of the image a cell of the maps stands for
_REPEATED = 0.3


class OnnxFaceDetector(OnnxNetwork):
    """An `ObjectDetector` of faces, as small as about 10 pixels.

    Args:
        folder: has `model.onnx` as `conversion.picture_graphs.convert_faces` writes it.

    Raises:
        ModelError: the file is missing or damaged.
    """

    labels = (FACE,)

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        for image in images:
            if cancelled():
                return
            yield self._one(image, USUAL_THRESHOLD if threshold is None else threshold)

    def _one(self, image: Pixels, threshold: float) -> tuple[Detection, ...]:
        seen = prepared(image)
        heat, sizes, offsets = self._session.run(list(FACE_OUTPUTS), {INPUT: seen})
        height, width = image.shape[:2]
        across, down = width / seen.shape[3], height / seen.shape[2]
        found = decoded(heat[0, 0], sizes[0], offsets[0], threshold)
        return tuple(
            Detection(FACE, one.score, one.box.scaled(across, down).clipped(width, height))
            for one in without_repeats(found, same_label=_REPEATED, any_label=_REPEATED)
        )


def prepared(image: Pixels) -> Map:
    """The image as the network takes it: float32 RGB [1, 3, h, w] in 0–255; h and w
    are multiples of 32."""
    import numpy as np
    from PIL import Image

    height, width = image.shape[:2]
    reduction = min(1.0, MOST_SIDE / max(height, width))
    size = tuple(ceil(side * reduction / _GRID) * _GRID for side in (width, height))
    scaled = Image.fromarray(image).resize((size[0], size[1]), Image.Resampling.BILINEAR)
    return np.asarray(scaled, dtype=np.float32).transpose(2, 0, 1)[None]


def decoded(heat: Map, sizes: Map, offsets: Map, threshold: float) -> tuple[Detection, ...]:
    """The boxes the maps stand for, repeats and all, in pixels of the network's image.

    Args:
        heat: [h, w], the probability that a face has its middle in a cell.
        sizes: [2, h, w], natural logarithms of height and width in cells.
        offsets: [2, h, w], of the middle within its cell, down and across.
    """
    import numpy as np

    rows, columns = np.nonzero(heat >= threshold)
    heights, widths = np.exp(sizes[:, rows, columns]) * _STRIDE
    middles_down = (rows + offsets[0, rows, columns] + 0.5) * _STRIDE
    middles_across = (columns + offsets[1, rows, columns] + 0.5) * _STRIDE
    lefts, tops = middles_across - widths / 2, middles_down - heights / 2
    boxes = np.stack([lefts, tops, lefts + widths, tops + heights], axis=1).tolist()
    scores = heat[rows, columns].tolist()
    return tuple(Detection(FACE, s, Box(*b)) for s, b in zip(scores, boxes, strict=True))
