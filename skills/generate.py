"""Chat and writing with the language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from assistant.core.events import Event, Measured, Notice, TextDelta
from assistant.core.messages import Message
from assistant.core.protocols import Generator, Sampling
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import sanitize
from assistant.language.names import language_name
from skills.registry import Services
from skills.repetition import Repetition

CARD = SkillCard(
    name="generate",
    summary="chat, write, explain, brainstorm",
    accepts=frozenset({"text"}),
    produces=frozenset({"text"}),
    examples={
        "en": ("hello", "write a short poem about the sea", "explain recursion to a child"),
        "zh": ("你好", "写一首关于大海的短诗", "给孩子解释什么是递归"),
        "es": ("hola", "escribe un poema corto sobre el mar"),
        "pt": ("olá", "escreva um poema curto sobre o mar"),
        "de": ("hallo", "schreib ein kurzes Gedicht über das Meer"),
        "fr": ("bonjour", "écris un court poème sur la mer"),
    },
)


BetterModels = Callable[[str], tuple[str, tuple[str, ...]]]
"""Text → the name of its language, and models that speak it where the one in use does not."""

_COLOPHON = re.compile(r"\n\n\*[^*\n]{1,200}\*\s*$")


class GenerateSkill:
    """Answers the conversation with a language model, streaming."""

    def __init__(
        self,
        generator: Callable[[], Generator],
        system: str,
        sampling: Sampling,
        better: BetterModels = lambda _text: ("", ()),
    ) -> None:
        self._generator = generator
        self._system = system
        self._sampling = sampling
        self._better = better

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        message = Message("user", request.subject, request.message.attachments)
        conversation = [*map(_as_said, request.history), message]
        if self._system:
            conversation.insert(0, Message("system", self._system))
        usage, repetition, circles = None, Repetition(request.subject), False
        stream = self._generator().stream(
            conversation, self._sampling, lambda: circles or request.cancelled()
        )
        while True:
            try:
                piece = next(stream)
            except StopIteration as stop:
                usage = stop.value
                break
            yield TextDelta(sanitize(piece))
            circles = circles or repetition.heard(piece)
        if circles:
            yield Notice(
                "The model began to repeat itself and was stopped.",
                "Ask again in other words, or choose a larger model: F4.",
            )
        if usage.dropped_turns:
            yield Notice(
                f"The {usage.dropped_turns} oldest messages no longer fit the model's memory "
                f"of {usage.context_length} tokens and were left out.",
                "A new conversation starts with an empty memory.",
            )
        if usage.remark and not request.history:
            yield Notice(usage.remark, "If it answers oddly, choose another model: F4.")
        if not request.history:
            yield from self._about_language(request.subject, usage.model)
        yield Measured(usage)

    def _about_language(self, text: str, model: str) -> Iterator[Event]:
        """Say once a conversation that the model was not trained on its language."""
        language, models = self._better(text)
        if models:
            yield Notice(
                f"{model} was not trained on {language}; take its answer with care.",
                f"A model that was: assistant models pull {models[0]}, then "
                f"assistant config set generate.model {models[0]}",
            )


def _as_said(message: Message) -> Message:
    """An answer before without its last line where that tells which model gave it: a small
    language model takes it for a way to end an answer, and names models that had no part in it."""
    if message.role != "assistant":
        return message
    return msgspec.structs.replace(message, text=_COLOPHON.sub("", message.text))


def make(services: Services) -> GenerateSkill:
    """The skill from the program's services."""
    settings = services.settings.generate
    sampling = Sampling(
        temperature=settings.temperature,
        top_p=settings.top_p,
        max_tokens=settings.max_tokens,
        repeat_penalty=settings.repeat_penalty,
    )

    def better(text: str) -> tuple[str, tuple[str, ...]]:
        language = services.detect_language(text)
        return language_name(language, "en"), services.other_generators(language)

    return GenerateSkill(services.generator, settings.system, sampling, better)
