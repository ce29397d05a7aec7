"""Images and texts in one space, with a CLIP as small as one can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPProcessor,
    CLIPTokenizer,
)

from assistant.core.errors import ModelError
from assistant.models.clip_encoder import BATCH, ClipEncoder
from assistant.models.dispatch import DeviceFullError
from tests.models.tiny_llama import write_tiny_llama

WORDS = ["a", "photo", "of", "cat", "dog"]


def save_tiny_clip(folder: Path) -> CLIPModel:
    torch.manual_seed(0)
    letters = sorted({letter for word in WORDS for letter in word})
    tokens = [
        *letters,
        *(f"{letter}</w>" for letter in letters),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    tower["num_attention_heads"] = 2
    ends = {"bos_token_id": len(tokens) - 2, "eos_token_id": len(tokens) - 1}
    config = CLIPConfig(
        text_config={**tower, **ends, "vocab_size": len(tokens), "max_position_embeddings": 77},
        vision_config={**tower, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    model = CLIPModel(config)
    tokenizer = CLIPTokenizer(vocab={token: i for i, token in enumerate(tokens)}, merges=[])
    images = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32)
    model.save_pretrained(folder)
    processor: Any = CLIPProcessor
    processor(images, tokenizer).save_pretrained(folder)
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("clip")
    save_tiny_clip(place)
    return place


@pytest.fixture(scope="module")
def encoder(folder: Path) -> ClipEncoder:
    return ClipEncoder(folder, name="tiny-clip", device="cpu")


def noise(seed: int, height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_images_become_unit_rows(encoder: ClipEncoder) -> None:
    rows = encoder.embed_images([noise(0), noise(1, 90, 30)])
    assert rows.shape == (2, 8)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_texts_become_unit_rows_in_the_same_space(encoder: ClipEncoder) -> None:
    rows = encoder.embed_texts(["a photo of a cat", "a dog"])
    assert rows.shape == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_rows_are_those_of_the_model_itself(encoder: ClipEncoder, folder: Path) -> None:
    model = CLIPModel.from_pretrained(folder).train(False)
    processor = CLIPProcessor.from_pretrained(folder)
    image, text = noise(2), "a photo of a dog"
    inputs = processor(images=image, text=text, return_tensors="pt")
    with torch.inference_mode():
        similarity = model(**inputs).logits_per_image.item()
    cosine = float(encoder.embed_images([image])[0] @ encoder.embed_texts([text])[0])
    assert cosine * encoder.logit_scale == pytest.approx(similarity, abs=1e-3)


def test_a_batch_gives_what_single_items_give(encoder: ClipEncoder) -> None:
    images = [noise(i) for i in range(BATCH + 1)]
    texts = ["a " + "cat dog " * i for i in range(BATCH + 1)]
    np.testing.assert_allclose(
        encoder.embed_images(images)[-1], encoder.embed_images(images[-1:])[0], atol=1e-5
    )
    np.testing.assert_allclose(
        encoder.embed_texts(texts)[1], encoder.embed_texts(texts[1:2])[0], atol=1e-5
    )


def test_a_text_beyond_77_tokens_is_cut(encoder: ClipEncoder) -> None:
    longer = encoder.embed_texts(["cat " * 100, "cat " * 100 + "dog"])
    np.testing.assert_allclose(longer[0], longer[1], atol=1e-5)


def test_nothing_gives_no_rows(encoder: ClipEncoder) -> None:
    assert encoder.embed_images([]).shape == (0, 8)
    assert encoder.embed_texts([]).shape == (0, 8)


def test_the_logit_scale_is_the_exponential_of_what_is_stored(encoder: ClipEncoder) -> None:
    assert encoder.logit_scale == pytest.approx(np.exp(2.6592), rel=1e-4)


def test_loading_writes_nothing_to_the_terminal(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ClipEncoder(folder, name="tiny-clip", device="cpu").embed_texts(["cat " * 100])
    assert capfd.readouterr() == ("", "")


def test_a_folder_without_weights_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be loaded") as caught:
        ClipEncoder(tmp_path, name="tiny-clip", device="cpu")
    assert "assistant models pull tiny-clip" in caught.value.hint


def test_garbled_weights_are_an_error(tmp_path: Path) -> None:
    save_tiny_clip(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"garbage")
    with pytest.raises(ModelError, match="can't be loaded"):
        ClipEncoder(tmp_path, name="tiny-clip", device="cpu")


def test_weights_in_a_pickle_are_refused(tmp_path: Path) -> None:
    model = save_tiny_clip(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError):
        ClipEncoder(tmp_path, name="tiny-clip", device="cpu")


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(ModelError):
        ClipEncoder(tmp_path, name="bert", device="cpu")


def test_a_closed_encoder_says_so(folder: Path) -> None:
    closed = ClipEncoder(folder, name="tiny-clip", device="cpu")
    closed.close()
    closed.close()
    with pytest.raises(ModelError, match="closed"):
        closed.embed_images([noise(0)])


def test_a_device_that_is_full_is_told_apart_from_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_options: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB. GPU 0 has 1 GiB")

    monkeypatch.setattr(CLIPModel, "from_pretrained", full)
    with pytest.raises(DeviceFullError):
        ClipEncoder(folder, name="tiny-clip", device="cuda:0")


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    write_tiny_llama(tmp_path)
    with pytest.raises(ModelError, match="can't be loaded"):
        ClipEncoder(tmp_path, name="llama", device="cpu")
