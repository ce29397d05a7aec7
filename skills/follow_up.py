"""Tells a question that leans on the one before it, and makes one that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.messages import Message
from skills import follow_up_wording as wording
from skills.question_terms import is_telling

_LONGEST = 300
"""Characters of the previous question that are searched with; more is pasted text."""
_LONGEST_FOLLOW_UP = 300
"""Characters; what is longer says itself what it is about."""
_NOUN = 4
"""Letters of a word that may be a thing."""
_ZH_NAME = 2
"""Chinese characters that may be a name."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched; `after` is the question it follows, "" where it stands
    alone."""

    question: str
    after: str = ""


def stands_alone(question: str) -> bool:
    """Whether a question says itself what it is about, by its wording (six languages).

    It does not where it opens as a continuation ("and in 2020?", "那第二个呢？") or points back
    with a pronoun that nothing before it in the question explains.
    """
    text = question.strip()
    if len(text) > _LONGEST_FOLLOW_UP:
        return True
    if wording.OPENERS.search(text):
        return False
    plain = wording.DUMMY.sub(lambda m: " " * len(m[0]), text)
    if found := wording.PRONOUN.search(plain):
        return _explained(text[: found.start()], found[0].strip().casefold())
    if found := wording.ZH_PRONOUN.search(plain):
        return _explained_in_chinese(text[: found.start()], text[found.end() :])
    return True


def _explained(before: str, pronoun: str) -> bool:
    """Whether what stands before a pronoun can be what it stands for: a name or thing in
    another clause ("when Tesla left, where did he go?") or, for "its" and the like, in its own."""
    if wording.WHICH.search(before):
        return True
    names = [m.end() for m in wording.PROPER.finditer(before)]
    if wording.POSSESSIVE.fullmatch(pronoun):
        return bool(names) or (pronoun not in wording.OF_PERSONS and _nouns(before) > 0)
    if names:
        return wording.CLAUSE.search(before, names[0]) is not None
    clause = wording.CLAUSE.search(before, len(before.split(" ", 1)[0]))
    return clause is not None and _nouns(before[: clause.start()]) > 1


def _nouns(text: str) -> int:
    """Words of a text that may be things."""
    return sum(len(word) >= _NOUN for word in wording.ASKING.sub(" ", text).split())


def _explained_in_chinese(before: str, after: str) -> bool:
    if "·" in before:
        return True  # a foreign name, written out
    clause = max(before.rfind(mark) for mark in "，,；")
    if clause >= 0:
        return len(wording.ZH_ASKING.sub("", before[:clause])) >= _ZH_NAME
    owned = after.startswith(("的", "自己"))
    return owned and len(before) >= _ZH_NAME and not wording.ZH_ASKING.search(before[:_ZH_NAME])


def understood(question: str, history: Sequence[Message]) -> Understood:
    """The question, with the person's one before it where it doesn't stand alone.

    The whole previous question is searched along: what was asked there tells the passage as
    well as its subject does.
    """
    if stands_alone(question):
        return Understood(question)
    before = next((m.text.strip() for m in reversed(history) if m.role == "user"), "")
    if not before or before == question or not is_telling(before):
        return Understood(question)
    cut = before[:_LONGEST]
    return Understood(f"{cut} {question}", cut)
