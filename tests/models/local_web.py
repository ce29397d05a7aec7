"""A web server on this machine: files by path, ranges, cuts, refusals and redirects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.models.local_server import send, send_file, serving


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
        with serving(self.answer) as self.url:
            yield self

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0]
        asked = request.headers["range"]
        self.asked.append((request.path, asked))
        if target := self.redirects.get(path):
            send(request, 302, headers={"Location": target})
        elif path in self.files and path not in self.statuses:
            send_file(
                request,
                self.files[path],
                asked if self.honours_ranges else None,
                cut_after=self.cut_after,
                says_length=self.says_length,
            )
        else:
            send(request, self.statuses.get(path, 404))
