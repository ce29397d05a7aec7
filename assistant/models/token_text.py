"""Turns tokens into text one by one, at the same cost however long the text is."""

from __future__ import annotations

from collections.abc import Callable

BROKEN = "\ufffd"
"""What a decoder writes for bytes that are no character, or not yet one."""
MOST_HELD = 16
"""Tokens waited for until a character is whole. It has four bytes at most; what is longer broken
than that will stay so."""


class TokenText:
    """The text of a stream of tokens.

    Decoders write a token otherwise at the beginning of a text than behind another one, so the
    newest tokens are decoded together with those before them, and what the latter alone give is
    cut off. Characters divided over tokens come when they are whole.

    Args:
        decode: the text of some tokens.
    """

    def __init__(self, decode: Callable[[list[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._read = 0
        """How many of the ids are there only to be decoded with."""
        self._before = ""
        """Their text."""

    def add(self, token: int) -> str:
        """The text that is final with this token."""
        self._ids.append(token)
        whole = self._decode(self._ids)
        held = len(self._ids) - self._read
        if (whole.endswith(BROKEN) or len(whole) <= len(self._before)) and held < MOST_HELD:
            return ""
        return self._taken(whole)

    def rest(self) -> str:
        """What was held back, once nothing follows."""
        return self._taken(self._decode(self._ids)) if len(self._ids) > self._read else ""

    def _taken(self, whole: str) -> str:
        new = whole[len(self._before) :]
        self._ids = self._ids[self._read :]
        self._read = len(self._ids)
        self._before = self._decode(self._ids)
        return new
