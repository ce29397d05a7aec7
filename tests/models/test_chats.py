"""Models that write of images, of every class the documentation names: what the runtimes say is
what transformers itself makes of the same inputs, and it comes in pieces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from assistant.core.errors import ModelError
from assistant.models.captioner import REQUEST, TOKENS, TransformersCaptioner
from assistant.models.dispatch import Room
from assistant.models.vision_loading import VisionModel
from assistant.models.visual_answerer import TransformersAnswerer
from tests.models import tiny_chats
from tests.models.test_detectors import cpu, noise
from tests.models.tiny_vision import hub
from tests.models.writing import cancelled_after, never, whole

Saver = Callable[[Path], Path]
CHATS: dict[str, Saver] = {
    "llava": tiny_chats.save_llava,
    "smolvlm": tiny_chats.save_smolvlm,
    "qwen2.5-vl": tiny_chats.save_qwen,
}
CAPTIONERS: dict[str, Saver] = {
    "blip-2": tiny_chats.save_blip2,
    "git": tiny_chats.save_git,
    "vit-gpt2": tiny_chats.save_vit_gpt2,
}
QUESTION = "what is it ?"


@pytest.fixture(scope="module", params=list(CHATS))
def chat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return CHATS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module", params=list(CAPTIONERS))
def captioner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return CAPTIONERS[request.param](tmp_path_factory.mktemp(request.param))


def written(folder: Path, inputs: Any, most: int) -> str:
    """What transformers writes, without any of our code."""
    model = hub.AutoModelForImageTextToText.from_pretrained(folder).eval()
    tokenizer = hub.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        found = model.generate(
            **inputs, max_new_tokens=most, do_sample=False, output_scores=True,
            return_dict_in_generate=True,
        )  # fmt: skip
    new = found.sequences[0, -len(found.scores) :]
    return str(tokenizer.decode(new, skip_special_tokens=True)).strip()


def asked(folder: Path, question: str) -> Any:
    """The inputs of a chat, from the model's own processor."""
    processor = VisionModel(
        folder,
        name="x",
        model_class="AutoModelForImageTextToText",
        processor_class="AutoProcessor",
        room=Room(cpu),
    )._processor()
    parts = [
        {"type": "image", "image": Image.fromarray(noise())},
        {"type": "text", "text": question},
    ]
    return processor.apply_chat_template(
        [{"role": "user", "content": parts}],
        add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
    )  # fmt: skip


def test_a_language_model_with_eyes_answers_as_transformers_writes(chat: Path) -> None:
    answerer = TransformersAnswerer(chat, name="tiny", room=Room(cpu))
    said, (found,) = whole(answerer.answer(noise(), QUESTION, never))
    assert said == found.label
    expected = written(chat, asked(chat, QUESTION), 40)
    assert len(set(expected.split())) > 1
    assert said.startswith(expected)
    assert 0 < found.score <= 1


def test_it_looks_at_the_image(chat: Path) -> None:
    answerer = TransformersAnswerer(chat, name="tiny", room=Room(cpu))
    answers = {whole(answerer.answer(noise(seed=n), QUESTION, never))[1] for n in range(4)}
    assert len(answers) > 1


def test_its_answer_ends_as_soon_as_it_is_cancelled(chat: Path) -> None:
    answerer = TransformersAnswerer(chat, name="tiny", room=Room(cpu))
    pieces = cancelled_after(3, lambda stop: answerer.answer(noise(), QUESTION, stop))
    assert len(pieces) == 3
    assert whole(answerer.answer(noise(), QUESTION, lambda: True)) == ("", ())


def test_a_search_that_went_on_beyond_its_best_answer_gives_that_without_the_question(
    tmp_path: Path,
) -> None:
    tiny_chats.save_llava(tmp_path)
    settings = tmp_path / "generation_config.json"
    more = '{"num_beams": 3, "length_penalty": 0.0, "eos_token_id": 16,'
    settings.write_text(settings.read_text().replace("{", more, 1))
    inputs = asked(tmp_path, QUESTION)
    model = hub.AutoModelForImageTextToText.from_pretrained(tmp_path).eval()
    found = model.generate(
        **inputs, max_new_tokens=40, output_scores=True, return_dict_in_generate=True
    )
    new = found.sequences[0, inputs["input_ids"].shape[1] :]
    assert len(new) < len(found.scores)
    answerer = TransformersAnswerer(tmp_path, name="tiny", room=Room(cpu))
    said, _ = whole(answerer.answer(noise(), QUESTION, never))
    tokenizer = hub.AutoTokenizer.from_pretrained(tmp_path)
    assert said == tokenizer.decode(new, skip_special_tokens=True).strip() != ""


def test_it_captions_when_asked_for_a_sentence(chat: Path) -> None:
    captioner = TransformersCaptioner(chat, name="tiny", room=Room(cpu))
    assert whole(captioner.caption(noise(), never))[0] == written(
        chat, asked(chat, REQUEST), TOKENS
    )


def test_a_captioner_writes_what_transformers_writes(captioner: Path) -> None:
    pieces = list(TransformersCaptioner(captioner, name="tiny").caption(noise(), never))
    images = hub.AutoImageProcessor.from_pretrained(captioner, backend="pil")
    inputs = images(images=[noise()], return_tensors="pt")
    expected = written(captioner, inputs, TOKENS)
    assert expected
    assert "".join(pieces) == expected
    assert len(pieces) > 3


def test_a_captioner_ends_as_soon_as_it_is_cancelled(captioner: Path) -> None:
    model = TransformersCaptioner(captioner, name="tiny", room=Room(cpu))
    assert len(cancelled_after(2, lambda stop: model.caption(noise(), stop))) == 2


def test_blip_2_answers_questions(tmp_path: Path) -> None:
    tiny_chats.save_blip2(tmp_path)
    answerer = TransformersAnswerer(tmp_path, name="tiny", room=Room(cpu))
    said, (found,) = whole(answerer.answer(noise(), QUESTION, never))
    assert said == found.label != ""


@pytest.mark.parametrize("kind", ["git", "vit-gpt2"])
def test_a_captioner_that_is_asked_a_question_says_why_it_can_not_answer(
    tmp_path: Path, kind: str
) -> None:
    answerer = TransformersAnswerer(CAPTIONERS[kind](tmp_path), name="tiny", room=Room(cpu))
    with pytest.raises(ModelError, match="no chat template, so it can't be asked") as caught:
        whole(answerer.answer(noise(), QUESTION, never))
    assert "describe.vqa_model" in caught.value.hint


def test_a_library_that_is_missing_is_named_with_the_command_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> object:
        raise ImportError("Package `num2words` is required to run SmolVLM processor.")

    monkeypatch.setattr("transformers.AutoProcessor.from_pretrained", missing)
    answerer = TransformersAnswerer(tiny_chats.save_llava(tmp_path), name="tiny", room=Room(cpu))
    with pytest.raises(ModelError, match="without num2words, which is not installed") as caught:
        whole(answerer.answer(noise(), QUESTION, never))
    assert "pip install num2words" in caught.value.hint


def test_a_model_that_is_told_tasks_by_name_is_told_to_caption(tmp_path: Path) -> None:
    tiny_chats.save_florence(tmp_path)
    pieces = list(TransformersCaptioner(tmp_path, name="tiny").caption(noise(), never))
    processor = hub.AutoProcessor.from_pretrained(tmp_path, backend="pil")
    inputs = processor(images=[noise()], text="<CAPTION>", return_tensors="pt")
    assert "".join(pieces) == written(tmp_path, inputs, TOKENS)
    assert len(pieces) > 3
