"""Asks for the path of a file, completing it as one types."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from assistant.tui.attachments import existing_file, images_of_folder, why_not
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings

MAX_ENTRIES = 5_000
"""A folder is looked through this far for a completion."""


class AttachScreen(Dialog[tuple[Path, ...]]):
    """Gives the path of an existing file, or those of the images in a folder; or None."""

    DEFAULT_CSS = """
    AttachScreen Input { border: none; height: 1; padding: 0 1; background: $panel; }
    AttachScreen Input:focus { border: none; }
    AttachScreen .trouble { color: $error; margin: 1 0 0 0; display: none; }
    """

    def __init__(self, strings: Strings) -> None:
        super().__init__(strings.attach_title, strings.close_hint)
        self._strings = strings

    def parts(self) -> ComposeResult:
        yield Input(placeholder=self._strings.attach_placeholder, suggester=PathSuggester())
        yield Static(classes="trouble", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        written = event.value.strip().strip("'\"")
        path = existing_file(written)
        paths = images_of_folder(written) if path is None else (path,)
        if paths:
            self.dismiss(paths)
            return
        trouble = self.query_one(".trouble", Static)
        trouble.update(Content(why_not(written, self._strings)))
        trouble.display = True


class PathSuggester(Suggester):
    """Completes the last part of a path from what is in the folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(completed, value)


def completed(value: str) -> str | None:
    """The path with its last part completed by the first entry that begins like it."""
    folder, _, beginning = value.rpartition("/")
    if not value or not beginning:
        return None
    try:
        place = Path(f"{folder}/" if folder or value.startswith("/") else ".").expanduser()
        with os.scandir(place) as entries:
            names = [
                (e.name, e.is_dir()) for e, _ in zip(entries, range(MAX_ENTRIES), strict=False)
            ]
    except (OSError, RuntimeError, ValueError):
        return None
    found = min((n for n in names if n[0].startswith(beginning)), default=None)
    if found is None:
        return None
    return f"{value[: len(value) - len(beginning)]}{found[0]}{'/' if found[1] else ''}"
