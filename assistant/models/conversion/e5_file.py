"""Reads the one-file packing of multilingual-e5-small in 4-bit blocks (magic `E5S1`)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.uint8]

MAGIC = b"E5S1"
BLOCK = 32
"""Weights that share a scale."""
PACKED_BLOCK_BYTES = 2 + BLOCK // 2
"""A float16 scale, then two 4-bit weights a byte."""
MAX_TENSORS = 10_000
MAX_SIZE = 2_000_000
"""Of any number in the header; the vocabulary, the largest, has 250,037 entries."""
_REMEDY = "Remove the model and pull it again: assistant models pull multilingual-e5-small"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a BERT encoder, counts unless said otherwise."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    """Added to the variance in layer normalisation."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A Unigram vocabulary: texts and log probabilities by id, and the ids of special pieces."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Quantized:
    """Weights in blocks of 32: value = (code − 8) × scale of its block.

    `codes` is uint8 [rows, columns] with values 0–15, `scales` float32 [rows, columns / 32].
    """

    codes: Bytes
    scales: Floats

    def dense(self) -> Floats:
        """The weights as float32 [rows, columns]."""
        import numpy as np

        centred = self.codes.astype(np.float32) - np.float32(8)
        return centred * np.repeat(self.scales, BLOCK, axis=1)


@dataclass(frozen=True, slots=True)
class E5File:
    """What the file holds; tensors by name (`emb.word`, `l0.q.w`, …), floats flat."""

    shape: Shape
    pieces: Pieces
    floats: Mapping[str, Floats]
    quantized: Mapping[str, Quantized]


def broken(what: str) -> ModelError:
    """The error for a file that is not what it should be."""
    return ModelError(f"The weights of multilingual-e5-small are broken: {what}.", _REMEDY)


class _Cursor:
    """Reads little-endian values one after another; running over the end is a ModelError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self._at + size > len(self._data):
            raise broken("the file ends early")
        self._at += size
        return self._data[self._at - size : self._at]

    def values(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def floats(self, count: int) -> tuple[float, ...]:
        return struct.unpack(f"<{count}f", self.take(4 * count))


def read_e5_file(path: Path) -> E5File:
    """The parsed file; needs about three times its size in memory.

    Raises:
        ModelError: the file can't be read, is truncated, or is something else.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"Can't read {path}: {error.strerror}.", _REMEDY) from error
    if data[: len(MAGIC)] != MAGIC:
        raise broken("it is no E5S1 file")
    cursor = _Cursor(data)
    cursor.take(len(MAGIC) + 4)  # magic, version
    shape = _read_shape(cursor)
    pieces = _read_pieces(cursor, shape.vocabulary)
    floats, quantized = _read_tensors(cursor, data, shape)
    return E5File(shape, pieces, floats, quantized)


def _read_shape(cursor: _Cursor) -> Shape:
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.values("7i")
    (epsilon,) = cursor.floats(1)
    (block,) = cursor.values("i")
    shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon)
    sizes = (hidden, layers, heads, feed_forward, vocabulary, positions, types)
    if min(sizes) < 1 or max(sizes) > MAX_SIZE or block != BLOCK or not 0 <= epsilon < 1:
        raise broken("its header makes no sense")
    if shape.hidden % shape.heads or shape.hidden % BLOCK or shape.feed_forward % BLOCK:
        raise broken("its header makes no sense")
    return shape


def _read_pieces(cursor: _Cursor, vocabulary: int) -> Pieces:
    count, begin, end, padding, unknown = cursor.values("5i")
    (blob_length,) = cursor.values("Q")
    specials = (begin, end, padding, unknown)
    if not 0 < count <= vocabulary or not all(0 <= special < count for special in specials):
        raise broken("its vocabulary makes no sense")
    offsets = cursor.values(f"{count + 1}I")
    scores = cursor.floats(count)
    blob = cursor.take(blob_length)
    cursor.values("i")  # entries of a normalisation table that Nmt + NFKC stands in for
    (table_length,) = cursor.values("I")
    cursor.take(table_length)
    try:
        texts = tuple(blob[start:stop].decode() for start, stop in pairwise(offsets))
    except UnicodeDecodeError as error:
        raise broken("its vocabulary is not UTF-8") from error
    if len(set(texts)) != count:
        raise broken("its vocabulary repeats itself")
    return Pieces(texts, scores, begin, end, padding, unknown)


def _read_tensors(
    cursor: _Cursor, data: bytes, shape: Shape
) -> tuple[dict[str, Floats], dict[str, Quantized]]:
    import numpy as np

    (count,) = cursor.values("i")
    if not 0 < count <= MAX_TENSORS:
        raise broken("its list of tensors makes no sense")
    floats: dict[str, Floats] = {}
    quantized: dict[str, Quantized] = {}
    for _ in range(count):
        (name_length,) = cursor.values("H")
        name = cursor.take(name_length).decode("ascii", "replace")
        _, elements, offset, size = cursor.values("BIQQ")
        raw = np.frombuffer(data[offset : offset + size], dtype=np.uint8)
        if len(raw) != size:
            raise broken("the file ends early")
        if size == 4 * elements:
            floats[name] = raw.view("<f4").astype(np.float32)
        elif size * BLOCK == elements * PACKED_BLOCK_BYTES:
            columns = shape.feed_forward if name.endswith(".fo.w") else shape.hidden
            quantized[name] = _unpack(raw, elements, columns)
        else:
            raise broken(f"tensor {name!r} has an odd size")
    return floats, quantized


def _unpack(raw: Bytes, elements: int, columns: int) -> Quantized:
    import numpy as np

    if elements % columns:
        raise broken("a tensor has an odd size")
    blocks = raw.reshape(-1, PACKED_BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32).reshape(-1, columns // BLOCK)
    halves = blocks[:, 2:]
    codes = np.concatenate([halves & 0x0F, halves >> 4], axis=1).reshape(-1, columns)
    if not np.isfinite(scales).all():
        raise broken("a tensor holds values that are no numbers")
    return Quantized(codes, scales)
