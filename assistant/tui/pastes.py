"""Keeps a paste in one piece, whatever is in it.

Textual's parser takes escape sequences inside a paste for keys, and what follows them as well:
a pasted line break then sends the message, a pasted ^Q quits. Most terminals take such bytes out
of a paste, tmux among others does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message


class PasteParser(XTermParser):
    """Takes everything between the marks of a paste as text."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted: str | None = None

    def feed(self, data: str) -> Iterable[Message]:
        if not data:  # the end of the input
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                keys, start, data = data.partition(BRACKETED_PASTE_START)
                if keys:
                    yield from super().feed(keys)
                self._pasted = "" if start else None
                continue
            overlap = max(0, len(self._pasted) - len(BRACKETED_PASTE_END))
            self._pasted += data
            end = self._pasted.find(BRACKETED_PASTE_END, overlap)
            if end < 0:
                return
            text, data = self._pasted[:end], self._pasted[end + len(BRACKETED_PASTE_END) :]
            self._pasted = None
            yield events.Paste(text.replace("\x00", ""))


def install() -> None:
    """Use it for the terminal of this process."""
    if sys.platform == "win32":
        from textual.drivers import win32

        win32.XTermParser = PasteParser  # type: ignore[attr-defined,misc]
    else:
        from textual.drivers import linux_driver

        linux_driver.XTermParser = PasteParser  # type: ignore[attr-defined]
