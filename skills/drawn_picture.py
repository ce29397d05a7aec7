"""The picture an answer shows: a copy drawn on, kept in a folder, or the image itself."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

from assistant.core.errors import DocumentError
from assistant.core.events import Event, Notice, Picture
from assistant.core.protocols import LoadedImage, Pixels
from assistant.files.made_pictures import save_picture
from skills.attached_images import shown_name

Saving = Generator[Event, None, Path | None]


def picture_of(
    image: LoadedImage, draw: Callable[[], Pixels] | None, folder: Path, purpose: str
) -> Saving:
    """Shows the image as `draw` gives it; as it is where that is None or can't be kept.

    Args:
        draw: gives pixels, RGB or RGBA.
        purpose: what was done ("boxes"), for the file's name.

    Returns:
        Where the drawn copy is.
    """
    original = Picture(str(image.path), shown_name(image.path))
    if draw is None:
        yield original
        return None
    try:
        path = save_picture(draw(), folder, image.path, purpose)
    except DocumentError as error:
        yield Notice(error.message, error.hint)
        yield original
        return None
    yield Picture(str(path), shown_name(image.path))
    return path
