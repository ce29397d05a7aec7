"""What a message about an image asks for, as far as its wording says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.core.skills import SkillRequest
from assistant.core.text import one_line
from assistant.language.choices import read_choices
from assistant.language.image_questions import why_asked
from skills.describe_answers import needs_answer
from skills.describe_place import asks_for_place

MOST_LABELS = 200
"""Labels of the person's own that are looked at; the rest is left out, with a notice."""
_LONGEST_LABEL = 100  # characters

_READ = re.compile(
    r"\bwhat(?:'s| is)? (?:does |do )?(?:it|this|that|the [\w ]{1,30}?) says?\b"
    r"|\bwhat (?:is|'s) (?:written|printed)\b|\bwhat['’]s (?:written|printed)\b"
    r"|\bread (?:me |out |aloud )?(?:the |this |that |all |any |its )?"
    r"(?:text|words|sign|label|writing)"
    r"|\b(?:transcribe|ocr)\b|\b(?:extract|copy|get) (?:the |all )?(?:text|words)\b"
    r"|写了什么|写着什么|写的是?什么|写的啥|写了啥|上面的字|里的字|读出|念出"
    r"|(?:识别|提取|读取|抄下).{0,6}(?:文字|字)"
    r"|(?:有|是)(?:什么|哪些)(?:文字|字)"
    r"|\bqué (?:dice|pone)\b|\bqué (?:está|hay) escrito\b|\blee (?:el|este) texto\b"
    r"|\bo que (?:diz|está escrito)\b|\bleia o texto\b|\blê o texto\b"
    r"|\bwas steht\b|\blies (?:den|diesen) text\b"
    r"|\bque dit\b|\bqu['’]est-ce qui est écrit\b|\bqu['’]est-ce qu['’]il y a d['’]écrit\b"
    r"|\blis(?:ez)? (?:le|ce) texte\b",
    re.IGNORECASE,
)


def asks_for_text(message: str) -> bool:
    """Whether the person wants to know what is written in the image, first of all."""
    return _READ.search(message) is not None


@dataclass(frozen=True, slots=True)
class ImageQuestion:
    """What is wanted of each image."""

    language: str
    text_first: bool
    labels: tuple[str, ...]
    left_out: int
    """Further labels of the person's, beyond what is looked at."""
    why: str | None
    """The label whose reason is wanted; "" is the first one named, None none."""
    place: bool
    """Whether it is asked where a photo was taken; else that is not looked at."""
    particular: str
    """The question, where a description alone would leave it unanswered; else ""."""

    @property
    def whole(self) -> bool:
        """Whether all there is to say is wanted."""
        return not (self.labels or self.text_first or self.particular) and self.why is None

    @property
    def scored(self) -> tuple[str, ...]:
        """Labels to score: the person's own, with the one whose reason is wanted."""
        extra = (self.why,) if self.why and self.why not in self.labels else ()
        return (*self.labels, *extra)


def read_question(request: SkillRequest, detect_language: Callable[[str], str]) -> ImageQuestion:
    """What a message asks; parameters of flags go before its wording."""
    text, params = request.subject, request.params
    language = params.target or (detect_language(text) if text.strip() else "")
    asked = params.labels or read_choices(text)
    labels = tuple(
        dict.fromkeys(filter(None, (one_line(label, _LONGEST_LABEL) for label in asked)))
    )
    return ImageQuestion(
        language="zh" if language == "zh" else "en",
        text_first=asks_for_text(text),
        labels=labels[:MOST_LABELS],
        left_out=len(labels[MOST_LABELS:]),
        why=why_asked(text) if params.why is None else params.why,
        place=asks_for_place(text),
        particular="" if labels or not needs_answer(text) else text,
    )
