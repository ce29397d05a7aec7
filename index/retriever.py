"""Finds the chunks that speak of a question, by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from assistant.core.documents import Candidate, Place
from assistant.core.text import sanitize
from index.contents import FoundChunk
from index.dense_search import DenseSearch
from index.selection import Selected, select
from index.word_search import WordSearch

POOL = 50
"""Candidates taken from each list; 100 ranks no better on XQuAD, 10 a little worse."""
FILES_POOL = 200
"""The same where chunks of a file are limited, so that many files are reached."""
MOST = 800
"""Candidates of a list at most, where copies fill the first ones."""
LEXICAL_WEIGHT = 0.5
"""Of the standardised BM25 score beside the standardised cosine; .25 to 1 rank alike on XQuAD,
reciprocal-rank fusion 1.5 points lower."""
FAMILIAR = 0.5
"""Share of a question's terms the collection should know for words to weigh in full. Of a
question in another language they say little, and mislead (English questions over Chinese
passages, right one first: .65 with full weight, .77 with the weight falling)."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What both lists say of one content; `dense` is None without a vector."""

    dense: float | None
    lexical: float


def fuse(scores: Mapping[int, Scores], known: float) -> dict[int, float]:
    """Standardised dense + weight × standardised lexical score, by content.

    A list that says nothing (no vectors yet, no word in common) adds nothing; a content
    whose vector is still being made gets the mean of the dense list. `known` is the share of
    the question's terms that the collection knows, in [0, 1].
    """
    dense = _standardised({c: s.dense for c, s in scores.items() if s.dense is not None})
    lexical = _standardised({c: s.lexical for c, s in scores.items()})
    weight = LEXICAL_WEIGHT * min(1.0, known / FAMILIAR)
    return {c: dense.get(c, 0.0) + weight * lexical[c] for c in scores}


def _standardised(values: Mapping[int, float]) -> dict[int, float]:
    if not values:
        return {}
    mean = fmean(values.values())
    deviation = sqrt(fmean((v - mean) ** 2 for v in values.values()))  # `pstdev` takes 1 ms
    return {c: (v - mean) / deviation if deviation > 0 else 0.0 for c, v in values.items()}


def find_candidates(
    words: WordSearch,
    meaning: DenseSearch | None,
    chunks_of: Callable[[int], list[FoundChunk]],
    k: int,
    per_file: int = 0,
) -> tuple[Candidate, ...]:
    """The k best chunks, near copies folded.

    Args:
        meaning: None searches by words only.
        chunks_of: where a content stands, in files that may be named.
        per_file: chunks of one file at most, 0 for any number; then more is looked at, so
            that many files are reached.
    """
    pool = max(FILES_POOL if per_file else POOL, k)
    while True:
        scores = _scores(words, meaning, pool)
        fused = fuse(scores, words.known_share)
        ranked = sorted(fused, key=lambda content: (-fused[content], content))
        chosen = select(ranked, chunks_of, words.asked, k, per_file)
        if len(chosen) >= k or len(scores) < pool or pool >= MOST:
            return tuple(
                _candidate(s, scores[s.chunk.content], fused[s.chunk.content]) for s in chosen
            )
        pool *= 4  # copies, or a few files, took the places


def _scores(words: WordSearch, meaning: DenseSearch | None, pool: int) -> dict[int, Scores]:
    """Both scores of the best `pool` contents of either list."""
    lexical = words.top(pool)
    dense: dict[int, float] = {}
    if meaning is not None:
        dense = meaning.top(pool)
        dense |= meaning.score([c for c in lexical if c not in dense])
        lexical |= words.score([c for c in dense if c not in lexical])
    return {c: Scores(dense.get(c), lexical.get(c, 0.0)) for c in {**dense, **lexical}}


def _candidate(selected: Selected, scores: Scores, fused: float) -> Candidate:
    chunk = selected.chunk
    return Candidate(
        chunk=chunk.id,
        path=shown_path(chunk.path),
        text=chunk.text,
        place=Place(page=chunk.page, line=chunk.line, heading=chunk.heading),
        start=chunk.start,
        end=chunk.end,
        dense=scores.dense,
        lexical=scores.lexical,
        fused=fused,
        also=tuple(map(shown_path, selected.also)),
    )


def shown_path(path: str) -> str:
    """The path itself where it can be shown and sent; bytes that are no text become “\ufffd”."""
    return sanitize(path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
