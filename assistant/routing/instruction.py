"""Tells what a message asks from the text it asks it of: "translate to French: …"."""

from __future__ import annotations

import re

MARK = "…"
"""Stands where the text was."""
_QUOTED = re.compile(
    r"\"[^\"]{2,}\"|“[^”]{2,}”|«[^»]{2,}»|„[^“”\"]{2,}[“”\"]|「[^」]{2,}」|『[^』]{2,}』|‘[^’]{2,}’"
    r"|(?<!\w)'[^']{2,}'(?!\w)"
)
_BREAK = re.compile(r"[:：]\s*|\n+")
_SHORTEST = 4  # characters of an instruction
_SLIGHT = 8  # characters of a text; what is shorter is part of the instruction
_LONG = 500  # characters; an instruction stands at either end of a longer message
_END = 250  # characters looked at there


def instruction(text: str) -> str:
    """The message with what it quotes, and what follows a colon or a line break, as a mark.

    Whoever looks for what is wanted is not led astray by the text: "translate 'describe the
    picture' into German" asks for no description. A message that is only one text stays whole;
    of a long one its beginning and its last line count.
    """
    if len(text) > _LONG:
        last = text[-_END:].rstrip().rpartition("\n")[2]
        return f"{_without_text(text[:_END])}\n{last}"
    return _without_text(text)


def _without_text(text: str) -> str:
    asked = _QUOTED.sub(f'"{MARK}"', text)
    found = _BREAK.search(asked)
    if found is None or found.start() < _SHORTEST or asked.startswith("//", found.end()):
        return asked
    if len(asked) - found.end() <= _SLIGHT:
        return asked
    return f"{asked[: found.start()]}: {MARK}"
