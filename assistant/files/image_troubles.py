"""Says why a file is no image that can be opened: what it is instead, and what to do."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from assistant.core.errors import DocumentError
from assistant.core.text import one_line
from assistant.files.image_formats import FORMATS, begins_like_an_image

_KINDS = f"Images of these kinds are read: {', '.join(FORMATS)}."
_HEAD = 1024  # bytes looked at
_NO_PATH = (errno.ENAMETOOLONG, errno.ENOTDIR)
"""A name longer than any file's; a path that leads through a file."""


def shown(path: Path) -> str:
    """The path, safe to show and to encode (a name on disk need be neither)."""
    return one_line(str(path).encode("utf-8", "replace").decode("utf-8"))


def check_file(path: Path) -> None:
    """
    Raises:
        DocumentError: there is no file, or none that can be waited for: a pipe, a folder.
    """
    name = shown(path)
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise DocumentError(f"There is no file {name}.", "Check the path.") from error
    except PermissionError as error:
        raise refused(path) from error
    except (OSError, RuntimeError, ValueError) as error:
        if getattr(error, "errno", None) in _NO_PATH:
            raise DocumentError(f"There is no file {name}.", "Check the path.") from error
        if getattr(error, "errno", None) == errno.ELOOP:
            raise DocumentError(
                f"{name} is a link that leads back to itself.", "Choose the file it should lead to."
            ) from error
        raise DocumentError(f"{name} can't be read.", "Check the path.") from error
    if stat.S_ISDIR(status.st_mode):
        raise DocumentError(f"{name} is a folder.", "Attach one or more images from it.")
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(f"{name} is no regular file.", "Save the image to a file first.")
    if status.st_size == 0:
        raise DocumentError(f"{name} is empty.", "Save or download the image again.")


def no_such_page(name: str, count: int) -> DocumentError:
    """A page was asked for that the file of this (shown) name hasn't got."""
    pages = "1 page" if count == 1 else f"{count} pages"
    return DocumentError(f"{name} has {pages}.", "Ask for one of them.")


def refused(path: Path) -> DocumentError:
    """The system doesn't let it be read."""
    return DocumentError(f"{shown(path)} may not be read.", "Change its permissions, or copy it.")


def damaged(path: Path) -> DocumentError:
    """It is an image, but not a whole one."""
    return DocumentError(
        f"{shown(path)} is damaged or incomplete.", "Save or download the image again."
    )


def unidentified(path: Path) -> DocumentError:
    """What a file is that no decoder takes for an image of its own."""
    name = shown(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return refused(path)
    if begins_like_an_image(head):
        return damaged(path)
    if b"<svg" in head.lower():
        return DocumentError(
            f"{name} is a drawing in SVG, which is not read.", "Export it as PNG, and attach that."
        )
    if head.startswith(b"%PDF"):
        return DocumentError(
            f"{name} is a PDF, not an image.",
            "Attach it as a file, or use `assistant read FILE` for a scan.",
        )
    return DocumentError(f"{name} is not an image that can be read.", _KINDS)
