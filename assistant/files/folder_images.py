"""The images in a folder, by their endings, in the order a person counts them."""

from __future__ import annotations

import os
import re
from pathlib import Path

SUFFIXES = frozenset(
    ".png .jpg .jpeg .jfif .webp .gif .bmp .tif .tiff .avif .heic .heif .hif".split()  # noqa: SIM905
)
"""Endings of image files, lower-case."""
_NUMBER = re.compile(r"(\d+)")


def images_in(folder: Path, *, deep: bool = True) -> list[Path]:
    """Paths of the images in a folder and, unless told otherwise, those below it.

    Hidden files and folders are left out, and links to folders are not followed. A folder that
    can't be opened holds nothing.
    """
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if deep and not name.startswith(".")]
        found += [
            Path(place, name)
            for name in files
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122
        ]
    return sorted(found, key=lambda path: _natural(str(path)))


def _natural(name: str) -> list[tuple[int, int | str]]:
    """img2 before img10."""
    return [
        (0, int(part)) if part.isdecimal() and len(part) < 20 else (1, part.casefold())
        for part in _NUMBER.split(name)
        if part
    ]
