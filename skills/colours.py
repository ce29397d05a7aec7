"""Names the colours an image is mostly made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.protocols import Pixels

    Floats = npt.NDArray[np.float64]

SAMPLES = 10_000
"""Pixels looked at, taken evenly; more changes a share by less than a percent."""
LEAST_SHARE = 0.12
"""A colour with a smaller share of the image is not worth a word."""

_NAMES: dict[str, tuple[str, str]] = {
    "black": ("0f0f0f", "黑色"),
    "dark grey": ("464646", "深灰色"),
    "grey": ("808080", "灰色"),
    "light grey": ("c8c8c8", "浅灰色"),
    "white": ("fafafa", "白色"),
    "red": ("d72323", "红色"),
    "dark red": ("731419", "深红色"),
    "pink": ("f5a5b9 ff69b4", "粉色"),
    "orange": ("f0871e ffa500", "橙色"),
    "brown": ("734b2d a06437", "棕色"),
    "dark brown": ("3c2a20", "深棕色"),
    "beige": ("d7c3a5 ebe1c8", "米色"),
    "yellow": ("f5dc32 ffff00", "黄色"),
    "olive green": ("6e7332", "橄榄绿"),
    "light green": ("a0d78c b4f078", "浅绿色"),
    "green": ("32963c 00f000", "绿色"),
    "dark green": ("194123 005a00", "深绿色"),
    "turquoise": ("41c8c3 00f0f0 008080", "青绿色"),
    "light blue": ("a0c8eb 78b4eb", "浅蓝色"),
    "blue": ("2864cd 0000ff", "蓝色"),
    "dark blue": ("14235f 00006e", "深蓝色"),
    "purple": ("7d3796 5a146e", "紫色"),
    "lavender": ("bea5dc", "淡紫色"),
    "magenta": ("cd2887 ff00ff", "品红色"),
}
"""Name → shades people call so (sRGB in hexadecimal), and the name in Chinese."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in words with the part of the image it covers, in [0, 1]."""

    name: str
    share: float

    @property
    def chinese(self) -> str:
        return _NAMES[self.name][1]


def dominant_colours(pixels: Pixels, most: int = 3) -> tuple[Colour, ...]:
    """The colours that cover most of the image, largest first; at least one."""
    import numpy as np

    flat = pixels.reshape(-1, 3)
    sample = flat[:: max(1, len(flat) // SAMPLES)]
    names = tuple(_NAMES)
    levels = np.array([list(bytes.fromhex(x)) for n in names for x in _NAMES[n][0].split()])
    owners = np.array([i for i, n in enumerate(names) for _ in _NAMES[n][0].split()])
    distances = ((_lab(sample)[:, None] - _lab(levels)[None]) ** 2).sum(axis=2)
    counts = np.bincount(owners[distances.argmin(axis=1)], minlength=len(names))
    order = np.argsort(-counts, kind="stable")[:most]
    found = [Colour(names[i], float(counts[i] / len(sample))) for i in order]
    return tuple(c for c in found if c.share >= LEAST_SHARE) or (found[0],)


def _lab(rgb: npt.NDArray[np.generic]) -> Floats:
    """sRGB [n, 3] in 0–255 as CIE L*a*b* (D65), where distance is close to perceived difference."""
    import numpy as np

    level = rgb.astype(np.float64) / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[:, 0], root[:, 1], root[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
