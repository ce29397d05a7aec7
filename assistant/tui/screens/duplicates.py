"""Pictures of a collection that are the same or nearly so, in groups, with previews.

Nothing is deleted here: a file is opened, or its folder, or its path is copied.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from assistant.core.errors import AssistantError
from assistant.core.events import Duplicates, Failed
from assistant.core.messages import ImageAttachment
from assistant.core.picture_search import PictureGroup
from assistant.core.text import one_line
from assistant.engine.wire import IndexDuplicates
from assistant.tui.attachments import size
from assistant.tui.keys import bindings
from assistant.tui.pictures import Pictures
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.widgets import gauge
from assistant.tui.widgets.copies import CopyList, CopyRow
from assistant.tui.widgets.lines import LineList
from assistant.tui.widgets.picture import Openable
from assistant.tui.widgets.previews import Previews

KEYS = ("open_copy", "open_folder", "copy_path")


class DuplicatesScreen(Page):
    """Lists the groups of the collection in scope, the largest group first."""

    DEFAULT_CSS = """
    DuplicatesScreen {
        .summary { height: 1; margin: 0 0 1 0; padding: 0 1; color: $foreground-muted;
                   text-wrap: nowrap; text-overflow: ellipsis; }
        CopyList { min-height: 3; }
        &.-short .summary { margin: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("duplicates")]
    AUTO_FOCUS = "CopyList"

    def __init__(self, services: Services, pictures: Pictures) -> None:
        collection = one_line(services.indexing.chosen, 60)
        super().__init__(services, services.strings.screens.duplicates.title, collection)
        self._texts = services.strings.screens.duplicates
        self._summary = Static(classes="summary", markup=False)
        self._copies = CopyList(self._texts)
        self._previews = Previews(pictures)
        self._groups: tuple[PictureGroup, ...] | None = None

    def parts(self) -> ComposeResult:
        yield self._summary
        yield self._copies
        yield self._previews

    def on_mount(self) -> None:
        """Look for them, and again whenever files were read."""
        self._services.indexing.settled.subscribe(self, lambda _: self._look())
        self.show_keys(KEYS)
        self._look()

    # --- what is shown --------------------------------------------------------------------

    def _look(self) -> None:
        self._summary.update(self._texts.looking)
        self.run_worker(self._looked(), group="duplicates", exclusive=True)

    async def _looked(self) -> None:
        trouble = ""
        try:
            async for event in self._services.engine.submit(self._job()):
                if isinstance(event, Duplicates):
                    self._groups = event.groups
                elif isinstance(event, Failed):
                    trouble = self._strings.tell(event.message, event.hint)
        except AssistantError as error:
            trouble = self._strings.tell_error(error)
        if trouble:
            self._summary.update(Content.styled(one_line(trouble, 300), "$error"))
            return
        groups = self._groups or ()
        self._summary.update(self._texts.counted(groups))
        self._copies.show_groups(groups)

    def _job(self) -> IndexDuplicates:
        return IndexDuplicates(self._services.indexing.scope)

    @on(LineList.Moved)
    async def _describe(self) -> None:
        row = self._copies.row
        if row is None:
            self._detail.say(Content(self._texts.how if self._groups is not None else ""))
            await self._previews.show(())
            return
        kind = self._texts.identical if row.group.identical else self._texts.alike
        parts = [self._texts.largest] if row.is_largest else []
        parts += [one_line(kind.format(len(row.group.paths)), 80)]
        parts += [measure] if (measure := size(ImageAttachment(row.path))) else []
        path = Content.styled(one_line(row.path, 400), "$foreground")
        self._detail.say(path, Content(gauge.SEPARATOR.join(parts)), Content(self._texts.how))
        await self._previews.show(row.group.paths, row.path)

    # --- what is done ---------------------------------------------------------------------

    @on(LineList.Chosen)
    def action_open_copy(self) -> None:
        """Open the picture under the cursor in its viewer."""
        self._open(self._copies.row)

    def action_open_folder(self) -> None:
        """Open the folder it lies in."""
        row = self._copies.row
        if row is not None:
            self._services.opener(self).open_file(Path(row.path).parent)

    def action_copy_path(self) -> None:
        """Copy its path."""
        row = self._copies.row
        if row is not None:
            self.app.copy_to_clipboard(row.path)
            self.notify(self._strings.copied, timeout=2, markup=False)

    @on(Openable.Opened)
    def _open_preview(self, event: Openable.Opened) -> None:
        self._services.opener(self).open_file(event.path)

    def _open(self, row: CopyRow | None) -> None:
        if row is not None:
            self._services.opener(self).open_file(Path(row.path))
