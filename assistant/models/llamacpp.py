"""Generates text with llama.cpp: GGUF language models on the processor or a GPU."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelError, UsageError
from assistant.core.events import Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling, TokenStream
from assistant.core.skills import Cancelled
from assistant.models.gguf import read_model_card
from assistant.models.history import Fitting
from assistant.models.llamacpp_reply import ReplyTally
from assistant.models.llamacpp_run import ServerRun
from assistant.models.llamacpp_server import ChatServer, ServerOptions
from assistant.models.llamacpp_start import start_chat
from assistant.models.llamacpp_tokens import TokenCounter
from assistant.models.prompt import PromptRenderer

FALLBACK_CONTEXT = 4096
"""For a file that doesn't say what its model was trained for."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The model in memory, and what counts with its vocabulary."""

    server: ChatServer
    tokens: TokenCounter


class LlamaCppGenerator:
    """A `Generator` over a folder with `model.gguf`.

    One answer is made at a time; others asked for meanwhile wait for it. What the model read
    for the last answer is kept, so a conversation's next turn costs only what is new in it.

    Args:
        folder: where the file is.
        name: the model's name in the catalogue.
        context: tokens of prompt and answer together; 0 = all the model was trained for.
        threads: CPU threads; 0 = one a physical core.
        grounded: whether the catalogue trusts it to write from quotes.
        gpu_layers: layers put on GPUs; 0 = none, `gpu_layers.ALL_LAYERS` = all.
        device: where they are, for the status line.

    Raises:
        ModelError: the file is missing, damaged or refused by llama.cpp.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        context: int,
        threads: int,
        grounded: bool,
        gpu_layers: int = 0,
        device: str = "cpu",
    ) -> None:
        path = folder / "model.gguf"
        card = read_model_card(path, name)
        trained = card.context_length or context or FALLBACK_CONTEXT
        wanted = min(context, trained) if context > 0 else trained
        server, self._remark = start_chat(
            ServerOptions(path, wanted, threads, gpu_layers), card, name
        )
        self._name = name
        self._grounded = grounded
        self._device = device
        self._renderer = PromptRenderer(card.control_tokens)
        tokens = TokenCounter(server, wanted)
        self._context_length = tokens.context_length
        self._loaded: _Loaded | None = _Loaded(server, tokens)
        self._runs: list[ServerRun] = []

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
        """Answer the conversation; the oldest turns leave first when it is too long.

        Top-k 40 and min-p 0.05, llama.cpp's defaults, apply beside the sampling asked for.
        Closing the stream early stops the generation.

        Raises:
            UsageError: there is no message, or the last alone doesn't fit the context.
            ModelError: llama.cpp failed, or the generator is closed.
        """
        if not messages:
            raise UsageError("There is no message to answer.", "Write one.")
        started = time.perf_counter()
        fitting = Fitting(messages, self._context_length, sampling.max_tokens, self._tokens_of)
        while True:
            kept, dropped = fitting.attempt()
            tally = ReplyTally(started)
            yield from self._answer(_request(self._renderer.chat(kept), sampling), tally, cancelled)
            if not tally.excess:
                return self._usage(tally, dropped)
            fitting.was_too_long(tally.excess)

    def close(self) -> None:
        """Stop what runs and free the model's memory; may be called twice."""
        for run in self._runs:
            run.stop()
        for run in self._runs:
            run.join()
        self._runs.clear()
        self._loaded = None  # the memory goes with the last reference to the server

    def _tokens_of(self, message: Message) -> int:
        return self._open().tokens.count(self._renderer.render(message))

    def _open(self) -> _Loaded:
        if self._loaded is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        return self._loaded

    def _answer(
        self, body: dict[str, Any], tally: ReplyTally, cancelled: Cancelled
    ) -> Generator[str, None, None]:
        run = ServerRun(self._open().server, body)
        self._runs = [*(run for run in self._runs if run.is_alive), run]
        try:
            for chunk in run.chunks(cancelled):
                text = tally.add(chunk)
                if text:
                    yield text
        finally:
            run.stop()

    def _usage(self, tally: ReplyTally, dropped: int) -> Usage:
        seconds = time.perf_counter() - tally.started
        return Usage(
            prompt_tokens=tally.prompt_tokens,
            new_tokens=tally.new_tokens,
            seconds=seconds,
            first_token_seconds=seconds if tally.first is None else tally.first - tally.started,
            context_length=self._context_length,
            model=self._name,
            device=self._device,
            dropped_turns=dropped,
            remark=self._remark,
        )


def _request(turns: list[dict[str, str]], sampling: Sampling) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": turns,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,  # a chunk after each batch of the prompt: a chance to stop
        "cache_prompt": True,
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "repeat_penalty": sampling.repeat_penalty,
    }
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    return body
