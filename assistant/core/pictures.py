"""What is found in an image: boxes, regions, and their arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Mask: TypeAlias = "npt.NDArray[np.bool_]"
Alpha: TypeAlias = "npt.NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of its image, from the top left corner; right and bottom excluded."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return max(0.0, self.right - self.left)

    @property
    def height(self) -> float:
        return max(0.0, self.bottom - self.top)

    @property
    def area(self) -> float:
        return self.width * self.height

    def scaled(self, across: float, down: float) -> Box:
        """The box in an image `across` times as wide and `down` times as high."""
        return Box(self.left * across, self.top * down, self.right * across, self.bottom * down)

    def clipped(self, width: float, height: float) -> Box:
        """The part of it inside an image."""
        return Box(
            min(max(self.left, 0.0), width),
            min(max(self.top, 0.0), height),
            min(max(self.right, 0.0), width),
            min(max(self.bottom, 0.0), height),
        )

    def overlap(self, other: Box) -> float:
        """Intersection over union, in [0, 1]; 0 where both are empty."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        common = max(0.0, across) * max(0.0, down)
        union = self.area + other.area - common
        return common / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Detection:
    """An object found: what it is, with a probability in [0, 1], and where."""

    label: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class Region:
    """The pixels of an object or of a kind of surface.

    `mask` is bool [height, width] of the image; `score` is in [0, 1].
    """

    label: str
    score: float
    mask: Mask

    @property
    def share(self) -> float:
        """Part of the image it covers, in [0, 1]."""
        return float(self.mask.mean()) if self.mask.size else 0.0

    @property
    def box(self) -> Box:
        """The smallest box around it; empty where the mask is."""
        import numpy as np

        rows = np.flatnonzero(self.mask.any(axis=1))
        columns = np.flatnonzero(self.mask.any(axis=0))
        if not len(rows):
            return Box(0, 0, 0, 0)
        return Box(columns[0].item(), rows[0].item(), columns[-1].item() + 1, rows[-1].item() + 1)


def without_repeats(
    found: tuple[Detection, ...], *, same_label: float, any_label: float
) -> tuple[Detection, ...]:
    """Detections best first, less those that overlap a better one too much (greedy non-maximum
    suppression).

    Args:
        same_label: intersection over union from which one of the same label is a repeat.
        any_label: the same for one of another label.
    """
    kept: list[Detection] = []
    for one in sorted(found, key=lambda detection: -detection.score):
        if not any(
            one.box.overlap(better.box) >= (same_label if one.label == better.label else any_label)
            for better in kept
        ):
            kept.append(one)
    return tuple(kept)


def resized(mask: Mask, height: int, width: int) -> Mask:
    """A mask at another size, each pixel taken from the nearest of the old ones."""
    import numpy as np

    if mask.shape == (height, width):
        return mask
    rows = _nearest(mask.shape[0], height)
    columns = _nearest(mask.shape[1], width)
    return np.asarray(mask[rows[:, None], columns[None, :]], dtype=np.bool_)


def _nearest(old: int, new: int) -> npt.NDArray[np.int64]:
    import numpy as np

    return np.minimum(((np.arange(new) + 0.5) * old / new).astype(np.int64), old - 1)
