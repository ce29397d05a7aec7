"""Keeps a collection's vectors ready to search: loads, follows SQLite, trains, saves."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.skills import Cancelled
from index.catalogue import Session
from index.training import Policy, train
from index.vectors import FaissStore

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors
    from index.vector_table import VectorTable

_FEW = 1_000
"""Changes that the next start follows in a moment; a watched folder makes them one by one."""


class _TrainingStoppedError(Exception):
    """Somebody cancelled."""


class VectorCache:
    """A `FaissStore` for several threads, brought up to date from SQLite at each question, so
    that it makes no difference which thread or process made the vectors.

    Sessions handed to it must not have read anything yet in their snapshot: what the store
    follows is then never older than what it has.
    """

    def __init__(self, folder: Path, policy: Policy) -> None:
        self._folder = folder
        self._policy = policy
        self._lock = threading.Lock()
        self._store: FaissStore | None = None
        self._embedder = ""
        self._generation = 0
        """Number of the last removal the store followed."""
        self._loaded_ns = 0
        """When the file was written that the store was read from or written to, 0 for none."""
        self._unsaved = 0
        """Vectors that came and went since."""

    def current(self, session: Session, embedder: str, dimension: int) -> FaissStore:
        """The store as of now; search it by `neighbours`."""
        with self._lock:
            return self._caught_up(session, embedder, dimension)

    def neighbours(
        self, store: FaissStore, query: Vectors, count: int, allowed: Ids | None = None
    ) -> Ids:
        """Ids of the vectors nearest to a query [d], about nearest first."""
        count = min(count, len(store))
        if count < 1:
            return store.no_ids()
        with self._lock:
            ids: Ids = store.search(query[None, :], count, allowed)[1][0]
            return ids

    def save(self, session: Session, embedder: str, dimension: int, cancelled: Cancelled) -> None:
        """Write the file; train first where that is due. Only one process at a time may.

        The lock is held neither while training nor while a trained index is written: a
        question asked meanwhile searches what there was. The file is not written for each
        small change, for the next start catches up.
        """
        for part in self._folder.glob("vectors-*.part"):  # of a writer that was killed
            part.unlink(missing_ok=True)
        file = self.file(session, embedder)
        with self._lock, session.snapshot():
            store = self._caught_up(session, embedder, dimension)
            is_due = self._policy.is_due(store)
            if not is_due and self._is_worth_writing(store, file):
                self._write(store, file)
        if is_due:
            self._train(session, embedder, file, cancelled)

    def drop(self) -> None:
        """Delete every file and what is in memory."""
        with self._lock:
            self._store = None
            for file in self._folder.glob("vectors-*"):
                file.unlink(missing_ok=True)

    def forget(self, session: Session) -> None:
        """Leave nothing of removed vectors in the files."""
        embedder = session.embedder()
        with self._lock, session.snapshot():
            dimension = session.vectors(embedder).dimension()
            # Read before the files go: gathering and training anew would take minutes.
            store = self._caught_up(session, embedder, dimension) if dimension else None
            for old in self._folder.glob("vectors-*"):
                old.unlink(missing_ok=True)
            if store is None:
                self._store = None
            elif store.trained_size:
                self._write(store, self.file(session, embedder))

    def _train(self, session: Session, embedder: str, file: Path, cancelled: Cancelled) -> None:
        table = session.vectors(embedder)

        def batches() -> Iterator[tuple[Ids, Vectors]]:
            for batch in table.after(0):
                if cancelled():
                    raise _TrainingStoppedError
                yield batch

        try:
            with session.snapshot():
                generation, last_id = table.newest()
                # A core stays free for questions.
                threads = max(1, (os.cpu_count() or 2) - 1)
                index = train(batches, table.count(), self._policy, threads=threads)
        except _TrainingStoppedError:
            return
        FaissStore.of_trained(index, last_id).save(file, generation)
        del index  # lists that grew hold up to twice the room; those read back are tight
        trained = _read(file)
        if trained is None:
            return
        with self._lock, session.snapshot():
            (self._store, self._generation), self._loaded_ns = trained
            self._unsaved = 0
            self._follow(table, self._store)

    def _caught_up(self, session: Session, embedder: str, dimension: int) -> FaissStore:
        table = session.vectors(embedder)
        file = self.file(session, embedder)
        if self._store is None or self._embedder != embedder or self._is_outdone(file):
            self._embedder = embedder
            loaded = _read(file)
            if loaded is None:
                self._begin(dimension)
            else:
                (self._store, self._generation), self._loaded_ns = loaded
                self._unsaved = 0
        if self._store is not None and self._store.dimension != dimension:
            self._begin(dimension)  # another model took the embedder's name
        store = self._follow(table, self._store or self._begin(dimension))
        if len(store) != table.count():
            # The file was of another state of the database (restored from a backup, say).
            store = self._follow(table, self._begin(dimension))
        return store

    def _begin(self, dimension: int) -> FaissStore:
        self._store, self._generation = FaissStore.empty(dimension), 0
        self._loaded_ns = 0
        return self._store

    def _follow(self, table: VectorTable, store: FaissStore) -> FaissStore:
        self._generation, removed = table.removed_after(self._generation)
        if len(removed) and len(store):
            self._unsaved += store.remove(removed)
        for ids, vectors in table.after(store.last_id):
            store.add(ids, vectors)
            self._unsaved += len(ids)
        return store

    def _is_outdone(self, file: Path) -> bool:
        """Whether another process has trained what this one still compares one by one."""
        if self._store is None or not self._policy.is_due(self._store):
            return False
        return _written_ns(file) not in {0, self._loaded_ns}

    def _is_worth_writing(self, store: FaissStore, file: Path) -> bool:
        if self._loaded_ns == 0 or not file.exists():
            return True
        return not store.trained_size and self._unsaved > max(_FEW, len(store) // 20)

    def _write(self, store: FaissStore, file: Path) -> None:
        store.save(file, self._generation)
        self._loaded_ns, self._unsaved = _written_ns(file), 0

    def file(self, session: Session, embedder: str) -> Path:
        """Where the vectors of that embedder are saved."""
        key, number = session.meta("key"), session.vectors(embedder).identity()
        return self._folder / f"vectors-{key:x}-{number}.faiss"


def _read(file: Path) -> tuple[tuple[FaissStore, int], int] | None:
    """Store, generation and time of writing."""
    written_ns = _written_ns(file)
    loaded = FaissStore.load(file)
    return None if loaded is None else (loaded, written_ns)


def _written_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
