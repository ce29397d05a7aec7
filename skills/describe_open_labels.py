"""Scores labels in anybody's words against an image, with an image–text encoder.

CLIP was trained to tell the texts of a batch apart, so its scores are shares of a softmax. SigLIP
was trained on each pair alone and learnt a bias (Zhai et al. 2023, "Sigmoid Loss for Language Image
Pre-Training"): a label fits where its logit is above 0, whatever the others are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.core.documents import Label
from assistant.core.protocols import ImageEncoder
from skills.labelling.kinds import in_english

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels, Vectors

TEMPLATES = ("a photo of {}.", "a picture of {}.", "{}")
"""A label's vector is the mean over these: an ensemble beats any one prompt (Radford et al.
2021, "Learning Transferable Visual Models", section 3.1.4)."""
NOTHING_NAMED = ("a photo of something.", "a picture.", "something else")
"""Stand for all that no label names, where scores are shares."""


class OpenLabels:
    """Ranks labels; the vectors of texts seen before are kept."""

    def __init__(self, encoder: ImageEncoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}

    @property
    def model(self) -> str:
        """Name of the encoder."""
        return self._encoder.name

    def see(self, images: Sequence[Pixels]) -> Vectors:
        """The images as the other methods take them, one row each."""
        return self._encoder.embed_images(images)

    def rank(self, image: Vectors, labels: Sequence[str]) -> tuple[Label, ...]:
        """All the labels, best first; their scores sum to 1."""
        labels = tuple(dict.fromkeys(labels))
        return _ordered(labels, self.shares(image, [prompts(label) for label in labels]))

    def choose(self, image: Vectors, labels: Sequence[str]) -> tuple[tuple[Label, ...], float]:
        """The labels, best first, and the probability that none of them fits; together 1.

        With a sigmoid encoder "none" has the logit 0, so that a single label gets just its
        sigmoid; else it has that of NOTHING_NAMED.
        """
        import numpy as np

        labels = tuple(dict.fromkeys(labels))
        texts = [prompts(label) for label in labels]
        if self._encoder.logit_bias is None:
            *scores, none = self.shares(image, [*texts, NOTHING_NAMED])
            return _ordered(labels, scores), none
        logits = self._logits(image, texts)
        *scores, none = _softmax(np.append(logits, np.float32(0)))
        return _ordered(labels, scores), none

    def shares(self, image: Vectors, texts: Sequence[tuple[str, ...]]) -> list[float]:
        """Softmax over several ways each to say what the image may show.

        Args:
            image: unit row [d].
            texts: for each thing the texts whose mean vector stands for it.
        """
        return _softmax(self._logits(image, texts))

    def fit(self, image: Vectors, text: str) -> float:
        """How well one text fits, in [0, 1]: against a neutral one where scores are shares."""
        _, none = self.choose(image, [text])
        return 1 - none

    def _logits(self, image: Vectors, texts: Sequence[tuple[str, ...]]) -> Vectors:
        logits = self._vectors(texts) @ image * self._encoder.logit_scale
        return logits + (self._encoder.logit_bias or 0.0)

    def _vectors(self, texts: Sequence[tuple[str, ...]]) -> Vectors:
        """Unit rows, one for each group of texts."""
        import numpy as np

        new = [some for some in dict.fromkeys(texts) if some not in self._known]
        if new:
            rows = self._encoder.embed_texts([text for some in new for text in some])
            start = 0
            for some in new:
                mean = rows[start : start + len(some)].mean(axis=0)
                self._known[some] = mean / np.maximum(np.linalg.norm(mean), 1e-9)
                start += len(some)
        return np.stack([self._known[some] for some in texts])


def prompts(label: str) -> tuple[str, ...]:
    """The texts of a label; of its English name where it is a known one in another language, for
    most encoders learnt English."""
    return tuple(template.format(in_english(label)) for template in TEMPLATES)


def _softmax(logits: Vectors) -> list[float]:
    import numpy as np

    weights = np.exp(logits - logits.max())
    return [float(weight) for weight in weights / weights.sum()]


def _ordered(labels: Sequence[str], scores: Sequence[float]) -> tuple[Label, ...]:
    order = sorted(range(len(labels)), key=lambda i: -scores[i])
    return tuple(Label(labels[i], scores[i]) for i in order)
