"""Writes quotes as Markdown that shows them unchanged, numbered, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from assistant.core.documents import Passage
from assistant.core.text import one_line
from skills.qa_wording import Wording, counted

_MARKUP = re.compile(r"[\\`*<>|~]|(?<!\w)_|_(?!\w)|\](?=[(\[:])")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d{1,3}(?=[.)]))", re.MULTILINE)


def quoted(passages: Sequence[Passage], words: Wording, first: int = 1) -> str:
    """Block quotes numbered from `first`."""
    return "\n\n".join(_block(p, n, words) for n, p in enumerate(passages, first))


def escaped(text: str) -> str:
    """The text as Markdown that shows it unchanged, on one line."""
    flat = " ".join(text.split())
    plain = _MARKUP.sub(lambda m: "\\" + m[0], flat)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2].isdigit() else m[0], plain)


def _block(passage: Passage, number: int, words: Wording) -> str:
    lines = [f"{escaped(passage.quote)} [{number}]"]
    if passage.translation:
        lines.append(f"{words.translated}: *{escaped(passage.translation)}*")
    lines.append(f"— {_source(passage, words)}")
    return "\n>\n".join(f"> {line}" for line in lines)


def _source(passage: Passage, words: Wording) -> str:
    name = escaped(one_line(PurePath(passage.path).name))
    place = passage.place
    if place.page is None and place.line is not None:
        name += f", {words.line.format(line=place.line)}"
    elif where := str(place):
        name += f", {escaped(one_line(where))}"
    if passage.also:
        name += f" ({counted(words.also, len(passage.also), files=len(passage.also))})"
    return name
