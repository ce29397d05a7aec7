"""Chooses the sentences that together say most of a text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.language.terms import terms
from skills.summary_length import Length, count_words
from skills.summary_sentences import Sentence

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder, Vectors

POSITION_WEIGHT = 0.3
HEADING_WEIGHT = 0.2
REDUNDANCY_WEIGHT = 3.0
LENGTH_WEIGHT = 0.2
# In units of one standard deviation of the similarity to the centroid. Chosen on half of the
# XQuAD articles in en and zh (`python -m benchmarks.summaries`), over 19 combinations: of the
# words a text is made of and of the answers people looked for in it, they keep the most.
_BATCH = 64
_USUAL_WORDS = 22.0


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

    Closeness to the centroid of the text (Radev et al. 2004) plus position and heading, less
    what the ones chosen before have said already (Carbonell & Goldstein 1998).

    Args:
        vectors: unit rows [n, d] of the sentences.
    """
    if not sentences:
        return ()
    worth = _worth(sentences, vectors)
    likeness = _standardised(vectors @ vectors.T)
    sizes = [count_words(s.text) for s in sentences]
    chosen: list[int] = []
    left = _affordable(range(len(sentences)), sizes, length.words) or {int(np.argmin(sizes))}
    while left and len(chosen) < length.sentences:
        best = max(left, key=lambda i: worth[i] - _said(likeness, i, chosen))
        chosen.append(best)
        spent = sum(sizes[i] for i in chosen)
        rest = None if length.words is None else length.words - spent
        left = _affordable(left - {best}, sizes, rest)
    return tuple(sentences[i] for i in sorted(chosen))


def _affordable(indices: Iterable[int], sizes: Sequence[int], words: int | None) -> set[int]:
    """Those of the sentences that fit into so many words; all of them without a limit."""
    return {i for i in indices if words is None or sizes[i] <= words}


def _worth(sentences: Sequence[Sentence], vectors: Vectors) -> Vectors:
    centroid = vectors.mean(axis=0)
    close = _standardised(vectors @ centroid)
    first = np.array([_forwardness(s) for s in sentences])
    headed = np.array([_heading_share(s) for s in sentences])
    sized = np.array([-abs(math.log((len(s.terms) + 1) / _USUAL_WORDS)) for s in sentences])
    total = close + POSITION_WEIGHT * _standardised(first) + HEADING_WEIGHT * headed
    return np.asarray(total + LENGTH_WEIGHT * sized, np.float32)


def _forwardness(sentence: Sentence) -> float:
    """1 for a section's first sentence, less for later ones; 2 for the first of the text."""
    opens_text = sentence.section == 0 and sentence.place == 0
    return 1 / math.sqrt(1 + sentence.place) + opens_text


def _heading_share(sentence: Sentence) -> float:
    """Part of the heading's terms the sentence takes up."""
    wanted = set(terms(sentence.heading))
    return len(wanted & set(sentence.terms)) / len(wanted) if wanted else 0.0


def _standardised(values: Vectors) -> Vectors:
    deviation = float(values.std())
    if deviation < 1e-9:
        return np.zeros_like(values, dtype=np.float32)
    return np.asarray((values - values.mean()) / deviation, np.float32)


def _said(likeness: Vectors, index: int, chosen: Sequence[int]) -> float:
    """How much of a sentence the chosen ones have said; being unlike all of them is no merit."""
    return REDUNDANCY_WEIGHT * max([0.0, *(float(likeness[index, j]) for j in chosen)])
