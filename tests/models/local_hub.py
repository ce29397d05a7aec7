"""A model hub on this machine: the few endpoints the hub's client asks for."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "a" * 40
CONVERTED = "c" * 40


class LocalHub:
    """Repositories in memory: (repository, revision) → files; answers ranges, errors and cuts."""

    def __init__(self) -> None:
        self.commits: dict[tuple[str, str], str] = {}
        self.files: dict[tuple[str, str], dict[str, bytes]] = {}
        self.offers: list[dict[str, object]] = []
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.cut_after: list[int] = []
        """Bytes after which each of the coming downloads is cut off."""
        self.ranges: list[str | None] = []
        self.downloads: list[str] = []
        self.agents: set[str] = set()
        self.swap: dict[str, bytes] = {}
        """Other bytes sent in place of a file's own."""
        self.file_refusal: tuple[int, dict[str, str]] | None = None
        """Of files only: what is known of a gated repository may be read."""
        self.stall_after: list[int] = []
        """Bytes after which each of the coming downloads says nothing more for a while."""
        self.stall_seconds = 1.0
        self.elsewhere = ""
        """Address of another server that has the files, as large ones are kept apart."""
        self.tokens: list[str | None] = []
        """What each download had as authorization."""
        self.url = ""

    def add(
        self, repository: str, files: dict[str, bytes], revision: str = "main", commit: str = COMMIT
    ) -> None:
        self.commits[repository, revision] = commit
        self.commits[repository, commit] = commit
        self.files[repository, commit] = files

    @contextmanager
    def serving(self) -> Iterator[LocalHub]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.answer(self)

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
        path = unquote(urlsplit(request.path).path)
        self.agents.add(request.headers["user-agent"])
        if self.refusal is not None:
            status, headers = self.refusal
            _send(request, status, b"{}", headers)
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            self._describe(request, found[1], found[2] or "main")
        elif re.fullmatch(r"/api/models/[^/]+/[^/]+/discussions", path):
            body = {"discussions": self.offers, "count": len(self.offers), "start": 0}
            _send(request, 200, json.dumps(body).encode(), {})
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.tokens.append(request.headers["authorization"])
            if self.file_refusal is not None:
                _send(request, self.file_refusal[0], b"{}", self.file_refusal[1])
            elif self.elsewhere:
                _send(request, 302, b"", {"Location": self.elsewhere + request.path})
            else:
                self._send_file(request, found[1], found[2], found[3])
        else:
            _send(request, 404, b"{}", {})

    def _describe(self, request: BaseHTTPRequestHandler, repository: str, revision: str) -> None:
        if not any(known == repository for known, _ in self.commits):
            _send(request, 404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        commit = self.commits.get((repository, revision))
        if commit is None:
            _send(request, 404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return
        siblings = [
            {
                "rfilename": name,
                "size": len(content),
                "lfs": {
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                    "pointerSize": 134,
                },
            }
            for name, content in self.files[repository, commit].items()
        ]
        body = {"id": repository, "sha": commit, "siblings": siblings}
        _send(request, 200, json.dumps(body).encode(), {})

    def _send_file(
        self, request: BaseHTTPRequestHandler, repository: str, revision: str, name: str
    ) -> None:
        content = self.files[repository, self.commits[repository, revision]].get(name)
        if content is None:
            _send(request, 404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        content = self.swap.get(name, content)
        self.downloads.append(name)
        asked = request.headers["range"]
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start >= len(content) > 0:
            _send(request, 416, b"", {})
            return
        request.send_response(206 if asked else 200)
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        end = start + self.cut_after.pop(0) if self.cut_after else len(content)
        if self.stall_after:
            pause = start + self.stall_after.pop(0)
            request.wfile.write(content[start:pause])
            request.wfile.flush()
            time.sleep(self.stall_seconds)
            start = pause
        with suppress(OSError):  # the client may have gone
            request.wfile.write(content[start:end])
        request.close_connection = True


def _send(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]
) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
