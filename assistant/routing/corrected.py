"""Decides as the person corrected the same message before, where that can be done now."""

from __future__ import annotations

from assistant.core.events import Alternative
from assistant.core.skills import Route, SkillCard
from assistant.routing.view import Situation, View


def by_correction(view: View, now: Situation) -> Route | None:
    """The skill the person named; None where there is no correction, or no use for it now."""
    correction = view.correction
    card = now.cards.get(correction.skill) if correction is not None else None
    if correction is None or card is None or lacks_documents(card, now):
        return None
    seen = view.features
    if card.looks and not (
        seen.images or seen.picture_word or view.looks_again or view.image_before
    ):
        return None  # it was corrected with an image, and now there is none
    others = tuple(Alternative(n, 0.0) for n in sorted(now.cards) if n != correction.skill)
    reason = f"you corrected this message on {correction.date}"
    return Route(correction.skill, 1.0, 1.0, reason, alternatives=others)


def lacks_documents(card: SkillCard, now: Situation) -> bool:
    """Whether nothing is indexed that the skill would look into."""
    if "pictures" in card.accepts and not now.has_pictures:
        return True
    return "documents" in card.accepts and not now.indexed
