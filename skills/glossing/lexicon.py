"""A sorted table of words and what they are called in another language, looked up in memory."""

from __future__ import annotations

import lzma
from bisect import bisect_left
from collections.abc import Iterator
from importlib.resources import files

ZH_EN, EN_ZH = "zh_en.tsv.xz", "en_zh.tsv.xz"
"""Chinese word → English glosses; English word → Chinese words. Made by `building.py` of
CC-CEDICT (CC BY-SA 4.0)."""
GLOSS_SEPARATOR = "/"


class Lexicon:
    """Lines `word TAB translation/translation`, sorted by word; a look-up takes some 2 µs."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def __getitem__(self, word: str) -> tuple[str, ...]:
        """What a word is called; () where it is not known."""
        for _, called in self.beginning(f"{word}\t"):
            return called
        return ()

    def beginning(self, letters: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The words that begin so, sorted, with what they are called."""
        for place in range(bisect_left(self._lines, letters), len(self._lines)):
            line = self._lines[place]
            if not line.startswith(letters):
                return
            word, _, called = line.partition("\t")
            yield word, tuple(called.split(GLOSS_SEPARATOR))


def load(name: str) -> Lexicon:
    """A table of this package; 0.1 s and 25 MB."""
    packed = files("skills.glossing").joinpath(name).read_bytes()
    return Lexicon(lzma.decompress(packed).decode())
