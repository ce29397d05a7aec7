"""Opens pictures, whose text and subject are recognised later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.files.images import PillowOpener
from index.loaders.document import Document, Limits

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

_MAX_PIXELS = 100_000_000


def load(path: Path, limits: Limits) -> Document:  # noqa: ARG001  # the loaders' signature
    """A document without text of its own; whether it can be opened shows when it is drawn."""
    return Document("", scans=(1,))


def render(path: Path, page: int) -> Pixels:  # noqa: ARG001  # the renderers' signature
    """RGB pixels, upright, scaled down to 16 megapixels.

    Raises:
        DocumentError: no picture, damaged, or too large.
    """
    return PillowOpener(_MAX_PIXELS).open(path).pixels
