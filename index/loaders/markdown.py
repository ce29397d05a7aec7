"""Reads Markdown as text, noting its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.loaders.document import Document, Heading, Limits
from index.loaders.text import read_text

_FENCE = re.compile(r" {0,3}(```|~~~)")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_MARKS = re.compile(r"[*_`]+|!?\[([^\]]*)\]\([^)]*\)")


def load(path: Path, limits: Limits) -> Document:
    """The source text itself: quotes are verbatim, lines are the file's lines."""
    text = read_text(path, limits)
    return Document(text, headings=tuple(headings(text)), has_lines=True)


def headings(text: str) -> Iterator[Heading]:
    """Headings of a Markdown text, in order."""
    fence = ""
    offset = 0
    previous = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if opening and fence in ("", opening[1]):
            fence = "" if fence else opening[1]
        elif not fence:
            atx, setext = _ATX.match(line), _SETEXT.match(line)
            if atx:
                yield Heading(offset, len(atx[1]), _plain(atx[2]))
            elif setext and _may_be_title(previous):
                start = offset - len(previous) - 1
                yield Heading(start, 1 if setext[1][0] == "=" else 2, _plain(previous))
        previous = line
        offset += len(line) + 1


def _may_be_title(line: str) -> bool:
    return bool(line.strip()) and not _ATX.match(line) and line.lstrip()[0] not in "-*+>|"


def _plain(title: str) -> str:
    return _MARKS.sub(lambda m: m[1] or "", title).strip()[:200]
