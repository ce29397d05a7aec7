"""The conversations by day, and the search over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.core.text import one_line
from assistant.tui.days import by_day
from assistant.tui.keys import bindings
from assistant.tui.ports import Clock, ConversationLike, HitLike
from assistant.tui.strings import Strings

TITLE_CHARACTERS = 80
SEARCH_PAUSE = 0.12
"""Seconds without a key before a search runs; about the time between two keys."""


class ConversationList(OptionList):
    """Options are conversations, `c<id>`, or hits, `h<number>`; headings are disabled options."""

    DEFAULT_CSS = """
    ConversationList {
        height: 1fr; max-height: 100%; border: none; padding: 0; background: $surface;
        scrollbar-size-vertical: 1; text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { border: none; background-tint: transparent 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $foreground-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]

    class Wanted(Message):
        """Something is to be done with a conversation: pin, delete; or undo the last delete."""

        def __init__(self, what: str, conversation: int | None) -> None:
            super().__init__()
            self.what = what
            self.conversation = conversation

    def action_pin(self) -> None:
        """Pin or unpin."""
        self.post_message(self.Wanted("pin", self._chosen()))

    def action_delete(self) -> None:
        """Delete; it can be undone."""
        self.post_message(self.Wanted("delete", self._chosen()))

    def action_undo(self) -> None:
        """Bring the last deleted one back."""
        self.post_message(self.Wanted("undo", None))

    def _chosen(self) -> int | None:
        option = self.highlighted_option
        is_one = option is not None and option.id is not None and option.id.startswith("c")
        return int(option.id[1:]) if is_one and option and option.id else None


class Sidebar(Vertical):
    """Search box over the list; the list shows hits while something is searched for."""

    DEFAULT_CSS = """
    Sidebar {
        width: 32; height: 1fr; background: $surface; padding: 0 1; display: none;
        & > .name { height: 3; padding: 1 1; color: $primary; text-style: bold; }
        & > Input {
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
        """The text in the search box, after a pause; empty when it was cleared."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    def __init__(self, strings: Strings, now: Clock) -> None:
        super().__init__()
        self._strings = strings
        self._now = now
        self._hits: Sequence[HitLike] = ()
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        strings = self._strings
        yield Static(f"✦ {strings.name}", classes="name", markup=False)
        yield Input(placeholder=f"⌕ {strings.search_placeholder}", select_on_focus=False)
        yield Static(strings.no_conversations, classes="empty", markup=False)
        yield ConversationList(markup=False, compact=True)

    def on_mount(self) -> None:
        """The cursor stands still where motion is unwanted."""
        self.query_one(Input).cursor_blink = self.app.animation_level != "none"

    def show_conversations(
        self, conversations: Sequence[ConversationLike], current: int | None
    ) -> None:
        """List them by day, the current one marked."""
        self._hits = ()
        options: list[Option] = []
        for heading, group in by_day(conversations, self._now(), self._strings):
            title = f"\n{heading}" if options else heading
            options.append(Option(Content.styled(title, "bold $foreground-muted"), disabled=True))
            options += [self._option(conversation, current) for conversation in group]
        self._fill(options, self._strings.no_conversations)
        if current is not None and any(c.id == current for c in conversations):
            self._list.highlighted = self._list.get_option_index(f"c{current}")

    def show_hits(self, hits: Sequence[HitLike]) -> None:
        """List what was found, the matches marked."""
        # A title is made from the first message: both would be found, and read the same.
        self._hits = list({(hit.conversation, hit.snippet): hit for hit in hits}.values())
        options = []
        for number, hit in enumerate(self._hits):
            title = Content.styled(one_line(hit.title, TITLE_CHARACTERS), "$foreground")
            found = marked(hit.snippet)
            shown = found if found.plain == title.plain else title + Content("\n  ") + found
            options.append(Option(shown, id=f"h{number}"))
        self._fill(options, self._strings.no_hits)

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self.query_one(Input).focus()

    def focus_list(self) -> None:
        """Put the cursor into the list."""
        self._list.focus()

    @property
    def searching(self) -> bool:
        """Whether something stands in the search box."""
        return bool(self.query_one(Input).value)

    def clear_search(self) -> None:
        """Empty the search box, which brings the conversations back."""
        self.query_one(Input).value = ""

    @property
    def _list(self) -> ConversationList:
        return self.query_one(ConversationList)

    def _option(self, conversation: ConversationLike, current: int | None) -> Option:
        title = one_line(conversation.title, TITLE_CHARACTERS) or self._strings.untitled
        is_current = conversation.id == current
        mark = Content.styled("▌", "$primary") if is_current else Content(" ")
        style = "bold $foreground" if is_current else ""
        return Option(mark + Content.styled(title, style), id=f"c{conversation.id}")

    def _fill(self, options: list[Option], when_empty: str) -> None:
        self._list.set_options(options)
        self.set_class(not options, "-empty")
        self.query_one(".empty", Static).update(Content(when_empty))

    @on(Input.Changed)
    def _search_soon(self, event: Input.Changed) -> None:
        event.stop()
        if self._pause is not None:
            self._pause.stop()
        query = event.value

        def search() -> None:
            self.post_message(self.Searched(query))

        self._pause = self.set_timer(SEARCH_PAUSE, search)

    @on(Input.Submitted)
    def _to_the_hits(self, event: Input.Submitted) -> None:
        event.stop()
        if self._list.option_count:
            self._list.focus()
            self._list.action_first()

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


def marked(snippet: str) -> Content:
    """A snippet with what lies between \\x02 and \\x03 marked."""
    parts: list[Content] = []
    for piece in snippet.split("\x02"):
        match, closed, rest = piece.partition("\x03")
        if not closed:
            match, rest = "", piece
        parts.append(Content.styled(one_line(match), "bold $primary") if match else Content())
        parts.append(Content(_flat(rest)))
    return Content("").join(parts)


def _flat(text: str) -> str:
    """Like `one_line`, with the spaces at the ends that part it from a match."""
    flat = one_line(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and flat else ""
    return f"{before}{flat}{after}"
