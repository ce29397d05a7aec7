"""Loads pictures for the screen: one at a time, in a thread, nothing imported before the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from textual.widget import Widget

from assistant.tui.graphics import USUAL_CELL, Box, Fitted, Painter, cell_size, fitted, protocol


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
        self._painter: Painter | None = None

    @property
    def is_on(self) -> bool:
        """Whether pictures are drawn at all."""
        return self._wanted != "off"

    async def load(self, path: Path, most: Box, *, has_terminal: bool) -> Fitted:
        """The image at `path`, scaled into the room.

        Args:
            has_terminal: False in a browser, where only text comes through.

        Raises:
            DocumentError: it can't be read, is damaged or too large.
        """
        if self._painter is None:
            way = protocol(self._wanted, self._environ, in_browser=not has_terminal)
            self._painter = Painter(way or "blocks")
        cell = cell_size() if has_terminal else USUAL_CELL
        async with self._one_at_a_time:
            await asyncio.to_thread(self._painter.prepare)
            return await asyncio.to_thread(fitted, path, most, self._max_pixels, cell)

    def widget(self, picture: Fitted) -> Widget:
        """Draws what `load` gave."""
        assert self._painter is not None  # noqa: S101 - made by load
        return self._painter.widget(picture)
