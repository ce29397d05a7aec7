"""Decides between skills from what was seen, what the classifier says and what is indexed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.core.skills import Route, SkillCard
from assistant.language.names import language_name
from assistant.routing.corrected import by_correction, lacks_documents
from assistant.routing.features import Features
from assistant.routing.follow_up import TRANSLATE, carried_on, goes_on
from assistant.routing.image_decision import by_image
from assistant.routing.ranking import normalised, ranked
from assistant.routing.view import FALLBACK, Situation, View

_STRONG = 0.5
_OVERRULING = 0.9
"""Needed against a skill the wording points to: "what is the hymn known as in English?" can be
about a document; "what is good morning in Spanish?" hardly is."""
_SURE_WITHOUT_IMAGE = 0.6
"""Needed to ask for a picture that is not there."""
_SURE_WITHOUT_WORD = 0.5
"""Needed to look for pictures where the message speaks of none."""
_SURE_OF_ELSE = 0.8
"""Needed against a message that asks on about the image before by its wording."""
_LONGEST_TURN = 300
"""Characters of a message that what was learned from pairs of turns can speak for."""
_CONTINUED = "goes on from the message before"
_ON_IMAGE = "asks on about the image before"


def settle(view: View, now: Situation) -> Route:
    """The skill for a message the person left to the router."""
    by_typed = by_image(view, now) or by_correction(view, now)
    if by_typed is not None:
        return by_typed
    if view.language_follows and TRANSLATE in now.cards:
        return Route(TRANSLATE, 0.95, 0.9, "names a language right after a translation")
    looked = _on_image_before(view, now)
    if looked is not None:
        return looked
    scores, basis, continued = _worded(view, now), view.basis, False
    if _told_by_turns(view):
        scores, continued = view.after, view.goes_on
    elif goes_on(view.previous, view.features, now.cards):
        scores = carried_on(scores, view.previous or "", view.continues)
        continued = view.goes_on
    settled = view.near_correction or continued
    now = replace(now, evidence=None) if settled else now
    return decide(view.features, scores, now, _CONTINUED if continued else basis)


def _told_by_turns(view: View) -> bool:
    """Whether what was learned from pairs of turns, of short messages, speaks for this one."""
    features = view.features
    brief = len(features.text) <= _LONGEST_TURN and not features.pasted and not features.files
    return bool(view.after) and brief and not view.near_correction


def _on_image_before(view: View, now: Situation) -> Route | None:
    """A skill that looks at images, for a message that asks on about the one before."""
    wanted = view.looks_again
    if view.near_correction:
        corrected = max(view.scores, key=lambda name: view.scores[name], default=None)
        wanted = wanted if wanted == corrected else None
    if not view.image_before or not _told_by_turns(view):
        return None if wanted is None else Route(wanted, 0.9, 0.8, _ON_IMAGE)
    told = {name: score for name, score in view.after.items() if name in now.cards}
    lookers = {name: score for name, score in told.items() if now.cards[name].looks}
    leader = max(told, key=lambda name: told[name], default="")
    if wanted in lookers and (leader in lookers or told[leader] < _SURE_OF_ELSE):
        at_it = {n: s for n, s in lookers.items() if "pictures" not in now.cards[n].accepts}
        return ranked(normalised(at_it), _ON_IMAGE, now)
    if leader in lookers:
        able = {n: s for n, s in told.items() if not lacks_documents(now.cards[n], now)}
        return ranked(normalised(able), _ON_IMAGE, now)
    return None


def _worded(view: View, now: Situation) -> Mapping[str, float]:
    """The scores, where a message that speaks of no picture hardly looks for pictures: a small
    share of the skills that do goes to the fallback."""
    if view.features.picture_word or view.near_correction:
        return view.scores
    seekers = {name for name, card in now.cards.items() if "pictures" in card.accepts}
    if sum(view.scores.get(name, 0.0) for name in seekers) >= _SURE_WITHOUT_WORD:
        return view.scores
    kept = {name: score for name, score in view.scores.items() if name not in seekers}
    if FALLBACK in kept:
        kept[FALLBACK] += sum(view.scores.values()) - sum(kept.values())
    return kept


def chosen(skill: str, how: str) -> Route:
    """The person's own choice stands."""
    return Route(skill, 1.0, 1.0, f"you chose it {how}")


