"""Finds the words of a quote that made it match a question."""

from __future__ import annotations

from itertools import pairwise

from assistant.language.terms import spans_of_terms
from skills.question_terms import Forms, telling_terms

_BETWEEN = frozenset({" ", "-", "–", "'s ", "’s "})
"""What may stand between two words of one range."""

Range = tuple[int, int]


def find_marks(quote: str, question: str) -> tuple[Range, ...]:
    """Character ranges of the quote (half-open, ordered, apart) that share the question's
    telling terms; neighbouring words are one range."""
    asked = Forms(telling_terms(question))
    found = [(start, end) for term, start, end in spans_of_terms(quote) if term in asked]
    return tuple(_runs(quote, found))


def _runs(text: str, ranges: list[Range]) -> list[Range]:
    """Ranges joined where they overlap, touch, or only a space or hyphen is between."""
    joined: list[Range] = ranges[:1]
    for (_, _), (start, end) in pairwise(ranges):
        first, last = joined[-1]
        between = text[last:start] if start > last else ""
        if start <= last or between in _BETWEEN:
            joined[-1] = (first, max(last, end))
        else:
            joined.append((start, end))
    return joined
