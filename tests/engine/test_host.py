"""The engine's host, on pipes in this process: lanes, cancelling, status, end of input."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace
from typing import BinaryIO, cast

import pytest

from assistant.config import GenerateSettings, Settings
from assistant.core.errors import ModelError, UsageError
from assistant.core.events import (
    Done,
    Event,
    Explained,
    Failed,
    Models,
    Progress,
    Routed,
    Taught,
    TextDelta,
)
from assistant.core.inventory import ModelInfo
from assistant.core.messages import Message
from assistant.core.routing import Correction
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError, is_stopped
from assistant.core.turns import TurnRequest
from assistant.engine.host import Host, Outlet, StatusBoard
from assistant.engine.lazy import Lazy
from assistant.engine.wire import (
    HEADER_BYTES,
    Cancel,
    ExplainRoute,
    FromEngine,
    Happened,
    IndexAdd,
    Job,
    ModelsList,
    PullModels,
    Status,
    Submit,
    Teach,
    ToEngine,
    Unteach,
    WarmUp,
    frame_length,
    pack,
    unpack_from_engine,
)
from assistant.engine.wiring import Engine
from assistant.turn import TurnRunner
from tests.fakes import FakeGenerator, FakeSkill, FixedRouter


@dataclass
class WaitingSkill(FakeSkill):
    """Says one thing, then waits until it is cancelled."""

    def run(self, request: object) -> Iterator[Event]:
        yield TextDelta("waiting")
        while not request.cancelled():  # type: ignore[attr-defined]
            threading.Event().wait(0.005)


@dataclass
class FakeIndex:
    files: int = 0

    def add(
        self, paths: Sequence[str], collection: str | None, cancelled: Cancelled
    ) -> Iterator[Event]:
        yield Progress("Reading", 1, 1, "files")
        self.files += len(paths)

    def file_count(self, collection: str | None) -> int:
        return self.files


class FakeTeachable:
    """A router's teaching side."""

    def __init__(self) -> None:
        self.kept: list[Correction] = []

    def explain(
        self, message: Message, history: tuple[Message, ...], collection: str | None
    ) -> Explained:
        routed = Routed("generate", 0.9, 0.8, f"{message.text} after {len(history)}")
        return Explained(routed, (), (), None, ())

    def teach(self, text: str, skill: str) -> Correction:
        self.kept.append(Correction(skill, "en", "2026-05-14", text))
        return self.kept[-1]

    def takes_images(self, skill: str) -> bool:
        return skill == "describe"

    def unteach(self, text: str | None) -> Correction:
        if not self.kept:
            raise UsageError("There is no such correction.", "List them.")
        return self.kept.pop()


@dataclass
class Wired:
    """A host on pipes, with the interface's end in the test's hands."""

    to_host: BinaryIO
    from_host: BinaryIO
    board: StatusBoard
    thread: threading.Thread
    seen: list[FromEngine] = field(default_factory=list)

    def send(self, message: ToEngine) -> None:
        self.to_host.write(pack(message))
        self.to_host.flush()

    def receive(self) -> FromEngine:
        header = self.from_host.read(HEADER_BYTES)
        self.seen.append(unpack_from_engine(self.from_host.read(frame_length(header))))
        return self.seen[-1]

    def next_event(self) -> Happened:
        while not isinstance(message := self.receive(), Happened):
            continue
        return message

    def run(self, job_id: int, job: Job) -> list[Event]:
        self.send(Submit(job_id, job))
        events: list[Event] = []
        while not (events and isinstance(events[-1], Done | Failed)):
            happened = self.next_event()
            if happened.id == job_id:
                events.append(happened.event)
        return events


MODEL = ModelInfo("a", "generate", present=True, in_use=True)


def fake_engine(board: StatusBoard, pull: Callable[..., None]) -> Engine:
    skills = {"generate": FakeSkill(), "wait": WaitingSkill("wait")}
    parts = SimpleNamespace(
        settings=Settings(),
        turns=TurnRunner(FixedRouter(), skills, str),
        router=FakeTeachable(),
        index=FakeIndex(),
        generator=Lazy("the language model", FakeGenerator, board.watch),
        missing=tuple,
        pull=pull,
        inventory=lambda: (MODEL,),
        servers=tuple,
    )
    parts.warm_up = parts.generator
    return cast("Engine", parts)


