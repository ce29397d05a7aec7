"""A package index on this machine: what pip asks an index for, with wheels made here."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.models.local_server import send, serving


def make_wheel(name: str, version: str, members: Mapping[str, bytes]) -> bytes:
    """A wheel with these members and the metadata pip insists on."""
    info = f"{name}-{version}.dist-info"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class LocalIndex:
    """Serves wheels; counts what was fetched, and can hold, cut or refuse answers."""

    def __init__(self) -> None:
        self.wheels: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.status = 200
        self.send_at_most: int | None = None
        self.open_gate = threading.Event()
        self.open_gate.set()
        self.asked = threading.Event()
        self.url = ""

    def add(
        self, name: str, version: str, members: Mapping[str, bytes], tag: str = "py3-none-any"
    ) -> str:
        """Put a wheel on the index; returns its SHA-256."""
        wheel = make_wheel(name, version, members)
        self.wheels[f"{name}-{version}-{tag}.whl"] = wheel
        return sha256(wheel)

    @contextmanager
    def serving(self) -> Iterator[LocalIndex]:
        try:
            with serving(self.answer) as url:
                self.url = f"{url}/simple"
                yield self
        finally:
            self.open_gate.set()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        last = request.path.strip("/").split("/")[-1]
        if last.endswith(".whl"):
            self._send_wheel(request, last)
            return
        links = "".join(
            f'<a href="/files/{file}">{file}</a>'
            for file in self.wheels
            if file.split("-")[0].replace("_", "-") == last
        )
        body = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        status = self.status if links or self.status != 200 else 404
        send(request, status, body, {"Content-Type": "text/html"})

    def _send_wheel(self, request: BaseHTTPRequestHandler, file: str) -> None:
        self.fetched.append(file)
        self.asked.set()
        self.open_gate.wait(60)
        wheel = self.wheels[file]
        request.send_response(200)
        request.send_header("Content-Type", "application/octet-stream")
        request.send_header("Content-Length", str(len(wheel)))
        request.end_headers()
        try:
            request.wfile.write(wheel[: self.send_at_most])
        except (BrokenPipeError, ConnectionResetError):
            request.close_connection = True
