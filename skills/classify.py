"""Sorts a text into labels of the person's own, with scores, or says that it can't tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.core.errors import UsageError
from assistant.core.events import Event, Labelled, Notice, TextDelta
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from skills.classification.card import CARD
from skills.classification.sorting import Sorted, Sorter
from skills.classification.wording import MOST_LABELS, Asked, read_request
from skills.registry import Services

_SHOWN = 5
_LONGEST_LABEL = 100  # characters


class ClassifySkill:
    """Answers which of several labels fits a text, of the message, an attachment or the turn
    before."""

    def __init__(self, sorter: Sorter, detect_language: Callable[[str], str]) -> None:
        self._sorter = sorter
        self._detect_language = detect_language

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        asked = read_request(request.subject)
        wanted = request.params.labels or asked.labels
        labels = tuple(dict.fromkeys(filter(None, (one_line(w, _LONGEST_LABEL) for w in wanted))))
        if len(labels) > MOST_LABELS:
            yield Notice(
                f"Only the first {MOST_LABELS} of {len(labels)} labels were looked at.",
                "Ask about the others separately.",
            )
        text = _text(request, asked)
        classifier = self._sorter.prepare(labels[:MOST_LABELS])
        if request.cancelled():
            return
        (found,) = classifier.sort([text])
        yield Labelled(found.labels[:_SHOWN], classifier.name)
        language = self._detect_language(request.message.text)
        yield TextDelta(_chinese(found) if language == "zh" else _english(found))


def make(services: Services) -> ClassifySkill:
    """The skill from the program's services."""
    margin = services.settings.classify.margin
    sorter = Sorter(services.embedder, services.classifier, margin)
    return ClassifySkill(sorter, services.detect_language)


def _text(request: SkillRequest, asked: Asked) -> str:
    """The text in the message, else the attached one, else what was said before. A message that
    names no labels of its own, for these came with a flag, is itself the text.

    Raises:
        UsageError: there is none.
    """
    attached = "\n\n".join(request.message.texts)
    named = asked.labels and not request.params.labels
    own = (asked.text, attached) if named else (attached, asked.text, request.subject)
    before = [turn.text for turn in request.history if turn.role != "system"]
    texts: tuple[str, ...] = (*own, *before[::-1])
    for text in texts:
        if text.strip():
            return text
    raise UsageError(
        "There is no text to classify.", "Write it after a colon, on the next line, or attach it."
    )


def _english(found: Sorted) -> str:
    best = found.best
    if found.sure:
        return f"**{_shown(best.label)}** ({best.score:.0%})"
    return f"I can't tell: {_near(found, ' or ')} are about as likely."


def _chinese(found: Sorted) -> str:
    best = found.best
    if found.sure:
        return f"**{_shown(best.label)}**（{best.score:.0%}）"
    return f"无法判断：{_near(found, ' 和 ')} 的可能性差不多。"


def _near(found: Sorted, word: str) -> str:
    return word.join(f"{_shown(label.label)} ({label.score:.0%})" for label in found.labels[:2])


def _shown(label: str) -> str:
    """A label that says nothing in Markdown."""
    return one_line(label, _LONGEST_LABEL).replace("*", "\\*").replace("`", "'")
