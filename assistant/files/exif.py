"""Reads what a camera wrote into a picture: when, where, and with what (EXIF 2.32)."""

from __future__ import annotations

import math
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.text import one_line

if TYPE_CHECKING:
    from PIL.Image import Exif as PillowExif
    from PIL.Image import Image

_EXIF, _GPS = 0x8769, 0x8825
_MAKE, _MODEL, _CHANGED = 0x010F, 0x0110, 0x0132
_TAKEN, _DIGITIZED = 0x9003, 0x9004
_NORTH_SOUTH, _LATITUDE, _EAST_WEST, _LONGITUDE = 1, 2, 3, 4
_LONGEST_CAMERA = 80
_OLDEST = 1826
"""Year of the first photograph; a clock that was never set says less."""


@dataclass(frozen=True, slots=True)
class Exif:
    """What a camera wrote; all of it can be wrong or forged."""

    taken: str = ""
    """Local time of the camera as `2023-01-31T12:00:00`, "" where it left none."""
    latitude: float | None = None
    """Degrees north, in [-90, 90]."""
    longitude: float | None = None
    """Degrees east, in [-180, 180]."""
    camera: str = ""
    """Maker and model in one clean line, "" where it left none."""

    @property
    def has_place(self) -> bool:
        return self.latitude is not None and self.longitude is not None


NO_EXIF = Exif()


def read_exif(path: Path) -> Exif:
    """What the file says; nothing where it says nothing, or can't be read."""
    from PIL import Image

    with warnings.catch_warnings(), suppress(*_damage()):
        warnings.simplefilter("ignore")
        with Image.open(path) as image:
            return exif_of(image)
    return NO_EXIF


def exif_of(image: Image) -> Exif:
    """The same of an opened picture, whose pixels need not be decoded."""
    with suppress(*_damage()):
        data = image.getexif()
        latitude, longitude = _place(data)
        return Exif(_taken(data), latitude, longitude, _camera(data))
    return NO_EXIF


def _damage() -> tuple[type[Exception], ...]:
    """What Pillow raises on damaged and hostile files."""
    from PIL.Image import DecompressionBombError

    return (
        OSError,
        SyntaxError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        EOFError,
        DecompressionBombError,
        *_struct_error(),
    )


def _struct_error() -> tuple[type[Exception], ...]:
    import struct

    return (struct.error,)


def _taken(data: PillowExif) -> str:
    inner = data.get_ifd(_EXIF)
    for value in (inner.get(_TAKEN), inner.get(_DIGITIZED), data.get(_CHANGED)):
        if time := _time(value):
            return time
    return ""


def _time(value: object) -> str:
    text = _text(value).strip("\0 ")[:19]
    try:
        time = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # of no time zone
    except ValueError:
        return ""
    return time.isoformat() if time.year >= _OLDEST else ""


def _camera(data: PillowExif) -> str:
    maker, model = (one_line(_text(data.get(tag)).strip("\0 ")) for tag in (_MAKE, _MODEL))
    if maker and model.casefold().startswith(maker.casefold()):
        maker = ""
    return one_line(" ".join(part for part in (maker, model) if part), _LONGEST_CAMERA)


def _place(data: PillowExif) -> tuple[float | None, float | None]:
    gps = data.get_ifd(_GPS)
    latitude = _degrees(gps.get(_LATITUDE), _text(gps.get(_NORTH_SOUTH)), "S", 90)
    longitude = _degrees(gps.get(_LONGITUDE), _text(gps.get(_EAST_WEST)), "W", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None  # cameras without a fix write zeros
    return latitude, longitude


def _degrees(value: Any, half: str, negative: str, most: float) -> float | None:
    """Degrees, minutes and seconds as one number; None where they are none."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (ValueError, TypeError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found) or not 0 <= found <= most:
        return None
    return -found if half.strip("\0 ").upper().startswith(negative) else found


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""
