"""Vectors of the examples that come with the package, so that the first start encodes none.

`python -m benchmarks.example_vectors --models DIR` writes the file anew after the examples have
changed; a test says when that is due. Rows are int8 with a scale each, which moves no decision
(cosine to the encoder's own .9999), by the first 8 bytes of the digest of the text. They are used
where the encoder gives nearly the same vectors for a few of the texts, whatever it is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.core.protocols import Embedder
from assistant.routing.array_file import read_arrays

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Vectors

    Numbers = npt.NDArray[Any]

FILE = "example_vectors.npz"
_PROBES = ("hello", "你好", "what does my contract say about notice?", "¿cuántos gatos hay?")
_SAME = 0.98
"""Cosine of a probe from which an encoder is the one the rows came from: int8 costs .0001, what
else is in a batch of the encoder .006, another model nearly all."""


@dataclass(frozen=True, slots=True)
class ShippedVectors:
    """Unit rows by the digest of their text; the digests are sorted."""

    digests: Numbers
    """uint64 [n]"""
    rows: Numbers
    """int8 [n, d]"""
    scales: Numbers
    """float32 [n]: what 1 of a row stands for."""

    def of(self, texts: Sequence[str]) -> dict[int, Vectors]:
        """The rows float32 [d] of those texts that are there, by their place."""
        if not len(texts) or not len(self.digests):
            return {}
        wanted = np.array([digest(text) for text in texts], np.uint64)
        at = np.searchsorted(self.digests, wanted).clip(0, len(self.digests) - 1)
        found = np.flatnonzero(self.digests[at] == wanted)
        rows = self.rows[at[found]].astype(np.float32) * self.scales[at[found], None]
        return dict(zip(map(int, found), rows, strict=True))

    def are_of(self, embedder: Embedder) -> bool:
        """Whether an encoder gives these vectors; costs the encoding of four short texts."""
        if self.rows.shape[1] != embedder.dimension:
            return False
        known = self.of(_PROBES)
        if len(known) < len(_PROBES):
            return False
        given = embedder.embed_queries(_PROBES)
        return all(float(given[at] @ known[at]) >= _SAME for at in known)


def digest(text: str) -> int:
    """A text as a number of 64 bits."""
    told = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(told.digest(), "big")


def shipped_vectors() -> ShippedVectors | None:
    """The package's own; None where they are absent or damaged. About 10 ms."""
    with as_file(files(__package__).joinpath(FILE)) as path:
        stored = read_arrays(path, ("digests", "rows", "scales"))
    if stored is None:
        return None
    return ShippedVectors(stored["digests"], stored["rows"], stored["scales"])


def quantised(texts: Iterable[str], embedder: Embedder) -> ShippedVectors:
    """Rows for texts and probes, each text once, in an order that depends on nothing else."""
    by_digest = {digest(text): text for text in (*_PROBES, *texts)}
    order = sorted(by_digest)
    vectors = embedder.embed_queries([by_digest[number] for number in order])
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    rows = np.rint(vectors / scales[:, None]).astype(np.int8)
    return ShippedVectors(np.array(order, np.uint64), rows, scales)
