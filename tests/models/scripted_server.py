"""A stand-in server that does what a test tells it: good answers, refusals, and worse."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Say = Callable[["Visit"], None]
"""What to do with one request."""


@dataclass
class Visit:
    """A request as it came, and the means to answer it."""

    handler: BaseHTTPRequestHandler
    path: str
    headers: dict[str, str]
    body: Any

    def send(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        """A whole answer."""
        self.begin(status, kind, **{"content-length": str(len(body)), **headers})
        self.write(body)

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """A head alone; the body ends when the connection does."""
        handler = self.handler
        handler.send_response(status)
        handler.send_header("content-type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.close_connection = True

    def write(self, data: bytes) -> None:
        """Bytes, at once."""
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def event(self, data: object) -> None:
        """One event; text stands for itself."""
        text = data if isinstance(data, str) else json.dumps(data)
        self.write(f"data: {text}\n\n".encode())

    def piece(self, text: str, **more: Any) -> None:
        """A piece of an answer."""
        self.event({"choices": [{"index": 0, "delta": {"content": text, **more}}]})

    def end(self, reason: str = "stop") -> None:
        """The regular end of an answer."""
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.event("[DONE]")

    def wait_until_left(self) -> None:
        """Return once the other side has shut the connection, or it takes too long."""
        self.handler.connection.settimeout(60)
        try:
            while self.handler.connection.recv(1):
                pass
        except OSError:
            pass


def good(visit: Visit) -> None:
    """A short answer."""
    visit.begin()
    visit.piece("Hello")
    visit.piece(", you")
    visit.event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
    visit.end()


def refusing(status: int, error: object, **headers: str) -> Say:
    """Says no."""
    body = error if isinstance(error, bytes) else json.dumps(error).encode()
    kind = "text/html" if isinstance(error, bytes) else "application/json"
    return lambda visit: visit.send(status, body, kind, **headers)


def streaming(*pieces: str) -> Say:
    """Says these pieces, and ends."""

    def say(visit: Visit) -> None:
        visit.begin()
        for piece in pieces:
            visit.piece(piece)
        visit.end()

    return say


@dataclass
class ScriptedServer:
    """Chats follow `script`, the last of which repeats; `GET /models` lists `models`."""

    script: list[Say] = field(default_factory=lambda: [good])
    models: list[dict[str, Any]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def chats(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.body is not None]

    def answer(self, visit: Visit) -> None:
        self.visits.append(visit)
        if visit.body is None and visit.path.endswith("/models"):
            visit.send(200, json.dumps({"object": "list", "data": self.models}).encode())
        elif visit.body is None:
            visit.send(404, b"{}")
        else:
            self.times.append(time.monotonic())
            say = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            say(visit)

    @contextmanager
    def serving(
        self,
        wrap: Callable[[socket.socket], socket.socket] | None = None,
        host: str = "127.0.0.1",
    ) -> Iterator[Self]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _visit(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(size)) if size else None
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    scripted.answer(Visit(self, self.path, headers, body))
                except OSError:  # the client went away
                    self.close_connection = True
                    scripted.left.set()

            do_GET = do_POST = _visit  # noqa: N815 - the library's names

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        server = Server((host, 0), Handler)
        server.daemon_threads = True
        if wrap is not None:
            server.socket = wrap(server.socket)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        scheme = "http" if wrap is None else "https"
        name = f"[{host}]" if ":" in host else host
        self.url = f"{scheme}://{name}:{server.server_port}/v1"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
