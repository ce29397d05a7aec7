"""What the router has learned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.core.routing import Correction, Neighbour
from assistant.routing.classifier import Lessons, SkillClassifier
from assistant.routing.corrections import same_message
from assistant.routing.examples import Example
from assistant.routing.following import Following
from assistant.routing.nearness import likeness

if TYPE_CHECKING:
    from assistant.routing.classifier import Matrix


@dataclass(frozen=True)
class Learned:
    """What there is to judge a message by."""

    examples: tuple[Example, ...]
    """The corrections stand last."""
    corrections: tuple[Correction, ...]
    lessons: Lessons
    """The examples as the classifier sees them."""
    classifier: SkillClassifier
    uncorrected: SkillClassifier
    """Fitted to the examples alone."""
    continuation: SkillClassifier
    """Tells a message that goes on from the one before from one that stands alone."""
    following: Following | None
    """Tells the skill of a message from what was said before it; None where too few pairs of turns
    are of the skills there are."""
    pictured: SkillClassifier | None
    """Tells the skills that take images apart, for messages with one; None where there are not
    two."""

    @property
    def uncorrected_lessons(self) -> Lessons:
        """The examples without the corrections."""
        return self.lessons.rows(np.arange(len(self.examples) - len(self.corrections)))

    def neighbours(self, vector: Matrix, count: int) -> tuple[Neighbour, ...]:
        """The examples nearest to a unit vector [d]."""
        cosines = likeness(vector[None, :], self.lessons.messages.vectors)[0]
        first_correction = len(self.examples) - len(self.corrections)
        taught = np.arange(len(cosines)) >= first_correction  # before an example of the same words
        order = np.lexsort((~taught, -cosines.round(4)))
        return tuple(
            Neighbour(
                self.examples[at].skill,
                self.examples[at].language,
                self.examples[at].text,
                float(cosines[at]),
                bool(at >= first_correction),
            )
            for at in order[:count]
        )

    def nearest_correction(self, vector: Matrix) -> float:
        """Cosine to the most similar correction; 0 where there are none."""
        count = len(self.corrections)
        if not count:
            return 0.0
        return float(likeness(vector[None, :], self.lessons.messages.vectors[-count:]).max())

    @cached_property
    def corrected(self) -> dict[str, Correction]:
        """Corrections by their message."""
        return {same_message(correction.text): correction for correction in self.corrections}
