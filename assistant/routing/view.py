"""What a decision is made from: the message as it was seen, and the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.core.routing import Correction
from assistant.core.skills import SkillCard
from assistant.routing.classifier import Messages
from assistant.routing.features import Features

Evidence = Callable[[str, str | None], float]
"""Probability in [0, 1] that the documents of a collection (None: the default) answer a
question."""

FALLBACK = "generate"
"""The skill for whatever no other skill is for."""
GOES_ON = 0.5
"""Probability from which a message counts as going on from the one before."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision knows beside the message."""

    cards: Mapping[str, SkillCard]
    indexed: bool
    """Whether there are documents to ask."""
    evidence: Evidence | None = None
    collection: str | None = None
    has_pictures: bool = False
    """Whether there are pictures to find any in."""


@dataclass(frozen=True, slots=True)
class View:
    """A message as the decision sees it."""

    features: Features
    scores: Mapping[str, float]
    """Probability of each skill by the message alone."""
    basis: str
    """How the scores came about, for the reason."""
    previous: str | None = None
    """The skill of the turn before."""
    continues: float = 0.0
    """Probability that the message goes on from the turn before."""
    language_follows: bool = False
    """It names a language right after a translation."""
    looks_again: str | None = None
    """The skill that looked at the image before, where the message asks on about that."""
    correction: Correction | None = None
    """The person's correction of just this message."""
    near_correction: bool = False
    """A correction of nearly this message has shaped the scores."""
    messages: Messages | None = None
    """The message as the classifier saw it, one row; None where the wording alone decides."""
    pictured: Mapping[str, float] = field(default_factory=dict)
    """Probability of each skill that takes images, with the image; empty where unknown."""

    after: Mapping[str, float] = field(default_factory=dict)
    """Probability of each skill after the turn before; empty where there was none, or it is
    unknown."""
    image_before: bool = False
    """An image of a turn before is still what the talk is about."""

    @property
    def goes_on(self) -> bool:
        """Whether it is understood only with the turn before."""
        if self.previous is None or self.continues <= GOES_ON:
            return False
        return not self.after or max(self.after, key=lambda name: self.after[name]) == self.previous
