"""What the words of a message say of its skill: naive Bayes over terms and pairs of terms.

A sentence vector blurs the one word that decides ("lease", "laut", "译"); counts don't. The
table is hashed, so it has one size whatever the examples are.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.language.terms import terms

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Ids, Vectors

    Matrix = npt.NDArray[np.float32]

_BUCKETS = 1 << 15
_SMOOTHING = 0.3  # added to each count
_VOCABULARY = 8_000  # terms that might have been said, for the smoothing
_FOLDS = 10
_DAMPING = 2  # terms; keeps a message of one or two words from sounding sure


def buckets(text: str) -> Ids:
    """Where the table counts a message's terms and pairs of neighbours; each once, sorted."""
    found = terms(text)
    named = {*found, *(f"{one} {two}" for one, two in pairwise(found))}
    hashed = {zlib.crc32(term.encode("utf-8", "surrogatepass")) % _BUCKETS for term in named}
    return np.array(sorted(hashed), np.int64)


def term_table(messages: Sequence[Ids], targets: Ids, skills: int, weights: Vectors) -> Matrix:
    """How much each bucket speaks for each skill: log odds [buckets, skills]."""
    return _odds(_counts(messages, targets, skills, weights))


def term_scores(messages: Sequence[Ids], table: Matrix) -> Matrix:
    """What the terms of each message say together: [n, skills], about 0 where nothing."""
    scores = np.zeros((len(messages), table.shape[1]), np.float32)
    for row, found in enumerate(messages):
        scores[row] = table[found].sum(axis=0) / np.sqrt(len(found) + _DAMPING)
    return scores


def held_out_term_scores(
    messages: Sequence[Ids], targets: Ids, skills: int, weights: Vectors
) -> Matrix:
    """The same for the messages counted, each by a table that has not counted it (10 folds)."""
    counts = _counts(messages, targets, skills, weights)
    folds = np.random.default_rng(1).permutation(len(messages)) % _FOLDS
    scores = np.zeros((len(messages), skills), np.float32)
    for fold in range(_FOLDS):
        held = np.flatnonzero(folds == fold)
        inside = [messages[int(row)] for row in held]
        table = _odds(counts - _counts(inside, targets[held], skills, weights[held]))
        scores[held] = term_scores(inside, table)
    return scores


def _counts(messages: Sequence[Ids], targets: Ids, skills: int, weights: Vectors) -> Matrix:
    if not messages:
        return np.zeros((_BUCKETS, skills), np.float32)
    sizes = [len(found) for found in messages]
    cells = np.concatenate(messages) * skills + np.repeat(targets, sizes)
    counted = np.bincount(cells, np.repeat(weights, sizes), _BUCKETS * skills)
    return counted.reshape(_BUCKETS, skills).astype(np.float32)


def _odds(counts: Matrix) -> Matrix:
    shares = (counts + _SMOOTHING) / (counts.sum(axis=0) + _SMOOTHING * _VOCABULARY)
    logs = np.log(shares)
    return np.asarray(logs - logs.mean(axis=1, keepdims=True), np.float32)
