"""What single letters and common little words say of a language, beside statistics of letters.

`tell_tales.tsv` has, for a language a line, letters that others of its script lack or rarely use,
and words its texts are full of. It was written from alphabets and grammars, the longest lines for
languages the `dev` half of benchmarks/detection.py showed to be taken for one another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LETTER, WORD = 1.5, 2.5
"""Log odds a letter or a word adds that only one language has; shared by n it adds a part of it."""
_WORDS_COUNTED = 60
_LETTERS_COUNTED = 9
"""Of one language: more of them only say that the text is long."""
_LAST_LATIN = "\u036f"
"""Vietnamese beyond is nobody else's."""
_WORD = re.compile(
    r"[^\s\d!-&(-@\[-`{-~\u00a1\u00ab\u00bb\u00bf\u060c\u061b\u061f\u0964\u2010-\u2017\u201c-\u203e]+"
)
"""Between spaces and punctuation: vowel signs of Indian scripts are no letters to `\\w`."""

Owners = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TellTales:
    """Letter → languages, word → languages."""

    letters: Owners
    words: Owners


def evidence(text: str) -> dict[str, float]:
    """Log odds for each language something in a text speaks for."""
    tales = _tell_tales()
    folded = text.casefold().replace("’", "'")
    found: dict[str, float] = defaultdict(float)
    for code, count in _letters(folded, tales.letters).items():
        found[code] += LETTER * min(count, _LETTERS_COUNTED)
    for code, count in _shares(_words(folded), tales.words).items():
        found[code] += WORD * count
    return found


def _words(text: str) -> Iterator[str]:
    for number, match in enumerate(_WORD.finditer(text)):
        if number == _WORDS_COUNTED:
            return
        yield match.group()


def _letters(text: str, owners: Owners) -> dict[str, float]:
    """As `_shares`; but letters of other scripts count whole, for whichever language has not got
    one is out of the question, while people write Latin letters of any language in their own."""
    counts: dict[str, float] = defaultdict(float)
    for letter in text:
        languages = owners.get(letter, ())
        for code in languages:
            counts[code] += 1.0 if letter > _LAST_LATIN else 1 / len(languages)
    return counts


def _shares(units: Iterator[str], owners: Owners) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for unit in units:
        languages = owners.get(unit, ())
        for code in languages:
            counts[code] += 1 / len(languages)
    return counts


@cache
def _tell_tales() -> TellTales:
    letters: dict[str, list[str]] = defaultdict(list)
    words: dict[str, list[str]] = defaultdict(list)
    table = files("assistant.language").joinpath("tell_tales.tsv").read_text("utf-8")
    for line in table.splitlines():
        code, distinct, common = line.split("\t")
        for letter in dict.fromkeys(distinct):
            letters[letter].append(code)
        for word in dict.fromkeys(common.split()):
            words[word].append(code)
    for word, codes in common_words().items():
        words[word] += [code for code in codes if code not in words[word]]
    return TellTales(_frozen(letters), _frozen(words))


@cache
def common_words() -> Owners:
    """Word → the languages it is common in, of those a person may well write a short message in."""
    languages: dict[str, list[str]] = defaultdict(list)
    table = files("assistant.language").joinpath("common_words.tsv").read_text("utf-8")
    for line in table.splitlines():
        code, words = line.split("\t")
        for word in set(words.split()):
            languages[word].append(code)
    return _frozen(languages)


def _frozen(owners: Mapping[str, list[str]]) -> Owners:
    return {unit: tuple(codes) for unit, codes in owners.items()}
