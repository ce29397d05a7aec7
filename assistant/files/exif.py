"""What a camera wrote beside an image: when and where it was taken, and with what.

The place is private: only what was asked for it may tell, keep or pass it on.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.text import one_line
from assistant.files.image_formats import formats_for
from assistant.files.quiet_pillow import quiet_pillow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL.Image import Exif as Tags
    from PIL.Image import Image

_CAMERA, _GPS = 0x8769, 0x8825
_MAKE, _MODEL = 0x010F, 0x0110
_CHANGED, _TAKEN, _DIGITIZED = 0x0132, 0x9003, 0x9004
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_TIME = re.compile(r"(\d{4})[:./-](\d\d)[:./-](\d\d)[ T](\d\d:\d\d(?::\d\d)?)")
_LONGEST_NAME = 80
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What damaged metadata makes Pillow's readers raise."""


@dataclass(frozen=True, slots=True)
class Exif:
    """Each value None where the file doesn't say it, or says something impossible."""

    taken: datetime | None = None
    """By the camera's own clock, without a time zone (what the person remembers)."""
    latitude: float | None = None
    """Degrees north, in [-90, 90]; given together with the longitude or not at all."""
    longitude: float | None = None
    """Degrees east, in [-180, 180]."""
    camera: str | None = None
    """Maker and model, one line, safe to show."""


NOTHING = Exif()


def read_exif(image: Path | Image) -> Exif:
    """What is known of an image; `NOTHING` where it can't be opened or holds none.

    Only the header of a file is read, never its pixels. Nothing is raised: opening the image
    is what tells why it can't be read.
    """
    if not isinstance(image, Path):
        return _told(image)
    from PIL import Image, UnidentifiedImageError
    from PIL.Image import DecompressionBombError

    try:
        with quiet_pillow(), Image.open(image, formats=formats_for(image)) as opened:
            return _told(opened)
    except (UnidentifiedImageError, DecompressionBombError, *_UNREADABLE):
        return NOTHING


def _told(image: Image) -> Exif:
    try:
        with quiet_pillow():
            tags = image.getexif()
    except _UNREADABLE:
        return NOTHING
    latitude, longitude = _place(_part(tags, _GPS))
    taken = _time(_part(tags, _CAMERA), dict(tags))
    return Exif(taken, latitude, longitude, _camera(dict(tags)))


def _part(tags: Tags, number: int) -> dict[int, Any]:
    try:
        return dict(tags.get_ifd(number))
    except _UNREADABLE:
        return {}


def _time(camera: Mapping[int, Any], main: Mapping[int, Any]) -> datetime | None:
    """When the shutter opened; else when it was digitised; else when the file was changed."""
    for value in (camera.get(_TAKEN), camera.get(_DIGITIZED), main.get(_CHANGED)):
        found = _TIME.match(_text(value))
        if found is None:
            continue
        year, month, day, clock = found.groups()
        try:
            return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}")
        except ValueError:  # 0000:00:00, or a thirteenth month
            continue
    return None


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "NS", 90)
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "EW", 180)
    if latitude is None or longitude is None:
        return None, None
    if latitude == 0 == longitude:  # what cameras without a fix write
        return None, None
    return latitude, longitude


def _degrees(value: Any, direction: Any, directions: str, limit: int) -> float | None:
    """Degrees, minutes and seconds as one number, negative to the south and west."""
    side = _text(direction)[:1].upper()
    if not side or side not in directions:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except _UNREADABLE:
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found) or not 0 <= found <= limit:
        return None
    return -found if side == directions[1] else found


def _camera(main: Mapping[int, Any]) -> str | None:
    maker, model = _text(main.get(_MAKE)), _text(main.get(_MODEL))
    if model.casefold().startswith(maker.casefold()):
        maker = ""
    return one_line(f"{maker} {model}", _LONGEST_NAME) or None


def _text(value: Any) -> str:
    """A tag that should hold text, as one line of it."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return one_line(value.replace("\0", " "), _LONGEST_NAME)
