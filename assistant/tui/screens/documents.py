"""The documents: collections, what became of every file, what is being read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from assistant.core.collections import CollectionStatus, CollectionSummary, FileReceipt
from assistant.core.documents import Passage, Place
from assistant.core.text import one_line
from assistant.engine.wire import IndexAdd, IndexForget, IndexSync
from assistant.tui.keys import bindings
from assistant.tui.receipts import FILTERS, Counts, RootRow, Row, count, rows
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.widgets import gauge
from assistant.tui.widgets.collections import CollectionList
from assistant.tui.widgets.lines import LineList
from assistant.tui.widgets.reading import ReadingLine
from assistant.tui.widgets.receipt import ReceiptList
from assistant.tui.widgets.tabs import Tabs

REFRESH_SECONDS = 5.0
"""While files are read, the receipt is asked for this often."""
KEYS = ("add", "sync", "watch", "forget", "open_file", "find", "filter", "collection", "duplicates")

WORKING_KEYS = tuple("stop_reading" if name == "sync" else name for name in KEYS)


class DocumentsScreen(Page):
    """Shows the collection in scope; what is begun here goes on without this screen."""

    DEFAULT_CSS = """
    DocumentsScreen {
        ReadingLine { margin: 1 0; }
        #narrow { height: 1; margin: 0 0 1 0; }
        &.-short ReadingLine { margin: 1 0 0 0; }
        &.-short #narrow { margin: 0; }
        #find { width: 24; height: 1; border: none; padding: 0 1; background: $panel; }
        #find:focus { border: none; background: $block-cursor-blurred-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("documents")]
    AUTO_FOCUS = "ReceiptList"

    def __init__(self, services: Services) -> None:
        super().__init__(services, services.strings.screens.documents.title)
        self._indexing = services.indexing
        self._texts = services.strings.screens.documents
        self._list = CollectionList(self._indexing, services.strings)
        self._files = ReceiptList(services.strings)
        self._progress = ReadingLine(self._indexing, services.strings, self.key)
        self._tabs = Tabs()
        self._find = Input(placeholder=self._texts.find, id="find", compact=True)
        self._status: CollectionStatus | None = None
        self._counts = Counts()
        self._asking = False
        self._again = False
        self._refresher: Timer | None = None
        self._to_forget: str | None = None

    def parts(self) -> ComposeResult:
        yield self._list
        yield self._progress
        with Horizontal(id="narrow"):
            yield self._tabs
            yield self._find
        yield self._files

    async def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._indexing.changed.subscribe(self, self._indexing_changed)
        self._indexing.settled.subscribe(self, lambda _: self._ask())
        self._show_counts()
        self._indexing_changed(None)
        self._refresher = self.set_interval(REFRESH_SECONDS, self._ask_while_working)
        self.run_worker(self._indexing.refresh(), group="collections")
        self._ask()

    # --- what is shown --------------------------------------------------------------------

    def _indexing_changed(self, _: None) -> None:
        self._list.show(self._indexing.collections)
        self._progress.refresh()
        self.show_keys(WORKING_KEYS if self._indexing.is_working else KEYS)

    def _ask(self) -> None:
        """Ask for the receipt; what is asked for meanwhile is asked for once, afterwards."""
        if self._asking:
            self._again = True
        else:
            self._asking = True
            self.run_worker(self._asked(), group="receipt")

    def _ask_while_working(self) -> None:
        if self._indexing.is_working and not self._asking:
            self._ask()

    async def _asked(self) -> None:
        try:
            wanted = self._indexing.chosen
            status = await self._indexing.receipt(wanted)
            if status is not None and wanted == self._indexing.chosen:
                self._status = status
                self._counts = await asyncio.to_thread(count, status)
                await self._list_files()
        finally:
            self._asking = False
        if self._again:
            self._again = False
            self._ask()

    async def _list_files(self) -> None:
        """List the files that pass the filter; thousands are sifted in a thread."""
        self._show_counts()
        status = self._status
        if status is not None:
            which, needle = FILTERS[self._tabs.at], self._find.value.strip()
            listed = await asyncio.to_thread(rows, status, which, needle)
            self._files.list_below(status.roots, listed)

    def _show_counts(self) -> None:
        names = [f"{self._texts.filters[f]} {getattr(self._counts, f):,}" for f in FILTERS]
        self._tabs.show(names)

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        if event.lines is self._files:
            self._to_forget = None
        self._describe()

    def on_descendant_focus(self) -> None:
        """Say about the list with the cursor what its row has no room for."""
        if self._to_forget is None:
            self._describe()

    def _describe(self) -> None:
        row = self._list.row if self._list.has_focus else self._files.row
        if isinstance(row, CollectionSummary):
            self._detail.say(*self._about(row))
        elif row is None:
            self._detail.say(Content(self._why_empty()))
        elif self._to_forget is None:
            self._detail.say(*self._facts(row))

    def _about(self, row: CollectionSummary) -> list[Content]:
        """A collection in full."""
        said = Content(gauge.SEPARATOR).join(map(Content, self._list.figures(row)))
        name = Content.styled(f"{one_line(row.name, 64)}{gauge.SEPARATOR}", "$foreground")
        return [name + said, Content(one_line(self._strings.listed(row.roots), 300))]

    def _why_empty(self) -> str:
        if self._status is None:
            return self._texts.loading
        if self._status.files or self._status.roots:
            return self._texts.nothing_here
        return self._texts.nothing.format(self.key("add"))

    def _facts(self, row: Row) -> list[Content]:
        texts = self._texts
        path = Content.styled(one_line(row.path, 400), "$foreground")
        if isinstance(row, RootRow):
            return [path, Content(texts.folder_of(row.files))]
        state = Content(texts.states[row.state])
        if row.chunks:
            state += Content(gauge.SEPARATOR + texts.passages_of(row.chunks))
        why = self._strings.tell(row.reason, row.hint)
        reason = Content(one_line(why, 300))
        return [path, state, reason] if row.reason else [path, state]

    # --- what is done ---------------------------------------------------------------------

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        row = event.lines.row
        if isinstance(row, CollectionSummary):
            self._switch(row.name)
        elif event.lines is self._files:
            self.action_open_file()

    def _switch(self, collection: str) -> None:
        if collection != self._indexing.chosen:
            self._indexing.choose(collection)
            said = self._texts.scope_now.format(one_line(collection, 60))
            self.notify(said, timeout=2, markup=False)
            self._status = None
            self._counts = Counts()
            self._files.list_below((), [])
            self._ask()

    @on(Tabs.Taken)
    @on(Input.Changed, "#find")
    async def _narrow(self) -> None:
        await self._list_files()

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self._files.focus()

    def action_leave(self) -> None:
        """From the search back to the files, from there to the conversation."""
        if self._find.has_focus or self._find.value:
            self._find.value = ""
            self._files.focus()
        elif self._to_forget is not None:
            self._to_forget = None
            self._describe()
        else:
            super().action_leave()

    def action_add(self) -> None:
        """Ask for a folder or file, and read it."""
        from assistant.tui.screens.pick import PickScreen

        def picked(path: Path | None) -> None:
            if path is not None:
                self._indexing.start(IndexAdd((str(path),), self._indexing.chosen))
                said = self._texts.added.format(one_line(str(path), 100))
                self.notify(said, timeout=3, markup=False)

        self.app.push_screen(PickScreen(self._strings), picked)

    def action_sync(self) -> None:
        """Look for changes on the disk now."""
        self._indexing.start(IndexSync(self._indexing.chosen))

    def action_watch(self) -> None:
        """Follow changes, or no longer."""
        was_on = self._indexing.is_watching(self._indexing.chosen)
        self._indexing.toggle_watch(self._indexing.chosen)
        said = self._texts.stopped_watching if was_on else self._texts.watching
        self.notify(said, timeout=2, markup=False)

    def action_stop(self) -> None:
        """Stop reading."""
        if self._indexing.is_working:
            self._indexing.stop()
        else:
            self.notify(self._texts.idle, timeout=2, markup=False)

    def action_forget(self) -> None:
        """Forget the file or folder under the cursor, at the second press."""
        row = self._files.row
        if row is None:
            return
        if self._to_forget == row.path:
            self._to_forget = None
            self._indexing.start(IndexForget((row.path,), self._indexing.chosen))
            return
        self._to_forget = row.path
        path = one_line(row.path, 300)
        asked = self._texts.forget_again.format(self.key("forget"), path)
        self._detail.say(Content.styled(asked, "$warning"), asking=True)

    def action_collection(self) -> None:
        """Begin a new collection."""
        from assistant.tui.screens.name import NameScreen

        def named(name: str | None) -> None:
            if name is not None:
                self._indexing.make(name)
                self._status = None
                self._ask()

        self.app.push_screen(NameScreen(self._strings), named)

    def action_duplicates(self) -> None:
        """Show which pictures are nearly the same."""
        from assistant.tui.screens.duplicates import DuplicatesScreen

        self.app.push_screen(DuplicatesScreen(self._services, self._services.pictures()))

    def action_find(self) -> None:
        """Find files by their path."""
        self._find.focus()

    def action_filter(self) -> None:
        """The next of all, failed, stale, waiting."""
        self._tabs.action_step(1)

    def action_open_file(self) -> None:
        """Open the file under the cursor."""
        row = self._files.row
        if isinstance(row, FileReceipt):
            passage = Passage(row.path, "", Place(), 0, 0, 0.0)
            self._services.opener(self).open_passage(passage)
