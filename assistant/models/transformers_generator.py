"""Generates text with transformers: any causal language model with a chat template."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError, UsageError
from assistant.core.events import Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling, TokenStream
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError
from assistant.models.history import Fitting
from assistant.models.model_thread import ModelThread
from assistant.models.placement import Placement
from assistant.models.prefix_cache import PrefixCache
from assistant.models.prompt import PromptRenderer
from assistant.models.quiet import quiet_transformers
from assistant.models.servers.thoughts import PAIRS, ThoughtFilter
from assistant.models.stop_texts import StopTexts
from assistant.models.transformers_loading import load_causal_lm, load_tokenizer
from assistant.models.transformers_run import TransformersRun

if TYPE_CHECKING:
    import torch

FALLBACK_CONTEXT = 4096
"""For a model that doesn't say what it was trained for."""
PREFILL = 256
"""Tokens of the prompt read at once: cancelling takes hold between two such pieces, and the
memory of attention stays bounded."""
THOUGHT_TOKENS = 16
"""At the end of a prompt, where some templates open the model's thoughts themselves."""


class TransformersGenerator:
    """A `Generator` over a folder as a model hub keeps it.

    One answer is made at a time; others asked for meanwhile wait for it. What the model read
    for the last answer is kept, so a conversation's next turn costs only what is new in it.

    Args:
        folder: safetensors, config, tokenizer.
        name: the model's name in the catalogue.
        placement: the devices and the data type it runs in.
        context: tokens of prompt and answer together; 0 = all the model was trained for.
        grounded: whether the catalogue trusts it to write from quotes.
        offload: where blocks that fit no device are kept.

    Raises:
        ModelError: something in the folder is missing or damaged, it has no chat template, or a
            device is full (`DeviceFullError`).
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        placement: Placement,
        context: int,
        grounded: bool,
        offload: Path,
    ) -> None:
        self._name = name
        self._grounded = grounded
        self._tokenizer: Any = load_tokenizer(folder, name)
        self._silent = _silent_tokens(self._tokenizer)
        self._model: Any = load_causal_lm(folder, placement, offload)
        self._device = _described(placement)
        trained = _trained_context(self._model.config)
        self._context_length = (
            min(context, trained)
            if context > 0 and trained
            else (trained or context or FALLBACK_CONTEXT)
        )
        self._renderer = PromptRenderer(_control_tokens(self._tokenizer))
        self._cache = PrefixCache(self._model.config)
        self._stopped = threading.Event()
        self._model.register_forward_pre_hook(self._check)
        self._closing = False
        self._turn = threading.Lock()
        self._thread = ModelThread("transformers")

    @property
    def name(self) -> str:
        return self._name

    @property
    def device(self) -> str:
        return self._device

    @property
    def context_length(self) -> int:
        return self._context_length

    @property
    def grounded(self) -> bool:
        return self._grounded

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, cancelled: Cancelled
    ) -> TokenStream:
        """Answer the conversation; the oldest turns leave first when it is too long. What a model
        thinks before it answers is not part of the answer.

        Top-k 40 and min-p 0.05 apply beside the sampling asked for, as with llama.cpp. Closing
        the stream early stops the generation.

        Raises:
            UsageError: there is no message, or the last alone doesn't fit the context.
            ModelError: the computation failed, the model only thought, or the generator is closed.
        """
        if not messages:
            raise UsageError("There is no message to answer.", "Write one.")
        started = time.perf_counter()
        with self._turn:
            prompt, dropped = self._fitted(messages, sampling)
            most = max(1, min(sampling.max_tokens, self._context_length - len(prompt)))
            run = self._start(prompt, sampling, most)
            stops = StopTexts(sampling.stop)
            thoughts = ThoughtFilter(self._decoded(prompt[-THOUGHT_TOKENS:]))
            try:
                for text in run.texts(cancelled):
                    if shown := stops.feed(thoughts.feed(text)):
                        yield shown
                    if stops.found:
                        break
                if rest := stops.feed(thoughts.rest()) + stops.rest():
                    yield rest
            finally:
                run.finish()
            if thoughts.unfinished and not cancelled():
                raise self._only_thought(run.new_tokens, most)
        return self._usage(run, len(prompt), started, dropped)

    def close(self) -> None:
        """Stop what runs and free the model's memory; may be called twice."""
        self._closing = True  # whoever waits for the turn has none any more
        self._stopped.set()
        with self._turn:
            self._model = None
            self._cache = PrefixCache(None)
        self._thread.close()
        import gc

        import torch

        gc.collect()  # modules refer to one another in circles
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _fitted(self, messages: Sequence[Message], sampling: Sampling) -> tuple[list[int], int]:
        """Token ids of the prompt, and how many turns were dropped for it to fit."""
        if self._closing:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        fitting = Fitting(messages, self._context_length, sampling.max_tokens, self._tokens_of)
        while True:
            kept, dropped = fitting.attempt()
            prompt = self._encoded(kept)
            excess = len(prompt) + fitting.reserve - self._context_length
            if excess <= 0:
                return prompt, dropped
            fitting.was_too_long(excess)

    def _encoded(self, messages: Sequence[Message]) -> list[int]:
        from jinja2 import TemplateError

        turns = self._renderer.chat(messages)
        try:
            encoded = self._tokenizer.apply_chat_template(
                turns, add_generation_prompt=True, tokenize=True, return_dict=True
            )
        except TemplateError as error:
            raise ModelError(
                f"The model's template can't take this conversation: {error}.",
                "Choose another model (assistant models list).",
            ) from error
        return [int(i) for i in encoded["input_ids"]]

    def _tokens_of(self, message: Message) -> int:
        text = self._renderer.render(message)
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def _start(self, prompt: list[int], sampling: Sampling, most: int) -> TransformersRun:
        self._stopped.clear()

        def generate(streamer: Any) -> None:
            import torch

            past = self._cache.taken_for(prompt)
            ids = torch.tensor([prompt], device=self._model.device)
            options = _settings(sampling, most, self._tokenizer)
            try:
                with torch.inference_mode(), _seeded(sampling.seed), quiet_transformers():
                    found: torch.Tensor = self._model.generate(
                        input_ids=ids,
                        attention_mask=torch.ones_like(ids),
                        cache=past,
                        streamer=streamer,
                        **options,
                    )
            except StoppedError:
                self._cache.keep(prompt, past)
                raise
            self._cache.keep(found[0, :-1].tolist(), past)  # the last token was not read

        return TransformersRun(generate, self._decoded, self._stopped, self._thread)

    def _decoded(self, tokens: list[int]) -> str:
        heard = [token for token in tokens if token not in self._silent]
        text: str = self._tokenizer.decode(heard, clean_up_tokenization_spaces=False)
        return text

    def _check(self, *_: object) -> None:
        """Before every pass of the model: the place where a run can end."""
        if self._stopped.is_set() or self._closing:
            raise StoppedError

    def _only_thought(self, tokens: int, most: int) -> ModelError:
        if tokens < most:
            return ModelError(
                f"{self._name} thought, and then said nothing.",
                "Ask again, or put it otherwise.",
            )
        return ModelError(
            f"{self._name} thought until its {tokens} tokens were used up, and did not get to an "
            "answer.",
            "Raise generate.max_tokens.",
        )

    def _usage(self, run: TransformersRun, prompt: int, started: float, dropped: int) -> Usage:
        seconds = time.perf_counter() - started
        return Usage(
            prompt_tokens=prompt,
            new_tokens=run.new_tokens,
            seconds=seconds,
            first_token_seconds=seconds if run.first is None else run.first - started,
            context_length=self._context_length,
            model=self._name,
            device=self._device,
            dropped_turns=dropped,
        )


