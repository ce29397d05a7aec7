"""Lets one pick the folder or file that is to be read."""

from __future__ import annotations

from pathlib import Path

from assistant.tui.screens.browse import BrowseScreen
from assistant.tui.strings import Strings


class PickScreen(BrowseScreen[Path]):
    """Gives the path of an existing folder or file, or None."""

    def __init__(self, strings: Strings) -> None:
        texts = strings.screens.documents
        super().__init__(strings, texts.add_title, texts.add_keys, texts.add_this)

    def take(self, path: Path) -> str:
        self.dismiss(path)
        return ""
