"""Asks whether the corrections help or hurt: the same messages judged with and without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.core.errors import UsageError
from assistant.routing.classifier import Lessons, Messages, SkillClassifier, held_out_logits
from assistant.routing.learned import Learned
from assistant.routing.learning import Learner

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]

FOLDS = 5
HURTS = 0.02
"""Share of a group's messages that may turn wrong before the corrections count as harmful."""
_ENOUGH = 20  # messages; a smaller group says nothing


@dataclass(frozen=True, slots=True)
class Case:
    """A message and the skill it is for."""

    skill: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group of messages: how many, and the part that was right before and after."""

    group: str
    count: int
    before: float
    after: float

    @property
    def hurt(self) -> bool:
        return self.count >= _ENOUGH and self.before - self.after >= HURTS


@dataclass(frozen=True, slots=True)
class Validation:
    """Groups of examples held out, and of the cases given; the first group is all of them."""

    corrections: int
    examples: tuple[Comparison, ...]
    cases: tuple[Comparison, ...]

    @property
    def hurt(self) -> tuple[Comparison, ...]:
        """The groups that got worse."""
        return tuple(group for group in (*self.examples, *self.cases) if group.hurt)


def validate(learner: Learner, cases: Sequence[Case]) -> Validation:
    """Compare; about 3 s for 3,000 examples.

    Raises:
        AssistantError: the encoder can't be had, or there is nothing to tell apart.
    """
    learned = learner.learned(lambda _done, _total: None)
    if learned is None:
        raise UsageError("There are not two skills with examples to tell apart.")
    examples = [Case(e.skill, e.language, e.text) for e in learned.examples]
    base = learned.uncorrected_lessons
    before, after = _held_out(base, learned)
    compared = _compared(examples[: len(base.labels)], before, after)
    if not cases:
        return Validation(len(learned.corrections), compared, ())
    messages = learner.see([case.text for case in cases])
    labels = tuple(case.skill for case in cases)
    of_cases = _compared(
        cases,
        _right(learned.uncorrected, messages, labels),
        _right(learned.classifier, messages, labels),
    )
    return Validation(len(learned.corrections), compared, of_cases)


def _held_out(base: Lessons, learned: Learned) -> tuple[Flags, Flags]:
    """Which examples are right when they are held out, without and with the corrections."""
    count = len(base.labels)
    plain = held_out_logits(base, FOLDS, base=learned.uncorrected)
    before = plain.argmax(axis=1) == base.targets
    lessons = learned.lessons
    if len(lessons.labels) == count:
        return before, before
    added = np.arange(count, len(lessons.labels))
    corrected = held_out_logits(lessons, FOLDS, added, learned.uncorrected)
    return before, corrected.argmax(axis=1)[:count] == lessons.targets[:count]


def _right(model: SkillClassifier, messages: Messages, labels: Sequence[str]) -> Flags:
    chosen = model.logits(messages).argmax(axis=1)
    skills = [model.skills[at] for at in chosen]
    return np.array([skill == label for skill, label in zip(skills, labels, strict=True)], bool)


def _compared(cases: Sequence[Case], before: Flags, after: Flags) -> tuple[Comparison, ...]:
    """All together, then by skill, then by language."""
    groups: dict[str, list[int]] = {"all": list(range(len(cases)))}
    for name in ("skill", "language"):
        rows: dict[str, list[int]] = defaultdict(list)
        for row, case in enumerate(cases):
            rows[getattr(case, name)].append(row)
        groups |= {key: rows[key] for key in sorted(rows)}
    return tuple(
        Comparison(group, len(rows), float(before[rows].mean()), float(after[rows].mean()))
        for group, rows in groups.items()
    )
