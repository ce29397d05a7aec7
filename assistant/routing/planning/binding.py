"""Gives each step of a plan its input and parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from assistant.core.messages import Message
from assistant.core.plans import Step, StepInput
from assistant.core.skills import Params, SkillCard
from assistant.language.detection import UNKNOWN, detect
from assistant.routing.features import read_features
from assistant.routing.parameters import read_params
from assistant.routing.planning.clauses import masked_quotes
from assistant.routing.planning.requests import SUMMARISE, TRANSLATE, WRITE
from assistant.routing.translation_request import read_translation

_HUB = "en"
"""The language most translators know: for a skill with a choice that a translation follows."""
_QUOTE = re.compile("\ue000+")


@dataclass(frozen=True, slots=True)
class Bound:
    """A skill, and the person's words for it."""

    skill: str
    text: str


def bind(
    parts: Sequence[Bound], material: str | None, message: Message, cards: Mapping[str, SkillCard]
) -> tuple[Step, ...]:
    """The steps of a plan. A translation into the language a text is in already is left out.

    Args:
        material: text that came with the task; the first step's.
        message: with its attachments, whose language is looked at.
    """
    steps: list[Step] = []
    spoken = _language(material or "\n".join(message.texts))
    for index, part in enumerate(parts):
        source: StepInput = "message" if not steps or _has_own(part, cards) else "previous"
        params = _params(part, message, source)
        if not steps:
            params = _with_material(part, params, material)
        if source == "previous" and part.skill == TRANSLATE:
            if spoken is not None and params.target == spoken and steps[-1].skill == SUMMARISE:
                continue
            params = msgspec.structs.replace(params, source=params.source or spoken)
        follower = parts[index + 1] if index + 1 < len(parts) else None
        params = _in_language(part, params, follower, cards)
        spoken = _language_after(part, params, spoken)
        text = _instruction(part, material if not steps else None)
        steps.append(Step(part.skill, text, params, source))
    return tuple(steps)


def _params(part: Bound, message: Message, source: StepInput) -> Params:
    if part.skill == TRANSLATE:
        read = read_translation(part.text)
        quoted = _QUOTE.search(masked_quotes(part.text)) is not None
        keeps = source == "message" or quoted
        return read if keeps else msgspec.structs.replace(read, payload=None)
    attachments = message.attachments if source == "message" else ()
    features = read_features(Message("user", part.text, attachments))
    return read_params(part.skill, part.text, features)


def _with_material(part: Bound, params: Params, material: str | None) -> Params:
    """A skill that writes reads the text after its instruction; others work on it alone."""
    if material is None or part.skill == WRITE:
        return params
    return msgspec.structs.replace(params, payload=material)


def _instruction(part: Bound, material: str | None) -> str:
    return f"{part.text}:\n\n{material}" if material and part.skill == WRITE else part.text


def _has_own(part: Bound, cards: Mapping[str, SkillCard]) -> bool:
    """Whether a later part brings what it works on: an image skill, quoted words to translate."""
    if "text" not in cards[part.skill].accepts:
        return True
    return part.skill == TRANSLATE and _QUOTE.search(masked_quotes(part.text)) is not None


def _in_language(
    part: Bound, params: Params, follower: Bound | None, cards: Mapping[str, SkillCard]
) -> Params:
    """A skill of few languages answers in the one wanted, or in one that can be translated."""
    languages = cards[part.skill].languages
    if not languages or follower is None or follower.skill != TRANSLATE:
        return params
    wanted = read_translation(follower.text).target
    spoken = wanted if wanted in languages else _HUB if _HUB in languages else min(languages)
    return msgspec.structs.replace(params, target=spoken)


def _language_after(part: Bound, params: Params, before: str | None) -> str | None:
    """Language of what a step gives; None where nobody knows yet."""
    if params.target is not None:
        return params.target
    return before if part.skill == SUMMARISE else None


def _language(text: str) -> str | None:
    found = detect(text) if text.strip() else UNKNOWN
    return None if found == UNKNOWN else found
