"""One collection on disk and in memory: its database, its vectors, its writers' lock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from assistant.core.documents import NO_FILTERS, Candidate, Filters, Retrieval
from assistant.core.errors import StoreError
from assistant.core.skills import Cancelled
from index.catalogue import Catalogue, Session
from index.dense_search import DenseSearch
from index.lexical import TermCounts, holds_chinese
from index.picture_shelf import ShelfCache
from index.restriction import Restriction
from index.retriever import find_candidates
from index.training import BY_SIZE, Policy
from index.vector_cache import VectorCache

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors
    from index.vector_table import VectorTable
    from index.vectors import FaissStore

DATABASE = "index.sqlite3"
LEFT_BY_EXPORT = "export-"
"""How the folders begin that an export makes in the collection's."""
LOCK_SECONDS = 2.0
"""How long a writer waits for another one before it says so."""


def never() -> bool:
    """Nobody cancels."""
    return False


class CollectionBusyError(StoreError):
    """Another thread or process is changing the collection."""


class Collection:
    """Safe for several threads and processes: one writes, all read.

    Args:
        policy: when vectors are searched exactly, and when by a trained index.
    """

    def __init__(self, folder: Path, policy: Policy = BY_SIZE) -> None:
        self.folder = folder
        self.catalogue = Catalogue(folder / DATABASE)
        self._vectors = VectorCache(folder, policy)
        self._counts = TermCounts()
        self.shelves = ShelfCache()
        """The pictures, for searching them."""

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

    def retrieve(
        self,
        question: str,
        k: int,
        query: Vectors | None,
        embedder: str,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
    ) -> Retrieval:
        """The k best chunks by the words of `question` and by `query`, the unit vector [d] of it
        by `embedder`; None searches by words only, as is done where the vectors kept have another
        dimension."""
        with self.catalogue.session() as session:
            if query is not None:  # before the snapshot, see `VectorCache`
                kept = session.vectors(embedder).dimension()
                query = query if kept in (0, len(query)) else None
            return self._retrieve(session, question, k, query, embedder, filters, per_file)

    def _retrieve(
        self,
        session: Session,
        question: str,
        k: int,
        query: Vectors | None,
        embedder: str,
        filters: Filters,
        per_file: int,
    ) -> Retrieval:
        with session.snapshot():
            # First, see `VectorCache`.
            store = None if query is None else self._vectors.current(session, embedder, len(query))
            where = session.restrict(filters)
            found: tuple[Candidate, ...] = ()
            if where.files:
                words = session.words(question, self._counts, where, thorough=query is None)
                meaning = None
                if query is not None and store is not None:
                    meaning = self._meaning(session.vectors(embedder), query, store, where)
                chunks_of = partial(session.contents.chunks_of, restricted=where.is_partial)
                found = find_candidates(words, meaning, chunks_of, k, per_file)
            return Retrieval(
                candidates=found,
                files=where.files,
                chunks=session.meta("chunks"),
                pending=session.meta("contents") - session.vectors(embedder).count(),
                collection=self.folder.name,
                chinese=holds_chinese(session.connection),
            )

    def _meaning(
        self, table: VectorTable, query: Vectors, store: FaissStore, where: Restriction
    ) -> DenseSearch:
        allowed = table.allowed() if where.is_partial else None

        def neighbours(count: int) -> Ids:
            return self._vectors.neighbours(store, query, count, allowed)

        return DenseSearch(table, query, neighbours)

    def save_vectors(
        self, session: Session, embedder: str, dimension: int, cancelled: Cancelled = never
    ) -> None:
        """Make the vectors quick to load and, where they are many, quick to search: training
        takes a minute or two a million; questions are answered meanwhile.

        To be called inside `writing`, when vectors were added. What is cancelled or killed in
        between leaves things as they were, for the next call to take up.
        """
        self._vectors.save(session, embedder, dimension, cancelled)

    def vector_file(self, session: Session, embedder: str) -> Path:
        """Where the vectors of that embedder are saved."""
        return self._vectors.file(session, embedder)

    def drop_vectors(self) -> None:
        """Delete the vector files; the next question or save gathers the vectors from SQLite."""
        self._counts.clear()
        self.shelves.clear()
        self._vectors.drop()

    def forget_vectors(self) -> None:
        """Leave nothing of removed contents in the vector files and in memory; to be called
        inside `writing`, after the removal."""
        self._counts.clear()
        self.shelves.clear()
        with self.catalogue.session() as session:
            self._vectors.forget(session)
