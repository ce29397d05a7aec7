"""Hears when a language model goes round in circles, as small ones do."""

from __future__ import annotations

import re

_UNIT = re.compile(r"[.!?。！？…]+\s+|[。！？]|\n+")
"""Where a sentence or a line ends."""
_LEAST = 10  # characters of a sentence that says something
_LETTERS = 4
_LOOKED_AT = 10  # sentences
_DISTINCT = 3
"""So many different sentences among them at most: more is a refrain."""
_KEPT = 4_000  # characters looked back on
_PERIODS = range(1, 41)  # characters that come again and again within a sentence
_RUN = 240  # characters of such a run
_BIT = 2  # characters one can ask for


class Repetition:
    """Listens to a text as it is written.

    Args:
        asked: the message it answers: what stands in that may be said as often as one likes.
    """

    def __init__(self, asked: str = "") -> None:
        self._asked = asked
        self._text = ""

    def heard(self, piece: str) -> bool:
        """Whether the text, with this piece, goes round in circles: its last ten sentences are
        three, or its last 240 characters are one bit of text over and over."""
        self._text = (self._text + piece)[-_KEPT:]
        return self._in_circles() or self._in_a_run()

    def _in_circles(self) -> bool:
        units = [unit.strip() for unit in _UNIT.split(self._text)[:-1]]  # the last is unfinished
        telling = [unit for unit in units if len(unit) >= _LEAST and _says(unit)][-_LOOKED_AT:]
        if any(unit in self._asked for unit in telling):
            return False
        return len(telling) == _LOOKED_AT and len(set(telling)) <= _DISTINCT

    def _in_a_run(self) -> bool:
        tail = self._text[-_RUN:]
        if len(tail) < _RUN or not any(character.isalpha() for character in tail):
            return False  # the lines of a table or a drawing, the digits of a fraction
        period = next((one for one in _PERIODS if tail[one:] == tail[:-one]), None)
        if period is None:
            return False
        bit = tail[-period:].strip()
        return len(bit) < _BIT or bit not in self._asked


def _says(unit: str) -> bool:
    """Whether a line is of words: the rows of a grid or a matrix repeat, and are meant to."""
    return sum(character.isalpha() for character in unit) >= _LETTERS
