"""The BM25 formula, with the numbers SQLite's full-text search uses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

_K1, _B = 1.2, 0.75
_LEAST = 1e-6
"""Weight of a term that more than half of the contents hold."""


class Bm25:
    """Scores contents by the terms of a question (Robertson & Zaragoza 2009).

    Args:
        contents: number of contents in the collection.
        mean_length: of a content, in terms.
        counts: number of contents that hold it, by term asked for.
    """

    def __init__(self, contents: int, mean_length: float, counts: Mapping[str, int]) -> None:
        self._mean_length = mean_length
        self._weights = {
            term: max(_LEAST, math.log((contents - count + 0.5) / (count + 0.5)))
            for term, count in counts.items()
            if 0 < count <= contents
        }

    def score(self, terms: Sequence[str]) -> float:
        """Score ≥ 0 of a content with these terms; 0 when it holds none asked for."""
        held = Counter([term for term in terms if term in self._weights])
        if not held or self._mean_length <= 0:
            return 0.0
        room = _K1 * (1 - _B + _B * len(terms) / self._mean_length)
        return sum(self._weights[t] * n * (_K1 + 1) / (n + room) for t, n in held.items())
