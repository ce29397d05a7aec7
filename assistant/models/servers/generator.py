"""Generates text with a server's model: any OpenAI-compatible endpoint."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Any

from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling, TokenStream
from assistant.core.skills import Cancelled
from assistant.models.history import fit_history
from assistant.models.prompt import PromptRenderer
from assistant.models.servers.client import ServerClient
from assistant.models.servers.dialect import Dialect
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.estimate import TokenEstimate
from assistant.models.servers.facts import context_of, read_models
from assistant.models.servers.failures import explain_endless
from assistant.models.servers.refusals import RefusedError
from assistant.models.servers.tally import Tally
from assistant.models.stop_texts import StopTexts

FALLBACK_CONTEXT = 4096
"""For a server that doesn't say; Ollama, which cuts longer prompts silently, takes as many."""
MESSAGE_TOKENS = 8
"""A chat template's marks around a message."""
TEMPLATE_TOKENS = 48
"""What a template may add of its own."""
ATTEMPTS = 6
"""To fit a prompt into a length that is told in refusals only, and to leave out fields."""
MOST_CHARACTERS_A_TOKEN = 64
"""An answer of more for each token it may have is no answer."""
SHOWN_MODELS = 8
CONTROL_TOKENS = (
    "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|endoftext|>", "<|eot_id|>", "<|begin_of_text|>",
    "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|python_tag|>",
    "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>", "<s>", "</s>", "[INST]", "[/INST]",
    "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>",
    "<|start|>", "<|channel|>", "<|message|>", "<|return|>", "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<|endofprompt|>", "<|fim_prefix|>",
    "<|fim_middle|>", "<|fim_suffix|>",
)  # fmt: skip
"""Marks of the usual templates (Qwen, Llama, Gemma, Mistral, Phi, gpt-oss, DeepSeek): servers
read them in what people write, and only the server knows which its model has."""


