"""Encodes texts for the router: as an embedder tells them, and as they are in its middle.

The end of a sentence encoder is trained to tell what sentences are about; what they ask to be done
is plainer half-way (`classifier.py` has what that is worth).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.core.protocols import Embedder, InsideEmbedder

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors


def encoded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Rows float32 [n, `width`]: unit vectors [d], and those of the middle [d] where an embedder
    tells them."""
    if isinstance(embedder, InsideEmbedder):
        return np.concatenate(embedder.embed_queries_inside(texts), axis=1)
    return embedder.embed_queries(texts)


def width(embedder: Embedder) -> int:
    """Numbers a row of `encoded` has."""
    return embedder.dimension * (2 if isinstance(embedder, InsideEmbedder) else 1)


def halves(rows: Vectors, dimension: int) -> tuple[Vectors, Vectors]:
    """Rows of `encoded` as vectors [n, d] and those of the middle, [n, d] or [n, 0]."""
    return rows[:, :dimension], rows[:, dimension:]
