"""The client against a real child process: streaming, cancelling, crashes, closing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from assistant.core.errors import EngineError, UsageError
from assistant.core.events import Done, Event, TextDelta
from assistant.core.turns import TurnRequest
from assistant.engine.client import EngineClient, EngineDiedError, JobStream
from assistant.engine.wire import Status

COMMAND = [sys.executable, "-m", "tests.engine.scripted_host"]


class Seen:
    """The statuses a client reported, and a way to wait for one."""

    def __init__(self) -> None:
        self.statuses: list[Status] = []
        self._changed = asyncio.Event()

    def __call__(self, status: Status) -> None:
        self.statuses.append(status)
        self._changed.set()

    async def until(self, holds: Callable[[Status], bool]) -> None:
        async with asyncio.timeout(180):
            while not (self.statuses and holds(self.statuses[-1])):
                self._changed.clear()
                await self._changed.wait()

    def count(self, phase: str) -> int:
        return sum(s.phase == phase for s in self.statuses)


@pytest.fixture
def seen() -> Seen:
    return Seen()


Start = Callable[[list[str]], Awaitable[EngineClient]]


@pytest.fixture
async def start(tmp_path: Path, seen: Seen) -> AsyncIterator[Start]:
    """Starts clients and closes them after the test, whatever happened in it."""
    clients = []

    async def start(command: list[str]) -> EngineClient:
        clients.append(EngineClient(command, tmp_path / "state" / "engine.log", seen))
        await clients[-1].start()
        return clients[-1]

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def client(start: Start) -> EngineClient:
    return await start(COMMAND)


async def gather(stream: JobStream) -> list[Event]:
    async with asyncio.timeout(180):
        return [event async for event in stream]


async def test_a_job_submitted_before_the_child_is_up_is_answered(client: EngineClient) -> None:
    events = await gather(client.submit(TurnRequest("你好 👋")))
    assert events[0] == TextDelta("你好 👋")
    assert isinstance(events[-1], Done)


async def test_two_jobs_at_once_keep_their_events_apart(client: EngineClient) -> None:
    first, second = client.submit(TurnRequest("one")), client.submit(TurnRequest("two"))
    texts = await asyncio.gather(gather(first), gather(second))
    assert [events[0] for events in texts] == [TextDelta("one"), TextDelta("two")]


async def test_a_cancelled_job_ends_with_what_it_said(client: EngineClient) -> None:
    stream = client.submit(TurnRequest("wait"))
    events = []
    async with asyncio.timeout(180):
        async for event in stream:
            events.append(event)
            stream.cancel()
    assert events[0] == TextDelta("waiting")
    assert isinstance(events[-1], Done)
    assert events[-1].cancelled


@pytest.mark.parametrize("death", ["die", "crash", "garbage"])
async def test_a_dead_engine_is_reported_and_started_again(
    client: EngineClient, seen: Seen, death: str
) -> None:
    with pytest.raises(EngineDiedError):
        await gather(client.submit(TurnRequest(death)))
    assert (await gather(client.submit(TurnRequest("again"))))[0] == TextDelta("again")
    assert seen.count("starting") == 2


async def test_every_open_job_hears_of_the_death(client: EngineClient) -> None:
    waiting = client.submit(TurnRequest("wait"))
    dying = client.submit(TurnRequest("die"))
    for stream in (waiting, dying):
        with pytest.raises(EngineDiedError):
            await gather(stream)


async def test_an_engine_that_dies_at_once_is_not_started_forever(start: Start, seen: Seen) -> None:
    client = await start([*COMMAND, "--die-at-once"])
    await seen.until(lambda last: last.phase == "stopped")
    assert seen.statuses[-1].detail == "no such luck"
    with pytest.raises(EngineDiedError):
        await gather(client.submit(TurnRequest("please")))


async def test_a_program_that_is_not_there_stops_with_its_reason(
    start: Start, tmp_path: Path, seen: Seen
) -> None:
    await start([str(tmp_path / "missing")])
    await seen.until(lambda last: last.phase == "stopped")
    assert "missing" in seen.statuses[-1].detail


@pytest.mark.parametrize("options", [[], ["--stay"]])
async def test_closing_leaves_no_process(start: Start, seen: Seen, options: list[str]) -> None:
    client = await start([*COMMAND, *options])
    await seen.until(lambda last: last.phase == "ready")
    pid = client.pid
    assert pid is not None
    await client.close()
    assert not psutil.pid_exists(pid)


async def test_what_the_engine_writes_to_standard_error_goes_to_the_log(
    client: EngineClient, tmp_path: Path
) -> None:
    await gather(client.submit(TurnRequest("noise")))
    await client.close()
    assert (tmp_path / "state" / "engine.log").read_text().count("x") >= 200_000


async def test_a_log_that_cannot_be_written_is_an_error_with_a_remedy(
    tmp_path: Path, seen: Seen
) -> None:
    (tmp_path / "file").write_text("")
    client = EngineClient(COMMAND, tmp_path / "file" / "engine.log", seen)
    with pytest.raises(EngineError, match="ASSISTANT_STATE_DIR"):
        await client.start()


async def test_a_restart_starts_a_fresh_child_however_often_and_ends_the_jobs(
    start: Start, seen: Seen
) -> None:
    client = await start(COMMAND)
    pids = set()
    for _ in range(4):
        await seen.until(lambda status: status.phase == "ready")
        pids.add(client.pid)
        stream = client.submit(TurnRequest("wait"))
        events = aiter(stream)
        assert await anext(events) == TextDelta("waiting")
        client.restart()
        with pytest.raises(EngineDiedError):
            await anext(events)
        await seen.until(lambda status: status.phase == "starting")
    assert len(pids) == 4
    assert seen.count("stopped") == 0


async def test_a_job_submitted_right_after_a_restart_is_answered_by_the_new_child(
    client: EngineClient, seen: Seen
) -> None:
    await seen.until(lambda status: status.phase == "ready")
    before = client.pid
    client.restart()
    assert (await gather(client.submit(TurnRequest("still here"))))[0] == TextDelta("still here")
    assert client.pid != before


async def test_a_job_cancelled_before_the_new_child_is_up_ends_cancelled(
    client: EngineClient, seen: Seen
) -> None:
    await seen.until(lambda status: status.phase == "ready")
    client.restart()
    stream = client.submit(TurnRequest("wait"))
    stream.cancel()
    done = (await gather(stream))[-1]
    assert isinstance(done, Done)
    assert done.cancelled


async def test_closing_ends_the_jobs_that_wait_for_a_new_child(
    client: EngineClient, seen: Seen
) -> None:
    await seen.until(lambda status: status.phase == "ready")
    client.restart()
    stream = client.submit(TurnRequest("too late"))
    await client.close()
    with pytest.raises(EngineDiedError):
        await gather(stream)


async def test_a_job_that_cannot_be_sent_is_refused_and_the_engine_goes_on(
    client: EngineClient,
) -> None:
    with pytest.raises(UsageError, match="not valid text"):
        client.submit(TurnRequest("caf\udce9"))
    assert (await gather(client.submit(TurnRequest("fine"))))[0] == TextDelta("fine")
