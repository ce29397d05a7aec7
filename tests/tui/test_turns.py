"""A turn's end is told as what it was: a refused request, or the engine's death."""

from __future__ import annotations

import os

import pytest

from assistant.core.errors import EngineError
from assistant.core.events import Event, Failed, Routed
from assistant.core.messages import FileAttachment, TextAttachment
from assistant.core.turns import TurnRequest
from assistant.engine.wire import MAX_FRAME_BYTES, Job, Submit, pack
from assistant.tui.ports import JobStreamLike
from assistant.tui.session import Answer
from assistant.tui.turns import Turn
from tests.tui.fakes import FakeEngine

DEATH = Failed("The engine stopped.")


class PackingEngine(FakeEngine):
    """Refuses, as the client does, what can't be sent."""

    def submit(self, job: Job) -> JobStreamLike:
        pack(Submit(1, job))
        return super().submit(job)


class Shown:
    """A view that keeps what it was shown."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def show(self, event: Event) -> None:
        self.events.append(event)

    async def choose(self, routed: Routed) -> str | None:
        return None

    async def settle(self) -> None:
        return


@pytest.mark.parametrize(
    ("attachment", "told"),
    [
        (FileAttachment(os.fsdecode(b"/caf\xe9.txt")), "not valid text"),
        (TextAttachment("paste", "x" * MAX_FRAME_BYTES), "too large"),
    ],
)
async def test_a_request_that_cannot_be_sent_fails_with_its_own_reason(
    attachment: FileAttachment | TextAttachment, told: str
) -> None:
    view, answer, saved = Shown(), Answer(), list[str]()
    turn = Turn(PackingEngine(), answer, lambda a: saved.append(a.state), lambda: 0.0, DEATH)
    assert await turn.run(TurnRequest("read this", (attachment,)), view) == "failed"
    (failed,) = view.events
    assert isinstance(failed, Failed)
    assert told in failed.message
    assert saved == ["failed"]


async def test_a_dead_engine_is_told_as_such() -> None:
    view, answer = Shown(), Answer()
    engine = FakeEngine([[EngineError("gone")]])
    turn = Turn(engine, answer, lambda _: None, lambda: 0.0, DEATH)
    assert await turn.run(TurnRequest("hi"), view) == "died"
    assert view.events == [DEATH]
