"""The ONNX embedder on a tiny model converted from a file made here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.conversion.e5 import convert
from assistant.models.onnx_embedder import OnnxEmbedder
from tests.models.contracts.embedder import EmbedderContract
from tests.models.tiny_e5 import HIDDEN, POSITIONS, write_tiny_e5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5")
    convert(write_tiny_e5(tmp_path_factory.mktemp("source") / "e5.bin"), folder)
    return folder


def load(folder: Path, batch_size: int = 4) -> OnnxEmbedder:
    return OnnxEmbedder(folder, name="tiny-e5", threads=1, batch_size=batch_size)


@pytest.fixture(scope="module")
def embedder(folder: Path) -> OnnxEmbedder:
    return load(folder)


class TestOnnxEmbedder(EmbedderContract):
    """The contract, and what is this one's own."""

    def test_reads_its_sizes_from_the_folder(self, embedder: OnnxEmbedder) -> None:
        assert (embedder.dimension, embedder.max_tokens) == (HIDDEN, POSITIONS)

    def test_keeps_the_closing_token_when_it_cuts(self, embedder: OnnxEmbedder) -> None:
        ids = embedder._encode_cut("query: ", "a" * 500)
        assert len(ids) == POSITIONS
        assert (ids[0], ids[-1]) == (0, 2)

    def test_batches_hold_texts_of_like_length(self, embedder: OnnxEmbedder) -> None:
        batches = list(embedder._batches([3, 60, 4, 61, 5, 62]))
        assert batches == [[5, 3, 1, 4], [2, 0]]

    def test_long_texts_make_smaller_batches(self, folder: Path) -> None:
        batches = list(load(folder, batch_size=64)._batches([1000] * 5))
        assert [len(batch) for batch in batches] == [2, 2, 1]


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00\xff" * 50])
def test_a_missing_or_damaged_file_is_refused_with_the_remedy(
    folder: Path, tmp_path: Path, file: str, content: bytes | None
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    if content is None:
        (broken / file).unlink()
    else:
        (broken / file).write_bytes(content)
    with pytest.raises(ModelError) as refused:
        load(broken)
    assert file in refused.value.message
    assert "assistant models pull tiny-e5" in refused.value.hint


def test_the_config_names_both_prefixes(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    assert (config["query_prefix"], config["document_prefix"]) == ("query: ", "passage: ")
