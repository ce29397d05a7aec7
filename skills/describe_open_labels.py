"""Scores labels in anybody's words against an image, with an image–text encoder (CLIP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.core.documents import Label
from assistant.core.protocols import ImageEncoder

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels, Vectors

TEMPLATES = ("a photo of {}.", "a picture of {}.", "{}")
"""A label's vector is the mean over these: an ensemble beats any one prompt (Radford et al.
2021, "Learning Transferable Visual Models", section 3.1.4)."""


NONE = "something"
"""Stands for all that no label names; its vector is that of an image of nothing in particular."""


class OpenLabels:
    """Ranks labels; the vectors of labels seen before are kept."""

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def model(self) -> str:
        """Name of the encoder."""
        return self._encoder.name

    def rank(self, image: Pixels, labels: Sequence[str]) -> tuple[Label, ...]:
        """All the labels, best first; their scores sum to 1."""
        import numpy as np

        labels = tuple(dict.fromkeys(labels))
        cosines = self._vectors(labels) @ self._encoder.embed_images([image])[0]
        logits = cosines * self._encoder.logit_scale
        weights = np.exp(logits - logits.max())
        scores = weights / weights.sum()
        order = np.argsort(-scores, kind="stable")
        return tuple(Label(labels[i], float(scores[i])) for i in order)

    def choose(self, image: Pixels, labels: Sequence[str]) -> tuple[tuple[Label, ...], float]:
        """The labels, best first, and the probability that none of them fits; together 1."""
        ranked = self.rank(image, (*labels, NONE))
        none = next(label.score for label in ranked if label.label == NONE)
        return tuple(label for label in ranked if label.label != NONE), none

    def _vectors(self, labels: Sequence[str]) -> Vectors:
        """Unit rows, one a label."""
        import numpy as np

        new = [label for label in labels if label not in self._known]
        if new:
            prompts = [template.format(label) for label in new for template in TEMPLATES]
            rows = self._encoder.embed_texts(prompts).reshape(len(new), len(TEMPLATES), -1)
            means = rows.mean(axis=1)
            means /= np.linalg.norm(means, axis=1, keepdims=True)
            self._known.update(zip(new, means, strict=True))
        return np.stack([self._known[label] for label in labels])
