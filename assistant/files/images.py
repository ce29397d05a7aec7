"""Opens image files within the limits, as upright RGB pixels."""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager, suppress
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError
from assistant.core.protocols import LoadedImage
from assistant.files.exif import read_exif
from assistant.files.image_formats import formats_for
from assistant.files.image_troubles import (
    check_file,
    damaged,
    no_such_page,
    refused,
    shown,
    unidentified,
)
from assistant.files.quiet_pillow import quiet_pillow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

    from assistant.core.protocols import Pixels

WORKING_PIXELS = 16_000_000
"""Larger images are handed out scaled down to this many pixels (48 MB)."""
PILLOW_PIXELS = 178_956_970
"""Pillow refuses headers above this, whatever our own limit."""

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    RuntimeError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on damaged files, as its own fuzzers found."""


class PillowOpener:
    """Opens images with Pillow; refuses more than `max_pixels` before decoding anything.

    A rotation in the EXIF data is applied, transparency is laid over white, and 16-bit and
    CMYK images become 8-bit RGB. Where a photo was taken never leaves its file here.
    """

    def __init__(self, max_pixels: int) -> None:
        self._max_pixels = max_pixels

    def open(self, path: Path, frame: int = 0) -> LoadedImage:
        name = shown(path)
        check_file(path)
        with quiet_pillow(), _clear_errors(path), _opened(path) as image:
            width, height = image.size
            self._check_size(width, height, name)
            kind, frames = str(image.format), int(getattr(image, "n_frames", 1))
            if kind in {"MPO", "HEIF"}:  # photos with previews or depth beside them, of phones
                kind, frames = ("JPEG" if kind == "MPO" else kind), 1
            if frame:
                width, height = self._turned_to(image, frame, frames, name)
            taken = read_exif(image).taken
            image.draft("RGB", _working_size(width, height))
            image.load()
            _turn_upright(image)
            if (width - height) * (image.width - image.height) < 0:
                width, height = height, width
            return LoadedImage(path, _pixels(image), width, height, kind, frames, taken)

    def _turned_to(self, image: ImageFile, frame: int, frames: int, name: str) -> tuple[int, int]:
        """Width and height of a further page or frame, which is then the current one."""
        if frame >= frames:
            raise no_such_page(name, frames)
        image.seek(frame)
        self._check_size(*image.size, name)
        return image.size

    def _check_size(self, width: int, height: int, name: str) -> None:
        if width * height > self._max_pixels:
            raise _too_large(f"{width:,} × {height:,} pixels", self._max_pixels, name)


def scaled(loaded: LoadedImage, size: tuple[int, int]) -> Image:
    """The image at most `size` pixels (width, height) large, in proportion."""
    from PIL import Image

    image = Image.fromarray(loaded.pixels)
    image.thumbnail(size, Image.Resampling.LANCZOS)
    return image


def _too_large(size: str, limit: int, name: str) -> DocumentError:
    return DocumentError(
        f"{name} has {size}; the limit is {limit // 1_000_000} megapixels.",
        "Make it smaller, or raise max_pixels under [describe] in config.toml "
        f"(at most {PILLOW_PIXELS // 1_000_000} megapixels).",
    )


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    from PIL.Image import DecompressionBombError

    name = shown(path)
    try:
        yield
    except DecompressionBombError as error:
        raise DocumentError(
            f"{name} has more than {PILLOW_PIXELS // 1_000_000} megapixels, the most that is ever "
            "opened.",
            "Make it smaller.",
        ) from error
    except MemoryError as error:
        raise DocumentError(f"{name} doesn't fit in memory.", "Make it smaller.") from error
    except _BROKEN as error:
        raise damaged(path) from error


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile]:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(path, formats=formats_for(path))
    except PermissionError as error:
        raise refused(path) from error
    except UnidentifiedImageError as error:
        raise unidentified(path) from error
    with image:
        yield image


def _working_size(width: int, height: int) -> tuple[int, int]:
    reduction = min(1.0, sqrt(WORKING_PIXELS / (width * height)))
    return max(1, int(width * reduction)), max(1, int(height * reduction))


def _turn_upright(image: ImageFile) -> None:
    """Turn the image as its EXIF data says; data that can't be read turns nothing."""
    from PIL import ImageOps

    with suppress(*_BROKEN):
        ImageOps.exif_transpose(image, in_place=True)


def _pixels(image: Image) -> Pixels:
    """RGB uint8 [height, width, 3], of WORKING_PIXELS at most."""
    import numpy as np
    import PIL.Image

    image = _eight_bit(image)
    if image.width * image.height > WORKING_PIXELS:
        image = image.resize(_working_size(*image.size), PIL.Image.Resampling.BOX)
    if image.mode == "RGBA":
        white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))


def _eight_bit(image: Image) -> Image:
    """The image in a mode of 8 bits a channel that can be scaled: L, RGB, RGBA or CMYK."""
    if image.mode[0] in "IF":
        return _from_levels(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_levels(image: Image) -> Image:
    """Grey levels of 16 or 32 bits as 8. 16-bit images keep their brightness; the others
    (measurements, mostly) have no fixed white, so theirs is what is brightest."""
    import numpy as np
    import PIL.Image

    levels = np.nan_to_num(np.asarray(image, dtype=np.float32))
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        low, high = min(0.0, float(levels.min())), max(1.0, float(levels.max()))
    return PIL.Image.fromarray(((levels - low) * (255.0 / (high - low))).astype(np.uint8))
