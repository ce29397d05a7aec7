"""How large a model is, from its headers alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.core.errors import ModelError
from assistant.models.sizes import Block, of_bytes, size_of_folder


def weights(folder: Path, shards: int = 1) -> Path:
    tensors = {
        "lm_head.weight": np.zeros((10, 4), np.float16),
        "model.embed_tokens.weight": np.zeros((10, 4), np.float16),
        "model.layers.10.mlp.weight": np.zeros((4, 4), np.float16),
        "model.layers.2.mlp.weight": np.zeros((4, 4), np.float16),
        "model.layers.2.mlp.bias": np.zeros(4, np.float16),
    }
    names = sorted(tensors)
    for shard in range(shards):
        part = {name: tensors[name] for name in names[shard::shards]}
        save_file(part, folder / f"model-{shard}.safetensors", {"format": "pt"})
    return folder


@pytest.mark.parametrize("shards", [1, 3])
def test_blocks_stand_in_the_order_they_run(tmp_path: Path, shards: int) -> None:
    size = size_of_folder(weights(tmp_path, shards))
    assert size.blocks == (
        Block("model.embed_tokens", 40),
        Block("model.layers.2", 20),
        Block("model.layers.10", 16),
        Block("lm_head", 40),
    )
    assert size.stored_bytes == 232


def test_bytes_follow_the_data_type(tmp_path: Path) -> None:
    size = size_of_folder(weights(tmp_path))
    assert size.bytes("float32") == 2 * size.bytes("bfloat16") == 464
    assert size.bytes("as stored") == 232
    assert size.bytes("int4") < size.bytes("int8") < size.bytes("float16")


def test_other_formats_count_by_their_files(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(bytes(1000))
    assert size_of_folder(tmp_path).stored_bytes == 1000
    assert of_bytes(0).bytes("float32") == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        (1 << 62).to_bytes(8, "little"),
        (20).to_bytes(8, "little") + b"{not json at all....",
        (40).to_bytes(8, "little") + json.dumps({"a": {"dtype": 5}}).encode().ljust(40),
    ],
)
def test_a_damaged_header_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        size_of_folder(tmp_path)
