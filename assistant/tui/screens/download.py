"""The first start: what will be fetched, how far it is, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from assistant.core.errors import AssistantError
from assistant.core.events import Done, Failed, Progress
from assistant.core.text import one_line
from assistant.engine.wire import MissingModel, PullModels
from assistant.tui.ports import EngineLike, JobStreamLike
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings
from assistant.tui.widgets import remarks
from assistant.tui.widgets.bars import bar

BAR_CELLS = 30


class DownloadRow(Static):
    """One model: its name, what it is for, a bar."""

    DEFAULT_CSS = "DownloadRow { height: auto; margin: 0 0 1 0; }"

    def __init__(self, name: str, strings: Strings, size: int = 0) -> None:
        super().__init__(markup=False)
        self._bytes = size
        self.model = name
        self._strings = strings
        self._progress: Progress | None = None
        self._step = ""
        self._is_done = False

    def on_mount(self) -> None:
        """Show it waiting."""
        self.update(self._two_lines())

    def advance(self, event: Progress) -> None:
        """It is being fetched."""
        if event.total:
            self._progress = event
        # Work that has no measure (checking, converting) is named instead.
        self._step = "" if event.total else self._named(event.label)
        self.update(self._two_lines())

    def _named(self, label: str) -> str:
        return one_line(self._strings.tell(label).replace(self.model, ""), 40)

    def complete(self) -> None:
        """It is there."""
        self._is_done = True
        self._step = ""
        self.update(self._two_lines())

    def _two_lines(self) -> Content:
        role = self._strings.model_roles.get(self.model, "")
        title = Content.assemble(
            (one_line(self.model, 40), "bold"), (f"  {role}", "$foreground-muted")
        )
        return title + Content("\n") + self._bar()

    def _waiting(self) -> str:
        return f"{self._bytes / 1e6:.0f} MB" if self._bytes else self._strings.download_waiting

    def _bar(self) -> Content:
        event = self._progress
        share = event.done / event.total if event and event.total else 0.0
        said = self._step or (remarks.amount(event) if event else self._waiting())
        done = bar(1.0, BAR_CELLS, "$success") if self._is_done else bar(share, BAR_CELLS)
        return done + Content.assemble(
            ("  ✓ " if self._is_done else "  ", "$success"),
            (said, "$foreground-muted"),
        )


class DownloadScreen(Dialog[bool]):
    """Gives True when everything was fetched, None when one goes on without."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,r", "download", show=False)]

    def __init__(
        self, engine: EngineLike, missing: Sequence[MissingModel], strings: Strings
    ) -> None:
        super().__init__(strings.download_title, strings.download_keys)
        self._engine = engine
        self._missing = missing
        self._strings = strings
        self._rows = Vertical()
        self._said = Static(markup=False)
        self._stream: JobStreamLike | None = None

    def parts(self) -> ComposeResult:
        strings = self._strings
        yield Static(Content(f"{strings.download_intro}\n"), markup=False)
        self._rows.styles.height = "auto"
        with self._rows:
            for model in self._missing:
                yield DownloadRow(model.name, strings, model.size)
        total = sum(model.size for model in self._missing)
        together = strings.download_together.format(f"{total / 1e6:.0f} MB")
        self._said.update(Content(strings.together(together, strings.download_offline)))
        yield self._said

    def action_download(self) -> None:
        """Begin, or begin again after a failure."""
        if self._stream is None:
            self.run_worker(self._download(), group="download")

    def action_leave(self) -> None:
        """Go on without; what is half fetched is taken up again next time."""
        if self._stream is not None:
            self._stream.cancel()
        self.dismiss(None)

    async def _download(self) -> None:
        self._box.border_subtitle = Content(self._strings.download_running_keys)
        self._said.update(Content(self._strings.download_offline))
        try:
            # Named one by one: these are what the engine said is missing, and no more.
            self._stream = self._engine.submit(PullModels(tuple(m.name for m in self._missing)))
            async for event in self._stream:
                if isinstance(event, Progress):
                    await self._advance(event)
                elif isinstance(event, Failed):
                    self._failed(event)
                elif isinstance(event, Done) and not event.cancelled:
                    self._done()
        except AssistantError as error:
            self._failed(Failed(error.message, error.hint))
        finally:
            self._stream = None

    async def _advance(self, event: Progress) -> None:
        rows = list(self._rows.query(DownloadRow))
        name = max((r.model for r in rows if r.model in event.label), key=len, default=None)
        row = next((r for r in rows if r.model == (name or event.label)), None)
        if row is None:
            row = DownloadRow(event.label, self._strings)
            await self._rows.mount(row)
        row.advance(event)
        for earlier in rows[: rows.index(row)] if row in rows else rows:
            earlier.complete()

    def _failed(self, event: Failed) -> None:
        self._said.update(remarks.failure(event, self._strings))
        self._box.border_subtitle = Content(self._strings.download_failed_keys)

    def _done(self) -> None:
        for row in self._rows.query(DownloadRow):
            row.complete()
        self.notify(self._strings.download_done, markup=False)
        self.dismiss(True)
