"""Reads what a message asks of its skill: languages and text to translate, labels to choose.

Labels are as many as are named; a skill that looks at fewer says so.
"""

from __future__ import annotations

import re

from assistant.core.skills import Params
from assistant.routing.features import Features
from assistant.routing.translation_request import read_translation

_COPULA = (
    r"\b(?:is|are|was|were) (?:it|this|that|these|those|he|she|there)(?: (?:picture|photo|image))?"
    r"|(?:这|那|它|图里|图中|图片里?|照片里?|上面)?(?:个|张图|里|中)?是"
    r"|\b(?:esto |eso |isto |isso )?(?:es|é)\b(?: esto| eso)?|\bist (?:das|dies|es)\b(?: hier)?"
    r"|\b(?:est-ce|c['’]est|est ce)\b(?: que c['’]est)?"
)
_OR = r",?\s+(?:or|o|u|ou|oder)\s+|\s*(?:还是|或者|或)\s*"
_CHOICE = re.compile(
    rf"(?:{_COPULA})\s*(.{{1,2000}}?(?:{_OR})[^?.!？。！,，]{{1,40}})", re.IGNORECASE
)
_BETWEEN = re.compile(rf"{_OR}|\s*[,，、;]\s*", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:(?:an?|the|uma?|un[ae]?|una|el|la|o|eine?n?|der|die|das|le|des)\s+|l['’]"
    r"|一[只个辆张朵种条棵匹头]\s*)(?=\S)",
    re.IGNORECASE,
)
_READ = 4_000  # characters a choice is looked for in
_SHORT = 60  # characters
_BARE = re.compile(rf"[^?.!？。！]{{1,40}}?(?:{_OR})[^?.!？。！]{{1,30}}", re.IGNORECASE)


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
        return Params(labels=read_labels(text) or _bare_choice(text))
    return Params()


def read_labels(text: str) -> tuple[str, ...]:
    """The choices of "is it a cat, a dog or a fox?", in six languages; empty where none."""
    found = _CHOICE.search(text[:_READ])
    return () if found is None else _choices(found[1])


def _bare_choice(text: str) -> tuple[str, ...]:
    """The choices of "cat or dog?", beside a picture."""
    bare = text.strip(" ?？!.。")
    whole = _BARE.fullmatch(bare) is not None and len(bare) <= _SHORT
    return _choices(bare) if whole else ()


def _choices(text: str) -> tuple[str, ...]:
    parts = (_ARTICLE.sub("", part.strip()).strip(" \"'“”") for part in _BETWEEN.split(text))
    return tuple(part for part in parts if part)
