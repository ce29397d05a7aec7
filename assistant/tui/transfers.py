"""Exports and imports conversations for the chat, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from assistant.core.errors import AssistantError
from assistant.core.text import one_line
from assistant.tui.folders import as_path
from assistant.tui.ports import StoreLike
from assistant.tui.strings import Strings

if TYPE_CHECKING:
    from assistant.store.exporting import Kind


class Transfers:
    """Runs them for one screen; the outcome is a toast."""

    def __init__(
        self,
        store: StoreLike,
        strings: Strings,
        screen: Screen[None],
        on_import: Callable[[], None],
    ) -> None:
        self._store = store
        self._names = strings
        self._strings = strings.library
        self._screen = screen
        self._on_import = on_import

    def export(self, text: str, conversation: int | None) -> None:
        """Write a conversation, or all, as "md", "json" or "all" and a target say."""
        kind, _, target = text.strip().partition(" ")
        if kind not in ("", "md", "json", "all"):
            self._warn(self._strings.exporting_needs_kind)
        elif conversation is None and kind != "all":
            self._warn(self._strings.nothing_to_export)
        else:
            chosen = None if kind == "all" else conversation
            form: Kind = "md" if kind in ("", "md") else "json"
            self._screen.run_worker(self._exported(chosen, form, _path(target)), group="transfer")

    def import_(self, text: str) -> None:
        """Add the conversations of an exported file."""
        if text.strip():
            self._screen.run_worker(self._imported(_path(text)), group="transfer")
        else:
            self._warn(self._strings.import_needs_path)

    async def _exported(self, conversation: int | None, kind: Kind, target: Path) -> None:
        from assistant.store.exporting import export

        try:
            path = await asyncio.to_thread(export, self._store, conversation, kind, target)
        except (AssistantError, OSError, ValueError) as error:
            self._warn(self._names.tell_error(error))
        else:
            self._say(self._strings.exported.format(one_line(str(path), 300)))

    async def _imported(self, path: Path) -> None:
        from assistant.store.exporting import import_file

        try:
            result = await asyncio.to_thread(import_file, self._store, path)
        except (AssistantError, OSError, ValueError) as error:
            self._warn(self._names.tell_error(error))
            return
        self._say(self._strings.imported.format(result.added, result.known))
        if result.refused:
            first = self._names.tell(result.refused[0])
            self._warn(self._strings.refused.format(result.refused_count, first))
        self._on_import()

    def _say(self, text: str) -> None:
        self._screen.notify(text, timeout=6, markup=False)

    def _warn(self, text: str) -> None:
        self._screen.notify(one_line(text, 400), severity="warning", timeout=8, markup=False)


def _path(text: str) -> Path:
    return as_path(text.strip().strip("'\""))
