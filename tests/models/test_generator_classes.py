"""The transformers generator on models of several real classes, tiny and of random weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from assistant.core.errors import ModelError
from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.placement import Placement, Share
from assistant.models.transformers_generator import TransformersGenerator
from tests.models.contracts.generator import QUESTION, answer
from tests.models.tiny_llama import CONTEXT, TEMPLATE, write_tiny_llama

SHAPE: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": CONTEXT,
    "bos_token_id": None,
    "pad_token_id": None,
}
WINDOW = 24
"""Tokens the layers of some classes look back at: fewer than the prompts have."""
CLASSES: dict[str, dict[str, Any]] = {
    "qwen3": {"head_dim": 16},
    "llama": {"tie_word_embeddings": True},
    "mistral": {"sliding_window": WINDOW},
    "phi3": {},
    "gemma2": {"head_dim": 16, "sliding_window": WINDOW},
    "gemma3_text": {"head_dim": 16, "sliding_window": WINDOW, "sliding_window_pattern": 2},
    "lfm2": {"layer_types": ["conv", "full_attention"], "block_ff_dim": 128},
}
LONGER = (*QUESTION, Message("assistant", "One, two"), Message("user", "Go on, to ten at least."))


def write_tiny(folder: Path, kind: str, template: str = TEMPLATE) -> Path:
    """A model of this class beside the tokenizer of the tiny Llama."""
    from transformers import AutoConfig, AutoModelForCausalLM

    write_tiny_llama(folder, layers=1, template=template)
    vocabulary = AutoConfig.from_pretrained(folder)
    config: Any = AutoConfig.for_model(
        kind,
        **{**SHAPE, **CLASSES[kind]},
        vocab_size=vocabulary.vocab_size,
        eos_token_id=vocabulary.eos_token_id,
    )
    torch.manual_seed(1)
    auto: Any = AutoModelForCausalLM
    auto.from_config(config).save_pretrained(folder)
    return folder


def load(folder: Path, context: int = 0) -> TransformersGenerator:
    return TransformersGenerator(
        folder,
        name="tiny",
        placement=Placement("tiny", (Share("cpu", 1, 0),), "float32", ""),
        context=context,
        grounded=False,
        offload=folder / "offload",
    )


def bare(generator: TransformersGenerator, messages: tuple[Message, ...], tokens: int) -> str:
    """What `generate` says by itself."""
    generator._stopped.clear()
    ids = torch.tensor([generator._encoded(messages)])
    with torch.inference_mode():
        found = generator._model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=tokens,
            repetition_penalty=1.1,
        )
    text: str = generator._tokenizer.decode(found[0, ids.shape[1] :], skip_special_tokens=True)
    return text


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_says_what_bare_generate_says_at_every_turn(tmp_path: Path, kind: str) -> None:
    generator = load(write_tiny(tmp_path, kind))
    greedy = Sampling(temperature=0.0, max_tokens=20)
    for messages in (QUESTION, LONGER, QUESTION):
        said, usage = answer(generator, messages, greedy)
        assert said == bare(generator, messages, 20)
        assert usage.new_tokens <= 20
    stream = generator.stream(LONGER, Sampling(max_tokens=300, seed=1), lambda: False)
    next(stream)
    stream.close()
    assert answer(generator, LONGER, greedy)[0] == bare(generator, LONGER, 20)
    generator.close()


def test_an_answer_ends_where_the_context_ends(tmp_path: Path) -> None:
    generator = load(write_tiny(tmp_path, "llama"), context=128)
    generator._model.generation_config.eos_token_id = None
    text, usage = answer(generator, QUESTION, Sampling(0.0, max_tokens=400))
    assert text
    assert usage.prompt_tokens + usage.new_tokens == 128
    generator.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransformersGenerator]:
    generator = load(write_tiny(tmp_path_factory.mktemp("plain"), "llama"))
    yield generator
    generator.close()


@pytest.fixture(scope="module")
def thinking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransformersGenerator]:
    """One whose template opens the model's thoughts, as those of DeepSeek do."""
    template = TEMPLATE.replace("assistant\n{%", "assistant\n<think>\n{%")
    generator = load(write_tiny(tmp_path_factory.mktemp("thinking"), "llama", template))
    yield generator
    generator.close()


