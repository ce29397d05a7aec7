"""Multinomial logistic regression over five views of a message, with calibrated scores.

The views are the sentence vector without its language (`neutral`), that of the encoder's middle,
the nearness of both to the examples of each skill, what its terms say, and the typed cues. On
4,320 messages of other hands, learned from 18,553: without the middle .854 (with a picture .902),
with its vector .888 (.911), with its nearness, too, .893 (.915); the middle alone .873 (.897).

Five folds over 8,690 examples, translations of one another kept in one fold, without the middle:
.914 with vectors as they come, .932 without their language, .936 with words about pictures among
the cues; among the 1,922 for images .913, .934 and .950.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.routing.nearness import nearness, own_nearest, scaled
from assistant.routing.solver import curvature, folded, softmax, solve
from assistant.routing.terms import buckets, held_out_term_scores, term_scores, term_table

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Ids

    Matrix = npt.NDArray[np.float32]

_VECTOR_SCALE, _INNER_SCALE = 2.0, 4.0  # against the cues, which are 0 or 1
_FOLDS = 3
_TEMPERATURES = np.linspace(0.3, 4.0, 75)
_INSISTENCE = 8.0
"""Factor on the weight of a row that must be learned and is not yet."""
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages as the classifier sees them, a row each: their terms, unit vectors and cues."""

    terms: tuple[Ids, ...]
    vectors: Matrix
    """[n, d]"""
    inner: Matrix
    """Those of the encoder's middle [n, d], or [n, 0] where it tells none."""
    cues: Matrix
    """[n, cues]"""

    @classmethod
    def seen(cls, texts: Sequence[str], vectors: tuple[Matrix, Matrix], cues: Matrix) -> Messages:
        """Messages from their texts, their vectors at the end and in the middle, and cues."""
        return cls(tuple(map(buckets, texts)), *vectors, cues)

    def __len__(self) -> int:
        return len(self.terms)

    def rows(self, chosen: Ids) -> Messages:
        """Some of them, by row number."""
        terms = tuple(self.terms[int(row)] for row in chosen)
        return Messages(terms, self.vectors[chosen], self.inner[chosen], self.cues[chosen])

    def outside(self) -> Messages:
        """Without the middle of their encoder."""
        return replace(self, inner=self.inner[:, :0])

    def joined(self, more: Messages) -> Messages:
        """These and others after them."""
        return Messages(
            (*self.terms, *more.terms),
            np.concatenate([self.vectors, more.vectors]),
            np.concatenate([self.inner, more.inner]),
            np.concatenate([self.cues, more.cues]),
        )


@dataclass(frozen=True, slots=True)
class Lessons:
    """Messages with the skill each is for, and how much each counts (1 = an ordinary one)."""

    messages: Messages
    labels: tuple[str, ...]
    weights: Matrix
    """[n]"""

    @property
    def skills(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.labels)))

    @property
    def targets(self) -> Ids:
        """The skill of each row as a number."""
        numbers = {skill: number for number, skill in enumerate(self.skills)}
        return np.array([numbers[label] for label in self.labels], np.int64)

    def rows(self, chosen: Ids) -> Lessons:
        """Some of them, by row number."""
        labels = tuple(self.labels[row] for row in chosen)
        return Lessons(self.messages.rows(chosen), labels, self.weights[chosen])


@dataclass(frozen=True, slots=True)
class SkillClassifier:
    """Gives each skill a probability."""

    skills: tuple[str, ...]
    mean: Matrix
    """Mean message vector [d]."""
    weights: Matrix
    """[width of the design, skills]."""
    temperature: float
    """Factor on the logits that makes held-out scores honest."""
    table: Matrix
    """Log odds of terms [buckets, skills]."""
    learned: Messages
    """What was learned from."""
    targets: Ids
    """The skill of each of them."""
    curvature: Matrix
    """A bound on how the loss bends around the weights [width, width]."""
    nearest: Matrix
    """The greatest cosines of each to the others of each skill, at the end and in the middle:
    [2, m, skills, 5], or [1, …] without a middle."""

    def probabilities(self, messages: Messages) -> Matrix:
        """Probability of each skill [n, skills]; about 2 ms for one message."""
        return softmax(self.temperature * self.logits(messages))

    def logits(self, messages: Messages) -> Matrix:
        """Scores before the softmax, uncalibrated: [n, skills]."""
        return np.asarray(self.design(messages) @ self.weights, np.float32)

    def design(self, messages: Messages) -> Matrix:
        """The five views side by side: [n, width]."""
        count = len(self.skills)
        near = [
            nearness(asked, known, self.targets, count)
            for asked, known in zip(_spaces(messages), _spaces(self.learned), strict=True)
        ]
        return _design(messages, self.mean, near, term_scores(messages.terms, self.table))


