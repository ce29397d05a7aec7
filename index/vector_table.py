"""The vectors of a collection as SQLite keeps them, by embedder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.contents import select_many
from index.database import transaction

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors

_STORED = "float16"
"""Halves the database; the cosine moves by less than 0.001."""


class VectorTable:
    """Vectors of one embedder over one connection."""

    def __init__(self, connection: sqlite3.Connection, embedder: str) -> None:
        self._connection = connection
        self._embedder = embedder

    def count(self) -> int:
        """Contents that have a vector of this embedder."""
        row = self._connection.execute(
            "SELECT vectors FROM embedders WHERE name = ?", (self._embedder,)
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def identity(self) -> int:
        """Number the database gave the embedder, 0 while it has made nothing."""
        row = self._connection.execute(
            "SELECT id FROM embedders WHERE name = ?", (self._embedder,)
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def pending(self) -> list[tuple[int, int]]:
        """Id and length of each content without a vector of this embedder."""
        return list(
            self._connection.execute(
                "SELECT id, length(text) FROM contents WHERE id NOT IN (SELECT content FROM "
                "vectors WHERE embedder = (SELECT id FROM embedders WHERE name = ?))",
                (self._embedder,),
            )
        )

    def store(self, dimension: int, contents: Sequence[int], vectors: Vectors) -> None:
        """Keep vectors; contents that left meanwhile are passed over."""
        with transaction(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO embedders (name, dimension) VALUES (?, ?)",
                (self._embedder, dimension),
            )
            blobs = vectors.astype(_STORED)
            self._connection.executemany(
                "INSERT OR IGNORE INTO vectors (embedder, content, vector) "
                "SELECT (SELECT id FROM embedders WHERE name = ?), id, ? "
                "FROM contents WHERE id = ?",
                [(self._embedder, blobs[i].tobytes(), c) for i, c in enumerate(contents)],
            )

    def after(self, last: int) -> Iterator[tuple[Ids, Vectors]]:
        """Ids and vectors made since the one with id `last`, in batches, in order."""
        import numpy as np

        # By the index of embedders SQLite would go through all of them.
        cursor = self._connection.execute(
            "SELECT id, vector FROM vectors NOT INDEXED WHERE id > ? AND embedder = ? ORDER BY id",
            (last, self.identity()),
        )
        while rows := cursor.fetchmany(10_000):
            joined = np.frombuffer(b"".join(row[1] for row in rows), dtype=_STORED)
            ids = np.array([row[0] for row in rows], dtype=np.int64)
            yield ids, joined.reshape(len(rows), -1).astype(np.float32)

    def removed_after(self, last: int) -> tuple[int, Ids]:
        """The newest removal's number, and ids of vectors removed since the one `last`."""
        import numpy as np

        rows = self._connection.execute(
            "SELECT id, vector FROM removals WHERE id > ? ORDER BY id", (last,)
        ).fetchall()
        ids = np.array([vector for _, vector in rows], dtype=np.int64)
        return (int(rows[-1][0]) if rows else last), ids

    def newest(self) -> tuple[int, int]:
        """Number of the newest removal, and the highest vector id; 0 before the first."""
        row = self._connection.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM removals), "
            "(SELECT coalesce(max(id), 0) FROM vectors)"
        ).fetchone()
        return int(row[0]), int(row[1])

    def dimension(self) -> int:
        """Numbers in a vector, 0 while there is none."""
        row = self._connection.execute(
            "SELECT dimension FROM embedders WHERE name = ?", (self._embedder,)
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def allowed(self) -> Ids:
        """Ids of the vectors of the contents in the table `temp.allowed` of this connection."""
        import numpy as np

        rows = self._connection.execute(
            "SELECT v.id FROM temp.allowed a CROSS JOIN vectors v ON v.content = a.content "
            "AND v.embedder = ?",
            (self.identity(),),
        ).fetchall()
        return np.array(rows, dtype=np.int64).reshape(-1)

    def ids_of(self, contents: Sequence[int]) -> list[int]:
        """Ids of the vectors of contents, in no order."""
        statement = "SELECT id FROM vectors WHERE content IN ({}) AND embedder = ?"
        rows = select_many(self._connection, statement, contents, self.identity())
        return [int(id) for (id,) in rows]  # noqa: A001

    def cosines(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """Cosine by content of a unit vector [d] with the vectors of these ids."""
        statement = "SELECT content, vector FROM vectors WHERE id IN ({})"
        return _cosines(query, list(select_many(self._connection, statement, ids)))

    def cosines_of_contents(self, query: Vectors, contents: Sequence[int]) -> dict[int, float]:
        """Cosine by content of a unit vector [d] with the vectors of these contents."""
        statement = "SELECT content, vector FROM vectors WHERE content IN ({}) AND embedder = ?"
        rows = select_many(self._connection, statement, contents, self.identity())
        return _cosines(query, list(rows))


def _cosines(query: Vectors, rows: Sequence[tuple[int, bytes]]) -> dict[int, float]:
    import numpy as np

    if not rows:
        return {}
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype=_STORED)
    cosines = vectors.reshape(len(rows), -1).astype(np.float32) @ query
    return {content: float(c) for (content, _), c in zip(rows, cosines, strict=True)}
