"""Counts what came of one answer, and whether it is one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from assistant.core.errors import ModelError
from assistant.models.servers.chunks import Chunk
from assistant.models.servers.thoughts import ThoughtFilter


@dataclass(slots=True)
class Tally:
    """What came; times are readings of `time.perf_counter`."""

    started: float
    estimated: int
    """Tokens of the prompt, before the server said."""
    most: int = 0
    """Tokens of answer that were asked for."""
    messages: int = 0
    """In the prompt."""
    first: float | None = None
    pieces: int = 0
    prompt_tokens: int = 0
    new_tokens: int = 0
    finish: str = ""
    characters: int = 0
    """All there were."""
    shown: bool = False
    """Whether any of it was answer."""
    thoughts: ThoughtFilter = field(default_factory=ThoughtFilter)

    def take(self, chunk: Chunk) -> str:
        """The text in a chunk that is answer."""
        if chunk.usage is not None:
            self.prompt_tokens = chunk.usage.prompt_tokens or self.prompt_tokens
            self.new_tokens = chunk.usage.completion_tokens or self.new_tokens
        shown = ""
        for choice in (chunk.choices or [])[:1]:
            self.finish = choice.finish_reason or self.finish
            delta = choice.delta or choice.message
            if delta is None:
                continue
            if delta.text or delta.reasoning or delta.reasoning_content:
                self.pieces += 1
                self.first = self.first or time.perf_counter()
            self.characters += len(delta.text)
            shown += self.thoughts.feed(delta.text)
        self.shown = self.shown or bool(shown)
        return shown

    def check_answered(self, name: str, device: str) -> None:
        """A model that only thought, or was silenced, has not answered; nor has a server that
        sent neither a word nor an end.

        Raises:
            ModelError: that is so.
        """
        if self.finish == "content_filter":
            raise ModelError(
                f"{device} withheld the answer: its filter did not let it pass.",
                "Put the question otherwise, or choose another model.",
            )
        if self.finish == "length" and not self.shown:
            raise ModelError(
                f"{name} thought until its {self.new_tokens or self.pieces} tokens were "
                "used up, and did not get to an answer.",
                "Raise generate.max_tokens.",
            )
        if self.pieces and not self.shown:
            raise ModelError(
                f"{name} thought, and then said nothing.", "Ask again, or put it otherwise."
            )
        if not self.pieces and not self.finish:
            raise ModelError(
                f"{device} sent an answer with nothing in it.",
                "See whether its address in config.toml is right, and the server's log.",
            )
