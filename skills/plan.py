"""Recognises questions that need evidence file by file: lists and comparisons (six languages)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills import plan_wording as wording


@dataclass(frozen=True, slots=True)
class Single:
    """Any other question: one answer from wherever it is."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which files speak of something."""

    topic: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How things differ, as each side's own words tell; `aspect` is "" where none is named."""

    sides: tuple[str, ...]
    aspect: str


Plan = Single | Listing | Comparison

_MOST_SIDES = 4
_LONGEST_SIDE = 80
"""Characters; longer "sides" are sentences, not names of things."""
_LONGEST_QUESTION = 300
"""Characters; longer ones tell a story, and would cost the patterns too much."""
_END = "?？.!。 \t\n"
_QUOTES = "\"“”'‘’«»「」《》"


def read_plan(question: str, files: Sequence[str] = ()) -> Plan:
    """What a question asks for, by its wording alone.

    Args:
        files: files the question named, which may be what is compared ("compare the prices in
            a.pdf and b.pdf": the names are no longer in the question).
    """
    text = " ".join(question.split())
    if len(text) > _LONGEST_QUESTION:
        return Single()
    if len(files) > 1 and wording.COMPARING.search(text):
        aspect = " ".join(wording.COMPARING.sub(" ", text).strip(_END).split())
        return Comparison(tuple(files[:_MOST_SIDES]), aspect)
    for pattern in wording.COMPARISONS:
        if found := pattern.search(text):
            comparison = _comparison(found)
            if comparison is not None:
                return comparison
    for pattern in wording.LISTINGS:
        if found := pattern.search(text):
            topic = found["topic"].strip(_END).removesuffix("的")
            if topic:
                return Listing(topic)
    return Single()


def _comparison(found: re.Match[str]) -> Comparison | None:
    part = found.groupdict()
    named = (
        [part["one"], part["other"]] if part.get("one") else wording.BETWEEN.split(part["sides"])
    )
    sides = tuple(dict.fromkeys(side for name in named if (side := _side(name))))
    if not 1 < len(sides) <= _MOST_SIDES or any(len(side) > _LONGEST_SIDE for side in sides):
        return None
    aspect = part.get("aspect") or part.get("colon") or ""
    return Comparison(sides, aspect.strip(_END))


def _side(name: str) -> str:
    return wording.ARTICLE.sub("", name.strip(_END + _QUOTES))
