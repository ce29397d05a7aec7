"""Joins the lines of a printed page to paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_SOFT_HYPHEN = "\xad"
_HYPHENATED = re.compile(r"[^\W\d_]{2}[-\u2010]$")
_STOPPED = re.compile(r"[.!?。！？…:：;；][\"'”’»」』)\]）】]*$")
_WIDE_END = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff，。、；：！？）」』”]$")
_WIDE_START = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff，。、；：！？（「『“]")
_ITEM = re.compile(r"(?:[-*+•‣◦·▪]|\d{1,3}[.)、]|[(（]\d{1,2}[)）])\s*\S")
_GAP = 1.35
"""Times the usual distance between lines that begins a new paragraph."""
_TAIL = 20
"""Characters the end of a line is judged by; searching all of a growing text costs its square."""
_SHORT = 0.75
"""Of the usual full line: a stopped line shorter than that ends its paragraph."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; `bottom` and `top` in points above the page's foot, 0 if unknown."""

    text: str
    bottom: float = 0.0
    top: float = 0.0


def paragraphs(lines: list[Line]) -> list[str]:
    """Paragraphs of a page: split at wide gaps, list items, changes of letter size and short
    stopped lines; line breaks become spaces (none between Chinese characters) and hyphenated
    words are made whole."""
    if not lines:
        return []
    pitch = _usual_pitch(lines)
    full = sorted(len(line.text) for line in lines)[-max(1, len(lines) // 10)]
    joined = [lines[0].text]
    for above, line in pairwise(lines):
        if _begins_paragraph(above, line, pitch, full):
            joined.append(line.text)
        else:
            joined[-1] = _join(joined[-1], line.text)
    return [text.replace(_SOFT_HYPHEN, "") for text in joined]


def _usual_pitch(lines: list[Line]) -> float:
    steps = [a.bottom - b.bottom for a, b in pairwise(lines)]
    down = [step for step in steps if step > 0]
    return median(down) if down else 0.0


def _begins_paragraph(above: Line, line: Line, pitch: float, full: int) -> bool:
    if _ITEM.match(line.text) and not above.text.endswith(_SOFT_HYPHEN):
        return True
    step = above.bottom - line.bottom
    if pitch and (step > _GAP * pitch or step < -pitch):
        # Text that goes on in the next column goes up, and on with a small letter.
        return step > 0 or _STOPPED.search(above.text[-_TAIL:]) is not None
    height, other = above.top - above.bottom, line.top - line.bottom
    if height > 0 and other > 0 and not 0.85 < height / other < 1.18:
        return True
    return len(above.text) < _SHORT * full and _STOPPED.search(above.text[-_TAIL:]) is not None


def _join(text: str, line: str) -> str:
    if text.endswith(_SOFT_HYPHEN):
        return text[:-1] + line
    tail = text[-_TAIL:]
    if _HYPHENATED.search(tail) and line[:1].islower():
        return text[:-1] + line
    if _WIDE_END.search(tail) and _WIDE_START.match(line):
        return text + line
    return f"{text} {line}"
