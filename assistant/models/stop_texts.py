"""Ends a streamed answer before the first of some texts, wherever pieces divide it."""

from __future__ import annotations

from collections.abc import Sequence


class StopTexts:
    """Passes text on, holding back what may be the beginning of a stop text."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.found = False

    def feed(self, piece: str) -> str:
        """The text that can be shown now; nothing any more once a stop text was `found`."""
        if self.found:
            return ""
        text = self._held + piece
        at = min((i for s in self._stops if (i := text.find(s)) >= 0), default=-1)
        if at >= 0:
            self.found, self._held = True, ""
            return text[:at]
        kept = self._may_begin(text)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def rest(self) -> str:
        """What was held back, once nothing follows."""
        text, self._held = self._held, ""
        return "" if self.found else text

    def _may_begin(self, text: str) -> int:
        """Length of the longest end of the text that is the beginning of a stop text."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for size in range(min(longest, len(text)), 0, -1):
            if any(stop.startswith(text[-size:]) for stop in self._stops):
                return size
        return 0
