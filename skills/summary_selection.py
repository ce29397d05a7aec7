"""Chooses the sentences that together say most of a text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from skills.summary_length import Length, count_words
from skills.summary_sentences import Sentence
from skills.summary_worth import standardised, worth

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder, Vectors

REDUNDANCY_WEIGHT = 0.2
"""Of the standardised likeness to a sentence chosen before, beside the worth; .1 to .3 keep as much
of the answers (`python -m benchmarks.summaries`), and .2 most of the text's words."""
_NEAR_COPY = 0.7
"""Share of the terms of two sentences that both have, from which one is as good as both."""
_BATCH = 64


def vectors_of(sentences: Sequence[Sentence], embedder: Embedder | None) -> Vectors:
    """Unit rows float32 [n, d]: meaning and words side by side, or words alone.

    Both together choose better than either (see `benchmarks/summaries.py`).
    """
    words = _word_vectors(sentences)
    if embedder is None:
        return words
    texts = [s.text for s in sentences]
    rows = [embedder.embed_documents(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
    return np.asarray(np.hstack([np.concatenate(rows), words]) / math.sqrt(2), np.float32)


def _word_vectors(sentences: Sequence[Sentence]) -> Vectors:
    """Rows of tf × idf over the terms that stand in at least two sentences."""
    documents = Counter(term for s in sentences for term in set(s.terms))
    columns = {t: i for i, t in enumerate(sorted(t for t, c in documents.items() if c > 1))}
    rows = np.full((len(sentences), len(columns) + 1), 1e-6, np.float32)
    for row, sentence in zip(rows, sentences, strict=True):
        for term, count in Counter(sentence.terms).items():
            if (column := columns.get(term)) is not None:
                row[column] = (1 + math.log(count)) * math.log(len(sentences) / documents[term])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def select(sentences: Sequence[Sentence], vectors: Vectors, length: Length) -> tuple[Sentence, ...]:
    """The sentences of a summary in the order of the text; at least one where there is any.

    Their worth, less what the ones chosen before have said already (Carbonell & Goldstein 1998).

    Args:
        vectors: unit rows [n, d] of the sentences.
    """
    if not sentences:
        return ()
    values = worth(sentences, vectors, by_word=length.words is not None)
    likeness = standardised(vectors @ vectors.T)
    sizes = [count_words(s.text) for s in sentences]
    chosen: list[int] = []
    left = _affordable(range(len(sentences)), sizes, length.words) or {int(np.argmin(sizes))}
    while left and len(chosen) < length.sentences:
        said = [sentences[j] for j in chosen]
        best = max(
            left,
            key=lambda i: (
                not _is_near_copy(sentences[i], said),
                values[i] - _said(likeness, i, chosen),
            ),
        )
        chosen.append(best)
        spent = sum(sizes[i] for i in chosen)
        rest = None if length.words is None else length.words - spent
        left = _affordable(left - {best}, sizes, rest)
    return tuple(sentences[i] for i in sorted(chosen))


def _affordable(indices: Iterable[int], sizes: Sequence[int], words: int | None) -> set[int]:
    """Those of the sentences that fit into so many words; all of them without a limit."""
    return {i for i in indices if words is None or sizes[i] <= words}


def _is_near_copy(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    own = set(sentence.terms)
    return any(
        len(own & set(one.terms)) >= _NEAR_COPY * len(own | set(one.terms)) for one in chosen
    )


def _said(likeness: Vectors, index: int, chosen: Sequence[int]) -> float:
    """How much of a sentence the chosen ones have said; being unlike all of them is no merit."""
    return REDUNDANCY_WEIGHT * max([0.0, *(float(likeness[index, j]) for j in chosen)])