def pull_nothing(
    names: object, cancelled: Cancelled, tell: Callable[[Progress], None], allowed: str
) -> None:
    tell(Progress("Downloading x", 5, 10, "bytes"))
    if names == ("no text",):
        tell(Progress("Downloading \udce9", 6, 10, "bytes"))
    if names == ("broken",):
        raise ModelError("The hash is wrong.", "Try again.")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    monkeypatch.setattr("assistant.engine.host._GRACE_SECONDS", 30.0)  # on a busy machine, too
    host_in, test_out = os.pipe()
    test_in, host_out = os.pipe()
    outlet = Outlet(os.fdopen(host_out, "wb"))
    board = StatusBoard(outlet)
    engine = fake_engine(board, pull_nothing)
    board.engine = engine
    source = os.fdopen(host_in, "rb")
    thread = threading.Thread(target=Host(engine, outlet, board).serve, args=[source])
    thread.start()
    with (
        closing(os.fdopen(test_in, "rb")) as from_host,
        closing(os.fdopen(test_out, "wb")) as to_host,
    ):
        yield Wired(to_host, from_host, board, thread)
        to_host.close()
        thread.join(60)
    source.close()
    outlet._stream.close()


def test_a_turn_streams_its_events_and_ends(host: Wired) -> None:
    events = host.run(1, TurnRequest("hello"))
    assert TextDelta("fine") in events
    assert isinstance(events[-1], Done)


def test_cancel_ends_a_turn_with_what_was_said(host: Wired) -> None:
    host.send(Submit(1, TurnRequest("x", skill="wait")))
    while host.next_event().event != TextDelta("waiting"):
        continue
    host.send(Cancel(1))
    done = host.next_event().event
    assert isinstance(done, Done)
    assert done.cancelled
    assert done.message == "waiting"


def test_a_question_is_answered_while_another_lane_is_busy(host: Wired) -> None:
    host.send(Submit(1, TurnRequest("x", skill="wait")))
    assert isinstance(host.run(2, IndexAdd(("/docs",)))[-1], Done)
    host.send(Cancel(1))


def test_cancelling_a_job_that_is_over_is_harmless(host: Wired) -> None:
    host.run(1, TurnRequest("hello"))
    host.send(Cancel(1))
    assert isinstance(host.run(2, TurnRequest("hello"))[-1], Done)


def test_models_are_listed_while_every_other_lane_is_busy(host: Wired) -> None:
    host.send(Submit(1, TurnRequest("x", skill="wait")))
    events = host.run(2, ModelsList())
    assert events[0] == Models((MODEL,))
    assert isinstance(events[-1], Done)
    host.send(Cancel(1))


def test_a_failed_download_ends_with_its_reason(host: Wired) -> None:
    events = host.run(1, PullModels(("broken",)))
    assert events == [
        Progress("Downloading x", 5, 10, "bytes"),
        Failed("The hash is wrong.", "Try again."),
    ]


def test_an_event_that_cannot_be_sent_ends_its_job_and_not_its_lane(host: Wired) -> None:
    failed = host.run(1, PullModels(("no text",)))[-1]
    assert isinstance(failed, Failed)
    assert "Downloading \\udce9" in failed.message
    assert isinstance(host.run(2, PullModels())[-1], Done)


def test_indexing_changes_the_number_of_documents_in_the_status(host: Wired) -> None:
    host.run(1, IndexAdd(("/a", "/b")))
    while not isinstance(status := host.receive(), Status):
        continue
    assert status.documents == 2


def test_loading_a_model_is_shown_while_it_lasts(host: Wired) -> None:
    host.run(1, WarmUp())
    phases = [(m.phase, m.detail) for m in host.seen if isinstance(m, Status)]
    assert phases == [("loading", "the language model"), ("ready", "")]


