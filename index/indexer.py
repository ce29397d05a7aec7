"""Reads files into a collection: texts first, findable at once, then their vectors."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.errors import DocumentError, ModelError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.protocols import Embedder
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.catalogue import Session
from index.chunking import chunk
from index.collection import Collection
from index.contents import NewChunk
from index.files import Changes, Found, Known, Stamp, changes, find
from index.loaders.document import Document, Limits
from index.loaders.errors import ReadingStoppedError
from index.loaders.safe_reader import SafeReader

BATCH = 32
"""Contents embedded between two commits: some two seconds' work that a kill may cost."""
_TICK = 0.1
"""Seconds between progress events."""


@dataclass
class _Tally:
    read: int = 0
    touched: int = 0
    failed: int = 0


class Indexer:
    """Brings a collection up to date with the disk.

    Args:
        embedder: loads the embedder at the first call; where its model is missing the files
            are still read, and found by their words.
    """

    def __init__(
        self,
        collection: Collection,
        settings: IndexSettings,
        embedder: Callable[[], Embedder],
        reader: SafeReader,
    ) -> None:
        self._collection = collection
        self._embedder = embedder
        self._reader = reader
        self._chunk_tokens = settings.chunk_tokens
        self._limits = Limits(file_bytes=settings.max_file_mb << 20)

    def add(self, paths: Sequence[Path], cancelled: Cancelled) -> Iterator[Event]:
        """Read what changed below the paths, drop what is gone, take up interrupted work.

        Each file is committed whole. Yields `Progress` in files, then in chunks, and
        `Notice`s for what the receipt says.

        Raises:
            UsageError: none of the paths is there.
            StoreError: another program is writing, or the disk refuses.
        """
        found = find(paths, self._reader.suffixes)
        if found.missing and not found.files and len(found.missing) == len(paths):
            raise UsageError(
                f"There is no file or folder {one_line(found.missing[0])}.", "Check the path."
            )
        with self._collection.writing() as session:
            known = session.files.known()
            todo = changes(found, known, paths)
            session.files.add_roots(p for p in paths if str(p.absolute()) not in found.missing)
            session.files.mark_waiting((p, found.files[p]) for p in todo.read if p in found.files)
            tally = _Tally()
            yield from self._read_all(session, todo, known, tally, cancelled)
            if not cancelled():
                session.files.remove_files(todo.gone)  # after reading: a moved text stays known
            yield from _said(found, todo, tally)
            yield from self._embed_all(session, cancelled)

    def _read_all(
        self,
        session: Session,
        todo: Changes,
        known: dict[str, Known],
        tally: _Tally,
        cancelled: Cancelled,
    ) -> Iterator[Event]:
        ticked = 0.0
        for done, path in enumerate(todo.read):
            if cancelled():
                return
            if time.monotonic() - ticked >= _TICK:
                ticked = time.monotonic()
                yield Progress("Reading", done, len(todo.read), "files")
            try:
                self._read(session, path, known.get(path), tally, cancelled)
            except ReadingStoppedError:
                return
        if todo.read:
            yield Progress("Reading", len(todo.read), len(todo.read), "files")

    def _read(
        self,
        session: Session,
        path: str,
        before: Known | None,
        tally: _Tally,
        cancelled: Cancelled,
    ) -> None:
        digest: bytes | None = None
        stamp = before.stamp if before is not None else Stamp(0, 0)
        try:
            stamp = _stamp(Path(path))  # before reading: a change meanwhile shows as stale
            digest = _digest(Path(path), stamp, self._limits)
            if before is not None and before.state == "indexed" and before.sha256 == digest:
                session.files.touch(path, stamp)
                tally.touched += 1
                return
            document = self._reader.read(Path(path), cancelled)
        except DocumentError as error:
            session.files.store_failure(path, stamp, digest, error.message)
            tally.failed += 1
            return
        session.files.store_file(path, stamp, digest, _chunks(document, self._chunk_tokens))
        tally.read += 1

    def _embed_all(self, session: Session, cancelled: Cancelled) -> Iterator[Event]:
        try:
            embedder = self._embedder()
        except ModelError as error:
            yield Notice(f"Files are found by their words only: {error.message}", error.hint)
            return
        table = session.vectors(embedder.name)
        pending = table.pending()
        done = 0
        for batch in _batches(pending):
            if cancelled():
                break
            yield Progress("Making vectors", done, len(pending), "chunks")
            texts = session.contents.texts(batch)
            vectors = embedder.embed_documents([_embedded(*texts[c]) for c in texts])
            table.store(embedder.dimension, list(texts), vectors)
            done += len(batch)
        if pending:
            yield Progress("Making vectors", done, len(pending), "chunks")
        if table.count():
            self._collection.save_vectors(session, embedder.name, embedder.dimension, cancelled)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError as error:
        raise DocumentError(f"It can't be opened: {error.strerror or error}.") from error
    return Stamp(status.st_size, status.st_mtime_ns)


def _digest(path: Path, stamp: Stamp, limits: Limits) -> bytes | None:
    """SHA-256 of the file, None where it is no file or too large to be read anyway."""
    if stamp.size > limits.file_bytes or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DocumentError(f"It can't be opened: {error.strerror or error}.") from error


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


def _embedded(heading: str, text: str) -> str:
    """What the vector is made of: the heading says what the text is about."""
    return f"{heading}\n{text}" if heading else text


def _batches(pending: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Contents of like length together, for padding costs as much as text; the batches
    themselves in mixed order, so that the speed so far foretells the time to come."""
    ordered = [content for content, _ in sorted(pending, key=lambda p: p[1])]
    batches = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    random.Random(0).shuffle(batches)  # noqa: S311
    yield from batches


def _said(found: Found, todo: Changes, tally: _Tally) -> Iterator[Event]:
    for path in found.missing:
        yield Notice(f"There is no file or folder {one_line(path)}.", "Check the path.")
    for path in found.unreadable:
        yield Notice(f"The folder {one_line(path)} can't be opened.", "Check its permissions.")
    parts = [
        f"{count} {words}"
        for count, words in (
            (tally.read, "read"),
            (len(todo.unchanged) + tally.touched, "unchanged"),
            (len(todo.gone), "no longer there"),
            (found.skipped, "of other formats passed over"),
        )
        if count
    ]
    if parts:
        yield Notice(f"Files: {', '.join(parts)}.")
    if tally.failed:
        yield Notice(
            f"{tally.failed} file(s) could not be read.", "“assistant index status” says why."
        )
