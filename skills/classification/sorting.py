"""Chooses the classifier for the labels asked for, and says when its choice is no choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.core.documents import Label
from assistant.core.errors import UsageError
from assistant.core.protocols import Embedder, TextClassifier
from skills.classification.zero_shot import ZeroShotClassifier


@dataclass(frozen=True, slots=True)
class Sorted:
    """Labels of one text, best first; `sure` where the best is clearly ahead."""

    labels: tuple[Label, ...]
    sure: bool

    @property
    def best(self) -> Label:
        return self.labels[0]


class Sorter:
    """Sorts texts into labels.

    Args:
        embedder: gives the text embedder, which takes labels in any words.
        classifier: gives the model of fixed labels named in the settings; None = none is.
        margin: least difference of probability between the two best labels for a choice.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        classifier: Callable[[], TextClassifier | None],
        margin: float,
    ) -> None:
        self._embedder = embedder
        self._classifier = classifier
        self._margin = margin

    def prepare(self, labels: Sequence[str]) -> Classifier:
        """What sorts into these labels; none: into those of the model in the settings.

        Raises:
            UsageError: there are no labels, or a single one.
        """
        fixed = self._classifier()
        if fixed is not None and (not labels or _covers(fixed, labels)):
            return Classifier(fixed, self._margin, _folded(labels))
        if len(labels) < 2:
            raise UsageError(
                "There are no labels to choose from." if not labels else "One label is no choice.",
                "Name them: “is this positive or negative: …”, or --labels positive,negative",
            )
        return Classifier(ZeroShotClassifier(self._embedder(), labels), self._margin, frozenset())


class Classifier:
    """Sorts texts into the labels it was prepared for."""

    def __init__(
        self, model: TextClassifier | ZeroShotClassifier, margin: float, among: frozenset[str]
    ) -> None:
        self._model = model
        self._margin = margin
        self._among = among

    @property
    def name(self) -> str:
        """Of the model that decides."""
        return self._model.name

    def sort(self, texts: Sequence[str]) -> list[Sorted]:
        """What each text is, in order."""
        return [self._judged(labels) for labels in self._model.classify(texts)]

    def _judged(self, labels: tuple[Label, ...]) -> Sorted:
        if self._among:
            left = [label for label in labels if label.label.casefold() in self._among]
            total = sum(label.score for label in left) or 1.0
            labels = tuple(Label(label.label, label.score / total) for label in left)
        ahead = labels[0].score - labels[1].score if len(labels) > 1 else 1.0
        return Sorted(labels, ahead >= self._margin)


def _covers(model: TextClassifier, labels: Sequence[str]) -> bool:
    return _folded(labels) <= _folded(model.labels)


def _folded(labels: Sequence[str]) -> frozenset[str]:
    return frozenset(label.casefold() for label in labels)
