"""One generation by transformers in a thread of its own: its text as it comes, stoppable."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError
from assistant.models.model_thread import ModelThread
from assistant.models.token_text import TokenText

if TYPE_CHECKING:
    import torch

POLL_SECONDS = 0.05
"""How often `cancelled` is asked while the model is silent, as when it reads a long prompt."""
COMPUTATION_ERRORS = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, MemoryError,
)  # fmt: skip
"""What a model raises that is damaged, lacks room, or was made for something else."""


class TransformersRun:
    """Runs `model.generate` and hands out its text.

    Args:
        generate: called in the thread with the streamer; returns nothing of use.
        decode: the text of some tokens.
        stopped: set to end the run at the next token or batch of the prompt.
        thread: where it runs.
        told: what to say of an error of the computation.
    """

    def __init__(
        self,
        generate: Callable[[Any], object],
        decode: Callable[[list[int]], str],
        stopped: threading.Event,
        thread: ModelThread,
        told: Callable[[Exception], ModelError] | None = None,
    ) -> None:
        self._texts: queue.SimpleQueue[tuple[str, int] | Exception | None] = queue.SimpleQueue()
        self._made = 0
        self._stopped = stopped
        self._told = told or _told
        self._text = TokenText(decode)
        self._prompt_read = False
        self.new_tokens = 0
        """Tokens of the text handed out."""
        self.first: float | None = None
        """When the first token was there, by `time.perf_counter`."""
        self._ended = thread.start(lambda: self._work(generate))

    def texts(self, cancelled: Cancelled) -> Iterator[str]:
        """Pieces of text until the answer ends or `cancelled`, asked at least every 50 ms.

        Raises:
            ModelError: the computation failed.
        """
        while not cancelled():
            try:
                piece = self._texts.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise self._told(piece) from piece
            text, self.new_tokens = piece
            if text:
                yield text

    def finish(self) -> None:
        """End the run and wait until the model is free again."""
        self._stopped.set()
        self._ended.wait()

    def put(self, tokens: torch.Tensor) -> None:
        """Called by transformers, as a streamer: with the prompt first, then with each token."""
        if not self._prompt_read:
            self._prompt_read = True
            return
        self.first = self.first or time.perf_counter()
        for token in tokens.tolist():
            self._made += 1
            self._texts.put((self._text.add(token), self._made))

    def end(self) -> None:
        """Called by transformers, as a streamer, behind the last token."""
        self.say(self._text.rest())

    def say(self, text: str) -> None:
        """Hand out a text that did not come by tokens."""
        self._texts.put((text, self._made))

    def _work(self, generate: Callable[[Any], object]) -> None:
        try:
            with suppress(StoppedError):  # somebody asked for it
                generate(self)
        except Exception as error:  # noqa: BLE001 - told in the thread that asked
            self._texts.put(error)
        finally:
            self._texts.put(None)


def _told(error: Exception) -> ModelError:
    words = str(error).splitlines()
    if isinstance(error, MemoryError) or "memory" in str(error).lower():
        return ModelError(
            "Memory ran out while the model was answering.",
            "Lower generate.context, start a new conversation, or choose a smaller model.",
        )
    return ModelError(
        f"The model failed: {words[0] if words else type(error).__name__}.", "Try again."
    )
