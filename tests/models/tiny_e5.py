"""Writes a tiny file in the packing of multilingual-e5-small, with random weights."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 64
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
PIECES = (*SPECIALS, *"▁:,.?!", *"abcdefghijklmnopqrstuvwxyz0123456789一二三四你好世界", "▁query")
VOCABULARY = 96
"""Rows of the word embeddings; more than there are pieces, as in the real file."""
_EPSILON = 1e-12
_VECTORS = ("q.b", "k.b", "v.b", "ao.b", "fo.b", "aln.w", "aln.b", "oln.w", "oln.b")
_MATRICES = ("q.w", "k.w", "v.w", "ao.w")


def write_tiny_e5(path: Path) -> Path:
    """A BERT of two layers whose vocabulary is letters, digits and a few characters."""
    header = b"E5S1" + struct.pack("<I", 1)
    header += struct.pack("<7i", HIDDEN, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS, 2)
    header += struct.pack("<fi", _EPSILON, 32) + _tokenizer()
    tensors = _tensors()
    directory_size = 4 + sum(2 + len(name) + 21 for name in tensors)
    offset = len(header) + directory_size
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (elements, data) in tensors.items():
        at = offset + len(body)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, elements, at, len(data))
        body += data
    path.write_bytes(header + directory + body)
    return path


def _tokenizer() -> bytes:
    encoded = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, encoded)]).astype("<u4")
    scores = np.full(len(PIECES), -5.0, "<f4")
    return (
        struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
        + struct.pack("<Q", int(ends[-1]))
        + ends.tobytes()
        + scores.tobytes()
        + b"".join(encoded)
        + struct.pack("<iI", 1, 5)
        + b"table"
    )


def _tensors() -> dict[str, tuple[int, bytes]]:
    """Elements and bytes by name."""
    random = np.random.default_rng(0)
    tensors = {
        "emb.word": _blocks(random, VOCABULARY * HIDDEN),
        "emb.pos": _floats(random.normal(size=POSITIONS * HIDDEN) * 0.1),
        "emb.type": _floats(np.zeros(2 * HIDDEN)),
        "emb.ln.w": _floats(np.ones(HIDDEN)),
        "emb.ln.b": _floats(np.zeros(HIDDEN)),
    }
    for layer in range(LAYERS):
        for name in _VECTORS:
            values = np.ones(HIDDEN) if name.endswith("ln.w") else np.zeros(HIDDEN)
            tensors[f"l{layer}.{name}"] = _floats(values)
        for name in _MATRICES:
            tensors[f"l{layer}.{name}"] = _blocks(random, HIDDEN * HIDDEN)
        tensors[f"l{layer}.fi.b"] = _floats(np.zeros(INNER))
        tensors[f"l{layer}.fi.w"] = _blocks(random, HIDDEN * INNER)
        tensors[f"l{layer}.fo.w"] = _blocks(random, HIDDEN * INNER)
    return tensors


def _floats(values: npt.NDArray[np.float64]) -> tuple[int, bytes]:
    return values.size, values.astype("<f4").tobytes()


def _blocks(random: np.random.Generator, elements: int) -> tuple[int, bytes]:
    count = elements // 32
    scales = random.uniform(0.02, 0.05, size=(count, 1)).astype("<f2").view(np.uint8)
    codes = random.integers(0, 256, size=(count, 16)).astype(np.uint8)
    return elements, np.concatenate([scales, codes], axis=1).tobytes()
