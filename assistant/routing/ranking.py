"""Puts skills in the order of their scores, the safer of two first where they hardly differ."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.events import Alternative
from assistant.core.skills import Route, SkillCard
from assistant.routing.view import FALLBACK, Situation

UNSURE = 0.2
"""A smaller lead over the next skill is no choice: one message in eighty, a third of them wrong."""


def normalised(scores: Mapping[str, float]) -> dict[str, float]:
    """The same shares of 1."""
    total = sum(scores.values())
    return {name: score / total for name, score in scores.items()} if total > 0 else dict(scores)


def ranked(scores: Mapping[str, float], reason: str, now: Situation) -> Route:
    """The route to the first, unsure where its lead is small."""
    order = sorted(scores, key=lambda name: (-scores[name], name))
    margin = scores[order[0]] - (scores[order[1]] if len(order) > 1 else 0.0)
    unsure = len(order) > 1 and margin < UNSURE
    if unsure and _safety(now.cards[order[1]]) > _safety(now.cards[order[0]]):
        order[:2] = order[1], order[0]
        reason = f"could as well be “{order[1]}”; this is the safer of the two"
    alternatives = tuple(Alternative(name, scores[name]) for name in order[1:])
    return Route(
        order[0], scores[order[0]], margin, reason, alternatives=alternatives, unsure=unsure
    )


def _safety(card: SkillCard) -> int:
    """How little a skill can do wrong: quotes can't be invented, free writing can."""
    if "quotes" in card.produces:
        return 2
    return 0 if card.name == FALLBACK or card.looks else 1
