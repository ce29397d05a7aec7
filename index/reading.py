"""Brings one file at a time into a collection: read, known by its bytes, or refused."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.core.errors import DocumentError
from assistant.core.skills import Cancelled
from index.catalogue import Session
from index.chunking import chunk
from index.contents import NewChunk
from index.files import Known, Stamp
from index.loaders.document import Document
from index.loaders.safe_reader import SafeReader

Outcome = Literal["read", "copied", "touched", "failed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file, what it cost, and how much text it brought (bytes of UTF-8)."""

    outcome: Outcome
    size: int
    seconds: float
    text: int = 0


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How files are cut, and which are too large to be looked at."""

    chunk_tokens: int
    file_bytes: int


class FileTaker:
    """Takes files into a collection; each is committed whole or not at all.

    Args:
        known: the files of the collection as they were before, by path.
    """

    def __init__(
        self,
        session: Session,
        reader: SafeReader,
        limits: ReadingLimits,
        known: Mapping[str, Known],
    ) -> None:
        self._files = session.files
        self._reader = reader
        self._limits = limits
        self._known = known
        self._twins = {
            (k.sha256, kind_of(path)): k.id
            for path, k in known.items()
            if k.state == "indexed" and k.sha256 is not None
        }

    def take(self, path: str, cancelled: Cancelled) -> Taken:
        """Bring a file up to date.

        Raises:
            ReadingStoppedError: cancelled; nothing was changed.
            StoreError: the database refuses.
        """
        started = time.perf_counter()
        before = self._known.get(path)
        digest: bytes | None = None
        stamp = before.stamp if before is not None else Stamp(0, 0)
        try:
            stamp = stamp_of(path)  # before reading: a change meanwhile shows as stale
            digest = self._digest(path, stamp)
            outcome, text = self._indexed(path, stamp, digest, before, cancelled)
        except DocumentError as error:
            reason = f"{error.message}\n{error.hint}".strip()
            self._files.store_failure(path, stamp, digest, reason)
            outcome, text = "failed", 0
        return Taken(outcome, stamp.size, time.perf_counter() - started, text)

    def _indexed(
        self,
        path: str,
        stamp: Stamp,
        digest: bytes | None,
        before: Known | None,
        cancelled: Cancelled,
    ) -> tuple[Outcome, int]:
        is_indexed = before is not None and before.state == "indexed"
        if is_indexed and before is not None and before.sha256 == digest is not None:
            self._files.touch(path, stamp)
            return "touched", 0
        twin = self._twin(path, digest)
        if twin is not None:
            self._files.store_copy(path, stamp, digest, twin)
            return "copied", 0
        document = self._reader.read(Path(path), cancelled)
        if digest is not None and stamp_of(path) != stamp:
            digest = None  # it changed while it was read: which bytes these were is not known
        chunks = _chunks(document, self._limits.chunk_tokens)
        file = self._files.store_file(path, stamp, digest, chunks)
        if digest is not None:
            self._twins[digest, kind_of(path)] = file
        return "read", sum(len(c.text.encode()) for c in chunks)

    def _twin(self, path: str, digest: bytes | None) -> int | None:
        """A file with the same bytes and the same reader, whose chunks are still there."""
        if digest is None:
            return None
        twin = self._twins.get((digest, kind_of(path)))
        return twin if twin is not None and self._files.is_held(twin, digest) else None

    def _digest(self, path: str, stamp: Stamp) -> bytes | None:
        """SHA-256 of the file, None where it is no file or too large to be read anyway."""
        if stamp.size > self._limits.file_bytes or not Path(path).is_file():
            return None
        try:
            with open(path, "rb") as file:  # noqa: PTH123  # a Path costs as much as the reading
                return hashlib.file_digest(file, "sha256").digest()
        except OSError as error:
            raise _unopened(error) from error


def stamp_of(path: str) -> Stamp:
    """Size and time of a file.

    Raises:
        DocumentError: it is not there, or not to be seen.
    """
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError as error:
        raise _unopened(error) from error
    return Stamp(status.st_size, status.st_mtime_ns)


def _unopened(error: OSError) -> DocumentError:
    return DocumentError(f"It can't be opened: {error.strerror or error}.")


def kind_of(path: str) -> str:
    """A file's ending; the same bytes under another one go through another reader."""
    return os.path.splitext(path)[1].lower()  # noqa: PTH122


def _chunks(document: Document, tokens: int) -> list[NewChunk]:
    return [
        NewChunk(
            text=document.text[c.start : c.end],
            heading=c.place.heading,
            start=c.start,
            end=c.end,
            page=c.place.page,
            line=c.place.line,
        )
        for c in chunk(document, tokens)
    ]
