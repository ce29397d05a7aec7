"""Pictures with what a camera writes, and an encoder that sees their main colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from assistant.core.protocols import Pixels, Vectors

_TAKEN, _EXIF, _GPS, _MAKE, _MODEL = 0x9003, 0x8769, 0x8825, 0x010F, 0x0110


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of coarse patches, the same for the same seed."""
    patches = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def coloured(colour: str, seed: int = 0) -> Image.Image:
    """A picture in shades of red, green or blue."""
    shades = np.random.default_rng(seed).integers(60, 256, (6, 8), dtype=np.uint8)
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[..., ("red", "green", "blue").index(colour)] = shades
    return Image.fromarray(pixels).resize((320, 240), Image.Resampling.NEAREST)


def save(
    image: Image.Image,
    path: Path,
    taken: str = "",
    place: tuple[float, float] | None = None,
    camera: tuple[str, str] = ("", ""),
) -> Path:
    """Write a JPEG with EXIF data.

    Args:
        taken: as `2023:05:01 10:00:00`.
        place: whole degrees north and east.
    """
    exif = Image.Exif()
    if taken:
        exif.get_ifd(_EXIF)[_TAKEN] = taken
    if place is not None:
        north, east = place
        halves = "N" if north >= 0 else "S", "E" if east >= 0 else "W"
        exif.get_ifd(_GPS).update(
            {1: halves[0], 2: (abs(north), 0.0, 0.0), 3: halves[1], 4: (abs(east), 0.0, 0.0)}
        )
    for tag, value in zip((_MAKE, _MODEL), camera, strict=True):
        if value:
            exif[tag] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "JPEG", exif=exif, quality=92)
    return path


@dataclass
class ColourEncoder:
    """Rows are the shares of red, green and blue."""

    name: str = "colours"
    seen: list[int] = field(default_factory=list)
    """Pictures in each call."""

    def encode(self, images: Sequence[Pixels]) -> Vectors:
        self.seen.append(len(images))
        means = np.stack([image.reshape(-1, 3).mean(axis=0) + 1e-3 for image in images])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class OfColour:
    """Pictures mainly of one colour."""

    channel: int
    encoder: str = "colours"
    least: float = 0.9

    def scores(self, rows: Vectors) -> Vectors:
        return rows[:, self.channel]
