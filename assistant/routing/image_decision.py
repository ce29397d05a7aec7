"""Decides between the skills for images, where one is attached."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.core.skills import Route
from assistant.routing import wording
from assistant.routing.corrected import by_correction
from assistant.routing.features import Features
from assistant.routing.ranking import UNSURE, normalised, ranked
from assistant.routing.view import Situation, View

LOOKER = "describe"
"""The skill for an image about which no other skill is asked."""
_WORD = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
_LOOKS_ELSEWHERE = frozenset({"taken", "others", "collection"})
"""Kinds of wording that ask for other pictures than the one attached, or whence that comes."""


def by_image(view: View, now: Situation) -> Route | None:
    """A skill that takes images, where one is attached."""
    takers = {name for name, card in now.cards.items() if "image" in card.accepts}
    if not view.features.images or not takers:
        return None
    if not _looks_elsewhere(view.features):
        takers = {name for name in takers if "pictures" not in now.cards[name].accepts} or takers
    if view.correction is not None and view.correction.skill in takers:
        return by_correction(view, now)
    scores = _picture_scores(view)
    kept = normalised({name: scores.get(name, 0.0) + 1e-3 for name in takers})
    if LOOKER in kept and max(kept.values()) - kept[LOOKER] < UNSURE:
        kept[LOOKER] += UNSURE  # to look is never wrong, and is what most people want
        kept = normalised(kept)
    reason = "an image is attached" if view.features.images == 1 else "images are attached"
    return ranked(kept, reason, now)


def _looks_elsewhere(features: Features) -> bool:
    said = features.text.casefold()
    return bool(features.of_picture & _LOOKS_ELSEWHERE or wording.SEEKS_OTHERS.search(said))


def _picture_scores(view: View) -> Mapping[str, float]:
    """What the words say of skills for images; an image without a word is to be looked at."""
    if _WORD.search(view.features.text) is None:
        return {LOOKER: 1.0}
    return view.pictured or {**view.scores, **by_picture_wording(view.features.text)}


def by_picture_wording(text: str) -> dict[str, float]:
    """Rough scores of skills for images, for want of a classifier."""
    said = text.casefold()
    if wording.CUTS_OUT.search(said):
        return {"segment": 1.0}
    if wording.TRANSCRIBES.search(said):
        return {"read": 1.0}
    if wording.COUNTS_OR_FINDS.search(said):
        return {"detect": 1.0}
    return {LOOKER: 1.0}
