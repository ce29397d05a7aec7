"""Learns corrections beside what was learned from the examples, in a quarter of a second.

The examples are not gone through again: around the weights they led to, their loss lies below a
parabola of known curvature (Böhning 1992), which was kept. What corrections teach is the least of
that parabola and of their own loss together, so they never cost the examples more than it says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.routing.classifier import Lessons, SkillClassifier
from assistant.routing.solver import RIDGE, STEPS, descended, row_weights, softmax
from assistant.routing.terms import term_table

if TYPE_CHECKING:
    from assistant.core.protocols import Ids
    from assistant.routing.classifier import Matrix

_INSISTENCE = 8.0
"""Factor on the weight of a correction that must be learned and is not yet."""
_ROUNDS = 6


def refitted(base: SkillClassifier, lessons: Lessons, added: Ids) -> SkillClassifier:
    """What was learned before, and some lessons more.

    Args:
        base: learned from the lessons before those that were added, for the same skills.
        lessons: all of them.
        added: numbers of the rows that must be given their own skill afterwards; their weight is
            raised until they are.
    """
    from threadpoolctl import threadpool_limits  # 10 ms

    with threadpool_limits(1, "blas"):
        count, targets = len(base.skills), lessons.targets
        table = term_table(lessons.messages.terms, targets, count, lessons.weights)
        # What is near to the rows added is not looked for: nothing is learned from this one again.
        grown = replace(base, table=table, learned=lessons.messages, targets=targets)
        design = grown.design(lessons.messages.rows(added))
        heard = row_weights(targets, count, lessons.weights)[added]
        return replace(grown, weights=_insisted(base, design, targets[added], heard, len(targets)))


def _insisted(
    base: SkillClassifier, design: Matrix, targets: Ids, heard: Matrix, examples: int
) -> Matrix:
    """Weights [width, skills], the rows weighing more until they are right."""
    heard, weights = np.asarray(heard / examples, np.float32), base.weights
    for _ in range(_ROUNDS):
        weights = _moved(base, design, targets, heard)
        missed = (design @ weights).argmax(axis=1) != targets
        if not missed.any():
            break
        heard[missed] *= _INSISTENCE
    return weights


def _moved(base: SkillClassifier, design: Matrix, targets: Ids, heard: Matrix) -> Matrix:
    """Where the weights go from the base's, by the same steps as `solver.solve`."""
    wanted = np.eye(len(base.skills), dtype=np.float32)[targets]
    held = base.curvature + RIDGE * np.eye(len(base.curvature), dtype=np.float32)
    bound = held + 0.5 * (design * heard[:, None]).T @ design
    step = np.linalg.inv(bound).astype(np.float32)

    def slope(away: Matrix) -> Matrix:
        error = (softmax(design @ (base.weights + away)) - wanted) * heard[:, None]
        return np.asarray(held @ away + design.T @ error, np.float32)

    moved = descended(np.zeros_like(base.weights), slope, step, STEPS)
    return np.asarray(base.weights + moved, np.float32)
