"""The engine process: reads jobs from standard input, works on them, writes events back.

One thread reads; each lane (turns, routing, index, downloads, lists, each collection that is
watched) is a thread of its own, so that a question can be asked while a folder is being indexed.
When standard input ends, the interface is gone, and so is this process a moment later.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import perf_counter
from typing import BinaryIO

from assistant.config import Places, find_places, load_settings
from assistant.core.errors import AssistantError
from assistant.core.events import Done, Event, Failed, Models, Taught, Timings
from assistant.core.protocols import Generator
from assistant.core.stopping import StoppedError, stopped_by
from assistant.core.text import sanitize
from assistant.core.turns import TurnRequest
from assistant.engine.guard import guarded
from assistant.engine.index_jobs import index_events
from assistant.engine.streaming import streamed
from assistant.engine.wire import (
    HEADER_BYTES,
    Cancel,
    DiscoverModels,
    ExplainRoute,
    FromEngine,
    Happened,
    IndexAdd,
    IndexDuplicates,
    IndexForget,
    IndexList,
    IndexStatus,
    IndexSync,
    IndexWatch,
    Job,
    MissingModel,
    ModelsList,
    PullModels,
    SideJob,
    Status,
    Submit,
    Teach,
    Unteach,
    WarmUp,
    frame_length,
    pack,
    unpack_to_engine,
)
from assistant.engine.wiring import Engine, build

_log = logging.getLogger("assistant.engine")
_GRACE_SECONDS = 1.0
"""Time given to running jobs to see that they were cancelled before the process ends."""


class Outlet:
    """Writes frames to the interface, whole, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: FromEngine) -> None:
        frame = pack(message)
        with self._lock:
            self._stream.write(frame)
            self._stream.flush()


class Lane:
    """Runs its jobs one after the other in a thread of its own."""

    def __init__(self, name: str, work: Callable[[int, Job, threading.Event], None]) -> None:
        self._jobs: queue.SimpleQueue[tuple[int, Job, threading.Event]] = queue.SimpleQueue()
        self._work = work
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    def put(self, job_id: int, job: Job, cancelled: threading.Event) -> None:
        self._jobs.put((job_id, job, cancelled))

    def _loop(self) -> None:
        while True:
            self._work(*self._jobs.get())


