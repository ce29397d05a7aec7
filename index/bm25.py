"""The BM25 formula, with the numbers SQLite's full-text search uses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_K1, _B = 1.2, 0.75
_LEAST = 1e-6
"""Weight of a term that more than half of the contents hold."""


@dataclass(frozen=True, slots=True)
class Bm25:
    """Scores contents by the terms of a question (Robertson & Zaragoza 2009).

    Args:
        contents: number of contents in the collection.
        mean_length: of a content, in terms.
        counts: number of contents that hold it, by term asked for.
    """

    contents: int
    mean_length: float
    counts: Mapping[str, int]

    def score(self, terms: Sequence[str]) -> float:
        """Score ≥ 0 of a content with these terms; 0 when it holds none asked for."""
        if not terms or self.mean_length <= 0:
            return 0.0
        held = Counter(terms)
        room = _K1 * (1 - _B + _B * len(terms) / self.mean_length)
        return sum(
            self._weight(count) * held[term] * (_K1 + 1) / (held[term] + room)
            for term, count in self.counts.items()
            if term in held
        )

    def _weight(self, count: int) -> float:
        weight = math.log((self.contents - count + 0.5) / (count + 0.5))
        return weight if weight > 0 else _LEAST
