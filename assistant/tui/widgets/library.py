"""The sidebar on a store: fills the list, searches, pins, deletes and undoes, finds its place."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from assistant.core.errors import StoreError
from assistant.core.text import one_line
from assistant.tui.ports import Clock, StoreLike
from assistant.tui.strings import Strings
from assistant.tui.widgets.sidebar import ConversationList, Sidebar

LISTED = 200
"""Conversations listed at first; the search finds the others."""
HITS = 50
WIDE = 100
"""From this many columns on it has a place of its own; below it lies over the rest."""


class Library(Sidebar):
    """Keeps itself in step with the store; says when the conversation in view was deleted."""

    DEFAULT_CSS = """
    Library.-over { layer: overlay; dock: left; width: 40; max-width: 80%; }
    """

    class Deleted(Message):
        """The conversation in view was deleted."""

    def __init__(
        self,
        store: StoreLike,
        strings: Strings,
        now: Clock,
        on_trouble: Callable[[StoreError], None],
        *,
        beside: bool,
    ) -> None:
        super().__init__(strings, now)
        self._store = store
        self._on_trouble = on_trouble
        self._beside = beside
        self._over = False
        self._deleted: list[int] = []
        self.current: int | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-shown")

    @property
    def is_over(self) -> bool:
        """Whether it lies over the transcript, and should go when it was used."""
        return self._over

    def show(self, shown: bool) -> None:
        """Beside the transcript where there is room, else over it until it is left."""
        if self.app.size.width < WIDE:
            self._over = shown
        else:
            self._beside = shown
        self.place(self.app.size.width)

    def place(self, width: int) -> None:
        """Find its place in a terminal so many columns wide."""
        narrow = width < WIDE
        self._over = self._over and narrow
        self.set_class(self._over if narrow else self._beside, "-shown")
        self.set_class(narrow, "-over")

    def list_again(self) -> None:
        """Read the conversations from the store; a search in progress is left alone."""
        if not self.is_attached or self.searching:
            return
        try:
            self.show_conversations(self._store.recent(LISTED), self.current)
        except StoreError as error:
            self._on_trouble(error)

    @on(Sidebar.Searched)
    def _search(self, event: Sidebar.Searched) -> None:
        event.stop()
        if not event.query_text.strip():
            self.list_again()
            return
        try:
            self.show_hits(self._store.search(event.query_text, HITS))
        except StoreError as error:
            self._on_trouble(error)

    @on(ConversationList.Wanted)
    def _change(self, event: ConversationList.Wanted) -> None:
        event.stop()
        try:
            if event.what == "undo":
                self._undo()
            elif event.conversation is not None and event.what == "pin":
                pinned = self._store.get(event.conversation).pinned
                self._store.set_pinned(event.conversation, not pinned)
            elif event.conversation is not None:
                self._delete(event.conversation)
        except StoreError as error:
            self._on_trouble(error)
        self.list_again()

    def _delete(self, conversation: int) -> None:
        title = self._store.get(conversation).title
        self._store.delete(conversation)
        self._deleted.append(conversation)
        self.notify(self._strings.deleted.format(one_line(title, 60)), markup=False)
        if conversation == self.current:
            self.post_message(self.Deleted())

    def _undo(self) -> None:
        if self._deleted:
            self._store.restore(self._deleted.pop())
            self.notify(self._strings.undo, markup=False)
