"""Searches by words: exactly where that is quick, else the rarest terms first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from assistant.language.terms import terms
from index.bm25 import Bm25
from index.lexical import TermCounts, indexed_terms, is_known, matched, shape
from index.restriction import Restriction
from index.word_plan import plan, quoted

EXACT = 5_000
"""Matches that are all scored, in 5 ms or so."""
_MORE = 2
"""Contents scored from their texts for one that is kept: a plan finds them in rough order."""
_FEW = 200
"""Allowed contents that are scored from their texts, one by one; 20 µs each."""

Texts = Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
"""Heading and text by content."""


class WordSearch:
    """One question's search over one connection.

    Where all its terms together are in few contents, every match is scored by SQLite. Else
    SQLite scores what `plan` chooses, and the candidates for the answer are then scored
    exactly, by all terms of the question, from their texts: same formula, same scores, but
    a content that holds only common terms may be missed.

    Args:
        texts: reads contents.
        restriction: where to look.
        exact: matches up to which all are scored.
        thorough: words are all there is to search by; rather slow than nothing.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        question: str,
        counts: TermCounts,
        texts: Texts,
        restriction: Restriction,
        *,
        exact: int = EXACT,
        thorough: bool = False,
    ) -> None:
        self._connection = connection
        self._remembered = counts
        self._texts = texts
        self._restriction = restriction
        self._exact = exact
        self._thorough = thorough
        self.asked = tuple(dict.fromkeys(terms(question)))
        self._contents, self._mean_length = shape(connection)

    def top(self, limit: int) -> dict[int, float]:
        """BM25 scores > 0 of the best contents, best first."""
        if self._every is not None:
            return _best(self._every, limit)
        if self._restriction.is_partial and self._restriction.contents <= _FEW:
            return _best(self.score(self._restriction.allowed_contents(self._connection)), limit)
        query = plan(self._counts, self._contents, self._share, thorough=self._thorough)
        if not query:
            return {}
        likely = matched(
            self._connection, query, _MORE * limit, restricted=self._restriction.is_partial
        )
        return _best(self.score(list(likely)), limit)

    def score(self, contents: Sequence[int]) -> dict[int, float]:
        """BM25 scores > 0 of these contents."""
        if self._every is not None:
            return {c: self._every[c] for c in contents if c in self._every}
        formula = Bm25(self._contents, self._mean_length, self._counts)
        scores = {c: formula.score(indexed_terms(*t)) for c, t in self._texts(contents).items()}
        return {content: score for content, score in scores.items() if score > 0}

    @cached_property
    def known_share(self) -> float:
        """Share of the question's distinct terms that some content holds, in [0, 1]."""
        if not self.asked:
            return 0.0
        if self._is_small:
            known = sum(is_known(self._connection, term) for term in self.asked)
        else:
            known = sum(count > 0 for count in self._counts.values())
        return known / len(self.asked)

    @cached_property
    def _every(self) -> dict[int, float] | None:
        """Every match with its score, None where that takes too long."""
        if not self.asked:
            return {}
        if not self._is_small and sum(self._counts.values()) > self._exact:
            return None
        query = " OR ".join(map(quoted, self.asked))
        return matched(self._connection, query, restricted=self._restriction.is_partial)

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {
            term: self._remembered.count(self._connection, term, self._contents)
            for term in self.asked
        }

    @property
    def _is_small(self) -> bool:
        return self._contents <= self._exact

    @property
    def _share(self) -> float:
        if not self._restriction.is_partial:
            return 1.0
        return min(1.0, self._restriction.contents / max(1, self._contents))


def _best(scores: Mapping[int, float], limit: int) -> dict[int, float]:
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:limit])