def decide(features: Features, scores: Mapping[str, float], now: Situation, basis: str) -> Route:
    """The skill for a message without an image.

    Args:
        scores: probability of each skill by the wording alone.
        basis: how the scores came about, for the reason.
    """
    kept = {name: score for name, score in scores.items() if name in now.cards}
    wanted = max(kept, key=lambda name: kept[name], default=FALLBACK)
    kept = _possible(kept, now, pictured=features.picture_word, files=features.files > 0)
    if not kept:
        return Route(FALLBACK, 1.0, 1.0, "no other skill is for this")
    asker = _asks_documents(now)
    leader = max(kept, key=lambda name: kept[name])
    if asker in kept and leader != asker:
        strength = _evidence_strength(features, now, leader)
        if strength is not None:
            kept = _weighed(kept, asker, leader, strength)
            if kept[asker] > kept[leader]:
                return ranked(kept, "your documents hold strong evidence for an answer", now)
    if wanted not in kept:
        return ranked(kept, _why_not(wanted, now, basis), now)
    return ranked(kept, _reason(max(kept, key=lambda name: kept[name]), features, basis), now)


def by_wording(features: Features, cards: Mapping[str, SkillCard]) -> dict[str, float]:
    """Rough probabilities from the features alone, for want of a classifier."""
    scores = dict.fromkeys(cards, 0.05) | {FALLBACK: 0.5}
    asks_translation = features.translate_word and not features.document_word
    asks_word = features.asks_for_word and features.mentions and not features.language_topic
    if asks_translation or (features.translate_word and features.mentions):
        scores["translate"] = 2.0
    elif asks_word or (features.quoted and features.names_language):
        scores["translate"] = 1.0
    if features.own_documents or (features.document_word and features.question):
        scores["qa"] = 1.0
    if features.shortens and features.names_text and not asks_translation:
        scores["summarise"] = 1.5
    if features.sorts and features.choice and not asks_translation:
        scores["classify"] = 1.5
    return normalised({name: score for name, score in scores.items() if name in cards})


def _possible(
    scores: Mapping[str, float], now: Situation, *, pictured: bool, files: bool
) -> dict[str, float]:
    """Skills that can work now; the share of the others goes to the fallback.

    Args:
        pictured: whether the message speaks of a picture. One that does not, and has none, is
            for no skill for images: they learned from messages that do.
    """
    kept = dict(scores)
    of_images = sum(scores.get(n, 0.0) for n, c in now.cards.items() if c.looks)
    for name, card in now.cards.items():
        sure = pictured and of_images >= _SURE_WITHOUT_IMAGE
        lacks_image = card.looks and not sure and not (files and "file" in card.accepts)
        if lacks_image or lacks_documents(card, now):
            share = kept.pop(name, 0.0)
            if FALLBACK in kept:
                kept[FALLBACK] += share
    return normalised(kept)


def _asks_documents(now: Situation) -> str:
    return next((name for name, card in now.cards.items() if "documents" in card.accepts), "")


def _evidence_strength(features: Features, now: Situation, leader: str) -> float | None:
    """What the index says of a question; None where it need not be asked, or is too weak."""
    if now.evidence is None or not features.question or not features.text.strip():
        return None
    if features.pasted or features.files:
        return None  # it is about the text that came with it
    if features.to_assistant and not features.document_word:
        return None  # "are you a machine" is about the assistant, whatever documents say of one
    strength = now.evidence(features.text, now.collection)
    return strength if strength >= (_STRONG if leader == FALLBACK else _OVERRULING) else None


def _weighed(
    scores: Mapping[str, float], asker: str, leader: str, strength: float
) -> dict[str, float]:
    """The two skills' common share, divided anew by the evidence."""
    common = scores[asker] + scores[leader]
    return {**scores, asker: common * strength, leader: common * (1 - strength)}


def _reason(skill: str, features: Features, basis: str) -> str:
    if skill == "translate" and (features.translate_word or features.asks_for_word):
        asked = "asks for a translation" if features.translate_word else "asks how to say something"
        named = [mention.code for mention in features.mentions]
        return f"{asked}, names {language_name(named[-1])}" if named else asked
    about_documents = features.own_documents or (features.document_word and features.question)
    if about_documents and skill != FALLBACK:
        return "asks about your documents"
    return basis if basis == _CONTINUED else f"{basis} of “{skill}”"


def _why_not(wanted: str, now: Situation, basis: str) -> str:
    card = now.cards.get(wanted)
    if card is not None and "pictures" in card.accepts and not now.has_pictures:
        return "sounds like a search for pictures, but none are indexed"
    if card is not None and lacks_documents(card, now):
        return "sounds like a question about documents, but none are indexed"
    return basis.replace("reads like examples", "reads most like examples") + " that fit"
