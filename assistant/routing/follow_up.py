"""Recognises "and in Spanish?" after a translation: one turn back counts, no more."""

from __future__ import annotations

from assistant.core.messages import Message
from assistant.routing.features import Features, read_features
from assistant.routing.translation_request import read_translation

TRANSLATE = "translate"

_SHORT = 32  # characters


def is_follow_up(features: Features) -> bool:
    """Whether a message does hardly more than name a language."""
    if len(features.text) > _SHORT or not features.names_language or features.language_topic:
        return False
    if features.translate_word or features.switch_word:
        return False
    return read_translation(features.text).payload is None


def asked_before(history: tuple[Message, ...]) -> str | None:
    """The text the last message of the person asked to translate; None if it did not ask that."""
    asked = next((turn.text for turn in reversed(history) if turn.role == "user"), None)
    if asked is None:
        return None
    features = read_features(Message("user", asked))
    wanted = features.translate_word or (features.asks_for_word and features.mentions)
    return read_translation(features.text).payload if wanted else None
