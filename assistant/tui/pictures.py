"""Loads pictures for the screen: one at a time, in a thread, nothing imported before the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.tui.graphics import USUAL_CELL, Box, Protocol, cell_size, fitted, protocol

if TYPE_CHECKING:
    from assistant.tui.painting import Painted


class Pictures:
    """What the views of pictures share.

    Args:
        wanted: the setting `ui.pictures`.
        max_pixels: larger images are named, not drawn.
        environ: tells what the terminal understands.
        tell: says in the language of the interface why one can't be drawn.
    """

    def __init__(
        self,
        wanted: str,
        max_pixels: int,
        environ: Mapping[str, str],
        tell: Callable[[str], str],
    ) -> None:
        self.tell = tell
        self._wanted = wanted
        self._max_pixels = max_pixels
        self._environ = environ
        self._one_at_a_time = asyncio.Lock()
        self._sizes: dict[tuple[Path, Box], Box] = {}

    @property
    def is_on(self) -> bool:
        """Whether pictures are drawn at all."""
        return self._wanted != "off"

    def room(self, path: Path, most: Box) -> Box:
        """The room to keep for an image until it is loaded: its size where it was shown before."""
        return self._sizes.get((path, most), Box(1, most.rows))

    async def load(self, path: Path, most: Box, *, has_terminal: bool) -> Painted:
        """The image at `path`, scaled into the room and ready to be drawn.

        Args:
            has_terminal: False in a browser, where only text comes through.

        Raises:
            DocumentError: it can't be read, is damaged or too large.
        """
        way = protocol(self._wanted, self._environ, in_browser=not has_terminal) or "blocks"
        cell = cell_size() if has_terminal else USUAL_CELL
        async with self._one_at_a_time:
            painted = await asyncio.to_thread(self._painted, path, most, way, cell)
        self._sizes[path, most] = painted.box
        return painted

    def _painted(self, path: Path, most: Box, way: Protocol, cell: tuple[int, int]) -> Painted:
        from assistant.tui.painting import paint

        return paint(fitted(path, most, self._max_pixels, cell), way, cell)