class ServerGenerator:
    """A `Generator` over `POST /chat/completions`.

    Nothing is connected before the first question. Tokens of a prompt are estimated, by what
    the server counted before; where it refuses a prompt as too long, older turns leave and it is
    asked again. What a model thinks before it answers is not part of the answer.

    Args:
        endpoint: the server.
        name: the model's name in the catalogue.
        context: tokens of prompt and answer together; 0 = what the server says.
        grounded: whether the catalogue trusts it to write from quotes.
    """

    def __init__(self, endpoint: Endpoint, *, name: str, context: int, grounded: bool) -> None:
        self._client = ServerClient(endpoint, name)
        self._model = endpoint.source.model
        self._name = name
        self._grounded = grounded
        self._device = endpoint.source.host
        self._context = context
        self._renderer = PromptRenderer(CONTROL_TOKENS)
        self._dialect = Dialect()
        self._estimate = TokenEstimate()

    @property
    def name(self) -> str:
        return self._name

    @property
    def device(self) -> str:
        """Host and port of the server."""
        return self._device

    @property
    def context_length(self) -> int:
        """Tokens of prompt and answer together; the server is asked once."""
        return self._known_context(lambda: False)

    @property
    def grounded(self) -> bool:
        return self._grounded

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, cancelled: Cancelled
    ) -> TokenStream:
        """Answer the conversation; the oldest turns leave first when it is too long.

        Cancelling, or closing the stream early, shuts the connection at once.

        Raises:
            UsageError: there is no message, or the last alone doesn't fit the context.
            ModelError: the server can't be reached, refused or failed (`ServerClient.stream`).
        """
        if not messages:
            raise UsageError("There is no message to answer.", "Write one.")
        started = time.perf_counter()
        if cancelled():
            return self._usage(Tally(started, 0), 0)
        context = self._known_context(cancelled)
        for _ in range(ATTEMPTS):
            kept, dropped, estimated = self._fitted(messages, sampling, context)
            most = max(1, min(sampling.max_tokens, context - estimated))
            body = self._dialect.chat(self._model, self._renderer.chat(kept), sampling, most)
            tally = Tally(started, estimated, most, len(kept))
            try:
                yield from self._answer(body, sampling, tally, cancelled)
            except RefusedError as error:
                if tally.pieces:
                    raise
                context = self._adapted(error, body, tally, context, cancelled)
            else:
                self._learn(tally, tally.prompt_tokens)
                return self._usage(tally, dropped)
        raise UsageError(
            "The conversation doesn't fit the model's context.",
            f"Start a new one, or set models.{self._name}.context to what the server takes.",
        )

    def close(self) -> None:
        """End what runs and shut the connections; may be called twice."""
        self._client.close()

    def _known_context(self, cancelled: Cancelled) -> int:
        if self._context:
            return self._context
        found = context_of(self._client, cancelled)
        if found is not None and not cancelled():
            self._context = found or FALLBACK_CONTEXT
        return found or FALLBACK_CONTEXT

    def _fitted(
        self, messages: Sequence[Message], sampling: Sampling, context: int
    ) -> tuple[tuple[Message, ...], int, int]:
        """What fits, how many turns left, and the tokens of the rest."""
        reserve = min(sampling.max_tokens, context // 4)
        remedy = (
            "Shorten it, add the file to the index and ask about it, or let the server run with "
            "a longer context."
        )
        budget = context - reserve - TEMPLATE_TOKENS
        kept, dropped = fit_history(messages, budget, self._cost, remedy)
        return kept, dropped, sum(map(self._cost, kept)) + TEMPLATE_TOKENS

    def _learn(self, tally: Tally, counted: int) -> None:
        around = tally.messages * MESSAGE_TOKENS
        self._estimate.learn(tally.estimated - around - TEMPLATE_TOKENS, counted - around)

    def _cost(self, message: Message) -> int:
        return self._estimate.count(self._renderer.render(message)) + MESSAGE_TOKENS

    def _answer(
        self, body: dict[str, Any], sampling: Sampling, tally: Tally, cancelled: Cancelled
    ) -> Generator[str, None, None]:
        stops = StopTexts(sampling.stop)  # not all servers heed them
        chunks = self._client.stream("/chat/completions", body, cancelled)
        try:
            for chunk in chunks:
                if shown := stops.feed(tally.take(chunk)):
                    yield shown
                if stops.found:
                    return
                if tally.characters > max(sampling.max_tokens, 64) * MOST_CHARACTERS_A_TOKEN:
                    raise explain_endless(self._client.endpoint.source)
        finally:
            chunks.close()  # now, not when it is collected: the server stops then
        if rest := stops.feed(tally.thoughts.rest()) + stops.rest():
            yield rest
        elif not cancelled():
            tally.check_answered(self._name, self._device)

    def _adapted(
        self,
        error: RefusedError,
        body: dict[str, Any],
        tally: Tally,
        context: int,
        cancelled: Cancelled,
    ) -> int:
        """The context to try with after a refusal.

        Raises:
            ModelError: another try would be refused as well.
        """
        refusal = error.refusal
        if refusal.is_too_long:
            self._learn(tally, refusal.prompt_tokens)
            if refusal.context and refusal.context < context:
                self._context = refusal.context
                return refusal.context
            if refusal.prompt_tokens > tally.estimated:
                return context  # estimated better now
            self._context = min(context, tally.estimated + tally.most) * 2 // 3
            return self._context
        if self._dialect.learns_from(refusal, body):
            return context
        if refusal.is_about_model:
            raise self._no_such_model(error, cancelled) from error
        raise error

    def _no_such_model(self, error: RefusedError, cancelled: Cancelled) -> ModelError:
        try:
            listed = read_models(self._client.ask("/models", None, cancelled))  # it just answered
            models = [model.name for model in listed]
        except AssistantError:
            models = []
        if not models or self._model in models:
            return error
        shown = ", ".join(models[:SHOWN_MODELS])
        more = f" and {len(models) - SHOWN_MODELS} more" if len(models) > SHOWN_MODELS else ""
        return ModelError(
            f"{self._device} has no model “{self._model}”.",
            f"It has: {shown}{more}. Put one of them behind the # of models.{self._name}.source.",
        )

    def _usage(self, tally: Tally, dropped: int) -> Usage:
        seconds = time.perf_counter() - tally.started
        return Usage(
            prompt_tokens=tally.prompt_tokens or tally.estimated,
            new_tokens=tally.new_tokens or tally.pieces,
            seconds=seconds,
            first_token_seconds=seconds if tally.first is None else tally.first - tally.started,
            context_length=self._context or FALLBACK_CONTEXT,
            model=self._name,
            device=self._device,
            dropped_turns=dropped,
        )
