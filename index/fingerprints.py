"""Fingerprints of pictures that hardly change when a picture is scaled or saved anew.

A difference hash: whether each of 9 × 8 grey cells is brighter than its right neighbour
(N. Krawetz, "Kind of Like That", 2013), 64 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.protocols import Pixels, Vectors

_ACROSS, _DOWN = 9, 8
_BITS = 64
_LUMA = (0.299, 0.587, 0.114)
"""Brightness of red, green and blue (ITU-R BT.601)."""
_ALL = (1 << _BITS) - 1
_TELLING_BITS = 8
"""A page or a wall has hardly a cell brighter than its neighbour, and all of them are alike."""


def fingerprint(pixels: Pixels) -> int:
    """The hash of an RGB picture, as a signed number of 64 bits, which SQLite keeps."""
    import numpy as np

    grey = np.asarray(pixels @ np.array(_LUMA, np.float32), dtype=np.float32)
    rows = _mean_of_parts(grey, _DOWN)
    cells = np.rint(_mean_of_parts(rows.T, _ACROSS).T)  # finer differences are noise
    bits = (cells[:, :-1] > cells[:, 1:]).ravel()
    number = int.from_bytes(np.packbits(bits).tobytes())
    return number - (1 << _BITS) if number >> (_BITS - 1) else number


def _mean_of_parts(rows: Vectors, parts: int) -> Vectors:
    """Means of so many equal parts of the rows; a part has one row at least."""
    import numpy as np

    starts = np.linspace(0, len(rows), parts, endpoint=False).astype(np.int64)
    sizes = np.maximum(np.diff(np.append(starts, len(rows))), 1)
    sums = np.add.reduceat(rows, starts, axis=0)
    return np.asarray(sums / sizes[:, None], dtype=np.float32)


def differing_bits(one: np.int64, others: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Bits in which a fingerprint differs from others."""
    import numpy as np

    return np.bitwise_count((others ^ one).view(np.uint64))


def tells(one: int) -> bool:
    """Whether a fingerprint is of a picture with enough in it to be told from others."""
    return (one & _ALL).bit_count() >= _TELLING_BITS
