"""Captions and answers about images: what the runtimes give is what transformers gives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from functools import partial
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
from assistant.core.skills import Cancelled
from assistant.models.captioner import TOKENS, TransformersCaptioner
from assistant.models.visual_answerer import SHORT_TOKENS, TransformersAnswerer
from tests.models.tiny_asking import (
    ANSWERS,
    save_tiny_blip_answerer,
    save_tiny_blip_captioner,
    save_tiny_vilt,
)
from tests.models.tiny_siglip import save_tiny_siglip
from tests.models.writing import cancelled_after, never, whole

QUESTION = "what colour is the dog?"

prepared_by: Any = AutoProcessor.from_pretrained


def noise(seed: int = 0, height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_vilt_gives_its_best_answers_with_their_sigmoids(tmp_path: Path) -> None:
    save_tiny_vilt(tmp_path)
    said, found = whole(
        TransformersAnswerer(tmp_path, name="vilt").answer(noise(), QUESTION, never)
    )
    assert said == "", "what is chosen is not written"
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
    model = TransformersAnswerer(tmp_path, name="vilt")
    assert whole(model.answer(noise(), "what is it " * 50, never))[1]


def test_blip_writes_the_answer_transformers_writes(tmp_path: Path) -> None:
    save_tiny_blip_answerer(tmp_path)
    said, (found,) = whole(
        TransformersAnswerer(tmp_path, name="blip").answer(noise(), QUESTION, never)
    )
    assert said == found.label
    model = BlipForQuestionAnswering.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    inputs = processor(images=noise(), text=QUESTION, return_tensors="pt")
    tokens = model.generate(**inputs, max_new_tokens=SHORT_TOKENS, do_sample=False, num_beams=1)
    written = tokens[0, 1:]  # the first starts the decoder
    assert found.label == processor.decode(written, skip_special_tokens=True).strip()
    assert 0 < found.score <= 1


def test_all_images_are_written_of_in_one_thread_that_ends_with_the_model(tmp_path: Path) -> None:
    def at_work() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "of-this-test"]

    save_tiny_blip_captioner(tmp_path)
    captioner = TransformersCaptioner(tmp_path, name="of-this-test")
    first = whole(captioner.caption(noise(), never))[0]
    (worker,) = at_work()
    assert whole(captioner.caption(noise(), never))[0] == first
    assert at_work() == [worker]
    captioner.close()
    worker.join(60)
    assert not worker.is_alive()
    assert whole(captioner.caption(noise(), never))[0] == first, "it loads again"


def test_a_caption_is_what_transformers_writes(tmp_path: Path) -> None:
    save_tiny_blip_captioner(tmp_path)
    captioner = TransformersCaptioner(tmp_path, name="blip")
    model = BlipForConditionalGeneration.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    for image in (noise(1), noise(2)):
        inputs = processor(images=image, return_tensors="pt")
        tokens = model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False)
        expected = processor.decode(tokens[0, 1:], skip_special_tokens=True).strip()
        assert expected
        assert whole(captioner.caption(image, never))[0] == expected


def test_a_caption_comes_in_pieces_as_it_is_written(tmp_path: Path) -> None:
    save_tiny_blip_captioner(tmp_path)
    pieces = list(TransformersCaptioner(tmp_path, name="blip").caption(noise(), never))
    assert len(pieces) > 3


@pytest.mark.parametrize("role", ["caption", "answer"])
def test_writing_ends_soon_after_it_is_cancelled_and_the_model_serves_the_next(
    tmp_path: Path, role: str
) -> None:
    write: Callable[[Cancelled], Generator[str, None, object]]
    if role == "caption":
        save_tiny_blip_captioner(tmp_path)
        write = partial(TransformersCaptioner(tmp_path, name="blip").caption, noise())
    else:
        save_tiny_blip_answerer(tmp_path)
        write = partial(TransformersAnswerer(tmp_path, name="blip").answer, noise(), QUESTION)
    heard = cancelled_after(2, write)
    assert len(heard) == 2
    assert len(whole(write(never))[0]) > len("".join(heard))


def test_what_was_cancelled_before_it_was_asked_is_never_run(tmp_path: Path) -> None:
    save_tiny_vilt(tmp_path)
    model = TransformersAnswerer(tmp_path, name="vilt")
    assert whole(model.answer(noise(), QUESTION, lambda: True)) == ("", ())


def test_a_captioner_that_searches_with_beams_gives_the_best_it_found(tmp_path: Path) -> None:
    save_tiny_blip_captioner(tmp_path)
    settings = tmp_path / "generation_config.json"
    settings.write_text(settings.read_text().replace("{", '{"num_beams": 3,', 1))
    caption, _ = whole(TransformersCaptioner(tmp_path, name="blip").caption(noise(), never))
    model = BlipForConditionalGeneration.from_pretrained(tmp_path).train(False)
    processor = prepared_by(tmp_path, backend="pil")
    tokens = model.generate(
        **processor(images=noise(), return_tensors="pt"), max_new_tokens=TOKENS, num_beams=3
    )
    assert caption == processor.decode(tokens[0, 1:], skip_special_tokens=True).strip()


@pytest.mark.parametrize("make", [TransformersAnswerer, TransformersCaptioner])
def test_a_folder_without_a_model_is_an_error_with_a_remedy(tmp_path: Path, make: type) -> None:
    with pytest.raises(ModelError) as caught:
        make(tmp_path, name="mine")
    assert "assistant models pull mine" in caught.value.hint


def test_a_model_that_does_neither_is_told(tmp_path: Path) -> None:
    save_tiny_siglip(tmp_path)
    with pytest.raises(ModelError):
        whole(TransformersAnswerer(tmp_path, name="siglip").answer(noise(), QUESTION, never))
    with pytest.raises(ModelError):
        whole(TransformersCaptioner(tmp_path, name="siglip").caption(noise(), never))
