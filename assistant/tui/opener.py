"""Opens the file of a passage at its place, from any screen."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.app import SuspendNotSupported
from textual.screen import Screen

from assistant.core.documents import Passage, Place
from assistant.core.text import one_line
from assistant.tui import folders, opening, viewers
from assistant.tui.strings import Strings


class Opener:
    """Text goes to the editor at its line, a PDF to the viewer at its page, the rest as it is."""

    def __init__(self, screen: Screen[None], strings: Strings) -> None:
        self._screen = screen
        self._strings = strings

    def open_passage(self, passage: Passage) -> None:
        """Open it; the disk and the desktop are asked in a thread."""
        self._screen.run_worker(self._opened(Path(passage.path), passage.place), group="open")

    def open_file(self, path: Path) -> None:
        """Open it from its beginning."""
        self._screen.run_worker(self._opened(path, Place()), group="open")

    async def _opened(self, path: Path, place: Place) -> None:
        name = one_line(str(path), 200)
        command = opening.editor(os.environ)
        if not await asyncio.to_thread(folders.exists, path):
            self._warn(self._strings.attach_missing.format(name))
        elif opening.is_text(path) and command is not None:
            self._in_editor(opening.at_line(command, path, place.line))
        elif await asyncio.to_thread(_viewed, path, place.page):
            where = f"{name} {one_line(self._strings.where(place), 60)}".strip()
            self._screen.notify(self._strings.opened.format(where), timeout=2, markup=False)
        else:
            self._warn(self._strings.no_opener.format(name))

    def _in_editor(self, command: list[str]) -> None:
        try:
            with self._screen.app.suspend():
                opening.run(command)
        except (OSError, SuspendNotSupported) as error:
            self._warn(
                self._strings.editor_missing.format(one_line(self._strings.tell_error(error), 200))
            )

    def _warn(self, text: str) -> None:
        self._screen.notify(text, severity="warning", markup=False)


def _viewed(path: Path, page: int | None) -> bool:
    """Whether a viewer took it, at the page if it can."""
    at_page = page is not None and path.suffix.lower() == ".pdf"
    return (at_page and viewers.open_at_page(path, page or 1)) or opening.view(path)
