"""Reads the text in images with RapidOCR (PP-OCR in ONNX Runtime): Chinese, English and digits."""

from __future__ import annotations

import logging
import threading
from itertools import pairwise
from math import atan2, degrees
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assistant.core.documents import TextLine
from assistant.core.errors import ModelError
from assistant.core.layout import in_reading_order, upright_size
from assistant.core.stopping import StoppedError
from assistant.core.text import sanitize
from assistant.models.network import forbid_telemetry
from assistant.models.vision_brake import Brake, Watched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

LONGEST_SIDE = 2000
"""Pixels; letters are recognised on the image scaled down to this."""
DETECTION_SIDE = 1280
"""Pixels; text is looked for on the image scaled down to this, and never scaled up: the
library's default (short side at least 736) is 4 times slower on small images and finds
nothing in a wide sign of large letters. Time and memory grow with the area."""
LEAST_SIDE = 32
"""Pixels; the engine works in steps of this many."""
_LEAST_LETTER = 4
"""Pixels of the image text is looked for on; lower letters are none that can be told."""
_UNSURE = 0.85
"""Score below which a line is looked at again."""
_SECOND_LOOKS = 40
"""Lines of a part of an image looked at again, at most: patterns give hundreds of guesses."""
_STRAIGHT = 0.5
"""Degrees up to which a line is cut out as it lies."""
_ASKED = 3
"""Lines asked which way up they stand, the longest ones."""
_SEEN = 4
"""Width over height of what the direction classifier sees at once."""
_PARTS = 4
"""Parts of a line shown to it."""
_CELLS = 6
"""Letters looked at of a line that runs from top to bottom."""


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
        self._lock = threading.Lock()
        self._brake = Brake()
        _silence("RapidOCR")

    @property
    def name(self) -> str:
        return "rapidocr"

    def close(self) -> None:
        """Free the models' memory; may be called twice."""
        self._engine = None

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        try:
            return tuple(
                line
                for top, bottom in parts(image)
                if _has_room(image[top:bottom])
                for line in in_reading_order(self._pieces(_padded(image[top:bottom]), top))
            )
        except StoppedError:
            return ()

    def stopping(self, cancelled: Cancelled) -> AbstractContextManager[None]:
        """While it lasts, reading in this thread ends between two batches of lines once
        `cancelled`, and gives none."""
        return self._brake.held(cancelled)

    def _pieces(self, image: Pixels, top: int) -> list[TextLine]:
        """The text found in a part of an image that begins `top` pixels down."""
        found = self._asked(image, use_det=True, use_cls=True, use_rec=True)
        if not found.txts:
            return []
        pieces = [
            TextLine(
                " ".join(sanitize(text).split()),
                float(score),
                _bounds(corners, top),
                _angle(corners),
            )
            for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
        ]
        kept = [piece for piece in pieces if piece.text]
        unsure = [piece for piece in kept if piece.score < _UNSURE and not _is_tall(piece)]
        surer = {one: self._looked_again(image, one, top) for one in unsure[:_SECOND_LOOKS]}
        return [surer.get(piece, piece) for piece in kept]

    def _looked_again(self, image: Pixels, piece: TextLine, top: int) -> TextLine:
        """An unsure line read once more without the direction classifier, which takes some short
        lines to stand on their head; the reading that is surer stays."""
        strip = _cut(image, piece, top)
        if not min(strip.shape[:2]):
            return piece
        found = self._asked(strip, use_det=False, use_cls=False, use_rec=True)
        if not found.txts or float(found.scores[0]) <= piece.score:
            return piece
        text = " ".join(sanitize(found.txts[0]).split())
        return replace(piece, text=text, score=float(found.scores[0])) if text else piece

    def quarter_turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        try:
            return self._turns(image, lines)
        except StoppedError:
            return 0

    def _turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        longest = sorted(lines, key=lambda line: -len(line.text))[:_ASKED]
        tall = [line for line in longest if _is_tall(line)]
        if 2 * len(tall) <= len(longest):
            level = [_cut(image, line) for line in longest if not _is_tall(line)]
            return 2 if self._upside_down(level) else 0
        if all(self._stands(image, line) for line in tall):
            return 0  # text written from top to bottom
        import numpy as np

        return 3 if self._upside_down([np.rot90(_cut(image, line)) for line in tall]) else 1

    def _upside_down(self, pieces: Sequence[Pixels]) -> bool:
        """What the direction classifier says of most pieces of text."""
        shown = [part for piece in pieces for part in _in_proportion(piece)]
        found = [self._asked(p, use_det=False, use_cls=True, use_rec=False) for p in shown]
        turned = [one for one in found if one.cls_res and one.cls_res[0][0] == "180"]
        return 2 * len(turned) > len(shown)

    def _stands(self, image: Pixels, line: TextLine) -> bool:
        """Whether the letters of a tall line are upright: read by themselves, they are those of
        the line, which the engine reads turned on its side."""
        strip, letters = _cut(image, line), line.text.replace(" ", "")
        pitch = strip.shape[0] / len(letters)
        cells = [
            (letter, strip[round(k * pitch) : round((k + 1) * pitch)])
            for k, letter in enumerate(letters[:_CELLS])
        ]
        same = sum(letter in self._read_alone(cell) for letter, cell in cells)
        return 2 * same >= len(cells)

    def _read_alone(self, piece: Pixels) -> str:
        if not min(piece.shape[:2]):
            return ""
        found = self._asked(piece, use_det=False, use_cls=False, use_rec=True)
        return "".join(found.txts or ())

    def _watch(self) -> None:
        """Let the engine's networks, which it loads one by one, ask before they run."""
        for name in ("text_det", "text_cls", "text_rec"):
            part = getattr(self._engine, name, None)
            if part is not None and not isinstance(part.session, Watched):
                part.session = Watched(part.session, self._brake)

    def _asked(self, image: Pixels, **steps: bool) -> Any:
        """What the engine finds; the steps are named each time, for it keeps them, and one
        caller at a time, for it keeps them for all."""
        import numpy as np

        with self._lock:
            if self._engine is None:
                raise ModelError("The model rapidocr is closed.", "Load it again.")
            self._watch()
            return self._engine(np.ascontiguousarray(image[:, :, ::-1]), **steps)  # it takes BGR


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


