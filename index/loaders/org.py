"""Reads Org mode files as text, noting their headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.loaders.builder import TITLE
from index.loaders.document import Document, Heading, Limits
from index.loaders.text import read_text

_HEADLINE = re.compile(r"(\*+)\s+(?:[A-Z]{4,10}\s+(?=\S))?(?:\[#.\]\s+)?(.*)")
_TAGS = re.compile(r"\s+:[\w@#%:]{1,200}:\s*$")
_BLOCK = re.compile(r"\s*#\+(begin|end)_", re.IGNORECASE)


def load(path: Path, limits: Limits) -> Document:
    """The source text itself: quotes are verbatim, lines are the file's lines."""
    text = read_text(path, limits)
    return Document(text, headings=tuple(_headings(text)), has_lines=True)


def _headings(text: str) -> Iterator[Heading]:
    offset = 0
    quoted = False
    for line in text.split("\n"):
        edge = _BLOCK.match(line)
        if edge:
            quoted = edge[1].lower() == "begin"
        headline = None if quoted else _HEADLINE.match(line)
        if headline:
            title = _TAGS.sub("", headline[2][: 2 * TITLE]).strip()[:TITLE]
            if title:
                yield Heading(offset, len(headline[1]), title)
        offset += len(line) + 1
