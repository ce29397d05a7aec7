"""What a message takes over from before it: one turn back counts, no more, but for an image that
is still talked of."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.messages import Message
from assistant.core.skills import Params, SkillCard
from assistant.language.image_acts import cuts_out, finds, reads
from assistant.language.image_questions import asks_on, count_asked
from assistant.routing.features import Features, read_features
from assistant.routing.translation_request import read_translation

TRANSLATE = "translate"
DESCRIBE, DETECT, SEGMENT, READ = "describe", "detect", "segment", "read"

_SHORT = 32  # characters
_BRIEF = 80  # characters; a longer message stands alone


def is_follow_up(features: Features) -> bool:
    """Whether a message does hardly more than name a language: "and in Spanish?"."""
    if len(features.text) > _SHORT or not features.names_language or features.language_topic:
        return False
    if features.translate_word or features.switch_word:
        return False
    return read_translation(features.text).payload is None


def message_before(history: tuple[Message, ...]) -> Message | None:
    """The person's last message, if any."""
    return next((turn for turn in reversed(history) if turn.role == "user"), None)


def asked_before(history: tuple[Message, ...]) -> str | None:
    """The text the last message of the person asked to translate; None if it did not ask that."""
    before = translation_before(history)
    return None if before is None else before.payload


def translation_before(history: tuple[Message, ...]) -> Params | None:
    """What the last message of the person wanted translated, from and into which language."""
    asked = message_before(history)
    if asked is None:
        return None
    features = read_features(Message("user", asked.text))
    wanted = features.translate_word or (features.asks_for_word and features.mentions)
    return read_translation(features.text) if wanted else None


def asks_on_image(
    features: Features, history: tuple[Message, ...], cards: Mapping[str, SkillCard]
) -> str | None:
    """The skill for a message that goes on about the image before ("why?", "is it a cat or a
    dog?", "remove the background"); else None.

    An image stays what the talk is about as long as every message after it went on about it.
    """
    if features.pasted or features.names_language or not about_image(history):
        return None
    if features.document_word or features.own_documents:
        return None
    skill = _skill_on_image(features.text)
    return skill if skill in cards else None


def about_image(history: tuple[Message, ...]) -> bool:
    """Whether an image is what the talk is about."""
    for turn in reversed(history):
        if turn.role != "user":
            continue
        if turn.images:
            return True
        if _skill_on_image(turn.text) is None and not read_features(turn).picture_word:
            return False
    return False


def _skill_on_image(text: str) -> str | None:
    if cuts_out(text):
        return SEGMENT
    if finds(text):
        return DETECT
    if reads(text):
        return READ
    if not asks_on(text):
        return None
    return DETECT if count_asked(text) else DESCRIBE


def goes_on(previous: str | None, features: Features, cards: Mapping[str, SkillCard]) -> bool:
    """Whether a message could go on with the skill of the turn before.

    A translation is only taken up by naming a language; for a picture see `asks_on_image`.
    """
    card = cards.get(previous or "")
    if card is None or card.name == TRANSLATE or card.looks:
        return False
    return len(features.text) <= _BRIEF and not features.pasted


def carried_on(scores: Mapping[str, float], previous: str, share: float) -> dict[str, float]:
    """Scores of which a share, the probability that the message goes on, falls to a skill."""
    kept = {name: score * (1 - share) for name, score in scores.items()}
    kept[previous] = kept.get(previous, 0.0) + share
    return kept