class StatusBoard:
    """Keeps the engine's status and tells the interface when it changes."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._lock = threading.Lock()
        self._loading: list[str] = []
        self._last: Status | None = None
        self.engine: Engine | None = None

    def watch(self, label: str | None) -> None:
        """A model begins to load (its label), or the last one to begin is there (None)."""
        with self._lock:
            if label is not None:
                self._loading.append(label)
            elif self._loading:
                self._loading.pop()
        self.refresh()

    def refresh(self) -> None:
        """Send the status if it differs from what was sent last."""
        engine = self.engine
        if engine is None:
            return
        with self._lock:
            loading = self._loading[-1] if self._loading else ""
        generator, servers = engine.generator.loaded, engine.servers()
        status = Status(
            phase="loading" if loading else "ready",
            detail=loading,
            model=sanitize(generator.name if generator else engine.settings.generate.model),
            device=_device(engine, generator),
            sent_to=tuple(s.destination for s in servers if not s.is_local),
            served_here=tuple(s.host for s in servers if s.is_local),
            documents=_documents(engine),
            missing=tuple(MissingModel(e.name, e.size) for e in engine.missing()),
        )
        with self._lock:
            changed, self._last = status != self._last, status
        if changed:
            self._outlet.send(status)


def _device(engine: Engine, generator: Generator | None) -> str:
    """Where the language model runs; a server is told apart from devices."""
    if generator is None or generator.device in {source.host for source in engine.servers()}:
        return ""
    return generator.device


def _documents(engine: Engine) -> int:
    try:
        return engine.index.file_count(None)
    except AssistantError:
        _log.exception("the index can't be counted")
        return 0


class Host:
    """Takes requests in, keeps track of the jobs under way, and hands out their events."""

    def __init__(self, engine: Engine, outlet: Outlet, board: StatusBoard) -> None:
        self._engine = engine
        self._outlet = outlet
        self._board = board
        self._cancels: dict[int, threading.Event] = {}
        self._lanes: dict[str, Lane] = {}

    def serve(self, stream: BinaryIO) -> None:
        """Read requests until the stream ends, then cancel what is still under way."""
        while len(header := stream.read(HEADER_BYTES)) == HEADER_BYTES:
            match unpack_to_engine(stream.read(frame_length(header))):
                case Submit(job_id, job):
                    cancelled = self._cancels[job_id] = threading.Event()
                    self._lane(job).put(job_id, job, cancelled)
                case Cancel(job_id):
                    if event := self._cancels.get(job_id):
                        event.set()
        for event in list(self._cancels.values()):
            event.set()
        self._wait_for_jobs()

    def _lane(self, job: Job) -> Lane:
        name = _lane(job)
        if name not in self._lanes:
            self._lanes[name] = Lane(name, self._work)
        return self._lanes[name]

    def _wait_for_jobs(self) -> None:
        deadline = perf_counter() + _GRACE_SECONDS
        while self._cancels and perf_counter() < deadline:
            threading.Event().wait(0.02)

    def _work(self, job_id: int, job: Job, cancelled: threading.Event) -> None:
        try:
            with stopped_by(cancelled.is_set):
                for event in guarded(self._events(job, cancelled), "the engine's log"):
                    self._outlet.send(Happened(job_id, event))
        except AssistantError as error:  # an event that can't be sent
            self._outlet.send(Happened(job_id, Failed(error.message, error.hint)))
        finally:
            del self._cancels[job_id]
            self._board.refresh()

    def _events(self, job: Job, cancelled: threading.Event) -> Iterator[Event]:
        if isinstance(job, TurnRequest):
            yield from self._engine.turns.run(job, cancelled.is_set)
            return
        started = perf_counter()
        with suppress(StoppedError):  # nothing failed; the last event says that it was stopped
            yield from self._about(job, cancelled)
        total_ms = (perf_counter() - started) * 1000
        yield Done("", Timings(None, None, total_ms), cancelled.is_set())

    def _about(self, job: SideJob, cancelled: threading.Event) -> Iterator[Event]:
        """Events of a job that is no turn, without the last."""
        match job:
            case ExplainRoute(message, history, collection):
                yield self._engine.router.explain(message, history, collection)
            case Teach(text, skill, with_images):
                if not with_images or self._engine.router.takes_images(skill):
                    yield Taught(self._engine.router.teach(text, skill))
            case Unteach(text):
                yield Taught(self._engine.router.unteach(text), undone=True)
            case PullModels(names, allowed):
                yield from streamed(
                    lambda tell: self._engine.pull(names, cancelled.is_set, tell, allowed)
                )
            case ModelsList():
                yield Models(self._engine.inventory())
            case DiscoverModels():
                models, notices = self._engine.offered()
                yield from notices
                yield Models(models)
            case WarmUp():
                self._engine.warm_up()
            case _:
                yield from index_events(self._engine.index, job, cancelled.is_set)


def _lane(job: Job) -> str:
    """Jobs of one lane wait for one another: what may take long, or for ever, keeps to its own."""
    match job:
        case TurnRequest():
            return "turns"
        case WarmUp():
            return "warming up"  # a message need not wait until the router has learned
        case ExplainRoute() | Teach() | Unteach():
            return "routing"
        case IndexAdd() | IndexForget() | IndexSync():
            return "index"
        case IndexWatch(collection):
            return f"watching {collection or ''}"
        case IndexList() | IndexStatus() | IndexDuplicates():
            return "reports"
        case PullModels():
            return "pulls"
        case ModelsList() | DiscoverModels():
            return "lists"


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Private copies of standard input and output; the standard ones then lead nowhere near
    the frames: what native code prints goes to standard error, which the interface logs."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return source, sink


def _start(outlet: Outlet, places: Places) -> Host:
    settings = load_settings(places, os.environ)
    if settings.offline:
        from assistant.models.network import forbid_network

        forbid_network()
    board = StatusBoard(outlet)
    engine = build(settings, places, board.watch)
    board.engine = engine
    board.refresh()
    return Host(engine, outlet, board)


def main() -> None:
    """Serve until the interface goes away."""
    import faulthandler

    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = _take_over_streams()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    outlet = Outlet(sink)
    status = 0
    try:
        _start(outlet, find_places(os.environ)).serve(source)
    except AssistantError as error:
        _log.error("%s", error)
        status = 1
    except BrokenPipeError:
        _log.info("the interface is gone")
    finally:
        sys.stderr.flush()
        os._exit(status)  # no waiting for native threads


if __name__ == "__main__":
    main()
