"""Captions and answers about images: what the runtimes give is what transformers gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoProcessor,
    BlipForConditionalGeneration,
    BlipForQuestionAnswering,
    ViltForQuestionAnswering,
)

from assistant.core.errors import ModelError
from assistant.models.captioner import BATCH, TransformersCaptioner
from assistant.models.visual_answerer import SHORT_TOKENS, TransformersAnswerer
from tests.models.tiny_asking import (
    ANSWERS,
    save_tiny_blip_answerer,
    save_tiny_blip_captioner,
    save_tiny_vilt,
)
from tests.models.tiny_siglip import save_tiny_siglip

QUESTION = "what colour is the dog?"

prepared_by: Any = AutoProcessor.from_pretrained


def noise(seed: int = 0, height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_vilt_gives_its_best_answers_with_their_sigmoids(tmp_path: Path) -> None:
    save_tiny_vilt(tmp_path)
    found = TransformersAnswerer(tmp_path, name="vilt").answer(noise(), QUESTION)
    model = ViltForQuestionAnswering.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    inputs = processor(images=noise(), text=QUESTION, return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits[0].sigmoid()
    assert [x.label for x in found] == [
        ANSWERS[i] for i in scores.argsort(descending=True)[:3].tolist()
    ]
    assert found[0].score == pytest.approx(scores.max().item(), abs=1e-4)


def test_a_question_beyond_the_models_length_is_cut(tmp_path: Path) -> None:
    save_tiny_vilt(tmp_path)
    assert TransformersAnswerer(tmp_path, name="vilt").answer(noise(), "what is it " * 50)


def test_blip_writes_the_answer_transformers_writes(tmp_path: Path) -> None:
    save_tiny_blip_answerer(tmp_path)
    (found,) = TransformersAnswerer(tmp_path, name="blip").answer(noise(), QUESTION)
    model = BlipForQuestionAnswering.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    inputs = processor(images=noise(), text=QUESTION, return_tensors="pt")
    tokens = model.generate(**inputs, max_new_tokens=SHORT_TOKENS, do_sample=False, num_beams=1)
    written = tokens[0, 1:]  # the first starts the decoder
    assert found.label == processor.decode(written, skip_special_tokens=True).strip()
    assert 0 < found.score <= 1


def test_a_caption_is_what_transformers_writes_alone_and_among_others(tmp_path: Path) -> None:
    save_tiny_blip_captioner(tmp_path)
    images = [noise(i) for i in range(BATCH + 1)]
    captions = TransformersCaptioner(tmp_path, name="blip").caption(images)
    model = BlipForConditionalGeneration.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    for image, caption in zip(images, captions, strict=True):
        inputs = processor(images=image, return_tensors="pt")
        tokens = model.generate(**inputs, max_new_tokens=40, do_sample=False)
        assert caption == processor.decode(tokens[0], skip_special_tokens=True).strip()


def test_no_image_has_no_caption(tmp_path: Path) -> None:
    save_tiny_blip_captioner(tmp_path)
    assert TransformersCaptioner(tmp_path, name="blip").caption([]) == []


@pytest.mark.parametrize("make", [TransformersAnswerer, TransformersCaptioner])
def test_a_folder_without_a_model_is_an_error_with_a_remedy(tmp_path: Path, make: type) -> None:
    with pytest.raises(ModelError) as caught:
        make(tmp_path, name="mine")
    assert "assistant models pull mine" in caught.value.hint


def test_a_model_that_does_neither_is_told(tmp_path: Path) -> None:
    save_tiny_siglip(tmp_path)
    with pytest.raises(ModelError):
        TransformersAnswerer(tmp_path, name="siglip").answer(noise(), QUESTION)
    with pytest.raises(ModelError):
        TransformersCaptioner(tmp_path, name="siglip").caption([noise()])
