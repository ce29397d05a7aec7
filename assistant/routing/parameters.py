"""Reads what a message asks of its skill: languages and text to translate, labels to choose.

Labels are as many as are named; a skill that looks at fewer says so.
"""

from __future__ import annotations

from assistant.core.skills import Params
from assistant.language.choices import read_choices
from assistant.routing.features import Features
from assistant.routing.translation_request import read_translation


def read_params(skill: str, text: str, features: Features, explicit: bool = False) -> Params:
    """Parameters of a message for a skill; what the wording doesn't say is left open.

    Args:
        skill: the skill it goes to.
        text: the message without its command.
        features: what was seen in it.
        explicit: the person chose the skill, the wording did not.
    """
    if skill == "translate":
        return read_translation(text, explicit)
    if features.images:
        return Params(labels=read_choices(text))
    return Params()
