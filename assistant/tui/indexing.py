"""The documents beside the conversation: which collection is asked, what is being read.

Jobs belong to the app, not to a screen: reading a folder goes on when its screen is closed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from time import monotonic

from textual.app import App
from textual.signal import Signal
from textual.worker import Worker

from assistant.core.collections import CollectionStatus, CollectionSummary
from assistant.core.errors import AssistantError, EngineError
from assistant.core.events import Collections, Event, Failed, Notice, Progress, Receipt
from assistant.core.text import one_line
from assistant.engine.wire import (
    IndexAdd,
    IndexForget,
    IndexList,
    IndexStatus,
    IndexSync,
    IndexWatch,
)
from assistant.tui.ports import EngineLike, JobStreamLike
from assistant.tui.strings import Strings

STEADY_SECONDS = 10.0
"""A watch that the engine's death ended is taken up again if it had run so long."""

IndexJob = IndexAdd | IndexForget | IndexSync


@dataclass(frozen=True, slots=True)
class Situation:
    """What the status line says about the documents."""

    collection: str = ""
    """The one in scope; "" for the default one."""
    files: int | None = None
    """Its searchable files; None where the engine's status counts them."""
    progress: Progress | None = None
    working: bool = False
    watching: bool = False


class Indexing:
    """Runs the jobs of the index, knows the collections, and tells of every change."""

    def __init__(
        self,
        app: App[int],
        engine: EngineLike,
        strings: Strings,
        default: str,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._app = app
        self._engine = engine
        self._strings = strings
        self._seconds = seconds
        self._under_way: list[JobStreamLike] = []
        self._watches: dict[str, JobStreamLike] = {}
        self._progress: Progress | None = None
        self._made: dict[str, CollectionSummary] = {}
        self.default = default
        self.chosen = default
        self.collections: tuple[CollectionSummary, ...] = ()
        self.changed: Signal[None] = Signal(app, "indexing")
        """Progress, the scope, a watch or the list of collections is another one now."""
        self.settled: Signal[None] = Signal(app, "indexed")
        """A job ended: receipts are another one now."""

    # --- what holds now -------------------------------------------------------------------

    @property
    def scope(self) -> str | None:
        """The collection for `TurnRequest`; None = the default one."""
        return None if self.chosen == self.default else self.chosen

    @property
    def is_working(self) -> bool:
        """Whether files are being read or forgotten."""
        return bool(self._under_way)

    @property
    def progress(self) -> Progress | None:
        """How far the reading is."""
        return self._progress

    def is_watching(self, collection: str) -> bool:
        """Whether the changes of a collection are followed."""
        return collection in self._watches

    @property
    def situation(self) -> Situation:
        """For the status line."""
        known = {summary.name: summary.files for summary in self.collections}
        return Situation(
            collection=self.scope or "",
            files=known.get(self.chosen) if self.scope else None,
            progress=self._progress,
            working=self.is_working,
            watching=bool(self._watches),
        )

    # --- collections ----------------------------------------------------------------------

    def choose(self, collection: str) -> None:
        """Put questions to this collection from now on."""
        self.chosen = collection
        self.changed.publish(None)

    def change_default(self, collection: str) -> None:
        """The engine's default is another one now; questions go along if they went to the old."""
        if self.scope is None:
            self.chosen = collection
        self.default = collection
        self.changed.publish(None)

    def make(self, collection: str) -> None:
        """A new collection; the engine makes it when something is added."""
        if all(known.name != collection for known in self.collections):
            self._made[collection] = CollectionSummary(collection, 0)
            self._list(self.collections)
        self.choose(collection)

    async def refresh(self) -> None:
        """Ask which collections there are."""
        async for event in self._events(self._engine.submit(IndexList())):
            if isinstance(event, Collections):
                self._list(event.collections)
        self.changed.publish(None)

    async def receipt(self, collection: str) -> CollectionStatus | None:
        """What became of the files of a collection; None when the engine can't say."""
        status = None
        async for event in self._events(self._engine.submit(IndexStatus(collection))):
            if isinstance(event, Receipt):
                status = event.status
        return status

    def _list(self, collections: tuple[CollectionSummary, ...]) -> None:
        listed = {c.name: c for c in (CollectionSummary(self.default, 0), *self._made.values())}
        listed |= {c.name: c for c in collections}
        others = sorted(name for name in listed if name != self.default)
        self.collections = tuple(listed[name] for name in (self.default, *others))

    # --- jobs -----------------------------------------------------------------------------

    def start(self, job: IndexJob) -> Worker[None]:
        """Do it beside everything else."""
        return self._app.run_worker(self._run(job), group="indexing")

    def stop(self) -> None:
        """Stop reading; what is read so far stays."""
        for stream in self._under_way:
            stream.cancel()

    async def follow(self, job: IndexJob) -> AsyncIterator[Event]:
        """The events of a job, for somebody who shows them, too.

        Raises:
            AssistantError: the job can't be sent, or the engine died.
        """
        stream = self._engine.submit(job)
        self._under_way.append(stream)
        self.changed.publish(None)
        try:
            async for event in stream:
                if isinstance(event, Progress):
                    self._advance(event)
                yield event
        finally:
            self._under_way.remove(stream)
            self._advance(None)
            self.settled.publish(None)
        await self.refresh()

    async def _run(self, job: IndexJob) -> None:
        async for _ in self._events(self.follow(job)):
            pass

    def _advance(self, progress: Progress | None) -> None:
        self._progress = progress
        self.changed.publish(None)

    # --- watching -------------------------------------------------------------------------

    def toggle_watch(self, collection: str) -> None:
        """Follow the changes of a collection, or no longer."""
        stream = self._watches.get(collection)
        if stream is not None:
            stream.cancel()
        else:
            self._app.run_worker(self._watch(collection), group="watching")

    async def _watch(self, collection: str) -> None:
        again = True
        while again:
            began = self._seconds()
            again = await self._watched(collection)
            again = again and self._seconds() - began >= STEADY_SECONDS

    async def _watched(self, collection: str) -> bool:
        """Follow until it ends; True when the engine died of something else."""
        try:
            stream = self._watches[collection] = self._engine.submit(IndexWatch(collection))
            self.changed.publish(None)
            async for event in stream:
                self._take_watch_event(event)
        except EngineError:
            return True
        except AssistantError as error:
            self._fail(Failed(error.message, error.hint))
        finally:
            self._watches.pop(collection, None)
            self._advance(None)
        return False

    def _take_watch_event(self, event: Event) -> None:
        if isinstance(event, Progress):
            is_over = event.total is not None and event.done >= event.total
            self._advance(None if is_over else event)
            if is_over:
                self.settled.publish(None)
        elif isinstance(event, Failed):
            text = self._strings.screens.documents.watch_ended
            said = text.format(self._strings.tell(event.message))
            self._fail(Failed(said, event.hint))

    # --- telling --------------------------------------------------------------------------

    async def _events(self, stream: AsyncIterator[Event] | JobStreamLike) -> AsyncIterator[Event]:
        """The events of a job; notices and failures are told, and end nothing else."""
        try:
            async for event in stream:
                if isinstance(event, Notice):
                    self._say(self._strings.tell(event.text, event.hint))
                elif isinstance(event, Failed):
                    self._fail(event)
                else:
                    yield event
        except AssistantError as error:
            self._fail(Failed(error.message, error.hint))

    def _say(self, text: str) -> None:
        self._app.notify(one_line(text, 400), markup=False)

    def _fail(self, event: Failed) -> None:
        text = one_line(self._strings.tell(event.message, event.hint), 400)
        self._app.notify(text, severity="error", timeout=10, markup=False)
