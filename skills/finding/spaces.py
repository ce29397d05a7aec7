"""The spaces pictures are searched in: an image–text encoder's, else that of a labeler's classes.

In an encoder's space a text has a place of its own. A labeler only divides its certainty among
fixed classes; there a text is a weight for each class: 1 for the classes it covers (WordNet), less
for classes whose name is alike. The score is the probability that the picture shows one of them.
Putting pictures into the text embedder's space instead, as the mean of the class names' vectors
(Norouzi et al. 2013), finds less (`python -m benchmarks.picture_search`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.picture_search import PictureQuery
from assistant.core.protocols import Embedder, ImageEncoder, ImageLabeler
from skills.describe_open_labels import NOTHING_NAMED, prompts
from skills.finding.class_names import ClassNames
from skills.labelling.joining import ALIKE, HEAD, SMOOTHING, STRANGER, UNRELATED
from skills.labelling.kinds import meaning
from skills.labelling.taxonomy import wordnet

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels, Vectors

LIKELIER_THAN_NOT = 0.5
"""A softmax against "a picture of something": needs no fitting to an encoder."""
SIGMOID_LEAST = 0.1
"""SigLIP's sigmoid was trained with one fitting text among 32,768, so even .1 is far from
chance (Zhai et al. 2023)."""
SHOWN_LEAST = 0.35
"""Probability of the classes a text covers: from there 92 % of what is shown is right, and 94 % of
what is right is shown (`python -m benchmarks.picture_search`); .2 to .4 do about as well."""
ALIKE_LEAST = 0.75
"""Cosine of two pictures from which they are alike, in an encoder's space."""
ALIKE_CLASSES_LEAST = 0.5
"""The same for square roots of probabilities, whose product is the Bhattacharyya coefficient."""
_SUBJECT = re.compile(
    r"\s+(?:in|on|at|with|under|near|by|from|behind|beside|en|con|sobre|em|com|im|mit|auf|am|dans"
    r"|avec|sur)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pictures like another one: `row` is its unit row [d]."""

    encoder: str
    row: Vectors
    least: float

    def scores(self, rows: Vectors) -> Vectors:
        import numpy as np

        if rows.shape[1] != len(self.row):
            return no_scores(rows)
        return np.asarray(rows @ self.row, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class TextFit:
    """Pictures a text fits, in the space of an image–text encoder."""

    encoder: str
    text: Vectors
    """Unit row [d]."""
    nothing: Vectors | None
    """Unit row [d] of texts that fit any picture; None where the encoder has a bias."""
    scale: float
    bias: float
    least: float

    def scores(self, rows: Vectors) -> Vectors:
        import numpy as np

        if rows.shape[1] != len(self.text):
            return no_scores(rows)
        against = self.text if self.nothing is None else self.text - self.nothing
        logits = rows @ against * self.scale + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ClassShare:
    """Pictures by the probability of some classes, each with its weight."""

    encoder: str
    weights: Vectors
    """Float32 [classes] in [0, 1]."""
    least: float = SHOWN_LEAST

    def scores(self, rows: Vectors) -> Vectors:
        import numpy as np

        if rows.shape[1] != len(self.weights):
            return no_scores(rows)
        used = np.flatnonzero(self.weights)
        return np.asarray(rows[:, used] ** 2 @ self.weights[used], dtype=np.float32)


class EncoderSpace:
    """Of CLIP or SigLIP.

    Args:
        name: of the encoder, known before it loads.
        load: loads it.
    """

    reads_sentences = True

    def __init__(self, name: str, load: Callable[[], ImageEncoder]) -> None:
        self.name = f"clip:{name}"
        self._load = load

    def encode(self, images: Sequence[Pixels]) -> Vectors:
        """Unit rows float32 [n, d]."""
        return self._load().embed_images(images)

    def showing(self, text: str) -> PictureQuery:
        """Pictures of what a text says."""
        encoder = self._load()
        wanted = self._mean(encoder, prompts(text))
        scale, bias = encoder.logit_scale, encoder.logit_bias
        if bias is not None:
            return TextFit(self.name, wanted, None, scale, bias, SIGMOID_LEAST)
        nothing = self._mean(encoder, NOTHING_NAMED)
        return TextFit(self.name, wanted, nothing, scale, 0.0, LIKELIER_THAN_NOT)

    def like(self, image: Pixels) -> PictureQuery:
        """Pictures that look like one."""
        return Likeness(self.name, self.encode([image])[0], ALIKE_LEAST)

    @staticmethod
    def _mean(encoder: ImageEncoder, texts: Sequence[str]) -> Vectors:
        import numpy as np

        mean = encoder.embed_texts(texts).mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


class LabelSpace:
    """Of the probabilities of a labeler's classes, as square roots: so rows have length 1.

    Args:
        name: of the labeler, known before it loads.
        load: loads it.
        embedder: compares words that name no class.
        names: remembers the vectors of the classes' names.
    """

    reads_sentences = False

    def __init__(
        self,
        name: str,
        load: Callable[[], ImageLabeler],
        embedder: Callable[[], Embedder],
        names: ClassNames,
    ) -> None:
        self.name = f"labels:{name}"
        self._load = load
        self._embedder = embedder
        self._names = names

    def encode(self, images: Sequence[Pixels]) -> Vectors:
        """Unit rows float32 [n, classes]."""
        import numpy as np

        found = self._load().label(images, len(self._places))
        rows = [self._row(labels) for labels in found]
        return np.stack(rows) if rows else np.empty((0, len(self._places)), np.float32)

    def showing(self, text: str) -> PictureQuery:
        """Pictures of what a text names: of a longer one, its subject."""
        return ClassShare(self.name, self._weights(subject(text)))

    def like(self, image: Pixels) -> PictureQuery:
        """Pictures that show the same kinds of things."""
        return Likeness(self.name, self.encode([image])[0], ALIKE_CLASSES_LEAST)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {label: at for at, label in enumerate(wordnet().labels)}

    def _row(self, labels: Sequence[Label]) -> Vectors:
        """Without what label smoothing spread over all classes; even where nothing is known."""
        import numpy as np

        floor = SMOOTHING / max(1, len(labels))
        row = np.zeros(len(self._places), np.float32)
        for one in labels:
            place = self._places.get(one.label)
            if place is not None and one.score > floor:
                row[place] = one.score - floor
        total = float(row.sum())
        if total <= 0:
            return np.full(len(row), len(row) ** -0.5, np.float32)
        return np.asarray(np.sqrt(row / total), dtype=np.float32)

    def _weights(self, text: str) -> Vectors:
        import numpy as np

        covers = meaning(text)
        weights = np.zeros(len(self._places), np.float32)
        if covers is not None and covers.whole:
            weights[[self._places[label] for label in covers.members]] = 1.0
            return weights
        alike = self._likeness(text)
        if alike is None:
            return weights
        weights[:] = STRANGER * alike
        for label in covers.members if covers is not None else ():
            at = self._places[label]
            weights[at] = HEAD + (1 - HEAD) * alike[at]
        return weights

    def _likeness(self, text: str) -> Vectors | None:
        """Of a text to each class's name, in [0, 1]; None without an embedder."""
        import numpy as np

        try:
            cosines = self._names.cosines(text, self._embedder())
        except ModelError:
            return None
        likeness = np.clip((cosines - UNRELATED) / (ALIKE - UNRELATED), 0.0, 1.0)
        return np.asarray(likeness, dtype=np.float32)


Space = EncoderSpace | LabelSpace


def no_scores(rows: Vectors) -> Vectors:
    """Scores of pictures that can't be compared: their vectors are damaged or of another model."""
    import numpy as np

    return np.zeros(len(rows), np.float32)


def subject(text: str) -> str:
    """ "dogs" of "dogs in the snow": what kinds of things can be told by."""
    if meaning(text) is not None and not _SUBJECT.search(text):
        return text
    return _SUBJECT.split(text, maxsplit=1)[0].strip() or text
