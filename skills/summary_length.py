"""How long a summary is to be, as far as the message says."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from assistant.language.terms import terms

MOST_SENTENCES = 40
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "a": 1, "an": 1, "single": 1, "a single": 1,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10,
    "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4,
    "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10,
}  # fmt: skip
_NUMBER = rf"(\d{{1,5}}|{'|'.join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))})"
_SENTENCES = re.compile(
    rf"\b{_NUMBER}[\s-]+(?:\w+\s+)?(?:sentences?|lines?|bullet\s?points?|bullets|points?|frases?"
    r"|oraciones|oración|líneas?|linhas?|puntos?|pontos?|sätze[ns]?|satz|zeilen?|punkte[ns]?"
    rf"|phrases?|lignes?)\b|{_NUMBER}\s*(?:句|行|点|条)"
)
_WORDS = re.compile(
    rf"\b{_NUMBER}[\s-]+(?:words?|palabras?|palavras?|wörter[ns]?|worte[ns]?|mots?)\b"
)
_CHARACTERS = re.compile(rf"{_NUMBER}\s*(?:个?字|字符)")
_SHORT = re.compile(
    r"\b(?:brief(?:ly)?|short(?:ly)?|in short|tl;?dr|breve(?:mente)?|corto|corta"
    r"|curto|curta|kurz\w*|knapp|bref|brève(?:ment)?|court|courte)\b|简短|简要|简单|长话短说"
)
_PARAGRAPH = re.compile(r"\b(?:paragraph|párrafo|parágrafo|absatz|paragraphe)\b|一段")
_SHORT_SENTENCES, _PARAGRAPH_SENTENCES = 2, 4
_LEAST, _MOST = 1, 7
"""Sentences where the message says nothing: the square root of the text's, within these."""


@dataclass(frozen=True, slots=True)
class Length:
    """Sentences at most, and of what weight in words (Chinese: characters) together."""

    sentences: int
    words: int | None = None
    asked: bool = False
    """Whether the person said so, rather than the text's own length."""


def read_length(message: str, sentences: int) -> Length:
    """The length a message asks for, in six languages.

    Args:
        sentences: how many the text has.
    """
    lowered = message.casefold()
    if found := (_WORDS.search(lowered) or _CHARACTERS.search(lowered)):
        return Length(MOST_SENTENCES, max(1, _value(found)), asked=True)
    if found := _SENTENCES.search(lowered):
        return Length(min(max(1, _value(found)), MOST_SENTENCES), asked=True)
    if _PARAGRAPH.search(lowered):
        return Length(_PARAGRAPH_SENTENCES, asked=True)
    usual = max(_LEAST, min(_MOST, round(math.sqrt(sentences))))
    if _SHORT.search(lowered):
        return Length(min(usual, _SHORT_SENTENCES), asked=True)
    return Length(usual)


def count_words(text: str) -> int:
    """Words of a text; of Chinese, about its characters."""
    return len(terms(text))


def _value(found: re.Match[str]) -> int:
    word = next(group for group in found.groups() if group is not None)
    return int(word) if word.isdigit() else _NUMBERS[word]
