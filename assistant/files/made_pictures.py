"""Keeps the pictures the program makes: private files with names of their own."""

from __future__ import annotations

import io
import logging
import os
import re
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_STEM = 60
_OWNER_ONLY = 0o600
KEPT_BYTES = 1_000_000_000
"""What the program's own folder may hold; older pictures go, and can be made again."""
_SAFE_SECONDS = 24 * 3600
"""Pictures of the last day stay, whatever they take."""

_log = logging.getLogger("assistant.pictures")


def save_picture(pixels: npt.NDArray[np.uint8], folder: Path, source: Path, purpose: str) -> Path:
    """Write pixels (RGB or RGBA, uint8 [h, w, 3 or 4]) as PNG under a name not taken yet.

    Args:
        folder: made if there is none, for its owner only; one that is there stays as it is.
        source: the image it was made from; its name is part of the new one.
        purpose: what was done ("boxes"), for the name.

    Raises:
        DocumentError: it can't be written.
    """
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write_new(folder, f"{_stem(source)}-{purpose}", buffer.getvalue())
    except OSError as error:
        raise DocumentError(
            f"The picture can't be saved in {folder}: {error.strerror}.",
            "Free some space, or correct the folder's permissions.",
        ) from error


def trim_pictures(folder: Path, keep: int = KEPT_BYTES) -> None:
    """Remove the oldest made pictures beyond so many bytes; for the program's own folder only."""
    try:
        with os.scandir(folder) as entries:
            kept = [(e.stat(follow_symlinks=False), e.path) for e in entries if _is_made(e)]
        safe = time.time() - _SAFE_SECONDS
        total = 0
        for facts, path in sorted(kept, key=lambda one: -one[0].st_mtime):
            total += facts.st_size
            if total > keep and facts.st_mtime < safe:
                Path(path).unlink()
    except FileNotFoundError:
        return  # no folder yet, or another process removed the same picture
    except OSError as error:
        _log.warning("old pictures in %s can't be removed: %s", folder, error.strerror)


def _is_made(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(".png") and entry.is_file(follow_symlinks=False)


def _write_new(folder: Path, name: str, data: bytes) -> Path:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for number in count(1):
        path = folder / (f"{name}.png" if number == 1 else f"{name}-{number}.png")
        try:
            handle = os.open(path, flags, _OWNER_ONLY)
        except FileExistsError:
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return path
    raise AssertionError("numbers don't end")  # pragma: no cover


def _stem(source: Path) -> str:
    """The name of the image it comes from, without what a file system or a terminal minds."""
    plain = source.stem.encode("utf-8", "replace").decode("utf-8")
    return _UNSAFE.sub("_", plain).strip("._")[:_LONGEST_STEM] or "image"
