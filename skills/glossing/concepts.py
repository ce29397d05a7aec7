"""What a question asks about, in the words of the other language, and how much of it a text has.

Dictionary-based query translation with structured queries: all translations of a word count as one
word (Pirkola 1998), so a word with many of them weighs no more than others.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.language.terms import terms
from skills.glossing.irregular import BASE
from skills.question_terms import matched_form

STEM = 5
"""Letters by which forms of an English word are taken for one ("defend", "defence"). XQuAD, right
passage first zh→en: .872 with whole words, .881 with six letters, .888 with five."""
_HALF = 0.5
"""Share of a gloss's words from which it is said."""


class Concept(Protocol):
    """One thing asked about."""

    def share(self, text: PreparedText) -> float:
        """How much of it a text says, in [0, 1]."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A text, normalised once for all concepts."""

    plain: str
    stems: frozenset[str]


def prepared(text: str) -> PreparedText:
    """A text ready to be compared; 0.1 ms for a passage."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return PreparedText(plain, frozenset(map(stem, terms(plain))))


def stem(term: str) -> str:
    """What forms of an English word share; others as they are compared."""
    form = matched_form(BASE.get(term, term))
    return form[:STEM] if form.isascii() and form.isalpha() else form


@dataclass(frozen=True, slots=True)
class English:
    """Any of several glosses, each a few stems that have to stand together in a text."""

    glosses: tuple[frozenset[str], ...]

    def share(self, text: PreparedText) -> float:
        shares = (len(gloss & text.stems) / len(gloss) for gloss in self.glosses)
        best = max(shares, default=0.0)
        return best if best >= _HALF else 0.0


@dataclass(frozen=True, slots=True)
class Chinese:
    """Any of several words, or the original, as names and numbers are kept."""

    words: tuple[str, ...]
    original: str

    def share(self, text: PreparedText) -> float:
        if self.original in text.plain:
            return 1.0
        return float(any(word in text.plain for word in self.words))


@dataclass(frozen=True, slots=True)
class Glosses:
    """A question in the words of another language."""

    language: str
    """ISO 639-1 code of the texts it can be looked for in."""
    concepts: tuple[Concept, ...]
    words: str
    """Likely words of an answer's passage, to search for."""


class GlossWeights:
    """How telling each concept is: the rarer among the texts found, the more."""

    def __init__(self, glosses: Glosses, texts: Sequence[str]) -> None:
        self._concepts = glosses.concepts
        ready = [prepared(text) for text in texts]
        counts = [sum(c.share(text) > 0 for text in ready) for c in self._concepts]
        total = len(texts)
        self._weights = [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts]
        self._sum = sum(self._weights)

    def coverage(self, text: str) -> float:
        """Weighted share of the concepts a text says, in [0, 1]."""
        ready = prepared(text)
        pairs = zip(self._weights, self._concepts, strict=True)
        held = sum(weight * concept.share(ready) for weight, concept in pairs)
        return held / self._sum if self._sum else 0.0
