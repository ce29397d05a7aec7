"""Counts tokens with a llama.cpp server, which has no call for it."""

from __future__ import annotations

from collections import OrderedDict

from assistant.core.errors import ModelError
from assistant.models.llamacpp_server import ChatServer

REMEMBERED = 512
"""Texts whose counts are kept: a long conversation is counted anew at each of its turns."""
ROUNDING = 256
"""The server rounds its context up to a multiple of it."""
HOPELESS_CHARACTERS_A_TOKEN = 32
"""A text with more of them for each token of the context can't fit and isn't tokenized."""


class TokenCounter:
    """Counts by asking for what can't be done.

    A prompt of the text followed by as many token ids as the context holds is always too
    long, and the refusal names its length: exact, and about 1 ms, as nothing is computed.

    Args:
        context: tokens asked for when the server was started; it may have rounded them up.

    Raises:
        ModelError: the server doesn't refuse as expected.
    """

    def __init__(self, server: ChatServer, context: int) -> None:
        self._server = server
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._padding = [0] * (context + ROUNDING)
        self.context_length = self._refusal("")[1]
        """Tokens of the context as the server has it."""

    def count(self, text: str) -> int:
        """Tokens of the text, marks of the chat template not included."""
        if len(text) > self.context_length * HOPELESS_CHARACTERS_A_TOKEN:
            return len(text) // 4
        found = self._counts.pop(text, None)
        if found is None:
            found = self._refusal(text)[0] - len(self._padding)
        self._counts[text] = found  # now the newest
        while len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return found

    def _refusal(self, text: str) -> tuple[int, int]:
        """Tokens of the padded prompt, and of the context."""
        reply = self._server.handle_completions({"prompt": [text, *self._padding], "n_predict": 0})
        error = reply.get("error", {})
        prompt, context = error.get("n_prompt_tokens"), error.get("n_ctx")
        if not isinstance(prompt, int) or not isinstance(context, int):
            raise ModelError(
                "This version of llama.cpp can't count tokens.",
                "Install the version of xllamacpp the assistant asks for.",
            )
        return prompt, context
