"""The list in the sidebar: conversations by day or what a search found, and its keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option, OptionDoesNotExist

from assistant.core.text import one_line
from assistant.tui.days import by_day
from assistant.tui.keys import bindings
from assistant.tui.ports import Clock, ConversationLike, HitLike
from assistant.tui.strings import Strings

TITLE_CHARACTERS = 80
NEAR_END = 20
"""Rows before the end at which more are asked for."""


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
        """Something is to be done with a conversation (`pin`, `rename`, `archive`, `delete`) or
        with the list (`undo` the last delete, `archived`: change between list and archive)."""

        def __init__(self, what: str, conversation: int | None) -> None:
            super().__init__()
            self.what = what
            self.conversation = conversation

    class MoreWanted(Message):
        """The reader comes to the end of what is listed."""

    def __init__(self, strings: Strings, now: Clock) -> None:
        super().__init__(markup=False, compact=True)
        self._strings = strings
        self._now = now
        self._heading = ""
        self._rows: list[int] = []
        """Lines of each option: headings after the first have an empty one above them."""

    def action_want(self, what: str) -> None:
        """Ask for something to be done with the conversation under the cursor."""
        self.post_message(self.Wanted(what, self.chosen))

    @property
    def chosen(self) -> int | None:
        """The conversation under the cursor."""
        option = self.highlighted_option
        is_one = option is not None and option.id is not None and option.id.startswith("c")
        return int(option.id[1:]) if is_one and option and option.id else None

    @property
    def chosen_row(self) -> int | None:
        """How many rows below the top of the list the cursor is; None when out of sight."""
        if self.highlighted is None:
            return None
        row = sum(self._rows[: self.highlighted]) - round(self.scroll_offset.y)
        return row if 0 <= row < self.size.height else None

    def fill(self, conversations: Sequence[ConversationLike], current: int | None) -> None:
        """List conversations by day instead of what was there, the current one marked; the
        cursor stays where it was, or at its place where that is gone."""
        option, at = self.highlighted_option, self.highlighted
        self._heading = ""
        self._put(self._made(conversations, current))
        for wanted in (option.id if option else None, f"c{current}"):
            try:
                self.highlighted = self.get_option_index(wanted or "")
            except OptionDoesNotExist:
                continue
            return
        if at is not None and self.has_focus:
            self._highlight_near(at)

    def extend(self, conversations: Sequence[ConversationLike], current: int | None) -> None:
        """List more, after what is there."""
        options = self._made(conversations, current)
        self._rows += [_rows(option) for option in options]
        self.add_options(options)

    def show_hits(self, hits: Iterable[HitLike]) -> None:
        """List what was found, the matches marked."""
        options = []
        for number, hit in enumerate(hits):
            title = Content.styled(one_line(hit.title, TITLE_CHARACTERS), "$foreground")
            found = marked(_QUOTE_SIGNS.sub("", hit.snippet))
            quiet = Content("\n   ") + found.stylize_before("$foreground-muted")
            shown = found if found.plain == title.plain else title + quiet
            options.append(Option(Content(" ") + shown, id=f"h{number}"))
        self._put(options)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for more before the end is reached."""
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and self.max_scroll_y - new_value < NEAR_END:
            self.post_message(self.MoreWanted())

    def _put(self, options: list[Option]) -> None:
        self._rows = [_rows(option) for option in options]
        self.set_options(options)

    def _highlight_near(self, at: int) -> None:
        """The next conversation where one was taken out, else the last."""
        enabled = [i for i, option in enumerate(self.options) if not option.disabled]
        self.highlighted = next((i for i in enabled if i >= at), enabled[-1] if enabled else None)

    def _made(self, conversations: Sequence[ConversationLike], current: int | None) -> list[Option]:
        options: list[Option] = []
        for heading, group in by_day(conversations, self._now(), self._strings):
            if heading != self._heading:
                title = f"\n {heading}" if self._heading else f" {heading}"
                heading_style = "bold $foreground-muted"
                options.append(Option(Content.styled(title, heading_style), disabled=True))
                self._heading = heading
            options += [self._option(conversation, current) for conversation in group]
        return options

    def _option(self, conversation: ConversationLike, current: int | None) -> Option:
        title = one_line(conversation.title, TITLE_CHARACTERS) or self._strings.untitled
        is_current = conversation.id == current
        mark = Content.styled("▌", "$primary") if is_current else Content(" ")
        style = "bold $foreground" if is_current else ""
        return Option(mark + Content.styled(title, style), id=f"c{conversation.id}")


_QUOTE_SIGNS = re.compile(r"(?m)(?:^|(?<=\s))> ")
"""Of the Markdown of answers, which is not drawn in the list."""


def _rows(option: Option) -> int:
    return str(option.prompt).count("\n") + 1


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
