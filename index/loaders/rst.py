"""Reads reStructuredText as text, noting its section titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.loaders.builder import TITLE
from index.loaders.document import Document, Heading, Limits
from index.loaders.text import read_text

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")
_ROLE = re.compile(r":[\w+.:-]{1,60}:`([^`<]*)[^`]*`|[`*]+")


def load(path: Path, limits: Limits) -> Document:
    """The source text itself: quotes are verbatim, lines are the file's lines."""
    text = read_text(path, limits)
    return Document(text, headings=tuple(_headings(text)), has_lines=True)


def _headings(text: str) -> Iterator[Heading]:
    """Titles by their adornments; their order of appearance makes the levels."""
    levels: list[tuple[str, bool]] = []
    offset = 0
    above = title = ""
    for line in text.split("\n"):
        mark = _ADORNMENT.match(line)
        overlined = mark is not None and above.rstrip() == line.rstrip()
        if mark and _is_title(title, line, overlined):
            style = (mark[1], overlined)
            if style not in levels:
                levels.append(style)
            start = offset - len(title) - 1
            start += len(title) - len(title.lstrip())
            if overlined:
                start -= len(title) - len(title.lstrip()) + len(above) + 1
            yield Heading(start, levels.index(style) + 1, _plain(title))
        above, title = title, line
        offset += len(line) + 1


def _is_title(title: str, line: str, overlined: bool) -> bool:
    if not title.strip() or _ADORNMENT.match(title) or len(title) > 4 * len(line.rstrip()):
        return False
    return overlined or not title[0].isspace()


def _plain(title: str) -> str:
    return _ROLE.sub(lambda match: match[1] or "", title).strip()[:TITLE]
