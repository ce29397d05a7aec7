"""The chat in a real browser, where one is installed: it draws, and what is typed is kept."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assistant.store.conversations import ConversationStore
from tests.web.serving import serving

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--remote-debugging-port=0", "--window-size=1000,700", "about:blank",
)  # fmt: skip

TEXT = "kept from the browser 浏览器"
DRAWN = "document.body && document.body.classList.contains('-first-byte')"
FORBIDDEN = "document.body && document.body.innerText.includes('Forbidden')"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")


class Tab:
    """A tab of the browser, driven over the DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.requested: list[str] = []
        """Addresses the page asked for."""
        self.complaints: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        async with asyncio.timeout(180):
            while True:
                told = json.loads((await self._socket.receive()).data)
                if told.get("id") == self._number:
                    return dict(told.get("result", {}))
                self._note(told)

    def _note(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Network.requestWillBeSent":
            self.requested.append(told["params"]["request"]["url"])
        if told.get("method") == "Log.entryAdded":
            text = told["params"]["entry"]["text"]
            self.complaints += [] if "WebGL" in text else [text]

    async def value(self, expression: str) -> Any:
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    async def is_true(self, expression: str) -> bool:
        return bool(await self.value(expression))

    async def type(self, text: str) -> None:
        for character in text:
            await self.call("Input.dispatchKeyEvent", type="char", text=character)

    async def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent",
                type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                **({"text": "\r"} if key == "Enter" and kind == "keyDown" else {}),
            )  # fmt: skip

    async def shows(self, colours: int) -> bool:
        """Whether so many different colours are to be seen."""
        from PIL import Image

        shot = await self.call("Page.captureScreenshot", format="png")
        image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        return len(image.getcolors(1 << 24) or ()) >= colours


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Look every half second, at most three minutes long."""
    for _ in range(360):
        if await happened():
            return
        await asyncio.sleep(0.5)
    raise AssertionError("it did not happen")


@asynccontextmanager
async def browser(folder: Path, address: str) -> AsyncIterator[Tab]:
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, f"--user-data-dir={folder / 'profile'}", *FLAGS,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        async with asyncio.timeout(180):
            while b"DevTools listening on" not in (line := await process.stderr.readline()):
                assert line
        port = line.split(b"127.0.0.1:")[1].split(b"/")[0].decode()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                tabs = await response.json()
            url = next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"]
            async with session.ws_connect(url, max_msg_size=0) as socket:
                tab = Tab(socket)
                for domain in ("Page", "Network", "Log", "Runtime"):
                    await tab.call(f"{domain}.enable")
                await tab.call("Page.navigate", url=address)
                yield tab
    finally:
        process.kill()
        await process.wait()


async def test_the_chat_is_drawn_and_a_message_is_kept(tmp_path: Path) -> None:
    with serving(tmp_path, "--offline") as served:
        async with browser(tmp_path, served.address) as tab:
            await until(lambda: tab.is_true(DRAWN))
            await until(lambda: tab.shows(20))

            async def sent() -> bool:
                # Esc: a dialog about missing models comes some time after the first screen.
                await tab.press("Escape", 27)
                await asyncio.sleep(0.5)  # or the next key would make a sequence with it
                await tab.type(TEXT)
                await tab.press("Enter", 13)
                return bool(kept(served.conversations))

            await until(sent)
            assert TEXT in kept(served.conversations)[-1]
            assert tab.complaints == []
            assert all(served.host in url for url in tab.requested if url.startswith("http"))


async def test_without_the_token_the_browser_is_shown_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        async with browser(tmp_path, f"http://{served.host}/") as tab:
            await until(lambda: tab.is_true(FORBIDDEN))


def kept(path: Path) -> list[str]:
    """The titles in the store the served program writes to."""
    with closing(ConversationStore(path)) as store:
        return [conversation.title for conversation in store.recent(9)]
