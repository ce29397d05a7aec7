"""How near a message lies to the examples of each skill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Ids, Vectors

    Matrix = npt.NDArray[np.float32]

_NEAREST = 5
_SCALE = 3.0  # against the cues, which are 0 or 1
_FAR = 4.0  # what a skill with hardly an example may differ by
_BLOCK = 512  # rows compared at once: 14 MB against 7,000 examples
_NONE = -1.0  # where a skill has fewer examples than are asked for


def nearness(queries: Vectors, examples: Vectors, targets: Ids, skills: int) -> Matrix:
    """Mean cosine to the five nearest examples of each skill, against that of all: [n, skills].

    Args:
        queries: unit rows [n, d].
        examples: unit rows [m, d].
        targets: the skill of each example, from 0.
    """
    return scaled(_greatest(likeness(queries, examples), targets, skills))


def likeness(queries: Vectors, examples: Vectors) -> Matrix:
    """Cosines [n, m] of unit rows.

    One query is worth no BLAS: its threads would fight with the encoder's, which still spin
    (7 ms instead of 0.5 ms for 3,000 examples on 2 busy cores).
    """
    if len(queries) == 1:
        return np.asarray(np.einsum("md,d->m", examples, queries[0])[None, :], np.float32)
    return queries @ examples.T


def own_nearest(
    examples: Vectors, targets: Ids, skills: int, known: Matrix | None = None
) -> Matrix:
    """The greatest cosines of each example to the others of each skill: [m, skills, 5].

    About 1 s for 7,000 examples on one core, 10 ms for each that was added.

    Args:
        known: the same for the first examples, from when there were no more.
    """
    start = 0 if known is None else len(known)
    blocks = [] if known is None else [_with_more(known, examples, targets)]
    for at in range(start, len(examples), _BLOCK):
        cosines = examples[at : at + _BLOCK] @ examples.T
        rows = np.arange(len(cosines))
        cosines[rows, at + rows] = _NONE
        blocks.append(_greatest(cosines, targets, skills))
    return np.concatenate(blocks)


def scaled(greatest: Matrix) -> Matrix:
    """What the greatest cosines [n, skills, 5] say: their means against that of all skills."""
    there = greatest > _NONE
    counts = np.maximum(there.sum(axis=2), 1)
    means = np.where(there, greatest, 0.0).sum(axis=2) / counts
    means[~there.any(axis=2)] = _NONE
    differences = (means - means.mean(axis=1, keepdims=True)) * _SCALE
    return np.asarray(differences.clip(-_FAR, _FAR), np.float32)


def _with_more(known: Matrix, examples: Vectors, targets: Ids) -> Matrix:
    """What is known of the first examples, where the later ones may be nearer."""
    count = len(known)
    cosines, of_later = examples[:count] @ examples[count:].T, targets[count:]
    found = known.copy()
    for skill in np.unique(of_later):
        both = np.concatenate([known[:, skill], cosines[:, of_later == skill]], axis=1)
        found[:, skill] = -np.partition(-both, _NEAREST - 1, axis=1)[:, :_NEAREST]
    return found


def _greatest(cosines: Matrix, targets: Ids, skills: int) -> Matrix:
    """By taking the maximum again and again: for few, several times as fast as a partition."""
    rows = np.arange(len(cosines))
    found = np.full((len(cosines), skills, _NEAREST), _NONE, np.float32)
    for skill in range(skills):
        among = cosines[:, targets == skill]
        for place in range(min(_NEAREST, among.shape[1])):
            at = among.argmax(axis=1)
            found[:, skill, place] = among[rows, at]
            among[rows, at] = _NONE
    return found
