"""A model hub on this machine: the few endpoints the hub's client asks for."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

from tests.models.local_server import send, send_file, serving

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
        with serving(self.answer) as self.url:
            yield self

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(urlsplit(request.path).path)
        self.agents.add(request.headers["user-agent"])
        if self.refusal is not None:
            status, headers = self.refusal
            send(request, status, b"{}", headers)
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            self._describe(request, found[1], found[2] or "main")
        elif re.fullmatch(r"/api/models/[^/]+/[^/]+/discussions", path):
            body = {"discussions": self.offers, "count": len(self.offers), "start": 0}
            send(request, 200, json.dumps(body).encode(), {})
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self.tokens.append(request.headers["authorization"])
            if self.file_refusal is not None:
                send(request, self.file_refusal[0], b"{}", self.file_refusal[1])
            elif self.elsewhere:
                send(request, 302, b"", {"Location": self.elsewhere + request.path})
            else:
                self._send_file(request, found[1], found[2], found[3])
        else:
            send(request, 404, b"{}", {})

    def _describe(self, request: BaseHTTPRequestHandler, repository: str, revision: str) -> None:
        if not any(known == repository for known, _ in self.commits):
            send(request, 404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        commit = self.commits.get((repository, revision))
        if commit is None:
            send(request, 404, b"{}", {"X-Error-Code": "RevisionNotFound"})
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
        send(request, 200, json.dumps(body).encode(), {})

    def _send_file(
        self, request: BaseHTTPRequestHandler, repository: str, revision: str, name: str
    ) -> None:
        content = self.files[repository, self.commits[repository, revision]].get(name)
        if content is None:
            send(request, 404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        content = self.swap.get(name, content)
        self.downloads.append(name)
        asked = request.headers["range"]
        self.ranges.append(asked)

        def stalling(rest: bytes) -> bytes:
            if not self.stall_after:
                return rest
            first = self.stall_after.pop(0)
            request.wfile.write(rest[:first])
            request.wfile.flush()
            time.sleep(self.stall_seconds)
            return rest[first:]

        send_file(request, content, asked, cut_after=self.cut_after, pause=stalling)
