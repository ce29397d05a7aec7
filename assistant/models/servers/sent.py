"""Remembers to which other machines text was sent, until somebody tells the person."""

from __future__ import annotations

import threading

from assistant.core.events import SentTo


class SentLog:
    """Filled by the clients of servers, emptied by the turn; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[SentTo, None] = {}

    def add(self, place: SentTo) -> None:
        """Text is about to be sent there."""
        with self._lock:
            self._places[place] = None

    def take(self) -> tuple[SentTo, ...]:
        """The places since the last call, each once."""
        with self._lock:
            places, self._places = tuple(self._places), {}
        return places
