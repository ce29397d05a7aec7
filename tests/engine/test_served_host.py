"""The real engine process with a model on a server: what it says, sends, and leaves open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import psutil
import pytest

from assistant.config import Places
from assistant.core.events import Done, Event, Failed, TextDelta
from assistant.core.turns import TurnRequest
from assistant.engine.client import EngineClient
from assistant.engine.wire import DiscoverModels, WarmUp
from tests.engine.test_real_host import COMMAND
from tests.models.scripted_server import ScriptedServer, Visit

SECRET = "sk-very-secret-1"  # noqa: S105 - opens nothing


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer().serving() as running:
        yield running


@pytest.fixture
def configured(
    server: ScriptedServer, places: Places, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Writes the settings; more lines go to the top."""
    monkeypatch.setenv("MINE_KEY", SECRET)

    def write(more: str = "") -> None:
        places.config_file.parent.mkdir(parents=True, exist_ok=True)
        places.config_file.write_text(
            f'{more}\n[models.mine]\nsource = "openai:{server.url}#m1"\ncontext = 9000\n'
            'key_env = "MINE_KEY"\n[generate]\nmodel = "mine"\n',
            "utf-8",
        )

    write()
    return write


@pytest.fixture
async def client(configured: Callable[[str], None], places: Places) -> AsyncIterator[EngineClient]:
    client = EngineClient(COMMAND, places.engine_log, lambda _: None)
    yield client
    await client.close()


async def events(client: EngineClient, job: object) -> list[Event]:
    async with asyncio.timeout(300):
        return [event async for event in client.submit(job)]  # type: ignore[arg-type]


def connections() -> list[tuple[object, ...]]:
    """Where the engine processes of this test are connected to."""
    children = psutil.Process().children(recursive=True)
    open_ones = (c for child in children for c in child.net_connections("inet"))
    return [tuple(c.raddr) if c.raddr else tuple(c.laddr) for c in open_ones]


async def test_the_engine_asks_the_server_and_nobody_else(
    client: EngineClient, server: ScriptedServer, places: Places
) -> None:
    await client.start()
    await events(client, WarmUp())
    assert server.visits == [], "nothing is connected before there is a question"
    assert client.status.served_here == (server.url[7:-3],)
    assert (client.status.model, client.status.device) == ("mine", "")
    said = await events(client, TurnRequest("hello", skill="generate"))
    assert isinstance(said[-1], Done)
    assert said[-1].message == "Hello, you"
    port = int(server.url[7:-3].rpartition(":")[2])
    assert set(connections()) <= {("127.0.0.1", port)}
    assert SECRET not in places.engine_log.read_text("utf-8")
    commands = [" ".join(p.cmdline()) for p in psutil.Process().children(recursive=True)]
    assert not any(SECRET in command for command in commands)


async def test_cancelling_a_turn_shuts_the_connection(
    client: EngineClient, server: ScriptedServer
) -> None:
    gone = threading.Event()

    def say(visit: Visit) -> None:
        visit.begin()
        visit.piece("One")
        visit.wait_until_left()
        gone.set()

    server.script = [say]
    await client.start()
    stream = client.submit(TurnRequest("hello", skill="generate"))
    async with asyncio.timeout(300):
        async for event in stream:
            if isinstance(event, TextDelta):
                stream.cancel()
    assert await asyncio.to_thread(gone.wait, 5)


async def test_offline_the_engine_opens_no_socket(
    client: EngineClient, server: ScriptedServer, configured: Callable[[str], None]
) -> None:
    configured("offline = true")
    await client.start()
    for job in (TurnRequest("hello", skill="generate"), DiscoverModels()):
        (*_, failed) = await events(client, job)
        assert isinstance(failed, Failed)
        assert "offline is on" in failed.message
    assert connections() == []
    assert server.visits == []


async def test_an_unknown_model_in_the_settings_leaves_the_engine_running(
    client: EngineClient, places: Places
) -> None:
    places.config_file.write_text('[embed]\nmodel = "no-such"\n', "utf-8")
    await client.start()
    await events(client, WarmUp())
    assert client.status.phase == "ready"
