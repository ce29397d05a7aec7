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
_BYTES = 2
"""Of a number so stored."""


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

    def dimension(self) -> int:
        """Numbers in a vector, 0 while the embedder has made nothing."""
        row = self._connection.execute(
            "SELECT dimension FROM embedders WHERE name = ?", (self._embedder,)
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def pending(self) -> list[tuple[int, int]]:
        """Id and size of each content without a vector of this embedder, in bytes of UTF-8:
        they follow the number of tokens, and so the time, alike in all languages."""
        return list(
            self._connection.execute(
                "SELECT id, length(CAST(heading AS BLOB)) + length(CAST(text AS BLOB)) "
                "FROM contents WHERE id NOT IN (SELECT content FROM "
                "vectors WHERE embedder = (SELECT id FROM embedders WHERE name = ?))",
                (self._embedder,),
            )
        )

    def newest_id(self) -> int:
        """Id of the vector made last, 0 before the first."""
        (newest,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM vectors").fetchone()
        return int(newest)

    def store(self, dimension: int, contents: Sequence[int], vectors: Vectors) -> None:
        """Keep vectors; contents that left meanwhile are passed over."""
        with transaction(self._connection):
            self._store(dimension, contents, vectors)

    def not_after(self, last: int) -> list[tuple[int, int]]:
        """Id and size in bytes of each content whose vector has an id up to `last`, or that
        has none."""
        return list(
            self._connection.execute(
                "SELECT c.id, length(CAST(heading AS BLOB)) + length(CAST(text AS BLOB)) "
                "FROM contents c LEFT JOIN vectors v ON v.content = c.id AND v.embedder = "
                "(SELECT id FROM embedders WHERE name = ?) WHERE coalesce(v.id, 0) <= ?",
                (self._embedder, last),
            )
        )

    def replace(self, dimension: int, contents: Sequence[int], vectors: Vectors) -> None:
        """Keep vectors in place of those that are there."""
        with transaction(self._connection):
            self._connection.executemany(
                "DELETE FROM vectors WHERE content = ? AND embedder = "
                "(SELECT id FROM embedders WHERE name = ?)",
                [(content, self._embedder) for content in contents],
            )
            self._store(dimension, contents, vectors)

    def set_dimension(self, dimension: int) -> None:
        """Drop every vector if they have another dimension: the model behind the name changed."""
        if self.dimension() in (0, dimension):
            return
        with transaction(self._connection):
            self._connection.execute(
                "DELETE FROM vectors WHERE embedder = (SELECT id FROM embedders WHERE name = ?)",
                (self._embedder,),
            )
            self._connection.execute(
                "UPDATE embedders SET dimension = ? WHERE name = ?", (dimension, self._embedder)
            )

    def after(self, last: int) -> Iterator[tuple[Ids, Vectors]]:
        """Ids and vectors made since the one with id `last`, in batches, in order; damaged ones
        are passed over."""
        import numpy as np

        # By the index of embedders SQLite would go through all of them.
        cursor = self._connection.execute(
            "SELECT id, vector FROM vectors NOT INDEXED "
            "WHERE id > ? AND length(vector) = ? AND embedder = ? ORDER BY id",
            (last, self.dimension() * _BYTES, self.identity()),
        )
        while rows := cursor.fetchmany(10_000):
            joined = np.frombuffer(b"".join(row[1] for row in rows), dtype=_STORED)
            ids = np.array([row[0] for row in rows], dtype=np.int64)
            yield ids, joined.reshape(len(rows), -1).astype(np.float32)

    def count_until(self, last: int) -> int:
        """Vectors with ids up to `last`; counts the rows."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM vectors WHERE id <= ? AND embedder = ?", (last, self.identity())
        ).fetchone()
        return int(count)

    def sample(self, last: int, size: int) -> list[tuple[int, Vectors]]:
        """Ids and vectors [d], some `size` of those with ids up to `last`, evenly spread."""
        import numpy as np

        step = max(1, last // size)
        rows = self._connection.execute(
            "SELECT id, vector FROM vectors WHERE id <= ? AND id % ? = 0 AND length(vector) = ? "
            "AND embedder = ?",
            (last, step, self.dimension() * _BYTES, self.identity()),
        )
        return [(id, np.frombuffer(v, dtype=_STORED).astype(np.float32)) for id, v in rows]  # noqa: A001

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

    def _store(self, dimension: int, contents: Sequence[int], vectors: Vectors) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO embedders (name, dimension) VALUES (?, ?)",
            (self._embedder, dimension),
        )
        blobs = vectors.astype(_STORED)
        self._connection.executemany(
            "INSERT OR IGNORE INTO vectors (embedder, content, vector) "
            "SELECT (SELECT id FROM embedders WHERE name = ?), id, ? FROM contents WHERE id = ?",
            [(self._embedder, blobs[i].tobytes(), c) for i, c in enumerate(contents)],
        )


def _cosines(query: Vectors, rows: Sequence[tuple[int, bytes]]) -> dict[int, float]:
    import numpy as np

    if not rows:
        return {}
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype=_STORED)
    cosines = vectors.reshape(len(rows), -1).astype(np.float32) @ query
    return {content: float(c) for (content, _), c in zip(rows, cosines, strict=True)}