@pytest.fixture
def saying(monkeypatch: pytest.MonkeyPatch) -> Callable[[TransformersGenerator, str], None]:
    """Makes a generator's model say a text, a byte a token."""

    def make(generator: TransformersGenerator, text: str) -> None:
        tokens = generator._tokenizer.encode(text, add_special_tokens=False)

        def generate(input_ids: torch.Tensor, streamer: Any, **_: Any) -> torch.Tensor:
            streamer.put(input_ids)
            for token in tokens:
                generator._check()
                streamer.put(torch.tensor([token]))
            streamer.end()
            return torch.cat([input_ids, torch.tensor([tokens])], 1)

        monkeypatch.setattr(generator._model, "generate", generate)

    return make


Saying = Callable[[TransformersGenerator, str], None]


@pytest.mark.parametrize("text", ["<think>One? No.</think>\n\nThree.", "\n<think>\n</think>Three."])
def test_thoughts_are_no_part_of_an_answer(
    plain: TransformersGenerator, saying: Saying, text: str
) -> None:
    saying(plain, text)
    assert answer(plain)[0] == "Three."


def test_thoughts_that_the_template_opens_are_left_out_as_well(
    thinking: TransformersGenerator, saying: Saying
) -> None:
    saying(thinking, "One? No, wait.\n</think>\n\nThree.")
    assert answer(thinking)[0] == "Three."


def test_a_model_that_only_thought_says_so_with_the_remedy(
    thinking: TransformersGenerator, saying: Saying
) -> None:
    saying(thinking, "One? Or is it two? Or")
    with pytest.raises(ModelError, match=r"tiny thought until its 21 tokens") as told:
        answer(thinking, sampling=Sampling(max_tokens=21))
    assert "generate.max_tokens" in told.value.hint
    with pytest.raises(ModelError, match="then said nothing") as told:
        answer(thinking, sampling=Sampling(max_tokens=22))
    assert "Ask again" in told.value.hint


def test_a_cancelled_thought_is_no_error(thinking: TransformersGenerator, saying: Saying) -> None:
    saying(thinking, "One? Or is it two? Or")
    asked = iter([False] * 4)
    assert answer(thinking, cancelled=lambda: next(asked, True))[0] == ""


@pytest.mark.parametrize(
    ("stop", "shown"), [("👍", "好 "), ("\u200d", "好 👍👩"), ("st", "好 👍👩‍🚀 ")]
)
def test_an_answer_stops_within_what_a_person_sees_as_one_character(
    plain: TransformersGenerator, saying: Saying, stop: str, shown: str
) -> None:
    saying(plain, "好 👍👩‍🚀 stop")
    assert answer(plain, sampling=Sampling(0.0, max_tokens=40, stop=(stop,)))[0] == shown


def test_pieces_of_an_answer_are_whole_characters(
    plain: TransformersGenerator, saying: Saying
) -> None:
    saying(plain, "好👍👩‍🚀!")
    pieces = list(plain.stream(QUESTION, Sampling(0.0, max_tokens=40), lambda: False))
    assert pieces == ["好", "👍", "👩", "\u200d", "🚀", "!"]


def test_whatever_fails_in_the_model_is_told_and_the_next_answer_comes(
    plain: TransformersGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(**_: Any) -> None:
        raise TypeError("unexpected keyword argument 'cache'")

    with monkeypatch.context() as patched:
        patched.setattr(plain._model, "generate", generate)
        with pytest.raises(ModelError, match="The model failed: unexpected keyword"):
            answer(plain)
    assert answer(plain)[1].new_tokens > 0
