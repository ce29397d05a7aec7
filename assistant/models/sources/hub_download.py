"""Bringing files of one commit from the hub, each resumed where an earlier try broke off."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.core.errors import ModelError
from assistant.models.sources.checksum import check_sha256
from assistant.models.sources.watch import Watch

ATTEMPTS = 5
"""Tries in a row without one new byte before giving up."""
REPORT_BYTES = 1024 * 1024
"""Between two reports of progress."""
TIMEOUT_SECONDS = 30.0
_PARTIAL_CONTENT, _RANGE_REFUSED = 206, 416


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository.

    `size` is 0 and `sha256` "" where the hub does not say; small files are kept in git itself
    and have no SHA-256.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubDownload:
    """Files of one commit on their way into a folder; `total` is their bytes together."""

    repository: str
    commit: str
    label: str
    total: int
    endpoint: str | None
    user_agent: str
    pause: float
    watch: Watch
    timeout: float = TIMEOUT_SECONDS
    """Seconds without a byte after which a connection counts as lost."""

    def run(self, files: Sequence[HubFile], folder: Path) -> None:
        """Bring every file that is not there yet.

        Raises:
            ModelError: a file arrived with the wrong size or hash.
            httpx2.TransportError: the connection is lost for good.
            huggingface_hub.errors.HfHubHTTPError: the hub refused.
        """
        done = 0
        for file in files:
            target = folder / file.path
            if not target.is_file():
                self._bring(file, target, done)
            done += target.stat().st_size

    def _bring(self, file: HubFile, target: Path, done: int) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        self._persist(file, part, done)
        try:
            _check_size(file, part)
            check_sha256(part, file.sha256, file.path)
        except ModelError:
            part.unlink()
            raise
        part.replace(target)

    def _persist(self, file: HubFile, part: Path, done: int) -> None:
        """Stream until the end, going on after each lost connection while bytes still come."""
        import httpx2

        fruitless = 0
        while True:
            before = _size(part)
            try:
                self._stream(file, part, done)
            except httpx2.TransportError:
                fruitless = 0 if _size(part) > before else fruitless + 1
                if fruitless >= ATTEMPTS:
                    raise
                self.watch.check()
                time.sleep(self.pause)
            else:
                return

    def _stream(self, file: HubFile, part: Path, done: int) -> None:
        """One request, from the byte after those `part` holds."""
        from huggingface_hub import get_session, get_token, hf_hub_url, hf_raise_for_status

        url = hf_hub_url(self.repository, file.path, revision=self.commit, endpoint=self.endpoint)
        # Compressed on the way, neither sizes nor offsets would be those of the file.
        headers = {"user-agent": self.user_agent, "accept-encoding": "identity"}
        if start := _size(part):
            headers["range"] = f"bytes={start}-"
        if token := get_token():
            headers["authorization"] = f"Bearer {token}"
        with get_session().stream("GET", url, headers=headers, timeout=self.timeout) as response:
            if response.status_code == _RANGE_REFUSED:  # all of it was there already
                return
            hf_raise_for_status(response)
            resumed = response.status_code == _PARTIAL_CONTENT
            with part.open("ab" if resumed else "wb") as stream:
                self._copy(response.iter_bytes(), stream, done)

    def _copy(self, blocks: Iterator[bytes], stream: BinaryIO, done: int) -> None:
        """Write blocks as small as they come: those gathered into larger ones would be lost with
        the connection."""
        told = -REPORT_BYTES
        for block in blocks:
            stream.write(block)
            self.watch.check()
            if stream.tell() - told >= REPORT_BYTES:
                told = stream.tell()
                self.watch.report(self.label, done + told, self.total)
        self.watch.report(self.label, done + stream.tell(), self.total)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _check_size(file: HubFile, part: Path) -> None:
    if file.size and _size(part) != file.size:
        raise ModelError(
            f"{file.path} arrived with {_size(part):,} bytes instead of {file.size:,}.",
            "Nothing of it was kept. Pull again.",
        )
