"""GGUF files of any kind: without a chat template or a vocabulary, of unknown architectures."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.core.events import Notice, Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.core.skills import Params, SkillRequest
from assistant.models.llamacpp import LlamaCppGenerator
from skills.generate import GenerateSkill
from tests.models.tiny_gguf import write_tiny_gguf

QUESTION = [Message("system", "Be brief."), Message("user", "hi")]


def load(folder: Path) -> LlamaCppGenerator:
    return LlamaCppGenerator(folder, name="mine", context=256, threads=1, grounded=False)


def answer(generator: LlamaCppGenerator) -> tuple[str, Usage]:
    stream = generator.stream(QUESTION, Sampling(max_tokens=4, seed=1), lambda: False)
    said = ""
    while True:
        try:
            said += next(stream)
        except StopIteration as stop:
            return said, stop.value


def test_a_whole_model_needs_no_remark(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path)
    said, usage = answer(load(tmp_path))
    assert said
    assert usage.remark == ""


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("", "has no chat template"),
        ("{% for m in %}{{ nonsense", "can't be read"),
        ("{{ raise_exception('on purpose') }}", "can't be read"),
    ],
)
def test_without_a_usable_template_it_converses_in_the_usual_way_and_says_so(
    tmp_path: Path, template: str, said: str
) -> None:
    write_tiny_gguf(tmp_path, template=template)
    text, usage = answer(load(tmp_path))
    assert text
    assert said in usage.remark
    assert "ChatML" in usage.remark


def test_the_person_hears_of_it_once_a_conversation(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path, template="")
    generator = load(tmp_path)
    skill = GenerateSkill(lambda: generator, "", Sampling(max_tokens=3, seed=1))

    def notices(*history: Message) -> list[str]:
        request = SkillRequest(Message("user", "hi"), history, Params(), lambda: False)
        return [event.text for event in skill.run(request) if isinstance(event, Notice)]

    assert any("no chat template" in text for text in notices())
    assert notices(Message("user", "hi"), Message("assistant", "yes")) == []


@pytest.mark.parametrize(
    ("shape", "said", "remedy"),
    [
        ({"architecture": "frobnicate"}, "does not know the architecture “frobnicate”", "newer"),
        ({"splitter": "frob-nic8"}, "does not know its way to split words", "newer"),
        ({"architecture": "clip"}, "looks at pictures", "language model"),
        ({"architecture": "bert"}, "an embedding model", "language model"),
        ({"vocabulary": ""}, "holds no vocabulary", "another GGUF"),
        ({"vocabulary": "no_vocab"}, "holds no vocabulary", "another GGUF"),
        ({"parts": 3}, "one of 3 parts", "llama-gguf-split --merge"),
    ],
)
def test_a_file_that_can_not_converse_is_told_why(
    tmp_path: Path, shape: dict[str, str], said: str, remedy: str
) -> None:
    write_tiny_gguf(tmp_path, **shape)  # type: ignore[arg-type]
    with pytest.raises(ModelError) as caught:
        load(tmp_path)
    assert said in caught.value.message
    assert remedy in caught.value.hint


def test_a_file_whose_weights_are_missing_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match="may be damaged"):
        load(tmp_path)
