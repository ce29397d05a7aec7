"""The sentence-transformers embedder on a tiny model made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.dispatch import DeviceFullError
from assistant.models.sentence_transformers_embedder import SentenceTransformersEmbedder
from tests.models.contracts.embedder import EmbedderContract

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789:,.?!一二三四你好世界"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(0)
    parts = tmp_path_factory.mktemp("bert")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary += [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(str(parts / "vocab.txt"), model_max_length=64).save_pretrained(parts)
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(shape).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=64)
    saved = tmp_path_factory.mktemp("saved") / "model"
    SentenceTransformer(
        modules=[transformer, Pooling(32)], prompts={"query": "query: ", "document": "passage: "}
    ).save(str(saved))
    return saved


def load(folder: Path) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(folder, name="tiny-st", device="cpu", batch_size=4)


@pytest.fixture(scope="module")
def embedder(folder: Path) -> SentenceTransformersEmbedder:
    return load(folder)


class TestSentenceTransformersEmbedder(EmbedderContract):
    """The contract, and what is this one's own."""

    def test_reads_its_sizes_from_the_folder(self, embedder: SentenceTransformersEmbedder) -> None:
        assert (embedder.dimension, embedder.max_tokens) == (32, 64)


def test_loading_says_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load(folder)
    assert capfd.readouterr() == ("", "")


def test_an_empty_folder_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        load(tmp_path)
    assert "assistant models pull tiny-st" in refused.value.hint


def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    for weights in broken.rglob("*.safetensors"):
        weights.write_bytes(b"\x00" * 64)
    with pytest.raises(ModelError):
        load(broken)


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    import shutil

    pickled = tmp_path / "pickled"
    shutil.copytree(folder, pickled)
    for weights in pickled.rglob("*.safetensors"):
        weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(ModelError):
        load(pickled)


def test_a_closed_embedder_says_so(folder: Path) -> None:
    closed = load(folder)
    closed.close()
    with pytest.raises(ModelError, match="closed"):
        closed.embed_queries(["a"])


def test_a_device_that_is_full_is_told_apart_from_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise RuntimeError("XPU out of memory. Tried to allocate 2 GiB.")

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", full)
    with pytest.raises(DeviceFullError):
        load(folder)


def test_in_16_bits_it_says_nearly_the_same(folder: Path) -> None:
    half = SentenceTransformersEmbedder(
        folder, name="tiny-st", device="cpu", batch_size=4, dtype="bfloat16"
    )
    rows, wanted = half.embed_queries(["abc"]), load(folder).embed_queries(["abc"])
    assert float((rows * wanted).sum()) > 0.99
