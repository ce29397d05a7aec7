"""Stand-ins for models and skills: deterministic, instant, with the real interfaces."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.core.events import Event, TextDelta, Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling, TokenStream, Vectors
from assistant.core.skills import Cancelled, Kind, Route, SkillCard, SkillRequest


def usage(new_tokens: int = 3) -> Usage:
    """A plausible `Usage`."""
    return Usage(
        prompt_tokens=10,
        new_tokens=new_tokens,
        seconds=0.5,
        first_token_seconds=0.1,
        context_length=4096,
        model="fake",
        device="cpu",
    )


@dataclass
class FakeGenerator:
    """Says the given pieces, and keeps what it was asked."""

    pieces: Sequence[str] = ("Hello", ", ", "world")
    asked: list[tuple[Message, ...]] = field(default_factory=list)
    name: str = "fake"
    device: str = "cpu"
    context_length: int = 4096
    grounded: bool = False
    dropped_turns: int = 0

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, cancelled: Cancelled
    ) -> TokenStream:
        self.asked.append(tuple(messages))
        said = 0
        for piece in self.pieces:
            if cancelled():
                break
            said += 1
            yield piece
        return Usage(10, said, 0.5, 0.1, 4096, self.name, "cpu", self.dropped_turns)

    def close(self) -> None:
        """Nothing to free."""


@dataclass
class HashingEmbedder:
    """Bags of words (and Chinese characters) hashed into unit vectors."""

    name: str = "hashing"
    dimension: int = 64
    max_tokens: int = 512
    calls: int = 0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return np.stack([self._vector(t) for t in texts]) if texts else self._empty()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_documents(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_words(t)) + 2 for t in texts]

    def _empty(self) -> Vectors:
        return np.zeros((0, self.dimension), dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in _words(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


def _words(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]|\w+", text.lower())


@dataclass
class FakeSkill:
    """Yields the given events, then raises `error` if there is one."""

    name: str = "generate"
    events: Sequence[Event] = (TextDelta("fine"),)
    error: Exception | None = None
    requests: list[SkillRequest] = field(default_factory=list)
    accepts: frozenset[Kind] = frozenset({"text"})
    heeds_filters: bool = False

    @property
    def card(self) -> SkillCard:
        produces: frozenset[Kind] = frozenset({"text"})
        return SkillCard(
            self.name, "a fake", self.accepts, produces, heeds_filters=self.heeds_filters
        )

    def run(self, request: SkillRequest) -> Iterator[Event]:
        self.requests.append(request)
        yield from self.events
        if self.error is not None:
            raise self.error


@dataclass
class FixedRouter:
    """Routes everything to one skill, unless the person chose."""

    decision: Route = field(default_factory=lambda: Route("generate", 0.9, 0.8, "it says so"))
    examples: tuple[int, ...] = ()
    """Told as the progress of getting ready."""
    filtered: list[bool] = field(default_factory=list)

    def route(
        self,
        message: Message,
        history: tuple[Message, ...],
        skill: str | None = None,
        collection: str | None = None,
        filtered: bool = False,
    ) -> Route:
        self.filtered.append(filtered)
        return self.decision if skill is None else Route(skill, 1.0, 1.0, "you chose it")

    def prepare(self, progress: Callable[[int, int], None]) -> None:
        for done in self.examples:
            progress(done, max(self.examples))
