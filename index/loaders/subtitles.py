"""Reads subtitles (SubRip and WebVTT): what is said, under the minute it is said in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.core.errors import DocumentError
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.text import read_text

_TIMES = re.compile(
    r"\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[,.]\d{1,3}\s*-->\s*"
    r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[,.]\d{1,3}"
)
_TAG = re.compile(r"</?[^<>\n]{1,100}>|\{\\[^{}\n]{1,100}\}")
_SPEAKER = re.compile(r"<v(?:\.\S+)?\s+([^<>\n]{1,100})>")
_STRETCH = 60
"""Seconds under one heading."""
_PAUSE = 8
"""Seconds of silence that end a stretch early, once half of it is over."""


@dataclass
class _Cue:
    """A subtitle: line of the file it begins on, seconds it is shown from and to."""

    line: int
    start: int
    end: int
    text: list[str] = field(default_factory=list)


def load(path: Path, limits: Limits) -> Document:
    """Lines as spoken; headings are the time their stretch begins, rows lines of the file."""
    builder = Builder(limits)
    begun, ended = -_STRETCH, 0
    said = ""
    for cue in _cues(read_text(path, limits)):
        over = cue.start - begun
        fresh = over >= _STRETCH or over < 0 or (over > _STRETCH / 2 and cue.start - ended > _PAUSE)
        if fresh:
            begun = cue.start
        ended = cue.end
        for text in cue.text:
            if text == said:
                continue  # rolling captions show each line twice
            if fresh:
                builder.mark(1, _clock(begun))
            builder.add(text, joint="\n\n" if fresh else "\n", row=cue.line)
            fresh, said = False, text
    if builder.is_empty:
        raise DocumentError("There are no subtitles in it.", "Give it the ending it should have.")
    return builder.document()


def _cues(text: str) -> Iterator[_Cue]:
    cue: _Cue | None = None
    for number, line in enumerate(text.split("\n"), 1):
        times = _TIMES.match(line)
        if times:
            if cue:
                yield cue
            start, end = _seconds(*times.group(1, 2, 3)), _seconds(*times.group(4, 5, 6))
            cue = _Cue(number, start, end)
        elif not line.strip():
            if cue:
                yield cue
            cue = None
        elif cue:
            said = html.unescape(_TAG.sub("", _SPEAKER.sub(r"\1: ", line))).strip()
            cue.text += [said] if said else []
    if cue:
        yield cue


def _seconds(hours: str | None, minutes: str, seconds: str) -> int:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