def _has_room(image: Pixels) -> bool:
    """Whether letters fit in as it is seen; a strip of ten million pixels by one would fill the
    memory by being padded."""
    short, long = map(int, sorted(image.shape[:2]))
    return short * DETECTION_SIDE >= _LEAST_LETTER * long or long <= DETECTION_SIDE


def _padded(image: Pixels) -> Pixels:
    """The image with its edge repeated to the right and below where it is so thin that the
    engine would scale a side down to nothing."""
    import numpy as np

    least = max(LEAST_SIDE, max(image.shape[:2]) * LEAST_SIDE // DETECTION_SIDE + 1)
    below, right = (max(0, least - side) for side in image.shape[:2])
    return np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")


def _bounds(corners: Any, above: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of four corner points [4, 2] in a part with `above` pixels
    over it."""
    left, top = (round(float(least)) for least in corners.min(axis=0))
    right, bottom = (round(float(most)) for most in corners.max(axis=0))
    return left, top + above, right, bottom + above


def _angle(corners: Any) -> float:
    """Degrees clockwise that the upper edge of four corner points leans, in [-45, 45]."""
    (left, top), (right, bottom) = corners[0], corners[1]
    angle = degrees(atan2(float(bottom - top), float(right - left)))
    return angle if abs(angle) <= 45 else 0.0


def _is_tall(line: TextLine) -> bool:
    left, top, right, bottom = line.box
    return len(line.text) > 1 and bottom - top > right - left


def _in_proportion(strip: Pixels) -> list[Pixels]:
    """Parts of a line as long as the direction classifier looks at; longer ones it squeezes."""
    height, width = strip.shape[:2]
    if not height or not width:
        return []
    long = max(1, _SEEN * height)
    starts = range(0, max(1, width - long // 2), long)
    return [strip[:, start : start + long] for start in starts][:_PARTS]


def _cut(image: Pixels, line: TextLine, above: int = 0) -> Pixels:
    """A line cut out, and set straight where it leans; `above`: pixels over this part of the
    image in which its box counts."""
    left, top, right, bottom = line.box
    cut = image[max(0, top - above) : bottom - above, max(0, left) : right]
    if abs(line.angle) < _STRAIGHT or not min(cut.shape[:2]):
        return cut
    import numpy as np
    from PIL import Image

    edge = tuple(int(level) for level in np.median(cut, axis=(0, 1)))
    straight = Image.fromarray(cut).rotate(
        line.angle, Image.Resampling.BILINEAR, expand=True, fillcolor=edge
    )
    width, height = (
        min(s, whole) for s, whole in zip(upright_size(line), straight.size, strict=True)
    )
    across, down = (straight.width - width) / 2, (straight.height - height) / 2
    box = (round(across), round(down), round(across + width), round(down + height))
    return np.asarray(straight.crop(box))


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
