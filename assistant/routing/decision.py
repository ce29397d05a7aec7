"""Decides between skills from what was seen, what the classifier says and what is indexed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from assistant.core.events import Alternative
from assistant.core.routing import Correction
from assistant.core.skills import Route, SkillCard
from assistant.language.names import language_name
from assistant.routing import wording
from assistant.routing.classifier import Messages
from assistant.routing.features import Features
from assistant.routing.follow_up import TRANSLATE, carried_on, goes_on

Evidence = Callable[[str, str | None], float]
"""Probability in [0, 1] that the documents of a collection (None: the default) answer a
question."""

FALLBACK = "generate"
"""The skill for whatever no other skill is for."""

LOOKER = "describe"
"""The skill for an image about which no other skill is asked."""
_STRONG = 0.5
_OVERRULING = 0.9
"""Needed against a skill the wording points to: "what is the hymn known as in English?" can be
about a document; "what is good morning in Spanish?" hardly is."""
_SURE_WITHOUT_IMAGE = 0.6
"""Needed to ask for a picture that is not there."""
GOES_ON = 0.5
"""Probability from which a message counts as going on from the one before."""
_CONTINUED = "goes on from the message before"


UNSURE = 0.2
"""A smaller lead over the next skill is no choice: one message in eighty, a third of them wrong."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision knows beside the message."""

    cards: Mapping[str, SkillCard]
    indexed: bool
    """Whether there are documents to ask."""
    evidence: Evidence | None = None
    collection: str | None = None
    has_pictures: bool = False
    """Whether there are pictures to find any in."""


@dataclass(frozen=True, slots=True)
class View:
    """A message as the decision sees it."""

    features: Features
    scores: Mapping[str, float]
    """Probability of each skill by the message alone."""
    basis: str
    """How the scores came about, for the reason."""
    previous: str | None = None
    """The skill of the turn before."""
    continues: float = 0.0
    """Probability that the message goes on from the turn before."""
    language_follows: bool = False
    """It names a language right after a translation."""
    looks_again: str | None = None
    """The skill that looked at the image before, where the message asks on about that."""
    correction: Correction | None = None
    """The person's correction of just this message."""
    near_correction: bool = False
    """A correction of nearly this message has shaped the scores."""
    messages: Messages | None = None
    """The message as the classifier saw it, one row; None where the wording alone decides."""
    pictured: Mapping[str, float] = field(default_factory=dict)
    """Probability of each skill that takes images, with the image; empty where unknown."""

    @property
    def goes_on(self) -> bool:
        """Whether it is understood only with the turn before."""
        return self.previous is not None and self.continues > GOES_ON


def settle(view: View, now: Situation) -> Route:
    """The skill for a message the person left to the router."""
    by_typed = by_image(view, now) or _by_correction(view, now)
    if by_typed is not None:
        return by_typed
    if view.looks_again is not None:
        return Route(view.looks_again, 0.9, 0.8, "asks on about the image before")
    if view.language_follows and TRANSLATE in now.cards:
        return Route(TRANSLATE, 0.95, 0.9, "names a language right after a translation")
    scores, basis, previous = _worded(view, now), view.basis, view.previous
    if previous is not None and goes_on(previous, view.features, now.cards):
        scores = carried_on(scores, previous, view.continues)
        if view.goes_on:
            basis = _CONTINUED
    settled = view.near_correction or view.goes_on
    return decide(view.features, scores, replace(now, evidence=None) if settled else now, basis)


def _worded(view: View, now: Situation) -> Mapping[str, float]:
    """The scores, where a message that speaks of no picture is none that looks for pictures: the
    share of skills that do goes to the fallback."""
    if view.features.picture_word or view.near_correction:
        return view.scores
    seekers = {name for name, card in now.cards.items() if "pictures" in card.accepts}
    kept = {name: score for name, score in view.scores.items() if name not in seekers}
    if FALLBACK in kept:
        kept[FALLBACK] += sum(view.scores.values()) - sum(kept.values())
    return kept


def chosen(skill: str, how: str) -> Route:
    """The person's own choice stands."""
    return Route(skill, 1.0, 1.0, f"you chose it {how}")


def by_image(view: View, now: Situation) -> Route | None:
    """A skill that takes images, where one is attached."""
    takers = {name for name, card in now.cards.items() if "image" in card.accepts}
    if not view.features.images or not takers:
        return None
    if wording.SEEKS_OTHERS.search(view.features.text.casefold()) is None:
        takers = {name for name in takers if "pictures" not in now.cards[name].accepts} or takers
    if view.correction is not None and view.correction.skill in takers:
        return _by_correction(view, now)
    scores = _picture_scores(view)
    kept = _normalised({name: scores.get(name, 0.0) + 1e-3 for name in takers})
    if LOOKER in kept and max(kept.values()) - kept[LOOKER] < UNSURE:
        kept[LOOKER] += UNSURE  # to look is never wrong, and is what most people want
        kept = _normalised(kept)
    reason = "an image is attached" if view.features.images == 1 else "images are attached"
    return _ranked(kept, reason, now)


def _picture_scores(view: View) -> Mapping[str, float]:
    """What the words say of skills for images; an image without a word is to be looked at."""
    if not view.features.text.strip():
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


def _by_correction(view: View, now: Situation) -> Route | None:
    correction = view.correction
    card = now.cards.get(correction.skill) if correction is not None else None
    if correction is None or card is None or _lacks_documents(card, now):
        return None
    seen = view.features
    if card.looks and not (seen.images or seen.picture_word or view.looks_again):
        return None  # it was corrected with an image, and now there is none
    others = tuple(Alternative(n, 0.0) for n in sorted(now.cards) if n != correction.skill)
    reason = f"you corrected this message on {correction.date}"
    return Route(correction.skill, 1.0, 1.0, reason, alternatives=others)


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
                return _ranked(kept, "your documents hold strong evidence for an answer", now)
    if wanted not in kept:
        return _ranked(kept, _why_not(wanted, now, basis), now)
    return _ranked(kept, _reason(max(kept, key=lambda name: kept[name]), features, basis), now)


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
    return _normalised({name: score for name, score in scores.items() if name in cards})


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
        if lacks_image or _lacks_documents(card, now):
            share = kept.pop(name, 0.0)
            if FALLBACK in kept:
                kept[FALLBACK] += share
    return _normalised(kept)


def _lacks_documents(card: SkillCard, now: Situation) -> bool:
    if "pictures" in card.accepts and not now.has_pictures:
        return True
    return "documents" in card.accepts and not now.indexed


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
    if card is not None and _lacks_documents(card, now):
        return "sounds like a question about documents, but none are indexed"
    return basis.replace("reads like examples", "reads most like examples") + " that fit"


def _normalised(scores: Mapping[str, float]) -> dict[str, float]:
    total = sum(scores.values())
    return {name: score / total for name, score in scores.items()} if total > 0 else dict(scores)


def _ranked(scores: Mapping[str, float], reason: str, now: Situation) -> Route:
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
