"""One generation by transformers in a thread of its own: its text as it comes, stoppable."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled

POLL_SECONDS = 0.05
"""How often `cancelled` is asked while the model is silent, as when it reads a long prompt."""
COMPUTATION_ERRORS = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, MemoryError,
)  # fmt: skip
"""What a model raises that is damaged, lacks room, or was made for something else."""


class StoppedError(Exception):
    """Raised inside the model's forward pass to end it."""


class TransformersRun:
    """Runs `model.generate` and hands out its text.

    Args:
        generate: called in the thread with the streamer; returns nothing of use.
        tokenizer: decodes; words are held back until they are whole, for the marks of a word's
            end may change how its beginning is written.
        stopped: set to end the run at the next token or batch of the prompt.
        told: what to say of an error of the computation.
    """

    def __init__(
        self,
        generate: Callable[[Any], object],
        tokenizer: Any,
        stopped: threading.Event,
        told: Callable[[Exception], ModelError] | None = None,
    ) -> None:
        self._texts: queue.SimpleQueue[tuple[str, int] | Exception | None] = queue.SimpleQueue()
        self._made = 0
        self._stopped = stopped
        self._told = told or _told
        self._streamer = _streamer(tokenizer, self)
        self.new_tokens = 0
        """Tokens of the text handed out."""
        self.first: float | None = None
        """When the first token was there, by `time.perf_counter`."""
        self._thread = threading.Thread(
            target=self._work, args=(generate,), name="transformers", daemon=True
        )
        self._thread.start()

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
        self._thread.join()

    def count(self, tokens: int) -> None:
        """Called by the streamer for the tokens that are new."""
        self.first = self.first or time.perf_counter()
        self._made += tokens

    def put(self, text: str) -> None:
        """Called by the streamer for text that is final."""
        self._texts.put((text, self._made))

    def _work(self, generate: Callable[[Any], object]) -> None:
        try:
            generate(self._streamer)
        except StoppedError:
            pass  # somebody asked for it
        except COMPUTATION_ERRORS as error:
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


def _streamer(tokenizer: Any, run: TransformersRun) -> Any:
    from transformers import TextStreamer

    class Streamer(TextStreamer):
        """Hands final text and counts to the run."""

        def put(self, value: Any) -> None:
            if not self.next_tokens_are_prompt:
                run.count(int(value.numel()))
            super().put(value)  # type: ignore[no-untyped-call]

        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:  # noqa: ARG002
            run.put(text)

    return Streamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
