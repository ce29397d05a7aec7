"""Separates what a message asks from the text it asks it of, and cuts it where it may be joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.routing.planning import wording

LONGEST_TASK = 400
"""Characters; a longer line is a text, not a list of things to do."""
_QUOTED = re.compile(
    r"“[^”]+”|\"[^\"]+\"|«[^»]+»|「[^」]+」|『[^』]+』|„[^“”]+[“”]|‘[^’]+’|(?<!\w)'[^'\n]+'(?!\w)|`[^`]+`"
)
_COLON = re.compile(r"[:：](?!//|\\)\s*(?=\S)")
_MASK = "\ue000"


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, and the text that came along with it."""

    text: str
    material: str | None


@dataclass(frozen=True, slots=True)
class Joint:
    """A place where a task may fall into two: what stands there, by offsets."""

    start: int
    end: int
    words: str

    @property
    def is_then(self) -> bool:
        """Whether it puts one thing after the other, where "and" only lists."""
        return wording.THEN.search(self.words.casefold()) is not None

    @property
    def is_strong(self) -> bool:
        """Whether it ends a sentence or puts the next thing after it."""
        return self.is_then or any(mark in self.words for mark in ".!?;。！？；")

    @property
    def is_purpose(self) -> bool:
        """Whether it says what the thing before is for: "find it to translate it"."""
        return wording.PURPOSE.search(self.words.casefold()) is not None


def separations(text: str) -> Iterator[Task]:
    """Ways to take a message apart, the likelier first.

    What is asked stands before a colon, on the first line, on the last, or is all there is.
    """
    text = text.strip()
    first, newline, rest = text.partition("\n")
    for colon in _COLON.finditer(masked_quotes(first[: LONGEST_TASK + 1])):
        yield Task(first[: colon.start()].strip(), f"{first[colon.end() :]}{newline}{rest}".strip())
    if newline:
        yield Task(first.strip(" :："), rest.strip("\n"))
        before, _, last = text.rpartition("\n")
        yield Task(last.strip(), before.strip("\n"))
    else:
        yield Task(text, None)


def as_list(text: str) -> tuple[str, ...]:
    """The lines of a short message, for it may be a list of things to do."""
    lines = tuple(line.strip(" -*•") for line in text.splitlines() if line.strip())
    return lines if len(lines) > 1 and len(text) <= LONGEST_TASK else ()


def masked_quotes(text: str) -> str:
    """The text, as long as before, with what is quoted and file names made unreadable."""
    text = _QUOTED.sub(lambda m: _MASK * len(m[0]), text)
    return wording.FILE_NAME.sub(lambda m: _MASK * len(m[0]), text)


def joints(masked: str) -> Iterator[Joint]:
    """Places between two parts, from left to right; never at an end."""
    lowered = masked.lower() if len(masked.lower()) == len(masked) else masked
    for found in wording.JOINT.finditer(lowered):
        if found.start() > 0 and found.end() < len(masked):
            yield Joint(found.start(), found.end(), found[0])