def fit(
    lessons: Lessons, temperature: float | None = None, insist: Ids | None = None
) -> SkillClassifier:
    """Learn from messages and the skill of each.

    Some 15 s of CPU for 17,000 rows: most for comparing them with one another, on all cores; the
    rest on one (shared between threads the small matrices take longer, three times so beside a
    busy encoder), half of that for calibrating by cross-validation, which is done where no
    `temperature` is given. For corrections see `refit`.

    Args:
        insist: numbers of rows that must be given their own skill afterwards; their weight is
            raised until they are.
    """
    from threadpoolctl import threadpool_limits  # 10 ms

    unfitted, design = _looked_at(lessons, temperature or 1.0, insist, None)
    with threadpool_limits(1, "blas"):
        if temperature is None:
            logits = _held_out(design, lessons, _FOLDS)
            unfitted = replace(unfitted, temperature=calibrate(logits, lessons.targets))
        weights = _solved(design, lessons, insist)
        bend = curvature(design, lessons.targets, lessons.weights, len(lessons.skills))
        return replace(unfitted, weights=weights, curvature=bend)


def held_out_logits(
    lessons: Lessons, folds: int, insist: Ids | None = None, base: SkillClassifier | None = None
) -> Matrix:
    """Logits [n, skills] of each row from weights that were learned without it.

    What a row says of itself by its terms and neighbours leaves itself out already, so the views
    are made once. Rows that are insisted on are learned from in every fold.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        if base is not None and base.skills != lessons.skills:
            base = None
        return _held_out(_looked_at(lessons, 1.0, insist, base)[1], lessons, folds, insist)


def _looked_at(
    lessons: Lessons, temperature: float, insist: Ids | None, base: SkillClassifier | None
) -> tuple[SkillClassifier, Matrix]:
    """A classifier without weights, and the views of the rows, each as if it was not learned."""
    skills, targets, messages = lessons.skills, lessons.targets, lessons.messages
    mean = np.asarray(messages.vectors.mean(axis=0), np.float32)
    nearest = np.stack(
        [
            own_nearest(rows, targets, len(skills), None if base is None else base.nearest[at])
            for at, rows in enumerate(_spaces(messages))
        ]
    )
    said = held_out_term_scores(messages.terms, targets, len(skills), lessons.weights)
    design = _design(messages, mean, [scaled(each) for each in nearest], said)
    unfitted = SkillClassifier(
        skills,
        mean,
        np.zeros((design.shape[1], len(skills)), np.float32),
        temperature,
        term_table(messages.terms, targets, len(skills), lessons.weights),
        messages,
        targets,
        np.zeros((design.shape[1],) * 2, np.float32),
        nearest,
    )
    if insist is not None:
        design[insist] = unfitted.design(messages.rows(insist))  # as they will be met again
    return unfitted, design


def _held_out(design: Matrix, lessons: Lessons, folds: int, insist: Ids | None = None) -> Matrix:
    kept = np.zeros(len(lessons.labels), bool)
    kept[insist if insist is not None else []] = True

    def solved(others: Ids) -> Matrix:
        fixed = None if insist is None else np.flatnonzero(kept[others])
        return _solved(design[others], lessons.rows(others), fixed, lessons.skills)

    return folded(design, folds, len(lessons.skills), solved, kept)


def _solved(
    design: Matrix,
    lessons: Lessons,
    insist: Ids | None,
    skills: tuple[str, ...] | None = None,
) -> Matrix:
    """Weights [width, skills], the rows insisted on weighing more until they are right."""
    names = skills or lessons.skills
    numbers = {skill: number for number, skill in enumerate(names)}
    targets = np.array([numbers[label] for label in lessons.labels], np.int64)
    weights = lessons.weights.copy()
    found = solve(design, targets, len(names), weights)
    for _ in range(_ROUNDS if insist is not None else 0):
        missed = (design[insist] @ found).argmax(axis=1) != targets[insist]
        if not missed.any():
            break
        weights[np.asarray(insist)[missed]] *= _INSISTENCE
        found = solve(design, targets, len(names), weights, found)
    return found


def calibrate(logits: Matrix, targets: Ids) -> float:
    """The temperature of least negative log-likelihood (Guo et al. 2017)."""
    rows = np.arange(len(targets))
    losses = [
        -np.log(softmax(scale * logits)[rows, targets] + 1e-12).mean() for scale in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _spaces(messages: Messages) -> tuple[Matrix, ...]:
    """The unit vectors by which messages are near to one another."""
    return (messages.vectors, messages.inner) if messages.inner.shape[1] else (messages.vectors,)


def _design(messages: Messages, mean: Matrix, near: Sequence[Matrix], said: Matrix) -> Matrix:
    ones = np.ones((len(messages), 1), np.float32)
    centred = (messages.vectors - mean) * _VECTOR_SCALE
    inner = messages.inner * _INNER_SCALE
    return np.hstack([centred, inner, messages.cues, *near, said, ones]).astype(np.float32)
