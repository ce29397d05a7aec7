"""A web server on this machine: files by path, ranges, cuts, refusals and redirects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LocalWeb:
    """Files in memory by path, queries left out."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.statuses: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.cut_after: list[int] = []
        """Bytes after which each of the coming downloads is cut off."""
        self.honours_ranges = True
        self.says_length = True
        self.asked: list[tuple[str, str | None]] = []
        """Path with its query, and the range asked for."""
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator[LocalWeb]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0]
        asked = request.headers["range"]
        self.asked.append((request.path, asked))
        if target := self.redirects.get(path):
            request.send_response(302)
            request.send_header("Location", target)
            request.send_header("Content-Length", "0")
            request.end_headers()
        elif path in self.files and path not in self.statuses:
            self._send(request, self.files[path], asked if self.honours_ranges else None)
        else:
            request.send_response(self.statuses.get(path, 404))
            request.send_header("Content-Length", "0")
            request.end_headers()

    def _send(self, request: BaseHTTPRequestHandler, content: bytes, asked: str | None) -> None:
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start >= len(content) > 0:
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if asked else 200)
        if self.says_length:
            request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        end = start + self.cut_after.pop(0) if self.cut_after else len(content)
        request.wfile.write(content[start:end])
        request.close_connection = True
