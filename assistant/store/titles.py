"""Titles made from the first message: one line, short, in whatever language."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from assistant.core.messages import Message, TextAttachment
from assistant.core.text import one_line, sanitize

TITLE_CELLS = 60
"""Columns of a terminal; a Chinese character takes two."""
_SHORTEST_SHARE = 0.6
"""A title is cut between words or clauses unless that leaves less than this of its room."""
_SCANNED = 2_000
"""Characters of the message that are looked at."""
_MARKS = re.compile(r"^(?:[#>*+-]+\s+|\d+[.)]\s+|`{3,}\w*\s*$|`{3,}|/[\w-]+\s+)+")
"""Markdown at the beginning of a line, or a slash command."""
_PARAGRAPHS = re.compile(r"\n\s*\n")
_BREAKS = re.compile(r"[\s,;:.!?，、；：。！？…）)]")


def title_of(message: Message) -> str:
    """Its first paragraph with words, cut where a word or clause ends; else the name of what
    came with it; else nothing."""
    for paragraph in _PARAGRAPHS.split(sanitize(message.text[:_SCANNED])):
        title = " ".join(_MARKS.sub("", line.strip()) for line in paragraph.splitlines())
        if any(character.isalnum() for character in title):
            return shortened(title)
    if title := one_line(message.text[:_SCANNED]):
        return shortened(title)
    for attachment in message.attachments:
        name = attachment.name if isinstance(attachment, TextAttachment) else attachment.path
        return shortened(PurePath(name).name)
    return ""


def shortened(text: str) -> str:
    """One line of at most TITLE_CELLS columns."""
    flat = one_line(text, _SCANNED)
    end = _fitting(flat, TITLE_CELLS)
    if end == len(flat):
        return flat
    end = _fitting(flat, TITLE_CELLS - 1)
    breaks = [match.start() for match in _BREAKS.finditer(flat, 0, end + 1)]
    if breaks and breaks[-1] >= end * _SHORTEST_SHARE:
        end = breaks[-1]
    return flat[:end].rstrip(" ,;:，、；：") + "…"


def _fitting(text: str, cells: int) -> int:
    """How many characters of the text fit so many columns."""
    for position, character in enumerate(text):
        cells -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells < 0:
            return position
    return len(text)
