"""Stand-ins for the engine, and helpers that make an app on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from assistant.config import LoadedSettings, Settings, UiSettings
from assistant.core.collections import CollectionStatus, CollectionSummary
from assistant.core.errors import EngineError
from assistant.core.events import (
    Alternative,
    Collections,
    Done,
    Duplicates,
    Event,
    Explained,
    Measured,
    Models,
    Notice,
    Receipt,
    Routed,
    Taught,
    TextDelta,
    Timings,
    Usage,
)
from assistant.core.inventory import ModelInfo
from assistant.core.picture_search import PictureGroup
from assistant.core.routing import Correction, Counterfactual, Neighbour, Seen
from assistant.engine.wire import (
    DiscoverModels,
    ExplainRoute,
    IndexDuplicates,
    IndexList,
    IndexStatus,
    Job,
    ModelsList,
    Status,
    Teach,
    TurnRequest,
    Unteach,
    WarmUp,
)
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.ports import JobStreamLike, StatusListener, StoreLike
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.desk import Desk

NOW = datetime(2026, 5, 14, 10, 30, tzinfo=UTC)
READY = Status("ready", model="smollm2-135m-instruct", device="cpu", documents=12)
USAGE = Usage(400, 96, 1.3, 0.24, 4096, READY.model, READY.device)
ROUTED = Routed("generate", 0.97, 0.95, "No other skill fits.", (Alternative("qa", 0.02),))

EXPLAINED = Explained(
    ROUTED,
    (Seen("question", "how"), Seen("language", "Dutch")),
    (
        Neighbour("generate", "en", "how do the Dutch spend a holiday", 0.93),
        Neighbour("translate", "en", "how do the Dutch say hello", 0.91, corrected=True),
    ),
    0.12,
    (
        Counterfactual("without_words", "dutch", "translate", 0.71),
        Counterfactual("with_evidence", "", "qa", 0.95),
    ),
)


class Pause:
    """In a script: wait until the test lets it go on, or the job is cancelled."""

    def __init__(self) -> None:
        self.over = asyncio.Event()


Step = Event | Pause | EngineError

LASTING = 600.0
"""Seconds a toast stays at least."""
HELD_BACK = "held back by a pause"
"""The name of a task while it is."""


def done(text: str, *, cancelled: bool = False) -> Done:
    return Done(text, Timings(7.0, 240.0, 1300.0, USAGE), cancelled)


def answer(text: str, routed: Routed = ROUTED) -> list[Step]:
    """The events of an ordinary answer, in pieces of twelve characters."""
    pieces = [text[at : at + 12] for at in range(0, len(text), 12)]
    return [routed, *(TextDelta(piece) for piece in pieces), Measured(USAGE), done(text)]


class FakeStream:
    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._cancelled = asyncio.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    async def __aiter__(self) -> AsyncIterator[Event]:
        written = ""
        for step in self._steps:
            if isinstance(step, EngineError):
                raise step
            if isinstance(step, Pause):
                await self._wait_for(step)
                if self._cancelled.is_set():
                    yield done(written, cancelled=True)
                    return
                continue
            if isinstance(step, TextDelta):
                written += step.text
            yield step

    async def _wait_for(self, pause: Pause) -> None:
        waits = [asyncio.create_task(e.wait()) for e in (pause.over, self._cancelled)]
        task = asyncio.current_task()
        assert task is not None
        name = task.get_name()
        task.set_name(HELD_BACK)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        task.set_name(name)
        for wait in waits:
            wait.cancel()


class FakeEngine:
    """Answers every turn with the next script; keeps the jobs it was given.

    What is there (collections, receipts by name, models) is told whenever it is asked for.
    """

    def __init__(self, scripts: Sequence[Sequence[Step]] = (), status: Status = READY) -> None:
        self.scripts = list(scripts)
        self._status = status
        self._listener: StatusListener = lambda _status: None
        self.jobs: list[Job] = []
        self.closed = False
        self.restarts = 0
        self.collections: tuple[CollectionSummary, ...] = ()
        self.receipts: dict[str, CollectionStatus] = {}
        self.before_receipts: dict[str, Pause] = {}
        self.duplicates: tuple[PictureGroup, ...] = ()
        self.models: tuple[ModelInfo, ...] = ()
        self.offered: tuple[ModelInfo, ...] = ()
        self.notices: tuple[Notice, ...] = ()
        """Said by servers that were found and offer nothing."""

    def connect(self, listener: StatusListener) -> FakeEngine:
        self._listener = listener
        return self

    async def start(self) -> None:
        self._listener(self._status)

    def say(self, status: Status) -> None:
        self._listener(status)

    def submit(self, job: Job) -> JobStreamLike:
        self.jobs.append(job)
        match job:
            case WarmUp():
                return FakeStream([done("")])
            case IndexList():
                return FakeStream([Collections(self.collections), done("")])
            case IndexStatus(collection):
                name = collection or "default"
                nothing = CollectionStatus(name, (), (), 0, 0)
                receipt = Receipt(self.receipts.get(name, nothing))
                pause = self.before_receipts.get(name)
                return FakeStream([*([pause] if pause else []), receipt, done("")])
            case IndexDuplicates():
                return FakeStream([Duplicates(self.duplicates), done("")])
            case ModelsList():
                return FakeStream([Models(self.models), done("")])
            case DiscoverModels():
                return FakeStream([*self.notices, Models(self.offered), done("")])
            case ExplainRoute():
                return FakeStream([EXPLAINED, done("")])
            case Teach() | Unteach():
                skill = job.skill if isinstance(job, Teach) else "translate"
                kept = Correction(skill, "en", "2026-05-14", job.text or "")
                return FakeStream([Taught(kept, isinstance(job, Unteach)), done("")])
        return FakeStream(self.scripts.pop(0) if self.scripts else answer("An answer."))

    def restart(self) -> None:
        self.restarts += 1

    async def close(self) -> None:
        self.closed = True

    @property
    def turns(self) -> list[TurnRequest]:
        return [job for job in self.jobs if isinstance(job, TurnRequest)]


class StandingClock:
    """Epoch seconds that move only when told."""

    def __init__(self) -> None:
        self.moment = NOW

    def back(self, **span: float) -> None:
        self.moment = NOW - timedelta(**span)

    def __call__(self) -> float:
        return self.moment.timestamp()


def make_store(folder: Path, clock: StandingClock | None = None) -> ConversationStore:
    return ConversationStore(folder / "conversations.sqlite3", clock or StandingClock())


def lasting(notify: Callable[..., None]) -> Callable[..., None]:
    """Toasts that stay: one that went before it was looked at would fail a busy machine."""

    def said(message: str, *, timeout: float | None = None, **options: Any) -> None:
        notify(message, timeout=max(LASTING, timeout or 0), **options)

    return said


def make_app(
    store: StoreLike,
    engine: FakeEngine | None = None,
    *,
    strings: Strings = ENGLISH,
    theme: str = "ink",
    keys: dict[str, str] | None = None,
    ui: UiSettings | None = None,
    config_file: Path = Path("~/.config/assistant/config.toml"),
    load: Callable[[], LoadedSettings] | None = None,
) -> AssistantApp:
    settings = Settings(ui=ui or UiSettings(theme=theme), keys=keys or {})
    app = AssistantApp(
        settings,
        store,
        (engine or FakeEngine()).connect,
        strings=strings,
        now=lambda: NOW,
        config_file=config_file,
        load=load,
    )
    app.animation_level = "none"
    app.notify = lasting(app.notify)  # type: ignore[method-assign]
    return app


AppPilot = Pilot[int]


def desk(pilot: AppPilot) -> Desk:
    return pilot.app.screen_stack[0].query_one(Desk)


def answers(pilot: AppPilot) -> list[AnswerView]:
    return list(pilot.app.screen_stack[0].query(AnswerView))


async def until(pilot: AppPilot, condition: Callable[[], bool]) -> None:
    """Wait for something that takes a few turns of the event loop."""
    for _ in range(600):
        if condition():
            return
        await pilot.pause(0.05)
    raise AssertionError("it did not happen")


def screen_text(pilot: AppPilot) -> str:
    """What is on the screen, line by line."""
    size = pilot.app.size
    lines = pilot.app.screen._compositor.render_strips(size)
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def toasts(pilot: AppPilot) -> list[str]:
    return [note.message for note in pilot.app._notifications]


async def write(pilot: AppPilot, text: str) -> None:
    await pilot.pause()
    desk(pilot).prompt.insert(text)
    await pilot.pause()


async def send(pilot: AppPilot, text: str) -> None:
    await write(pilot, text)
    await pilot.press("enter")
    await pilot.pause()


async def at_rest(pilot: AppPilot) -> None:
    """Wait until whatever was begun has ended, or is held back by a `Pause`."""

    def nothing_goes_on() -> bool:
        working = sum(not worker.is_finished for worker in pilot.app.workers)
        return working <= sum(task.get_name() == HELD_BACK for task in asyncio.all_tasks())

    await pilot.pause()
    await until(pilot, nothing_goes_on)
    await pilot.pause()


async def until_answered(pilot: AppPilot) -> None:
    """Wait for every worker of the app (turns, downloads) to end."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
