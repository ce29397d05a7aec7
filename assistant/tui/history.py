"""Prompt history: what was sent before, walked with the arrow keys."""

from __future__ import annotations

from collections.abc import Iterable

MAX_ENTRIES = 500


class PromptHistory:
    """Entries oldest first, a position in them, and the draft one comes back to."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._entries: list[str] = []
        self._position = 0
        self._draft = ""
        self.extend(entries)

    def extend(self, entries: Iterable[str]) -> None:
        """Add entries (oldest first) and go to the end."""
        for entry in entries:
            if entry and (not self._entries or self._entries[-1] != entry):
                self._entries.append(entry)
        del self._entries[:-MAX_ENTRIES]
        self._position = len(self._entries)

    def add(self, entry: str) -> None:
        """Add what was just sent."""
        self.extend([entry])

    def older(self, current: str) -> str | None:
        """The entry before the position, or None at the oldest; keeps `current` as the draft."""
        if self._position == 0:
            return None
        if self._position == len(self._entries):
            self._draft = current
        self._position -= 1
        return self._entries[self._position]

    def newer(self) -> str | None:
        """The entry after the position, at the end the draft, or None beyond it."""
        if self._position == len(self._entries):
            return None
        self._position += 1
        at_end = self._position == len(self._entries)
        return self._draft if at_end else self._entries[self._position]
