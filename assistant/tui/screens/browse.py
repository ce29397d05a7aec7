"""Looks through folders for a path: one to type, what is there below it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Hashable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from assistant.core.text import sanitize
from assistant.tui.attachments import why_not
from assistant.tui.folders import Entry, Listing, as_path, exists, look, split
from assistant.tui.screens.dialog import Dialog, Result
from assistant.tui.strings import Strings
from assistant.tui.widgets.lines import LineList

HERE = Entry(".", is_folder=True)
START = "~/"
_WHOLE = re.compile(r"['\"]?(?:[/~]|file:|[A-Za-z]:\\)")
"""How a path begins that is not below the one at the start."""


class EntryList(LineList[Entry]):
    """The folder itself, then what is in it; steered from the path above."""

    DEFAULT_CSS = "EntryList { height: 12; } EntryList:focus > .lines--cursor { text-style: none; }"
    can_focus = False

    def __init__(self, here: str) -> None:
        super().__init__(id="entries", chooses_on_click=True)
        self._here = here

    def key(self, row: Entry) -> Hashable:
        return row.name

    def draw(self, row: Entry, width: int) -> Content:  # noqa: ARG002 - the list cuts the line
        if row is HERE:
            return Content.styled(f"+ {self._here}", "bold $success")
        name = Content(_shown(row.name))
        for offset in row.offsets:
            name = name.stylize("bold $primary", offset, offset + 1)
        mark = ("▸ ", "$primary") if row.is_folder else ("  ", "")
        return Content.assemble(mark) + name + Content("/" if row.is_folder else "")


class BrowseScreen(Dialog[Result]):
    """What picks a path: subclasses say what it becomes.

    Typing narrows the list; Tab (or a click) opens the chosen folder; Enter picks what is
    chosen, where the first line stands for the folder typed. A whole path that is pasted takes
    the place of the one it begins with.

    Args:
        here: what picking the folder itself does.
    """

    DEFAULT_CSS = """
    BrowseScreen Input { border: none; height: 1; padding: 0 1; background: $panel;
                         margin: 0 0 1 0; }
    BrowseScreen Input:focus { border: none; }
    BrowseScreen .trouble { color: $error; height: auto; min-height: 1; max-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("tab", "open", show=False, priority=True),
    ]

    TAKES_FOLDERS: ClassVar[bool] = True
    """Whether Enter takes the folder under the cursor; else it opens it."""

    def __init__(self, strings: Strings, title: str, keys: str, here: str) -> None:
        super().__init__(title, keys)
        self._strings = strings
        placeholder = strings.screens.documents.add_placeholder
        self._path = Input(START, placeholder=placeholder, select_on_focus=False)
        self._list = EntryList(here)
        self._trouble = Static(classes="trouble", markup=False)
        self._listing: Listing | None = None
        self._looked_at = ""

    def parts(self) -> ComposeResult:
        yield self._path
        yield self._list
        yield self._trouble

    def action_move(self, step: int) -> None:
        """Up or down the list."""
        self._list.action_move(step)

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        self._list.action_page(step)

    def action_open(self) -> None:
        """Go into the folder under the cursor (or the best match), or complete a file's name."""
        row = self._list.row
        if row is HERE and len(self._list.rows) > 1:
            row = self._list.rows[1]
        if row is not None and row is not HERE:
            self._complete(row)

    @on(Input.Changed)
    def _look(self) -> None:
        pasted = self._path.value.removeprefix(START)
        if pasted != self._path.value and _WHOLE.match(pasted):
            self._path.value = pasted.strip("'\"")
            self._path.cursor_position = len(self._path.value)
            return
        self.run_worker(self._looked(self._path.value), group="look", exclusive=True)

    async def _looked(self, typed: str) -> None:
        listing = await asyncio.to_thread(look, typed)
        self._listing, self._looked_at = listing, typed
        _, wanted = split(typed)
        is_offered = not wanted and (self.TAKES_FOLDERS or typed != START)
        entries = [HERE, *listing.entries] if is_offered else list(listing.entries)
        self._list.show(entries)
        self._list.action_edge(-1)
        texts = self._strings.screens.documents
        said = texts.add_more if listing.has_more else ""
        if not listing.entries:
            said = texts.add_nothing
        self._trouble.update(Content.styled(said, "$foreground-muted"))

    @on(LineList.Chosen)
    def _clicked(self) -> None:
        row = self._list.row
        if row is HERE:
            self._pick(as_path(split(self._path.value)[0]))
        elif row is not None and row.is_folder:
            self._complete(row)
        elif row is not None and self._listing is not None:
            self._pick(self._listing.folder / row.name)
        self._path.focus()

    @on(Input.Submitted)
    async def _submit(self) -> None:
        typed = self._path.value.strip().strip("'\"")
        exact = self.path_of(typed)
        if self._looked_at != typed:  # Enter may come before the list follows
            await self._looked(typed)
        row = self._list.row
        is_typed = row is None or row is HERE or row.name == split(typed)[1]
        if is_typed and await asyncio.to_thread(exists, exact):
            self._pick(exact)
        elif row is not None and row.is_folder and not self.TAKES_FOLDERS:
            self._complete(row)
        elif row is not None and row is not HERE and self._listing is not None:
            self._pick(self._listing.folder / row.name)
        else:
            self._trouble.update(Content(why_not(str(exact), self._strings)))

    def _complete(self, entry: Entry) -> None:
        folder, _ = split(self._path.value)
        self._path.value = f"{folder}{entry.name}{'/' if entry.is_folder else ''}"
        self._path.cursor_position = len(self._path.value)

    def path_of(self, typed: str) -> Path:
        """The path a text stands for."""
        return as_path(typed)

    def take(self, path: Path) -> str:
        """Take what was picked; why it can't be taken."""
        raise NotImplementedError

    def _pick(self, path: Path) -> None:
        self._trouble.update(Content(self.take(path)))


def _shown(name: str) -> str:
    """A file's name with as many characters as it has, so that marks stay in place."""
    return "".join(c if sanitize(c) == c and c not in "\n\t" else "\ufffd" for c in name)
