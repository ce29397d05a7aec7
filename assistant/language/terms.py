"""Splits text into the terms that lexical search counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from operator import add

VERSION = 1
"""Raised when the same text would give other terms: an index made before is then remade."""

# Scripts written without spaces: kana, Han, Hangul, Thai and Lao, Burmese, Khmer.
_RUNS = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u1100-\u11ff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\U00020000-\U000323af"
)
# Vowel signs and accents that are no letters of their own but stand inside words.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_WORD = f"(?:[^\\W_{_RUNS}]|[{_MARKS}])+"
_WORDS = re.compile(_WORD)
_ASCII_WORDS = re.compile("[a-z0-9]+")
_TERM = re.compile(f"([{_RUNS}]+)|{_WORD}")
_RUN = re.compile(f"[{_RUNS}]")


def terms(text: str) -> list[str]:
    """Terms of the text in order, repeats included.

    Words are NFKC-normalised and lower-cased; runs of Chinese, Japanese, Korean and Thai
    become overlapping pairs of characters (a run of one stays single), which find a word of
    any length without a dictionary.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    if text.isascii():  # a tenth of the time
        return _ASCII_WORDS.findall(text)
    if _RUN.search(text) is None:
        return _WORDS.findall(text)
    found: list[str] = []
    for match in _TERM.finditer(text):
        run = match.group()
        if match.group(1) is None or len(run) == 1:
            found.append(run)
        else:
            found.extend(map(add, run, run[1:]))
    return found


def spans_of_terms(text: str) -> Iterator[tuple[str, int, int]]:
    """Terms with where they stand: `text[start:end]`, half-open, in order, repeats included.

    Pairs of characters overlap. A word whose normal form is several terms stands for each.
    """
    for match in _TERM.finditer(text):
        start, run = match.start(), match.group()
        if match.group(1) is None or len(run) == 1:
            for term in terms(run):
                yield term, start, match.end()
        else:
            for i in range(len(run) - 1):
                for term in terms(run[i : i + 2]):
                    yield term, start + i, start + i + 2
