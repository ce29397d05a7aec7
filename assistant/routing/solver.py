"""Solves ridge-penalised multinomial logistic regression without a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Ids

    Matrix = npt.NDArray[np.float32]

RIDGE = 1e-3
_STEPS = 60  # the largest weight then moves by < 0.2 % a step
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
    found = ahead = np.zeros((width, skills), np.float32) if start is None else start
    momentum = 1.0
    for _ in range(_STEPS if start is None else _STEPS_FROM_NEAR):
        error = (softmax(design @ ahead) - wanted) * heard
        moved = ahead - step @ (design.T @ error / n + RIDGE * ahead)
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = moved + np.float32((momentum - 1) / following) * (moved - found)
        found, momentum = moved, following
    return np.asarray(found, np.float32)


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
