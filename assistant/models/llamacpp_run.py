"""One generation by a llama.cpp server: its chunks as they come, stoppable at any time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled
from assistant.models.llamacpp_server import ChatServer, Reply

POLL_SECONDS = 0.05
"""How often `cancelled` is asked while the model is silent, as when it reads a long prompt."""


class ServerRun:
    """Generates in a thread of its own, as the server's call blocks until the answer ends.

    Args:
        body: the request, in the terms of the OpenAI interface.
    """

    def __init__(self, server: ChatServer, body: dict[str, Any]) -> None:
        # Not bounded: a reader that stalls leaves at most a context of chunks, some MB.
        self._chunks: queue.SimpleQueue[Reply | RuntimeError | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(server, body), name="llama.cpp", daemon=True
        )
        self._thread.start()

    def chunks(self, cancelled: Cancelled) -> Iterator[Reply]:
        """Chunks until the answer ends or `cancelled` says so, which is asked at least every
        50 ms. The computation itself ends with the batch or token in work.

        Raises:
            ModelError: the server failed.
        """
        while not cancelled():
            try:
                chunk = self._chunks.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if chunk is None:
                return
            if isinstance(chunk, RuntimeError):
                raise ModelError(f"llama.cpp failed: {chunk}.", "Try again.") from chunk
            yield chunk

    def stop(self) -> None:
        """Let the computation end as soon as it can; does not wait for it."""
        self._stopped.set()

    def join(self) -> None:
        """Wait until nothing of it runs any more."""
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether the server may still be computing for it."""
        return self._thread.is_alive()

    def _work(self, server: ChatServer, body: dict[str, Any]) -> None:
        try:
            server.handle_chat_completions(body, self._take)
        except RuntimeError as error:
            self._chunks.put(error)
        finally:
            self._chunks.put(None)

    def _take(self, chunk: dict[str, Any]) -> bool:
        self._chunks.put(chunk)
        return self._stopped.is_set()
