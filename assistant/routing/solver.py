"""Solves ridge-penalised multinomial logistic regression without a library."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Ids

    Matrix = npt.NDArray[np.float32]
    Flags = npt.NDArray[np.bool_]

RIDGE = 1e-3
STEPS = 60  # the largest weight then moves by < 0.2 % a step
_STEPS_FROM_NEAR = 25


def solve(
    design: Matrix, targets: Ids, skills: int, weights: Matrix, start: Matrix | None = None
) -> Matrix:
    """Weights [width, skills], by accelerated steps against one fixed bound of the curvature.

    Böhning 1992: half the weighted Gram matrix bounds the Hessian of the multinomial
    log-likelihood, so one inverse serves every step; Nesterov's momentum speeds them up.
    Rows weigh as `row_weights` says. A `start` that is nearly right saves steps.
    """
    n, width = design.shape
    heard = row_weights(targets, skills, weights)[:, None]
    wanted = np.eye(skills, dtype=np.float32)[targets]
    bend = curvature(design, targets, weights, skills)
    step = np.linalg.inv(bend + RIDGE * np.eye(width)).astype(np.float32)

    def slope(at: Matrix) -> Matrix:
        error = (softmax(design @ at) - wanted) * heard
        return np.asarray(design.T @ error / n + RIDGE * at, np.float32)

    if start is None:
        return descended(np.zeros((width, skills), np.float32), slope, step, STEPS)
    return descended(start, slope, step, _STEPS_FROM_NEAR)


def descended(start: Matrix, slope: Callable[[Matrix], Matrix], step: Matrix, steps: int) -> Matrix:
    """Where the accelerated steps lead (Nesterov 1983).

    Args:
        slope: the gradient at some weights.
        step: what takes it to a step [width, width]: the inverse of a bound of the curvature.
    """
    found = ahead = start
    momentum = 1.0
    for _ in range(steps):
        moved = ahead - step @ slope(ahead)
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = moved + np.float32((momentum - 1) / following) * (moved - found)
        found, momentum = moved, following
    return np.asarray(found, np.float32)


def folded(
    design: Matrix,
    folds: int,
    skills: int,
    solved: Callable[[Ids], Matrix],
    kept: Flags | None = None,
) -> Matrix:
    """Logits [n, skills] of each row by weights learned from the rows of the other folds.

    Args:
        solved: the weights learned from some rows.
        kept: rows that are learned from in every fold; their logits stay 0.
    """
    stays = np.zeros(len(design), bool) if kept is None else kept
    fold_of = np.random.default_rng(0).permutation(len(design)) % folds
    logits = np.zeros((len(design), skills), np.float32)
    for fold in range(folds):
        held = (fold_of == fold) & ~stays
        logits[held] = design[held] @ solved(np.flatnonzero(~held))
    return logits


def row_weights(targets: Ids, skills: int, weights: Matrix) -> Matrix:
    """How much each row counts [n]: by the inverse root of its skill's frequency, so that a skill
    with few examples is heard, times its own weight."""
    counts = np.maximum(np.bincount(targets, minlength=skills), 1)
    balance = (1.0 / np.sqrt(counts))[targets]
    return np.asarray(balance / balance.mean() * weights, np.float32)


def curvature(design: Matrix, targets: Ids, weights: Matrix, skills: int) -> Matrix:
    """The bound on how the loss bends [width, width], whatever the weights: half the Gram matrix.

    Args:
        weights: as `solve` was given [n].
    """
    heard = row_weights(targets, skills, weights)[:, None]
    return np.asarray((design * heard).T @ design * (0.5 / len(design)), np.float32)


def softmax(logits: Matrix) -> Matrix:
    """Probabilities of each row."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)
