"""Checks the vectors that SQLite keeps, and the file of vectors against them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from assistant.core.events import Notice
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.catalogue import Session
from index.collection import Collection
from index.vectors import FaissStore

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors
    from index.vector_table import VectorTable

_UNIT = 0.01
"""Distance of a length from 1 that 16-bit numbers don't explain."""
_SAMPLE = 500
"""Vectors of the file compared with SQLite's."""
_ALIKE = 0.9
"""Cosine below which a vector in the file, which may be compressed, is another one."""
_BYTES = 2
"""Of a number in a stored vector."""


class Remedies(Protocol):
    """Commands that put things right."""

    @property
    def rebuild(self) -> str: ...
    @property
    def embed(self) -> str: ...


def check_vectors(
    connection: sqlite3.Connection, remedies: Remedies, cancelled: Cancelled
) -> Iterator[Notice]:
    """Every vector has its embedder's dimension, finite numbers, and length one."""
    import numpy as np

    for embedder, name, dimension in connection.execute(
        "SELECT id, name, dimension FROM embedders"
    ).fetchall():
        wrong = 0
        cursor = connection.execute("SELECT vector FROM vectors WHERE embedder = ?", (embedder,))
        while rows := cursor.fetchmany(10_000):
            whole = [blob for (blob,) in rows if len(blob) == dimension * _BYTES]
            wrong += len(rows) - len(whole)
            numbers = np.frombuffer(b"".join(whole), np.float16).astype(np.float32)
            lengths = np.linalg.norm(numbers.reshape(-1, dimension), axis=1)
            wrong += int(np.sum(~(np.abs(lengths - 1) <= _UNIT)))  # a NaN is not near 1 either
            if cancelled():
                return
        if wrong:
            yield Notice(f"{wrong:,} vectors of {one_line(name, 80)} are broken.", remedies.embed)


def check_vector_file(
    collection: Collection, session: Session, remedies: Remedies
) -> Iterator[Notice]:
    """The file of vectors, where there is one, holds what SQLite held when it was written."""
    name = session.embedder()
    file = collection.vector_file(session, name)
    if not name or not file.exists():
        return
    loaded = FaissStore.load(file)
    if loaded is None or not _agrees(*loaded, session.vectors(name)):
        yield Notice("The file of vectors is not what the database says.", remedies.rebuild)


def _agrees(store: FaissStore, generation: int, table: VectorTable) -> bool:
    _, removed = table.removed_after(generation)
    if len(removed) and len(store):
        store.remove(removed)
    last = store.last_id
    if len(store) != table.count_until(last):
        return False
    sample = table.sample(last, _SAMPLE)
    return all(_is_alike(store, vector, id) for id, vector in sample)  # noqa: A001


def _is_alike(store: FaissStore, vector: Vectors, number: int) -> bool:
    import numpy as np

    scores, ids = store.search(vector[None, :], 1, np.array([number], dtype=np.int64))
    return int(ids[0, 0]) == number and float(scores[0, 0]) >= _ALIKE
