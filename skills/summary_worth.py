"""How much a sentence tells of what people ask about, before any other is chosen."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from skills.summary_length import count_words
from skills.summary_sentences import Sentence

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

# Log of the answers to people's questions a word of a sentence holds: a Poisson regression (ridge
# of 2) on half of the XQuAD articles in en and zh, `python -m benchmarks.summaries`. Meaning says
# least: the sentences nearest to the centroid of a text are its vaguest.
_OPENING = 0.73
_FIRST_OF_TEXT = 0.17
_NUMBER = 0.28
_NAMES = 0.075
_LENGTH = -0.57
_CLOSE_TO_TEXT = 0.042
_CLOSE_TO_PARAGRAPH = 0.091

_FEWEST_WORDS = 8
"""Shorter sentences say no more a word."""
_MOST_NAMES = 6
_FEWEST_SENTENCES = 3
"""Of a paragraph that has a middle."""
_DIGIT = re.compile(r"\d")
_NAME = re.compile(r"(?<=[^\W\dA-Z_] )[A-Z]\w+|(?<=, )[A-Z]\w+|[·《“「\"]")
"""A capital within a sentence; what joins, or stands around, names in Chinese; a quotation."""


def worth(sentences: Sequence[Sentence], vectors: Vectors, *, by_word: bool) -> Vectors:
    """Worth of each sentence [n], on a scale of logarithms.

    Args:
        vectors: unit rows [n, d] of the sentences.
        by_word: what a word of it is worth, where words are limited; else the whole sentence.
    """
    sizes = np.log([max(_FEWEST_WORDS, count_words(s.text)) for s in sentences])
    names = [min(_MOST_NAMES, len(_NAME.findall(s.text))) for s in sentences]
    total = (
        _OPENING * np.array([1 / math.sqrt(1 + s.paragraph_place) for s in sentences])
        + _FIRST_OF_TEXT * np.array([s.section == 0 and s.place == 0 for s in sentences])
        + _NUMBER * np.array([_DIGIT.search(s.text) is not None for s in sentences])
        + _NAMES * standardised(np.array(names, np.float32))
        + (_LENGTH if by_word else 1 + _LENGTH) * sizes
        + _CLOSE_TO_TEXT * standardised(vectors @ vectors.mean(axis=0))
        + _CLOSE_TO_PARAGRAPH * _close_to_paragraph(sentences, vectors)
    )
    return np.asarray(total, np.float32)


def _close_to_paragraph(sentences: Sequence[Sentence], vectors: Vectors) -> Vectors:
    """Standardised closeness to the paragraph's centroid, 0 in short paragraphs."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, sentence in enumerate(sentences):
        rows[sentence.paragraph].append(row)
    long = [held for held in rows.values() if len(held) >= _FEWEST_SENTENCES]
    close = np.zeros(len(sentences), np.float32)
    if long:
        inside = np.concatenate(long)
        near = np.concatenate([vectors[held] @ vectors[held].mean(axis=0) for held in long])
        close[inside] = standardised(near)
    return close


def standardised(values: Vectors) -> Vectors:
    """Mean 0 and deviation 1; all 0 where the values are the same."""
    deviation = float(values.std())
    if deviation < 1e-9:
        return np.zeros_like(values, dtype=np.float32)
    return np.asarray((values - values.mean()) / deviation, np.float32)
