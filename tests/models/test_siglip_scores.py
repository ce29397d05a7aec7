"""SigLIP and SigLIP 2 as encoders: what they give is what transformers gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoProcessor

from assistant.models.clip_encoder import ClipEncoder
from skills.describe_open_labels import OpenLabels
from tests.models.tiny_siglip import BIAS, save_tiny_siglip, save_tiny_siglip2

TEXT = "a photo of a dog."

prepared_by: Any = AutoProcessor.from_pretrained


@pytest.fixture(scope="module", params=[save_tiny_siglip, save_tiny_siglip2])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    save: Callable[[Path], None] = request.param
    place = tmp_path_factory.mktemp("siglip")
    save(place)
    return place


def noise(height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def logit_of_transformers(folder: Path) -> float:
    model = AutoModel.from_pretrained(folder).train(False)
    processor = prepared_by(folder)
    inputs = processor(
        images=noise(), text=[TEXT], padding="max_length", max_length=64, return_tensors="pt"
    )
    inputs.pop("attention_mask", None)
    with torch.inference_mode():
        return float(model(**inputs).logits_per_image.item())


def test_cosine_scale_and_bias_make_the_logit_of_transformers(folder: Path) -> None:
    encoder = ClipEncoder(folder, name="tiny", device="cpu")
    assert encoder.logit_bias == pytest.approx(BIAS)
    cosine = float(encoder.embed_images([noise()])[0] @ encoder.embed_texts([TEXT])[0])
    logit = cosine * encoder.logit_scale + (encoder.logit_bias or 0)
    assert logit == pytest.approx(logit_of_transformers(folder), abs=1e-3)


def test_a_single_label_gets_the_sigmoid_of_its_logit(folder: Path) -> None:
    encoder = ClipEncoder(folder, name="tiny", device="cpu")
    labels = OpenLabels(encoder)
    (row,) = labels.see([noise()])
    vectors = encoder.embed_texts(["a photo of dog.", "a picture of dog.", "dog"]).mean(axis=0)
    vectors /= np.linalg.norm(vectors)
    logit = float(vectors @ row) * encoder.logit_scale + BIAS
    ((label,), none) = labels.choose(row, ["dog"])
    assert label.score == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)
    assert none == pytest.approx(1 - label.score, abs=1e-4)
