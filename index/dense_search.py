"""Searches by meaning: FAISS names the neighbours, SQLite's vectors give their cosines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors
    from index.vector_table import VectorTable

_MORE = 2
"""Neighbours fetched for one that is kept: those of a trained index come in about, not
exactly, the right order."""

Neighbours = Callable[[int], "Ids"]
"""Ids of that many nearest vectors."""


class DenseSearch:
    """One question's search by its unit vector [d]."""

    def __init__(self, table: VectorTable, query: Vectors, neighbours: Neighbours) -> None:
        self._table = table
        self._query = query
        self._neighbours = neighbours

    def top(self, limit: int) -> dict[int, float]:
        """Cosines of the nearest contents, best first."""
        ids = [int(i) for i in self._neighbours(_MORE * limit) if i >= 0]
        cosines = self._table.cosines(self._query, ids)
        best = sorted(cosines.items(), key=lambda item: (-item[1], item[0]))
        return dict(best[:limit])

    def score(self, contents: Sequence[int]) -> dict[int, float]:
        """Cosines of these contents, as far as they have vectors."""
        return self._table.cosines_of_contents(self._query, contents)
