"""Keeps what a model thinks before it answers out of the answer."""

from __future__ import annotations

PAIRS = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("[THINK]", "[/THINK]"))
"""Marks that open and close thoughts at the start of an answer (Qwen, DeepSeek, Magistral)."""


class ThoughtFilter:
    """Passes an answer on without thoughts at its beginning, wherever pieces divide the marks.

    Servers that know the model send thoughts apart; this is for those that don't.

    Args:
        prompt: the end of what was asked; some templates open the thoughts there.
    """

    def __init__(self, prompt: str = "") -> None:
        self._held = ""
        opened = (closing for opening, closing in PAIRS if prompt.rstrip().endswith(opening))
        self._closing = next(opened, "")
        self._thought = False
        self._begun = False
        """Whether the answer itself has begun: from then on everything is shown."""

    def feed(self, piece: str) -> str:
        """The text that can be shown now."""
        if self._begun:
            return piece
        self._held += piece
        if self._closing:
            return self._after_thoughts()
        start = self._held.lstrip()
        for opening, closing in PAIRS:
            if start.startswith(opening):
                self._closing, self._held = closing, start[len(opening) :]
                return self._after_thoughts()
        if any(opening.startswith(start) for opening, _ in PAIRS):
            return ""  # may still become a mark
        return self._all()

    @property
    def unfinished(self) -> bool:
        """Whether there was nothing but thoughts so far, and no end of them."""
        return bool(self._closing)

    def rest(self) -> str:
        """What was held back, once nothing follows; thoughts without an end are dropped."""
        return "" if self._closing else self._all()

    def _after_thoughts(self) -> str:
        _, found, after = self._held.partition(self._closing)
        if not found:
            self._held = self._held[-len(self._closing) :]  # enough to recognise the mark
            return ""
        self._closing, self._held, self._thought = "", after, True
        return self.feed("")

    def _all(self) -> str:
        text, self._held = self._held, ""
        if self._thought:
            text = text.lstrip()  # the space between belongs to neither
        self._begun = bool(text.strip())
        return text
