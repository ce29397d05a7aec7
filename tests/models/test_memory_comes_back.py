"""Memory of a model goes back to the system when the model is closed, measured in processes of
their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.models.tiny_gguf import write_tiny_gguf
from tests.models.tiny_llama import write_tiny_llama

MB = 1_000_000
LEFT = 0.25
"""Of what a model took at most; allocators and libraries keep a little."""


def write_llama(folder: Path) -> None:
    write_tiny_llama(folder, layers=4, width=1024)  # 135 MB in 32 bits


def write_sentence_transformer(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    parts = folder / "parts"
    parts.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abc"]
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(str(parts / "vocab.txt"), model_max_length=64).save_pretrained(parts)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=1024,
        num_hidden_layers=3,
        num_attention_heads=8,
        intermediate_size=4096,
        max_position_embeddings=64,
    )  # 150 MB
    BertModel(shape).save_pretrained(parts)
    SentenceTransformer(modules=[Transformer(str(parts), max_seq_length=64), Pooling(1024)]).save(
        str(folder)
    )


def write_labeler(folder: Path) -> None:
    """A network of one large matrix, 120 MB."""
    columns = 3 * 8 * 8
    weights = np.random.default_rng(0).normal(size=(columns, 150_000)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["levels"], ["row"]),
        helper.make_node("MatMul", ["row", "weights"], ["wide"]),
        helper.make_node("ReduceMean", ["wide"], ["one"], axes=[1], keepdims=1),
        helper.make_node("Softmax", ["one"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "wide",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 3, 8, 8])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    (folder / "labels.txt").write_text("something", encoding="utf-8")
    (folder / "config.json").write_text('{"size": 8, "resize": 9}', encoding="utf-8")


def write_gguf(folder: Path) -> None:
    write_tiny_gguf(folder, inner=400_000)  # 154 MB


def measured(kind: str, folder: Path) -> tuple[int, int, int]:
    """Resident bytes before the model, with it and after."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.models.memory_child", kind, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    before, loaded, after = (int(number) for number in found.stdout.split()[-3:])
    return before, loaded, after


@pytest.mark.parametrize(
    ("kind", "write", "least"),
    [
        ("transformers", write_llama, 60 * MB),
        ("sentence-transformers", write_sentence_transformer, 100 * MB),
        ("onnx", write_labeler, 100 * MB),
        ("llamacpp", write_gguf, 100 * MB),
    ],
)
def test_memory_comes_back_when_a_model_is_closed(
    tmp_path: Path, kind: str, write: Callable[[Path], None], least: int
) -> None:
    write(tmp_path)
    before, loaded, after = measured(kind, tmp_path)
    taken = loaded - before
    assert taken > least, "the model was never in memory"
    assert after - before < LEFT * taken


def test_a_model_in_8_bits_holds_neither_its_file_nor_what_it_was_made_from(
    tmp_path: Path,
) -> None:
    write_llama(tmp_path)
    size = (tmp_path / "model.safetensors").stat().st_size
    before, loaded, _ = measured("int8", tmp_path)
    assert loaded - before < 0.6 * size  # a quarter of its 32 bits, and what answering takes
