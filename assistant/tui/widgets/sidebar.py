"""The conversations by day, the search over all of them, and the field to rename one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from assistant.core.text import one_line
from assistant.tui.ports import Clock, ConversationLike, HitLike
from assistant.tui.strings import Strings
from assistant.tui.widgets.conversation_list import ConversationList

SEARCH_GAP = 0.03
"""Seconds between searches: the first key is searched for at once, those of a repeat together."""


class RenameField(Input):
    """Lies over the row of the conversation it renames; Esc or leaving it changes nothing."""

    DEFAULT_CSS = """
    RenameField {
        position: absolute; layer: above; width: 1fr; height: 1; border: none; padding: 0 1;
        background: $block-cursor-background; color: $block-cursor-foreground;
        &:focus { border: none; background-tint: transparent 0%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Done(Message):
        """The title to give; empty to leave it."""

        def __init__(self, conversation: int, title: str) -> None:
            super().__init__()
            self.conversation = conversation
            self.title = title

    def __init__(self, conversation: int, title: str, row: int) -> None:
        super().__init__(title)
        self._conversation = conversation
        self.styles.offset = (0, row)

    def on_mount(self) -> None:
        """The cursor stands still where motion is unwanted."""
        self.cursor_blink = self.app.animation_level != "none"

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done(self._conversation, event.value))

    @on(Input.Changed)
    def _keep_to_itself(self, event: Input.Changed) -> None:
        event.stop()

    def _on_blur(self, event: events.Blur) -> None:
        super()._on_blur(event)
        self.action_leave()

    def action_leave(self) -> None:
        """Leave the title as it is."""
        self.post_message(self.Done(self._conversation, ""))


class SearchBox(Input):
    """What is searched for; ↓ goes on to what was found."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "submit", show=False)]


class Sidebar(Vertical):
    """Search box over the list; the list shows hits while something is searched for."""

    DEFAULT_CSS = """
    Sidebar {
        width: 32; height: 1fr; background: $surface; padding: 0 1; display: none;
        layers: base above;
        & > .name { height: 3; padding: 1 1; color: $primary; text-style: bold; }
        & > Input.search {
            height: 1; border: none; padding: 0 1; margin: 0 0 1 0; background: $panel;
            &:focus { border: none; background: $block-cursor-background; }
            & > .input--placeholder { color: $foreground-disabled; }
        }
        & > .empty { color: $foreground-disabled; padding: 0 1; height: auto; display: none; }
        &.-empty > .empty { display: block; }
        &.-shown { display: block; }
    }
    """

    class Chosen(Message):
        """A conversation is to be opened, at a message when it came from a search."""

        def __init__(self, conversation: int, message: int | None = None) -> None:
            super().__init__()
            self.conversation = conversation
            self.message = message

    class Searched(Message):
        """The text in the search box; empty when it was cleared."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    def __init__(self, strings: Strings, now: Clock) -> None:
        super().__init__()
        self._strings = strings
        self._hits: Sequence[HitLike] = ()
        self._gap: Timer | None = None
        self._searched = ""
        self.list = ConversationList(strings, now)
        self._search = SearchBox(
            placeholder=f"⌕ {strings.search_placeholder}", select_on_focus=False, classes="search"
        )

    def compose(self) -> ComposeResult:
        strings = self._strings
        yield Static(f"✦ {strings.name}", classes="name", markup=False)
        yield self._search
        yield Static(strings.no_conversations, classes="empty", markup=False)
        yield self.list

    def on_mount(self) -> None:
        """The cursor stands still where motion is unwanted."""
        self._search.cursor_blink = self.app.animation_level != "none"

    def show_conversations(
        self, conversations: Sequence[ConversationLike], current: int | None, archived: bool
    ) -> None:
        """List them by day, the current one marked."""
        strings = self._strings
        self._hits = ()
        self.list.fill(conversations, current)
        empty = strings.library.archive_empty if archived else strings.no_conversations
        self._say_when_empty(empty)
        name = f"{strings.name} · {strings.library.archive}" if archived else strings.name
        self.query_one(".name", Static).update(Content(f"✦ {name}"))

    def show_hits(self, hits: Sequence[HitLike]) -> None:
        """List what was found, the matches marked."""
        # A title is made from the first message: both would be found, and read the same.
        self._hits = list({(hit.conversation, hit.snippet): hit for hit in hits}.values())
        self.list.show_hits(self._hits)
        self._say_when_empty(self._strings.no_hits)

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self._search.focus()

    def focus_list(self) -> None:
        """Put the cursor into the list."""
        self.list.focus()

    @property
    def searching(self) -> bool:
        """Whether something stands in the search box."""
        return bool(self._search.value)

    @property
    def renaming(self) -> bool:
        """Whether a title is being written."""
        return bool(self.query(RenameField))

    def clear_search(self) -> None:
        """Empty the search box, which brings the conversations back."""
        self._search.value = ""

    async def rename(self, conversation: int, title: str) -> None:
        """Let the person write another title, over the row under the cursor."""
        row = self.list.chosen_row
        top = self.list.region.y - self.content_region.y
        await self.query(RenameField).remove()
        field = RenameField(conversation, one_line(title), top + (row or 0))
        await self.mount(field)
        field.focus()

    def _say_when_empty(self, text: str) -> None:
        self.set_class(not self.list.option_count, "-empty")
        self.query_one(".empty", Static).update(Content(text))

    @on(Input.Changed, ".search")
    def _search_soon(self, event: Input.Changed) -> None:
        event.stop()
        if self._gap is None:
            self._search_now()

    def _search_now(self) -> None:
        self._searched = self._search.value
        self._gap = self.set_timer(SEARCH_GAP, self._search_for_the_rest)
        self.post_message(self.Searched(self._searched))

    def _search_for_the_rest(self) -> None:
        self._gap = None
        if self._search.value != self._searched:
            self._search_now()

    @on(Input.Submitted, ".search")
    def _to_the_hits(self, event: Input.Submitted) -> None:
        event.stop()
        if self.list.option_count:
            self.list.focus()
            self.list.action_first()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is None:
            return
        number = int(event.option_id[1:])
        if event.option_id.startswith("h"):
            hit = self._hits[number]
            self.post_message(self.Chosen(hit.conversation, hit.message))
        else:
            self.post_message(self.Chosen(number))
