"""Lets one pick the file, or the images of a folder, that go with a message."""

from __future__ import annotations

from pathlib import Path

from assistant.core.text import one_line
from assistant.tui.attachments import existing_file, images_of_folder, why_not
from assistant.tui.screens.browse import BrowseScreen
from assistant.tui.strings import Strings


class AttachScreen(BrowseScreen[tuple[Path, ...]]):
    """Gives the path of an existing file, or those of the images in a folder; or None."""

    TAKES_FOLDERS = False

    def __init__(self, strings: Strings) -> None:
        super().__init__(strings, strings.attach_title, strings.attach_keys, strings.attach_here)

    def path_of(self, typed: str) -> Path:
        """A file may be written as an address, too."""
        return existing_file(typed) or super().path_of(typed)

    def take(self, path: Path) -> str:
        if path.is_file():
            self.dismiss((path,))
            return ""
        images = images_of_folder(str(path))
        if images:
            self.dismiss(images)
            return ""
        if path.is_dir():
            return self._strings.attach_none.format(one_line(path.name, 60))
        return why_not(str(path), self._strings)
