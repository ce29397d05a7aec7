"""Shows the chat in a browser of this machine, by way of textual-serve."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from assistant.core.errors import UsageError
from assistant.web.gate import HEADERS, is_admitted, new_token

HOST = "127.0.0.1"
MAX_SESSIONS = 4
"""Each is a program of its own, with its models."""
CLOSING_SECONDS = 5.0
"""Given to the programs in the windows to end, when the server is to."""
_REQUEST_SECONDS = 2.0
"""Given to what else is being answered; aiohttp would wait a minute."""
_FULL = "Too many windows are open. Close one, then load this page again."


def serve(command: Sequence[str], port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        command: what runs in each window of the browser.
        port: to listen on; 0 takes a free one.
        ready: called with the address, token and all, once it can be opened.

    Raises:
        UsageError: the port can't be had.
    """
    asyncio.run(_serve(command, port, ready))


async def _serve(command: Sequence[str], port: int, ready: Callable[[str], None]) -> None:
    token = new_token()
    app = application(command, token)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_REQUEST_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise UsageError(
            f"Port {port} can't be had: {error.strerror}.", "Choose another: --port 0 takes any."
        ) from error
    _, taken = runner.addresses[0][:2]
    ready(f"http://{HOST}:{taken}/{token}/")
    try:
        await _interrupted()
    finally:
        await runner.cleanup()


def application(command: Sequence[str], token: str) -> web.Application:
    """The web application: the page, its static files, the websocket; all below the token."""
    terminal = Server(_shell_line(command))
    sessions = _Sessions(terminal.handle_websocket)
    app = web.Application(middlewares=[_gate(token)], client_max_size=1 << 20)
    app.on_shutdown.append(sessions.close)
    app.router.add_get(f"/{token}/", _page)
    app.router.add_get(f"/{token}/page.js", _script)
    app.router.add_get(f"/{token}/ws", sessions.handle)
    app.router.add_static(f"/{token}/static", terminal.statics_path)
    return app


class _Sessions:
    """Knows the open windows: refuses one too many, and closes them in the end."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._open: set[asyncio.Task[Any]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        if task is None or len(self._open) >= MAX_SESSIONS:
            raise web.HTTPServiceUnavailable(text=_FULL)
        self._open.add(task)
        try:
            return await self._handle(request)
        finally:
            self._open.remove(task)

    async def close(self, _app: web.Application) -> None:
        """End the programs in the windows, and wait a little for them."""
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=CLOSING_SECONDS)


def _gate(token: str) -> Middleware:
    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if not is_admitted(request.path, request.headers.get("Host", ""), origin, token):
            return web.Response(status=403, text="Forbidden.", headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as refusal:
            refusal.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return admit


async def _page(request: web.Request) -> web.Response:
    """The page; it speaks to the name and port it was loaded from, which may be a tunnel's."""
    template = Template(_own("page.html"))
    address = f"ws://{request.host}{request.path}ws"
    return web.Response(text=template.substitute(websocket=address), content_type="text/html")


async def _script(_request: web.Request) -> web.Response:
    return web.Response(text=_own("page.js"), content_type="text/javascript")


def _own(name: str) -> str:
    return files("assistant.web").joinpath(name).read_text(encoding="utf-8")


def _shell_line(command: Sequence[str]) -> str:
    """The command as textual-serve wants it, which hands it to a shell."""
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


async def _interrupted() -> None:
    """Wait for Ctrl+C or a polite request to end."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, over.set)
        except NotImplementedError:  # Windows: KeyboardInterrupt ends the loop
            continue
    await over.wait()
