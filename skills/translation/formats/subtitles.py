"""Subtitles (.srt, .vtt): what is said is translated, timing and numbering stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skills.translation.formats.document import TextDocument, Unit
from skills.translation.markdown import Segment
from skills.translation.nodes import parse
from skills.translation.patterns import LETTER, WIDE

_TIMING = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
_POSITION = re.compile(r"(?:\{\\[^{}\n]*\}|<v(?:\.[\w.]+)?\s[^<>]*>)+")
"""Styles of SubRip and the speaker of WebVTT, in front of a cue's words."""
_DIALOGUE = re.compile(r"\s*[-–—]\s*\S")
_STOPPED = re.compile(r"[.!?…。！？\"”»)\]♪]\s*$")
_MOST_JOINED = 240
"""Characters of cues that are read as one sentence."""


@dataclass(frozen=True, slots=True)
class _Cue:
    lines: tuple[str, ...]
    ending: str
    """Line break of the file."""
    tail: str
    """What follows the last line of text: its line break, if it has one."""

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines)

    @property
    def is_plain(self) -> bool:
        """Whether it is words only, said by one person."""
        return not any(_DIALOGUE.match(line) for line in self.lines) and all(
            isinstance(node, str) for node in parse(self.text)
        )


def subtitles(text: str) -> TextDocument:
    """The cues of a file. A sentence that runs over several of them is translated whole and
    divided again in proportion."""
    pieces: list[str | Unit] = []
    group: list[_Cue] = []
    between: list[str] = []
    verbatim: list[str] = []
    for item in _items(text):
        if isinstance(item, str):
            verbatim.append(item)
            continue
        if group and _goes_on(group, item):
            between.append("".join(verbatim))
        else:
            pieces += [*_flushed(group, between), "".join(verbatim)]
            group, between = [], []
        verbatim = []
        group.append(item)
    return TextDocument((*pieces, *_flushed(group, between), "".join(verbatim)))


def _items(text: str) -> Iterator[str | _Cue]:
    """The cues, and every line outside of them."""
    cue: list[str] | None = None
    for line in text.splitlines(keepends=True):
        if cue is None:
            yield line
            cue = [] if _TIMING.match(line) else None
        elif line.strip():
            cue.append(line)
        else:
            if cue:
                yield _cue(cue)
            yield line
            cue = None
    if cue:
        yield _cue(cue)


def _cue(lines: Sequence[str]) -> _Cue:
    bare = tuple(line.rstrip("\r\n") for line in lines)
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    return _Cue(bare, ending, lines[-1][len(bare[-1]) :])


def _goes_on(group: Sequence[_Cue], cue: _Cue) -> bool:
    """Whether a cue is in mid-sentence after those before it."""
    last = group[-1]
    length = sum(len(one.text) for one in group) + len(cue.text)
    return (
        length <= _MOST_JOINED
        and last.is_plain
        and cue.is_plain
        and not _STOPPED.search(last.text)
        and cue.text[:1].islower()
        and LETTER.search(last.text) is not None
    )


def _flushed(group: Sequence[_Cue], between: Sequence[str]) -> Iterator[Unit]:
    if len(group) == 1:
        yield _single(group[0])
    elif group:
        yield _joined(tuple(group), tuple(between))


def _single(cue: _Cue) -> Unit:
    """Lines of a dialogue are translated one by one, other lines as one text."""
    if any(_DIALOGUE.match(line) for line in cue.lines):
        texts = tuple(_text(line) for line in cue.lines)
        return Unit(texts, lambda made: cue.ending.join(made) + cue.tail)
    heights = len(cue.lines)
    return Unit(
        (_text(cue.text),),
        lambda made: cue.ending.join(_wrapped(made[0], heights)) + cue.tail,
    )


def _text(words: str) -> tuple[Segment, ...]:
    dash = re.match(r"\s*(?:[-–—]\s*)?", words)
    start = dash.end() if dash else 0
    position = _POSITION.match(words, start)
    start = position.end() if position else start
    rest = words[start:]
    return Segment(words[:start], False), Segment(rest, LETTER.search(rest) is not None)


def _joined(cues: tuple[_Cue, ...], between: tuple[str, ...]) -> Unit:
    whole = " ".join(cue.text for cue in cues)

    def finish(made: Sequence[str]) -> str:
        shares = _divided(made[0], [len(cue.text) for cue in cues])
        parts: list[str] = []
        for cue, share, following in zip(cues, shares, (*between, ""), strict=True):
            parts += [cue.ending.join(_wrapped(share, len(cue.lines))), cue.tail, following]
        return "".join(parts)

    return Unit(((Segment(whole, True),),), finish)


def _wrapped(text: str, lines: int) -> list[str]:
    return _divided(text, [1] * lines) if lines > 1 else [text]


def _divided(text: str, shares: Sequence[int]) -> list[str]:
    """A text cut into as many parts as there are shares, about in their proportion. Parts stay
    whole words and marks; none is empty while there are words enough."""
    words = _words(text)
    glue = "" if WIDE.search(text) else " "
    total, whole = sum(shares), sum(map(len, words))
    parts: list[str] = []
    taken = passed = share_end = 0
    for number, share in enumerate(shares):
        share_end += share
        left = len(shares) - number - 1
        part: list[str] = []
        while len(words) - taken > left and (
            not part or left == 0 or passed + len(words[taken]) / 2 <= whole * share_end / total
        ):
            part.append(words[taken])
            passed += len(words[taken])
            taken += 1
        parts.append(glue.join(part))
    return [part for part in parts if part] + [" "] * sum(not part for part in parts)


def _words(text: str) -> list[str]:
    """Words, a tag with spaces in it being one; single characters where there are no spaces."""
    if WIDE.search(text):
        return re.findall(r"<[^<>]*>|\{[^{}]*\}|[\w.:/-]*[A-Za-z0-9][\w.:/-]*|.", text, re.ASCII)
    return re.findall(r"(?:<[^<>]*>|\{[^{}]*\}|\S)+", text)
