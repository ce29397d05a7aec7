"""Reads the text of a picture, set upright first where it lies on its side or head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.core.documents import TextLine
from assistant.core.protocols import TextReader, can_turn

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels


def read_upright(reader: TextReader, pixels: Pixels) -> tuple[Pixels, Sequence[TextLine], int]:
    """The picture as it was read, its lines in order, and the quarter turns counterclockwise."""
    import numpy as np

    lines = reader.read(pixels)
    turns = reader.quarter_turns(pixels, lines) if can_turn(reader) else 0
    if turns:
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
        lines = reader.read(pixels)
    return pixels, lines, turns
