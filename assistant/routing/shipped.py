"""Vectors of the examples that come with the package, so that the first start encodes none.

`python -m benchmarks.example_vectors --models DIR` writes the file anew after the examples have
changed; a test says when that is due. Numbers are 4 bits, 15 steps over three standard deviations
of their column to either side: their cosine to the encoder's own is .997 and no fewer messages go
right (.8935 and .917 of two held-out sets with them, .8931 and .9152 without). Rows are by the
first 8 bytes of the digest of the text, and are used where the encoder gives nearly the same
vectors for a few of the texts, whatever it is called.
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
from assistant.routing.encoding import encoded, width

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Vectors

    Numbers = npt.NDArray[Any]

FILE = "example_vectors.npz"
_PROBES = ("hello", "你好", "what does my contract say about notice?", "¿cuántos gatos hay?")
_SAME = 0.98
"""Mean cosine of the probes from which an encoder is the one the rows came from: 4 bits cost .003,
what else is in a batch of the encoder .006, another model nearly all."""
_STEPS = 7  # to either side of the mean
_REACH = 3.0  # standard deviations


@dataclass(frozen=True, slots=True)
class ShippedVectors:
    """Rows by the digest of their text; the digests are sorted."""

    digests: Numbers
    """uint64 [n]"""
    packed: Numbers
    """uint8 [n, w / 2]: two numbers a byte, the one with the even column in the low bits."""
    means: Numbers
    """float32 [w]: what the middle step of a column stands for."""
    steps: Numbers
    """float32 [w]: the length of a step."""

    def of(self, texts: Sequence[str]) -> dict[int, Vectors]:
        """The rows float32 [w] of those texts that are there, by their place."""
        if not len(texts) or not len(self.digests):
            return {}
        wanted = np.array([digest(text) for text in texts], np.uint64)
        at = np.searchsorted(self.digests, wanted).clip(0, len(self.digests) - 1)
        found = np.flatnonzero(self.digests[at] == wanted)
        return dict(zip(map(int, found), self._rows(at[found]), strict=True))

    def are_of(self, embedder: Embedder) -> bool:
        """Whether an encoder gives these vectors, or their first half; costs the encoding of four
        short texts."""
        stored, asked = 2 * self.packed.shape[1], width(embedder)
        if asked not in (stored, stored // 2):
            return False
        known = self.of(_PROBES)
        if len(known) < len(_PROBES):
            return False
        given = _of_length_one(encoded(embedder, _PROBES))
        same = _of_length_one(np.array([known[at][:asked] for at in range(len(_PROBES))]))
        return float((given * same).sum(axis=1).mean()) >= _SAME

    def _rows(self, at: Numbers) -> Vectors:
        packed = self.packed[at]
        codes = np.empty((len(packed), 2 * packed.shape[1]), np.float32)
        codes[:, 0::2], codes[:, 1::2] = packed & 15, packed >> 4
        return np.asarray((codes - _STEPS) * self.steps + self.means, np.float32)


def digest(text: str) -> int:
    """A text as a number of 64 bits."""
    told = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(told.digest(), "big")


def shipped_vectors() -> ShippedVectors | None:
    """The package's own; None where they are absent or damaged. About 10 ms."""
    with as_file(files(__package__).joinpath(FILE)) as path:
        stored = read_arrays(path, ("digests", "packed", "means", "steps"))
    if stored is None:
        return None
    return ShippedVectors(stored["digests"], stored["packed"], stored["means"], stored["steps"])


def quantised(texts: Iterable[str], embedder: Embedder) -> ShippedVectors:
    """Rows for texts and probes, each text once, in an order that depends on nothing else."""
    by_digest = {digest(text): text for text in (*_PROBES, *texts)}
    order = sorted(by_digest)
    rows = encoded(embedder, [by_digest[number] for number in order])
    means = rows.mean(axis=0)
    steps = np.maximum(rows.std(axis=0) * (_REACH / _STEPS), np.float32(1e-9))
    codes = np.rint((rows - means) / steps).clip(-_STEPS, _STEPS) + _STEPS
    even, odd = codes[:, 0::2].astype(np.uint8), codes[:, 1::2].astype(np.uint8)
    return ShippedVectors(np.array(order, np.uint64), even | (odd << 4), means, steps)


def _of_length_one(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
