"""What the chunks of a llama.cpp reply say: text, progress, costs, errors."""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.core.errors import ModelError
from assistant.models.llamacpp_server import Reply


@dataclass(slots=True)
class ReplyTally:
    """Sums up a reply while it comes; times are readings of `time.perf_counter`."""

    started: float
    first: float | None = None
    """When the first text came."""
    prompt_tokens: int = 0
    new_tokens: int = 0
    """By the server's count at the end; until then the pieces of text, about one a token."""
    excess: int = 0
    """Tokens the prompt was too long by; nothing was generated then."""

    def add(self, chunk: Reply) -> str:
        """The text in a chunk, "" where it holds none.

        Raises:
            ModelError: the chunk is an error other than a prompt too long for the context.
        """
        if "error" in chunk:
            self._refused(chunk["error"])
            return ""
        if progress := chunk.get("prompt_progress"):
            self.prompt_tokens = progress["total"]
        if usage := chunk.get("usage"):
            self.prompt_tokens = usage["prompt_tokens"]
            self.new_tokens = usage["completion_tokens"]
        text = "".join(choice["delta"].get("content") or "" for choice in chunk.get("choices", ()))
        if text:
            self.new_tokens += 1
            self.first = self.first or time.perf_counter()
        return text

    def _refused(self, error: Reply) -> None:
        if error.get("type") == "exceed_context_size_error":
            self.excess = max(1, int(error["n_prompt_tokens"]) - int(error["n_ctx"]))
            return
        raise ModelError(
            f"llama.cpp refused the conversation: {error.get('message', 'no reason given')}",
            "If it speaks of a template, the model can't take this kind of conversation: "
            "choose another one (assistant models list).",
        )
