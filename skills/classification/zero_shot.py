"""Sorts texts into labels in any words, by how near a text's vector is to each label's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.core.documents import Label
from assistant.core.protocols import Embedder

_SCALE = 100.0
"""Factor on cosines before the softmax over labels: one over the temperature E5 was trained with
(Wang et al. 2024, "Multilingual E5 Text Embeddings"). Of 20 to 100 also the one with the best log
likelihood on benchmarks/data/classify.tsv."""


class ZeroShotClassifier:
    """The labels of one question; a text is the query and a label the passage, the best of
    four ways tried on the 50 texts of benchmarks/classify.py.

    Args:
        labels: what there is to choose from, at least one.
    """

    def __init__(self, embedder: Embedder, labels: Sequence[str]) -> None:
        self._embedder = embedder
        self._labels = tuple(labels)
        self._vectors = embedder.embed_documents(self._labels)

    @property
    def name(self) -> str:
        return self._embedder.name

    def classify(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        """Every label with its probability for each text, best first."""
        if not texts:
            return []
        logits = self._embedder.embed_queries(texts) @ self._vectors.T * _SCALE
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = exponents / exponents.sum(axis=1, keepdims=True)
        return [self._ranked(row.tolist()) for row in shares]

    def _ranked(self, row: Sequence[float]) -> tuple[Label, ...]:
        found = (Label(label, score) for label, score in zip(self._labels, row, strict=True))
        return tuple(sorted(found, key=lambda label: -label.score))