def _settings(sampling: Sampling, most: int, tokenizer: Any) -> dict[str, Any]:
    pad = tokenizer.pad_token_id
    shared: dict[str, Any] = {
        "max_new_tokens": most,
        "prefill_chunk_size": PREFILL,
        "repetition_penalty": sampling.repeat_penalty,
        "pad_token_id": tokenizer.eos_token_id if pad is None else pad,
    }
    if sampling.temperature == 0:
        return {**shared, "do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {
        **shared,
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": 40,
        "min_p": 0.05,
    }


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    """Draws as the seed says, without a trace in the numbers others draw."""
    import torch

    with torch.random.fork_rng(enabled=seed is not None):
        if seed is not None:
            torch.manual_seed(seed)
        yield


def _trained_context(config: Any) -> int:
    found = getattr(config.get_text_config(decoder=True), "max_position_embeddings", None)
    return int(found or 0)


def _control_tokens(tokenizer: Any) -> tuple[str, ...]:
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    return tuple(sorted(added | set(tokenizer.all_special_tokens)))


def _silent_tokens(tokenizer: Any) -> frozenset[int]:
    """Control tokens, which are no part of an answer; but for the marks around thoughts, which
    some models have among them, and which tell what to leave out."""
    marks = {mark for pair in PAIRS for mark in pair}
    added = tokenizer.added_tokens_decoder.items()
    control = {int(i) for i, token in added if token.special and str(token) not in marks}
    named = zip(tokenizer.all_special_ids, tokenizer.all_special_tokens, strict=True)
    return frozenset(control | {int(i) for i, token in named if token not in marks})


def _described(placement: Placement) -> str:
    return "+".join(dict.fromkeys(share.device for share in placement.shares))
