"""Turning the 4-bit file into ONNX, on a tiny file made here."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from tokenizers import Tokenizer

from assistant.core.errors import ModelError
from assistant.core.protocols import InsideEmbedder
from assistant.models.conversion.bert_graph import inner_layer
from assistant.models.conversion.e5 import convert
from assistant.models.conversion.e5_file import E5File, read_e5_file
from assistant.models.conversion.unigram import build_tokenizer
from assistant.models.onnx_embedder import OnnxEmbedder
from tests.models.tiny_e5 import (
    HEADS,
    HIDDEN,
    INNER,
    LAYERS,
    PIECES,
    POSITIONS,
    VOCABULARY,
    write_tiny_e5,
)

Array = npt.NDArray[np.float64]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_e5(tmp_path / "e5.bin")


@pytest.fixture
def tokenizer(source: Path) -> Tokenizer:
    return build_tokenizer(read_e5_file(source).pieces)


def test_reads_shape_and_vocabulary(source: Path) -> None:
    parsed = read_e5_file(source)
    shape = parsed.shape
    assert (shape.hidden, shape.layers, shape.heads) == (HIDDEN, LAYERS, HEADS)
    assert (shape.feed_forward, shape.positions) == (INNER, POSITIONS)
    assert parsed.pieces.texts == PIECES
    assert parsed.quantized["emb.word"].codes.shape == (VOCABULARY, HIDDEN)
    assert parsed.quantized["l0.fo.w"].codes.shape == (HIDDEN, INNER)


def test_unpacks_low_nibbles_before_high_ones(source: Path) -> None:
    data = source.read_bytes()
    matrix = read_e5_file(source).quantized["l1.fo.w"]
    blocks = INNER * HIDDEN // 32  # of the file's last tensor, 18 bytes each
    packed = data[-18 * blocks :][:18]
    (scale,) = struct.unpack("<e", packed[:2])
    low = [(byte & 15) - 8 for byte in packed[2:]]
    high = [(byte >> 4) - 8 for byte in packed[2:]]
    assert matrix.dense()[0, :32] == pytest.approx([value * scale for value in low + high])


def test_the_vectors_are_those_of_the_encoder_in_full_precision(
    source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "converted"
    folder.mkdir()
    convert(source, folder)
    embedder = OnnxEmbedder(folder, name="tiny", threads=1, batch_size=1)
    parsed = read_e5_file(source)
    for text in ("hello world", "你好世界", "a"):
        ids = build_tokenizer(parsed.pieces).encode(f"query: {text}").ids
        assert float(embedder.embed_queries([text])[0] @ encode(parsed, ids)) > 0.99


def test_the_middle_is_told_beside_the_end(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "converted"
    folder.mkdir()
    convert(source, folder)
    embedder = OnnxEmbedder(folder, name="tiny", threads=1, batch_size=1)
    assert isinstance(embedder, InsideEmbedder)
    parsed = read_e5_file(source)
    ids = build_tokenizer(parsed.pieces).encode("query: hello world").ids
    vectors, inner = embedder.embed_queries_inside(["hello world"])
    assert np.array_equal(vectors, embedder.embed_queries(["hello world"]))
    assert float(inner[0] @ encode(parsed, ids, inner_layer(LAYERS))) > 0.99
    assert float(inner[0] @ vectors[0]) < 0.99
    assert [inner_layer(layers) for layers in (1, 2, 12, 24)] == [1, 1, 7, 14]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab", ["<s>", "▁", "a", "b", "</s>"]),
        ("  a \n\t b  ", ["<s>", "▁", "a", "▁", "b", "</s>"]),
        ("a\u3000ｂ", ["<s>", "▁", "a", "▁", "b", "</s>"]),  # full width
        ("a\u200bb", ["<s>", "▁", "a", "▁", "b", "</s>"]),  # zero-width space
        ("你好", ["<s>", "▁", "你", "好", "</s>"]),
        ("", ["<s>", "</s>"]),
        ("query", ["<s>", "▁query", "</s>"]),
    ],
)
def test_tokenizes_as_sentencepiece_does(
    tokenizer: Tokenizer, text: str, pieces: list[str]
) -> None:
    assert tokenizer.encode(text).tokens == pieces


def test_unknown_characters_become_the_unknown_piece(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("Ж").ids == [0, PIECES.index("▁"), 3, 2]


def test_a_file_cut_anywhere_is_refused(source: Path, tmp_path: Path) -> None:
    data = source.read_bytes()
    cut = tmp_path / "cut.bin"
    for length in [*range(0, 700, 13), len(data) // 2, len(data) - 1]:
        cut.write_bytes(data[:length])
        with pytest.raises(ModelError):
            convert(cut, tmp_path)


def test_a_file_with_senseless_sizes_is_refused(source: Path, tmp_path: Path) -> None:
    data = source.read_bytes()
    for position in range(8, 8 + 7 * 4, 4):
        for value in (0, -1, 2**31 - 1):
            changed = data[:position] + struct.pack("<i", value) + data[position + 4 :]
            (tmp_path / "odd.bin").write_bytes(changed)
            with pytest.raises(ModelError):
                convert(tmp_path / "odd.bin", tmp_path)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match="no E5S1 file"):
        convert(tmp_path / "x.bin", tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Can't read"):
        convert(tmp_path / "none.bin", tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Can't write"):
        convert(source, tmp_path / "not" / "there")


def encode(parsed: E5File, ids: list[int], layers: int = LAYERS) -> Array:
    """BERT (Devlin et al. 2018) in numpy, mean-pooled and scaled to length 1."""

    def weight(name: str) -> Array:
        return parsed.quantized[f"{name}.w"].dense().astype(np.float64)

    def dense(name: str, rows: Array) -> Array:
        return np.asarray(rows @ weight(name).T + parsed.floats[f"{name}.b"])

    def norm(name: str, rows: Array) -> Array:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt(rows.var(axis=1, keepdims=True) + parsed.shape.epsilon)
        scaled = centred / spread * parsed.floats[f"{name}.w"] + parsed.floats[f"{name}.b"]
        return np.asarray(scaled)

    def gelu(rows: Array) -> Array:
        from math import erf

        return np.asarray(rows * (1 + np.vectorize(erf)(rows / np.sqrt(2))) / 2)

    positions = parsed.floats["emb.pos"].reshape(POSITIONS, HIDDEN)
    types = parsed.floats["emb.type"].reshape(2, HIDDEN)
    words = parsed.quantized["emb.word"].dense()
    hidden = norm("emb.ln", words[ids] + positions[: len(ids)] + types[0])
    size = HIDDEN // HEADS
    for layer in range(layers):
        query, key, value = (dense(f"l{layer}.{part}", hidden) for part in "qkv")
        heads = []
        for start in range(0, HIDDEN, size):
            part = slice(start, start + size)
            scores = np.exp(query[:, part] @ key[:, part].T / np.sqrt(size))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ value[:, part])
        attended = dense(f"l{layer}.ao", np.concatenate(heads, axis=1))
        hidden = norm(f"l{layer}.aln", hidden + attended)
        inner = dense(f"l{layer}.fo", gelu(dense(f"l{layer}.fi", hidden)))
        hidden = norm(f"l{layer}.oln", hidden + inner)
    mean = hidden.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))
