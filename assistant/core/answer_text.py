"""The text of an answer, gathered from its events."""

from __future__ import annotations

from assistant.core.events import Event, StepStarted, TextDelta


class AnswerText:
    """Takes events as they come; of a chain it keeps what the last step to speak has said."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._fresh = False

    def take(self, event: Event) -> None:
        """Add the text of an event, if it has some; a new step begins with its first words."""
        if isinstance(event, StepStarted):
            self._fresh = True
        elif isinstance(event, TextDelta):
            if self._fresh:
                self._pieces.clear()
                self._fresh = False
            self._pieces.append(event.text)

    def __str__(self) -> str:
        return "".join(self._pieces)
