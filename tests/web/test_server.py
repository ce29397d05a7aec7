"""The real server: it refuses strangers, serves the page, and a first screen arrives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import aiohttp
import psutil
import pytest

from assistant.core.errors import UsageError
from assistant.web.server import serve
from tests.web.serving import Served, serving

FIRST_SCREEN = b"sk anything"
"""Of the prompt's placeholder; the cursor lies on its first letter."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), "--offline") as server:
        yield server


async def status(served: Served, path: str, **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{served.host}{path}", headers=headers) as response,
    ):
        return response.status


async def test_the_page_and_its_files_come_with_the_token_and_from_nowhere_else(
    served: Served,
) -> None:
    async with aiohttp.ClientSession() as session, session.get(served.address) as response:
        page = await response.text()
        assert response.status == 200
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert f"ws://{served.host}/{served.token}/ws" in page
    assert page.count("http") == 0
    assert await status(served, f"/{served.token}/static/js/textual.js") == 200


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/wrong-token/", "//"])
async def test_without_the_token_everything_is_refused(served: Served, path: str) -> None:
    assert await status(served, path) == 403


async def test_a_page_of_another_name_is_refused_even_with_the_token(served: Served) -> None:
    path = f"/{served.token}/"
    assert await status(served, path, Host="evil.example") == 403
    assert await status(served, path, Origin="http://evil.example") == 403
    assert await status(served, f"{path}no-such-thing") == 404
    assert await status(served, f"{path}static/../../server.py") in (403, 404)


@pytest.mark.parametrize(
    ("path", "origin"),
    [("/ws", None), ("/wrong/ws", None), ("/{token}/ws", "http://evil.example")],
)
async def test_the_websocket_is_refused_to_strangers(
    served: Served, path: str, origin: str | None
) -> None:
    url = f"ws://{served.host}{path.format(token=served.token)}"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(url, origin=origin)
    assert caught.value.status == 403


async def test_the_first_screen_arrives_and_the_keys_reach_it(served: Served) -> None:
    url = f"ws://{served.host}/{served.token}/ws?width=100&height=30"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, origin=f"http://{served.host}") as terminal,
    ):
        await seen(terminal, FIRST_SCREEN)
        # Esc: there are no models here, and a dialog says so some time after the first screen.
        await seen(terminal, b"zebra", send=["\x1b", "zebra"])
        await terminal.send_json(["resize", {"width": 60, "height": 20}])
        await terminal.send_json(["stdin", "\x11"])
        message = await terminal.receive(timeout=60)
        while message.type is aiohttp.WSMsgType.BINARY:
            message = await terminal.receive(timeout=60)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def seen(
    terminal: aiohttp.ClientWebSocketResponse, text: bytes, send: Sequence[str] = ()
) -> None:
    """Wait until the terminal was sent a text, sending keys again and again meanwhile; in turn,
    for keys that come right after an escape are taken for a sequence."""
    received = b""
    keys = cycle(send)
    async with asyncio.timeout(180):
        while text not in received:
            if send:
                await terminal.send_json(["stdin", next(keys)])
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    while text not in received:
                        message = await terminal.receive()
                        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
                        received += message.data if isinstance(message.data, bytes) else b""


async def test_only_the_loopback_interface_listens(served: Served) -> None:
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(served.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="can't be had"):
            serve(["true"], port, lambda _: None)


def test_a_request_to_end_closes_the_open_window_and_is_obeyed(tmp_path: Path) -> None:
    async def end_with_a_window_open(served: Served) -> None:
        url = f"ws://{served.host}/{served.token}/ws"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as terminal:
            await seen(terminal, FIRST_SCREEN)
            server = psutil.Process(served.pid)
            server.terminate()
            async with asyncio.timeout(180):
                while (await terminal.receive()).type is not aiohttp.WSMsgType.CLOSED:
                    continue
            await asyncio.to_thread(server.wait, 60)

    with serving(tmp_path, "--offline") as served:
        asyncio.run(end_with_a_window_open(served))


def test_the_windows_end_with_the_server(tmp_path: Path) -> None:
    async def open_a_window(served: Served) -> None:
        url = f"ws://{served.host}/{served.token}/ws"
        session = aiohttp.ClientSession()
        terminal = await session.ws_connect(url)
        await seen(terminal, FIRST_SCREEN)
        await session.close()

    with serving(tmp_path) as served:
        asyncio.run(open_a_window(served))
    mine = str(tmp_path)
    left = [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("ASSISTANT_DATA_DIR", "").startswith(mine)
    ]
    _, alive = psutil.wait_procs(left, timeout=60)
    assert alive == []
