"""The sidebar on a store: lists, searches, renames, pins, archives, deletes and undoes."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from assistant.core.errors import StoreError
from assistant.core.text import one_line
from assistant.tui.ports import Clock, ConversationLike, StoreLike
from assistant.tui.strings import Strings
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.sidebar import RenameField, Sidebar

PAGE = 100
"""Conversations listed at first, and added each time one comes to the end."""
HITS = 50
WIDE = 100
"""From this many columns on it has a place of its own; below it lies over the rest."""
LOOK_SECONDS = 2.0
"""How often to look whether another program changed the conversations."""


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
        self._archived = False
        self._listed: tuple[object, ...] = ()
        self._count = 0
        self._deleted: list[int] = []
        self.current: int | None = None

    def on_mount(self) -> None:
        """Begin to look for what other programs change."""
        super().on_mount()
        self.set_interval(LOOK_SECONDS, self._look)

    # --- its place ------------------------------------------------------------------------

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

    def visit(self) -> bool:
        """Show it with the focus, or put it away when it has that; whether it is shown now."""
        self.show(not (self.is_shown and self.has_focus_within))
        if self.is_shown:
            self.focus_list()
        return self.is_shown

    def place(self, width: int) -> None:
        """Find its place in a terminal so many columns wide."""
        narrow = width < WIDE
        self._over = self._over and narrow
        self.set_class(self._over if narrow else self._beside, "-shown")
        self.set_class(narrow, "-over")
        # The last row is the status line, which says what the keys do.
        self.styles.height = self.app.size.height - 1 if narrow else "1fr"

    # --- what it lists --------------------------------------------------------------------

    def list_again(self) -> None:
        """Read the conversations from the store; a search or a title being written is left
        alone, and nothing is drawn that has not changed."""
        if not self.is_attached or self.searching or self.renaming:
            return
        try:
            count = max(PAGE, self._count) if self.list.has_focus else PAGE
            found = self._store.recent(count, archived=self._archived)
        except StoreError as error:
            self._on_trouble(error)
            return
        listed = (self.current, self._archived, *found)
        if listed != self._listed:
            self._listed = listed
            self._count = len(found)
            self.show_conversations(found, self.current, self._archived)

    @property
    def is_archive(self) -> bool:
        """Whether the archived conversations are listed."""
        return self._archived

    def show_archive(self, archived: bool) -> None:
        """List the archived conversations, or the others."""
        self._archived = archived
        self._count = 0
        self.clear_search()
        self.list_again()

    @on(ConversationList.MoreWanted)
    def _extend(self, event: ConversationList.MoreWanted) -> None:
        event.stop()
        if self.searching:
            return
        try:
            more = self._store.recent(PAGE, self._count, archived=self._archived)
        except StoreError as error:
            self._on_trouble(error)
            return
        if more:
            self._count += len(more)
            self._listed += tuple(more)
            self.list.extend(more, self.current)

    @on(Sidebar.Searched)
    def _search_for(self, event: Sidebar.Searched) -> None:
        event.stop()
        self._listed = ()
        if not event.query_text.strip():
            self.list_again()
            return
        try:
            self.show_hits(self._store.search(event.query_text, HITS))
        except StoreError as error:
            self._on_trouble(error)

    def _look(self) -> None:
        try:
            changed = self._store.changed_elsewhere()
        except StoreError:
            return  # said by what the person does next
        if changed:
            self.list_again()

    # --- what is done with them -----------------------------------------------------------

    @on(ConversationList.Wanted)
    async def _change(self, event: ConversationList.Wanted) -> None:
        event.stop()
        await self.act(event.what, event.conversation)

    async def act(self, what: str, conversation: int | None) -> None:
        """Do with a conversation what the keys of the list do."""
        if what == "archived":
            self.show_archive(not self._archived)
            return
        try:
            if what == "undo":
                self._undo()
            elif conversation is not None:
                await self._act_on(what, self._store.get(conversation))
        except StoreError as error:
            self._on_trouble(error)
        self.list_again()

    async def _act_on(self, what: str, conversation: ConversationLike) -> None:
        strings, title = self._strings.library, one_line(conversation.title, 60)
        if what == "rename":
            await self.rename(conversation.id, conversation.title)
        elif what == "pin":
            self._store.set_pinned(conversation.id, not conversation.pinned)
        elif what == "archive":
            self._store.set_archived(conversation.id, not conversation.archived)
            said = strings.unarchived if conversation.archived else strings.archived
            self.notify(self._strings.keyed(said, title), markup=False)
        elif what == "delete":
            self._store.delete(conversation.id)
            self._deleted.append(conversation.id)
            self.notify(self._strings.keyed(self._strings.deleted, title), markup=False)
            if conversation.id == self.current:
                self.post_message(self.Deleted())

    @on(RenameField.Done)
    async def _renamed(self, event: RenameField.Done) -> None:
        event.stop()
        fields = self.query(RenameField)
        if not fields:
            return
        had_focus = fields.first().has_focus
        await fields.remove()
        if event.title:
            try:
                self._store.rename(event.conversation, event.title)
            except StoreError as error:
                self._on_trouble(error)
        if had_focus:
            self.focus_list()
        self.list_again()

    def _undo(self) -> None:
        if self._deleted:
            self._store.restore(self._deleted.pop())
            self.notify(self._strings.undo, markup=False)