def test_the_end_of_input_cancels_what_is_under_way(host: Wired) -> None:
    host.send(Submit(1, TurnRequest("x", skill="wait")))
    while host.next_event().event != TextDelta("waiting"):
        continue
    host.to_host.close()
    done = host.next_event().event
    assert isinstance(done, Done)
    assert done.cancelled
    host.thread.join(60)
    assert not host.thread.is_alive()


def test_a_route_is_explained_and_corrected_while_an_answer_is_written(host: Wired) -> None:
    host.send(Submit(1, TurnRequest("x", skill="wait")))
    asked = ExplainRoute(Message("user", "and page 3?"), (Message("user", "page 2?"),))
    explained, done = host.run(2, asked)
    assert isinstance(explained, Explained)
    assert explained.routed.reason == "and page 3? after 1"
    assert isinstance(done, Done)
    taught, _ = host.run(3, Teach("x", "qa"))
    assert taught == Taught(Correction("qa", "en", "2026-05-14", "x"))
    undone, _ = host.run(4, Unteach("x"))
    assert isinstance(undone, Taught)
    assert undone.undone
    (refused,) = host.run(5, Unteach())
    assert refused == Failed("There is no such correction.", "List them.")
    host.send(Cancel(1))


def test_a_message_with_an_image_teaches_only_skills_that_take_images(host: Wired) -> None:
    taught, done = host.run(1, Teach("what is it?", "describe", with_images=True))
    assert isinstance(taught, Taught)
    assert isinstance(done, Done)
    (only,) = host.run(2, Teach("what is it?", "qa", with_images=True))
    assert isinstance(only, Done)


def test_a_model_whose_file_name_is_no_text_is_shown_all_the_same() -> None:
    sink = BytesIO()
    board = StatusBoard(Outlet(sink))
    engine = fake_engine(board, pull_nothing)
    named = Settings(generate=GenerateSettings(model="caf\udce9.gguf"))
    cast("SimpleNamespace", engine).settings = named
    board.engine = engine
    board.refresh()
    status = unpack_from_engine(sink.getvalue()[HEADER_BYTES:])
    assert isinstance(status, Status)
    assert status.model == "caf\ufffd.gguf"


def test_a_message_does_not_wait_for_the_warming_up(
    host: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(60)

    engine = host.board.engine
    assert engine is not None
    monkeypatch.setattr(engine, "warm_up", slow)
    host.send(Submit(1, WarmUp()))
    assert begun.wait(60)
    try:
        assert isinstance(host.run(2, TurnRequest("x", skill="generate"))[-1], Done)
    finally:
        go_on.set()


class StoppedSkill(FakeSkill):
    """Asks something that can only be stopped from outside, as an embedder behind a server."""

    def run(self, request: object) -> Iterator[Event]:
        yield TextDelta("looking")
        while not is_stopped():
            threading.Event().wait(0.005)
        raise StoppedError


class StoppedIndex(FakeIndex):
    """The same for documents."""

    def add(
        self, paths: Sequence[str], collection: str | None, cancelled: Cancelled
    ) -> Iterator[Event]:
        yield Progress("Reading", 1, 1, "files")
        while not is_stopped():
            threading.Event().wait(0.005)
        raise StoppedError


def test_what_takes_no_cancel_of_its_own_is_stopped_and_nothing_is_said_to_have_failed(
    host: Wired,
) -> None:
    engine = host.board.engine
    assert engine is not None
    engine.turns._skills["stuck"] = StoppedSkill("stuck")  # type: ignore[index]
    vars(engine)["index"] = StoppedIndex()
    jobs: tuple[Job, ...] = (TurnRequest("x", skill="stuck"), IndexAdd(("/docs",)))
    for number, job in enumerate(jobs):
        host.send(Submit(number, job))
        while not isinstance(event := host.next_event().event, Done | Failed):
            if isinstance(event, TextDelta | Progress):
                host.send(Cancel(number))
        assert isinstance(event, Done)
        assert event.cancelled
