"""Looks at messages with what the router has learned, or with the wording alone meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.core.errors import AssistantError
from assistant.core.skills import SkillCard
from assistant.routing.classifier import Messages, SkillClassifier
from assistant.routing.corrections import same_message
from assistant.routing.decision import by_wording
from assistant.routing.features import Features, features_of
from assistant.routing.following import Turns, combined, continues, shares_with_image
from assistant.routing.learned import Learned
from assistant.routing.learning import Learner
from assistant.routing.validation import Case, Validation, validate
from assistant.routing.vectors import VectorProgress
from assistant.routing.view import View

_PATIENCE = 3.0
"""Seconds a message waits for a classifier that is being made; then its wording decides."""
_NEARLY_THE_SAME = 0.85
"""Cosine from which a correction speaks for a message as for its own."""


_BY_EXAMPLES = "reads like examples"
_BY_WORDING = "the routing model is not ready; by its wording alone this looks like one"


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


class Judge:
    """Gives messages their scores; never fails for want of a model. Safe for threads.

    Args:
        learner: what learns from the examples and corrections.
        cards: the skills there are.
    """

    def __init__(self, learner: Learner, cards: Mapping[str, SkillCard]) -> None:
        self._learner = learner
        self._cards = cards
        self._lock = threading.Lock()

    def prepare(self, progress: VectorProgress = _silent) -> None:
        """Make the classifier ready; does nothing where it is.

        Raises:
            AssistantError: the embedder can't be had.
        """
        with self._lock:
            self._learner.learned(progress)

    def validate(self, cases: Sequence[Case]) -> Validation:
        """How the corrections change what is right.

        Raises:
            AssistantError: the encoder can't be had.
        """
        with self._lock:
            return validate(self._learner, cases)

    def judged(self, asked: Sequence[Features]) -> list[View]:
        """Messages by themselves."""
        worded = [View(each, by_wording(each, self._cards), _BY_WORDING) for each in asked]
        learned = self.learned()
        if learned is None or not all(each.text.strip() for each in asked):
            return worded
        try:
            messages = self._learner.see([each.text for each in asked])
        except AssistantError:
            return worded
        return [_learned_view(each, messages, at, learned) for at, each in enumerate(asked)]

    def after(self, view: View, previous: str, image: bool) -> dict[str, float]:
        """Probability of each skill for a message after a turn; empty where that is unknown.

        Args:
            previous: the skill of that turn.
            image: whether it was about an image.
        """
        learned = self.learned() if view.messages is not None else None
        if learned is None or learned.following is None or view.messages is None:
            return {}
        skills = learned.following.skills
        if previous not in skills:
            return {}
        alone = np.array([[view.scores.get(name, 0.0) for name in skills]], np.float32)
        alone /= max(float(alone.sum()), 1e-6)
        going, seen = (np.array([value], np.float32) for value in (view.continues, image))
        width = len(learned.pictured.skills) if learned.pictured is not None else 0
        pictured = np.zeros((1, width), np.float32)  # of no account without an image
        if image:
            pictured = shares_with_image(view.messages, learned.pictured)
        turns = Turns(view.messages, alone, going, (previous,), seen, pictured)
        shares = learned.following.probabilities(turns)[0]
        told = dict(zip(skills, map(float, shares), strict=True))
        return combined(view.scores, told, skills)

    def scores(self, text: str) -> Mapping[str, float] | None:
        """What the classifier says of a part of a message; None while there is none."""
        (view,) = self.judged([features_of(text)])
        return view.scores if view.messages is not None else None

    def learned(self) -> Learned | None:
        """What there is to judge by; None where it is not ready in time."""
        if not self._lock.acquire(timeout=_PATIENCE):
            return None
        try:
            return self._known()
        finally:
            self._lock.release()

    def _known(self) -> Learned | None:
        try:
            return self._learner.learned(_silent)
        except AssistantError:
            return None


def _learned_view(features: Features, messages: Messages, at: int, learned: Learned) -> View:
    message = messages.rows(np.array([at]))
    among_image_skills = learned.pictured if features.images else None
    return View(
        features,
        _shares(learned.classifier, message),
        _BY_EXAMPLES,
        continues=float(continues(message, learned.continuation)[0]),
        correction=learned.corrected.get(same_message(features.text)),
        near_correction=learned.nearest_correction(message.vectors[0]) >= _NEARLY_THE_SAME,
        messages=message,
        pictured=_shares(among_image_skills, message) if among_image_skills else {},
    )


def _shares(classifier: SkillClassifier, message: Messages) -> dict[str, float]:
    shares = classifier.probabilities(message)[0]
    return dict(zip(classifier.skills, map(float, shares), strict=True))
