"""Fields of a request that servers differ in: what one refuses is left out from then on."""

from __future__ import annotations

import re
from typing import Any

from assistant.core.protocols import Sampling
from assistant.models.servers.refusals import Refusal

OPTIONAL = (
    "repeat_penalty", "repetition_penalty", "stream_options", "seed", "stop", "top_p",
    "temperature", "max_tokens", "encoding_format",
)  # fmt: skip
"""What an answer can do without; `max_tokens` is tried under its newer name first."""
_RENAMED = {"max_tokens": "max_completion_tokens"}


class Dialect:
    """Builds requests; remembers what this server doesn't take."""

    def __init__(self) -> None:
        self._renamed: dict[str, str] = {}
        self._left_out: set[str] = set()

    def chat(
        self, model: str, turns: list[dict[str, str]], sampling: Sampling, most: int
    ) -> dict[str, Any]:
        """The body of a streamed chat; `most` tokens of answer."""
        body: dict[str, Any] = {
            "model": model,
            "messages": turns,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": most,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
        }
        if sampling.repeat_penalty != 1:
            body["repeat_penalty"] = sampling.repeat_penalty  # llama.cpp, LM Studio
            body["repetition_penalty"] = sampling.repeat_penalty  # vLLM, SGLang
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        return self.spoken(body)

    def spoken(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body as this server takes it."""
        return {
            self._renamed.get(key, key): value
            for key, value in body.items()
            if key not in self._left_out
        }

    def learns_from(self, refusal: Refusal, body: dict[str, Any]) -> bool:
        """Whether a refusal is about fields that can be left out; they will be."""
        if refusal.status not in {400, 422}:
            return False
        words = f"{refusal.message} {refusal.param}"
        sent = [key for key in OPTIONAL if self._renamed.get(key, key) in body]
        blamed = [key for key in sent if _names(words, self._renamed.get(key, key))]
        if not blamed and "stream options" in words:
            blamed = [key for key in sent if key == "stream_options"]
        for key in blamed:
            newer = _RENAMED.get(key)
            if newer and key not in self._renamed:
                self._renamed[key] = newer
            else:
                self._left_out.add(key)
        return bool(blamed)


def _names(words: str, key: str) -> bool:
    return re.search(rf"(?<![a-z_]){re.escape(key)}(?![a-z_])", words) is not None
