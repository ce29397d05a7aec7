"""Opens pictures, whose text and subject are recognised later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.files.exif import read_exif
from assistant.files.images import PillowOpener, scaled
from index.loaders.document import Document, Limits
from index.loaders.frames import Looked

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

_MAX_PIXELS = 100_000_000
LOOKED_AT = 640
"""Pixels of the longer side of a picture as encoders get it, who take 224 to 512 of them."""


def load(path: Path, limits: Limits) -> Document:  # noqa: ARG001  # the loaders' signature
    """A document without text of its own; whether it can be opened shows when it is drawn."""
    return Document("", scans=(1,))


def render(path: Path, page: int) -> Pixels:  # noqa: ARG001  # the renderers' signature
    """RGB pixels, upright, scaled down to 16 megapixels.

    Raises:
        DocumentError: no picture, damaged, or too large.
    """
    return PillowOpener(_MAX_PIXELS).open(path).pixels


def look(path: Path) -> Looked:
    """The picture scaled down to `LOOKED_AT`, with what its camera wrote.

    Raises:
        DocumentError: as `render`.
    """
    loaded = PillowOpener(_MAX_PIXELS).open(path)
    small = scaled(loaded, (LOOKED_AT, LOOKED_AT))
    exif = read_exif(path)
    return Looked(
        small.height,
        small.width,
        small.tobytes(),
        loaded.height,
        loaded.width,
        exif.taken.isoformat(timespec="seconds") if exif.taken is not None else "",
        exif.latitude,
        exif.longitude,
        exif.camera or "",
    )
