"""Small pictures beside one another, as many as the room takes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import events
from textual.containers import Horizontal

from assistant.tui.graphics import Box
from assistant.tui.pictures import Pictures
from assistant.tui.widgets.picture import PictureView

SMALL = Box(24, 7)
_GAP = 2


class Previews(Horizontal):
    """Shows the pictures of a group around the one that is looked at, which is marked."""

    DEFAULT_CSS = """
    Previews {
        height: 8; width: 1fr; margin: 1 0 0 0; padding: 0 1;
        & > PictureView { width: 26; }
        & > PictureView.-marked > .caption { color: $foreground; text-style: bold; }
    }
    """

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._paths: tuple[str, ...] = ()
        self._at = ""
        self._shown: tuple[str, ...] = ()
        self._drawing = asyncio.Lock()
        self.display = False

    async def show(self, paths: Sequence[str], at: str = "") -> None:
        """Show these pictures; the one at `at` is always among them."""
        self._paths, self._at = tuple(paths), at
        await self._draw()

    async def on_resize(self, _: events.Resize) -> None:
        """More or fewer have room."""
        await self._draw()

    async def _draw(self) -> None:
        """One after the other: the cursor and a resize may ask for it at the same time."""
        async with self._drawing:
            await self._redraw()

    async def _redraw(self) -> None:
        self.display = self._pictures.is_on and bool(self._paths)
        wanted = self._around() if self.display else ()
        if wanted != self._shown:
            self._shown = wanted
            with self.app.batch_update():
                await self.remove_children()
                await self.mount_all(PictureView(p, "", SMALL, self._pictures) for p in wanted)
        for view, path in zip(self.query(PictureView), wanted, strict=False):
            view.set_class(path == self._at, "-marked")

    def _around(self) -> tuple[str, ...]:
        room = self.size.width or self.app.size.width
        most = max(1, room // (SMALL.columns + _GAP))
        at = self._paths.index(self._at) if self._at in self._paths else 0
        first = max(0, min(at - most // 2, len(self._paths) - most))
        return self._paths[first : first + most]
