"""SigLIP 2 in one space with its texts, with a model as small as one can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from assistant.models.clip_encoder import ClipEncoder

LENGTH = 16
WORDS = ("a", "photo", "of", "cat", "dog", "猫", "的", "照片")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        PreTrainedTokenizerFast,
        SiglipConfig,
        SiglipImageProcessorPil,
        SiglipModel,
        SiglipProcessor,
    )

    place = tmp_path_factory.mktemp("siglip")
    torch.manual_seed(0)
    names = ["<pad>", "<eos>", "<unk>", *WORDS]
    words = Tokenizer(models.WordLevel({w: i for i, w in enumerate(names)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    make: Any = PreTrainedTokenizerFast
    tokenizer = make(
        tokenizer_object=words, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
    )
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    tower["num_attention_heads"] = 2
    config = SiglipConfig(
        text_config={**tower, "vocab_size": len(names), "max_position_embeddings": LENGTH},
        vision_config={**tower, "image_size": 32, "patch_size": 16},
    )
    SiglipModel(config).save_pretrained(place)
    images = SiglipImageProcessorPil(size={"height": 32, "width": 32})
    processor: Any = SiglipProcessor
    processor(images, tokenizer).save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def encoder(folder: Path) -> ClipEncoder:
    return ClipEncoder(folder, name="tiny-siglip", device="cpu")


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8)


def test_images_and_texts_become_unit_rows_of_one_space(encoder: ClipEncoder) -> None:
    images = encoder.embed_images([noise(0), noise(1)])
    texts = encoder.embed_texts(["a photo of a cat", "猫 的 照片", "dog"])
    assert (images.shape, texts.shape) == ((2, 16), (3, 16))
    np.testing.assert_allclose(np.linalg.norm(np.vstack([images, texts]), axis=1), 1, atol=1e-5)
    assert encoder.embed_texts([]).shape == encoder.embed_images([]).shape == (0, 16)


def test_texts_are_filled_up_in_lower_case_without_a_mask_as_in_training(
    encoder: ClipEncoder, folder: Path
) -> None:
    from transformers import AutoProcessor, SiglipModel

    read: Any = AutoProcessor.from_pretrained
    inputs = read(folder)(
        text=["a photo of a cat"], padding="max_length", max_length=LENGTH, return_tensors="pt"
    )
    model: Any = SiglipModel.from_pretrained(folder, dtype=torch.float32)
    with torch.inference_mode():
        wanted = model.get_text_features(input_ids=inputs["input_ids"]).pooler_output
    wanted = torch.nn.functional.normalize(wanted, dim=-1).numpy()
    np.testing.assert_allclose(encoder.embed_texts(["A Photo of a CAT"]), wanted, atol=1e-5)


def test_a_text_says_the_same_alone_and_among_longer_ones(encoder: ClipEncoder) -> None:
    alone = encoder.embed_texts(["dog"])[0]
    among = encoder.embed_texts(["a photo of a cat of a dog", "dog"])[1]
    np.testing.assert_allclose(alone, among, atol=1e-5)


def test_the_scale_is_the_models_own(encoder: ClipEncoder, folder: Path) -> None:
    assert encoder.logit_scale > 0


def test_in_16_bits_it_says_nearly_the_same(encoder: ClipEncoder, folder: Path) -> None:
    half = ClipEncoder(folder, name="tiny-siglip", device="cpu", dtype="bfloat16")
    for rows, wanted in (
        (half.embed_images([noise(0)]), encoder.embed_images([noise(0)])),
        (half.embed_texts(["a cat"]), encoder.embed_texts(["a cat"])),
    ):
        assert rows.dtype == np.float32
        assert float((rows * wanted).sum()) > 0.99
