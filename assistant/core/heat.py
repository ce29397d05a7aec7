"""What in an image speaks for a label, as a grid over a part of the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grid: TypeAlias = "npt.NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Heat:
    """Evidence for a label, place by place.

    `values` is float32 [rows, columns], above 0 where a place speaks for the label and below
    where it speaks against it. The grid covers left, top, right and bottom of `box`, in pixels of
    the image; a model may have looked at no more than that.
    """

    values: Grid
    box: tuple[float, float, float, float]

    @property
    def focus(self) -> tuple[float, float] | None:
        """Where the evidence for the label lies on average, in pixels from the left and the top;
        None where nothing speaks for it."""
        import numpy as np

        weights = np.maximum(self.values, 0).astype(np.float64) ** 2  # peaks count, not the haze
        if not weights.sum() > 0:
            return None
        rows, columns = weights.shape
        left, top, right, bottom = self.box
        across = (weights.sum(axis=0) @ (np.arange(columns) + 0.5)) / weights.sum() / columns
        down = (weights.sum(axis=1) @ (np.arange(rows) + 0.5)) / weights.sum() / rows
        return left + float(across) * (right - left), top + float(down) * (bottom - top)
