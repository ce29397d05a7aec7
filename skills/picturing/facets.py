"""Finds which words of the vocabularies an image bears out, and says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.documents import Label
from skills.picturing.vocabularies import Vocabulary, Word, vocabularies

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors
    from skills.describe_open_labels import OpenLabels

_SAYINGS = {
    "styles": ("It is {}", "这是一张{}"),
    "scenes": ("the place: {}", "地点：{}"),
    "activities": ("somebody {}", "有人在{}"),
    "attributes": ("{}", "{}"),
    "viewpoints": ("seen {}", "视角：{}"),
}
"""Vocabulary → how a word of it is said, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A word that clears its vocabulary's threshold, with its probability there."""

    vocabulary: str
    word: Word
    score: float

    def label(self, chinese: bool) -> Label:
        """As it is drawn, with a bar."""
        return Label(self.word.chinese if chinese else self.word.english, self.score)


def find_facets(encoder: OpenLabels, image: Vectors) -> tuple[Facet, ...]:
    """The word of each vocabulary that is more probable than all else in it.

    Args:
        image: unit row [d] of the image.
    """
    found = (_best(encoder, image, vocabulary) for vocabulary in vocabularies())
    return tuple(facet for facet in found if facet is not None)


def _best(encoder: OpenLabels, image: Vectors, vocabulary: Vocabulary) -> Facet | None:
    texts = [
        tuple(template.format(word.english) for template in vocabulary.templates)
        for word in vocabulary.words
    ]
    scores = encoder.shares(image, [*texts, vocabulary.neutral])
    best = max(range(len(texts)), key=lambda i: scores[i])
    if scores[best] < vocabulary.threshold:
        return None
    return Facet(vocabulary.name, vocabulary.words[best], scores[best])


def told(facets: Sequence[Facet], language: str) -> str:
    """The words in a sentence, each with its probability; "" where there are none."""
    chinese = language == "zh"
    parts = []
    for facet in facets:
        saying = _SAYINGS[facet.vocabulary][chinese]
        word = facet.word.chinese if chinese else facet.word.english
        share = f"（{facet.score:.0%}）" if chinese else f" ({facet.score:.0%})"
        parts.append(saying.format(word) + share)
    if not parts:
        return ""
    sentence = ("，" if chinese else ", ").join(parts)
    return f"{sentence}。" if chinese else f"{sentence[0].upper()}{sentence[1:]}."
