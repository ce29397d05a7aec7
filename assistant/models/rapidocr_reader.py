"""Reads the text in images with RapidOCR (PP-OCR in ONNX Runtime): Chinese, English and digits."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.documents import TextLine
from assistant.core.errors import ModelError
from assistant.core.text import sanitize
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.protocols import Pixels

LONGEST_SIDE = 2000
"""Pixels; letters are recognised on the image scaled down to this."""
DETECTION_SIDE = 1280
"""Pixels; text is looked for on the image scaled down to this, and never scaled up: the
library's default (short side at least 736) is 4 times slower on small images and finds
nothing in a wide sign of large letters. Time and memory grow with the area."""
LEAST_SIDE = 32
"""Pixels; the engine works in steps of this many."""
ROW_OVERLAP = 0.5
"""Two pieces stand in one row when they share this part of the lower one's height."""


class RapidOcrReader:
    """PP-OCR's detector, direction classifier and recogniser, from the files in the wheel.

    Args:
        threads: CPU threads; 0 leaves it to ONNX Runtime.

    Raises:
        ModelError: the weights that come with the package are missing.
    """

    def __init__(self, *, threads: int) -> None:
        forbid_telemetry()
        import rapidocr

        weights = Path(rapidocr.__file__).parent / "models"
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": LONGEST_SIDE,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads or -1,
                # Named files are never looked up or fetched anywhere.
                "Det.model_path": _weights(weights, "*_det_*.onnx"),
                "Cls.model_path": _weights(weights, "*_cls_*.onnx"),
                "Rec.model_path": _weights(weights, "*_rec_*.onnx"),
            }
        )
        _silence("RapidOCR")

    @property
    def name(self) -> str:
        return "rapidocr"

    def close(self) -> None:
        """Free the models' memory; may be called twice."""
        self._engine = None

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        return tuple(
            line
            for top, bottom in parts(image)
            for line in in_reading_order(self._pieces(_padded(image[top:bottom]), top))
        )

    def _pieces(self, image: Pixels, top: int) -> list[TextLine]:
        """The text found in a part of an image that begins `top` pixels down."""
        import numpy as np

        if self._engine is None:
            raise ModelError("The model rapidocr is closed.", "Load it again.")
        found = self._engine(np.ascontiguousarray(image[:, :, ::-1]))  # it takes BGR
        if not found.txts:
            return []
        pieces = [
            TextLine(" ".join(sanitize(text).split()), float(score), _bounds(corners, top))
            for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
        ]
        return [piece for piece in pieces if piece.text]


def parts(image: Pixels) -> list[tuple[int, int]]:
    """Top and bottom of the parts a long screenshot is read in, so that scaling it down doesn't
    make it illegible; any other image is one part. Cuts go through the calmest rows of pixels,
    which stand between lines of text."""
    import numpy as np

    height, width = image.shape[:2]
    step = max(LONGEST_SIDE, 2 * width)
    cuts = [0]
    while height - cuts[-1] > 1.5 * step:
        first = cuts[-1] + step // 2
        rows = image[first : cuts[-1] + step].astype(np.float32).std(axis=(1, 2))
        cuts.append(first + len(rows) - 1 - int(rows[::-1].argmin()))
    return list(pairwise([*cuts, height]))


def _padded(image: Pixels) -> Pixels:
    """The image with its edge repeated to the right and below where it is so thin that the
    engine would scale a side down to nothing."""
    import numpy as np

    least = max(LEAST_SIDE, max(image.shape[:2]) * LEAST_SIDE // DETECTION_SIDE + 1)
    below, right = (max(0, least - side) for side in image.shape[:2])
    return np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")


def in_reading_order(pieces: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Rows from top to bottom, within a row from left to right.

    A piece joins the last row when it overlaps enough with the piece the row began with.
    """
    rows: list[list[TextLine]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box[1] + piece.box[3], piece.box[0])):
        if rows and _share_row(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return tuple(piece for row in rows for piece in sorted(row, key=lambda piece: piece.box[0]))


def _share_row(first: TextLine, second: TextLine) -> bool:
    shared = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])
    lower = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return shared > ROW_OVERLAP * lower


def _bounds(corners: Any, above: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of four corner points [4, 2] in a part with `above` pixels
    over it."""
    left, top = (round(float(least)) for least in corners.min(axis=0))
    right, bottom = (round(float(most)) for most in corners.max(axis=0))
    return left, top + above, right, bottom + above


def _weights(folder: Path, pattern: str) -> str:
    found = sorted(folder.glob(pattern))
    if not found:
        raise ModelError(
            "The weights of rapidocr are missing from its package.",
            "Install it again: pip install --force-reinstall rapidocr",
        )
    return str(found[0])


def _silence(logger: str) -> None:
    """Take the library's own handler away: it would write over the terminal's screen."""
    log = logging.getLogger(logger)
    for handler in list(log.handlers):
        log.removeHandler(handler)
    log.addHandler(logging.NullHandler())
