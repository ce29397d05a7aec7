"""Lets one pick a folder or file: a path to type, what is there below it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from assistant.core.text import one_line, sanitize
from assistant.tui.folders import Entry, Listing, as_path, exists, look, split
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings
from assistant.tui.widgets.lines import LineList

HERE = Entry(".", is_folder=True)


class EntryList(LineList[Entry]):
    """The folder itself, then what is in it; steered from the path above."""

    DEFAULT_CSS = "EntryList { height: 12; } EntryList:focus > .lines--cursor { text-style: none; }"
    can_focus = False

    def __init__(self, strings: Strings) -> None:
        super().__init__(id="entries", chooses_on_click=True)
        self._texts = strings.screens.documents

    def key(self, row: Entry) -> Hashable:
        return row.name

    def draw(self, row: Entry, width: int) -> Content:  # noqa: ARG002 - the list cuts the line
        if row is HERE:
            return Content.styled(f"+ {self._texts.add_this}", "bold $success")
        name = Content(_shown(row.name))
        for offset in row.offsets:
            name = name.stylize("bold $primary", offset, offset + 1)
        mark = ("▸ ", "$primary") if row.is_folder else ("  ", "")
        return Content.assemble(mark) + name + Content("/" if row.is_folder else "")


class PickScreen(Dialog[Path]):
    """Gives the path of an existing folder or file, or None.

    Typing narrows the list; Tab (or a click) opens the chosen folder; Enter picks what is
    chosen, where the first line stands for the folder typed.
    """

    DEFAULT_CSS = """
    PickScreen Input { border: none; height: 1; padding: 0 1; background: $panel;
                       margin: 0 0 1 0; }
    PickScreen Input:focus { border: none; }
    PickScreen .trouble { color: $error; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("tab", "open", show=False, priority=True),
    ]

    def __init__(self, strings: Strings, start: str = "~/") -> None:
        texts = strings.screens.documents
        super().__init__(texts.add_title, texts.add_keys)
        self._strings = strings
        self._path = Input(start, placeholder=texts.add_placeholder, select_on_focus=False)
        self._list = EntryList(strings)
        self._trouble = Static(classes="trouble", markup=False)
        self._listing: Listing | None = None

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
        self.run_worker(self._looked(self._path.value), group="look", exclusive=True)

    async def _looked(self, typed: str) -> None:
        listing = await asyncio.to_thread(look, typed)
        self._listing = listing
        _, wanted = split(typed)
        entries = list(listing.entries) if wanted else [HERE, *listing.entries]
        self._list.show(entries)
        self._list.action_edge(-1)
        more = self._strings.screens.documents.add_more if listing.has_more else ""
        self._trouble.update(Content.styled(more, "$foreground-muted"))

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
        exact = as_path(typed)
        row = self._list.row
        if await asyncio.to_thread(exists, exact) and (row is None or row is HERE):
            self._pick(exact)
        elif row is not None and row is not HERE and self._listing is not None:
            self._pick(self._listing.folder / row.name)
        else:
            said = self._strings.attach_missing.format(one_line(str(exact), 200))
            self._trouble.update(Content(said))

    def _complete(self, entry: Entry) -> None:
        folder, _ = split(self._path.value)
        self._path.value = f"{folder}{entry.name}{'/' if entry.is_folder else ''}"
        self._path.cursor_position = len(self._path.value)

    def _pick(self, path: Path) -> None:
        self.dismiss(path)


def _shown(name: str) -> str:
    """A file's name with as many characters as it has, so that marks stay in place."""
    return "".join(c if sanitize(c) == c and c not in "\n\t" else "\ufffd" for c in name)
