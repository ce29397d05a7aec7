"""The list of conversations: what is in it, searching it, pinning, deleting and undoing."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.errors import StoreError
from assistant.core.text import one_line
from assistant.tui.ports import StoreLike
from assistant.tui.widgets.sidebar import Sidebar

LISTED = 200
"""Conversations listed at first; the search finds the others."""
HITS = 50


class Shelf:
    """Keeps the sidebar in step with the store."""

    def __init__(
        self, store: StoreLike, sidebar: Sidebar, on_trouble: Callable[[StoreError], None]
    ) -> None:
        self._store = store
        self._sidebar = sidebar
        self._on_trouble = on_trouble
        self._deleted: list[int] = []

    def refresh(self, current: int | None) -> None:
        """List the conversations again; a search in progress is left alone."""
        if self._sidebar.searching:
            return
        try:
            self._sidebar.show_conversations(self._store.recent(LISTED), current)
        except StoreError as error:
            self._on_trouble(error)

    def search(self, query: str, current: int | None) -> None:
        """List what matches, or everything again when there is no query."""
        if not query.strip():
            self.refresh(current)
            return
        try:
            self._sidebar.show_hits(self._store.search(query, HITS))
        except StoreError as error:
            self._on_trouble(error)

    def pin(self, conversation: int) -> None:
        """Pin it, or unpin it."""
        try:
            pinned = self._store.get(conversation).pinned
            self._store.set_pinned(conversation, not pinned)
        except StoreError as error:
            self._on_trouble(error)

    def delete(self, conversation: int) -> str | None:
        """Delete it; its title, or None when it couldn't be."""
        try:
            title = self._store.get(conversation).title
            self._store.delete(conversation)
        except StoreError as error:
            self._on_trouble(error)
            return None
        self._deleted.append(conversation)
        return one_line(title, 60)

    def undo(self) -> bool:
        """Bring back the conversation deleted last."""
        if not self._deleted:
            return False
        try:
            self._store.restore(self._deleted.pop())
        except StoreError as error:
            self._on_trouble(error)
            return False
        return True
