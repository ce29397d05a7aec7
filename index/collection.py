"""One collection on disk and in memory: its database, its vectors, its writers' lock."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from assistant.core.documents import Retrieval
from assistant.core.errors import StoreError
from index.catalogue import Catalogue, Session
from index.retriever import find_candidates
from index.vectors import FaissStore

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors

DATABASE = "index.sqlite3"
LEFT_BY_EXPORT = "export-"
"""How the folders begin that an export makes in the collection's."""
LOCK_SECONDS = 2.0
"""How long a writer waits for another one before it says so."""


class CollectionBusyError(StoreError):
    """Another thread or process is changing the collection."""


class Collection:
    """Safe for several threads and processes: one writes, all read.

    Vectors in memory are brought up to date from SQLite at each query, so it makes no
    difference which thread or process made them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = Catalogue(folder / DATABASE)
        self._lock = threading.Lock()
        self._store: FaissStore | None = None
        self._embedder = ""
        self._generation = 0

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[Session]:
        """A session that may change the collection; one at a time on this machine.

        Args:
            patience: seconds to wait for another writer, `LOCK_SECONDS` by default.

        Raises:
            CollectionBusyError: another thread or process is writing and didn't end in time.
        """
        with self.catalogue.session() as session:  # makes the folder
            lock = FileLock(
                self.folder / "writing.lock",
                timeout=LOCK_SECONDS if patience is None else patience,
                mode=0o600,
                thread_local=False,  # a stream of events may be closed by another thread
            )
            try:
                lock.acquire()
            except Timeout as error:
                raise CollectionBusyError(
                    f"The collection “{self.folder.name}” is being changed by another program.",
                    "Wait until it has finished, or stop it; questions are answered meanwhile.",
                ) from error
            try:
                for left in self.folder.glob(f"{LEFT_BY_EXPORT}*"):  # by a killed one
                    shutil.rmtree(left, ignore_errors=True)
                session.recover()
                yield session
            finally:
                lock.release()

    def retrieve(self, question: str, k: int, query: Vectors | None, embedder: str) -> Retrieval:
        """The k best chunks; `query` is the unit vector [d] of the question by `embedder`,
        None to search by words only."""
        with self.catalogue.session() as session, self._lock, session.snapshot():
            store = None if query is None else self._caught_up(session, embedder, len(query))
            contents = session.meta("contents")
            return Retrieval(
                candidates=find_candidates(session, question, query, store, embedder, k),
                files=session.files.count_indexed(),
                chunks=session.meta("chunks"),
                pending=contents - session.vectors(embedder).count(),
            )

    def save_vectors(self, session: Session, embedder: str, dimension: int) -> None:
        """Write the vectors to their file, so that the next start need not gather them."""
        with self._lock, session.snapshot():
            store = self._caught_up(session, embedder, dimension)
            store.save(self.vector_file(session, embedder), self._generation)

    def forget_vectors(self) -> None:
        """Delete the vector files, which may hold what was removed; the next question or
        add gathers the vectors from SQLite."""
        with self._lock:
            self._store = None
            for file in self.folder.glob("vectors-*"):
                file.unlink(missing_ok=True)

    def _caught_up(self, session: Session, embedder: str, dimension: int) -> FaissStore:
        if self._store is None or self._embedder != embedder:
            self._store, self._generation = self._loaded(session, embedder, dimension)
            self._embedder = embedder
        self._follow(session, self._store)
        if len(self._store) != session.vectors(embedder).count():
            # The file was of another state of the database (restored from a backup, say).
            self._store, self._generation = FaissStore.empty(dimension), 0
            self._follow(session, self._store)
        return self._store

    def _loaded(self, session: Session, embedder: str, dimension: int) -> tuple[FaissStore, int]:
        loaded = FaissStore.load(self.vector_file(session, embedder))
        return (FaissStore.empty(dimension), 0) if loaded is None else loaded

    def _follow(self, session: Session, store: FaissStore) -> None:
        import numpy as np

        table = session.vectors(self._embedder)
        self._generation, removed = table.removed_after(self._generation)
        if removed and len(store):
            gone: Ids = np.array(removed, dtype=np.int64)
            store.remove(gone)
        for ids, vectors in table.after(store.last_id):
            store.add(ids, vectors)

    def vector_file(self, session: Session, embedder: str) -> Path:
        """Where the vectors of that embedder are saved."""
        key, number = session.meta("key"), session.vectors(embedder).identity()
        return self.folder / f"vectors-{key:x}-{number}.faiss"
