"""Finds stretches between marks of emphasis, in time that grows with the length of the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_CANDIDATE = re.compile(r"[*_]+")
_OPENERS = {
    "***": re.compile(r"\*\*\*(?=\S)"),
    "**": re.compile(r"\*\*(?=\S)"),
    "__": re.compile(r"(?<!\w)__(?=\S)"),
    "*": re.compile(r"(?<!\*)\*(?!\*)(?=\S)"),
    "_": re.compile(r"(?<![\w_])_(?!_)(?=\S)"),
}
"""Mark → where it opens; of several at one place the first counts that is closed."""
_CLOSERS = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)}(?![\w*]))") for mark in _OPENERS}


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A stretch of a text with its marks: offsets of the whole, and the mark at either end."""

    start: int
    end: int
    mark: str


def find_emphasis(text: str) -> Iterator[Emphasis]:
    """The outermost stretches, from left to right; each ends at the first mark that closes it.

    Where each mark may close is listed once: looking for it anew from every mark that is never
    closed would take time with the square of the length.
    """
    if _CANDIDATE.search(text) is None:
        return
    closers = {
        mark: [m.start() for m in pattern.finditer(text)] for mark, pattern in _CLOSERS.items()
    }
    done = 0
    for run in _CANDIDATE.finditer(text):
        for place in range(run.start(), run.end()):
            if place >= done and (found := _at(text, place, closers)) is not None:
                yield found
                done = found.end


def _at(text: str, place: int, closers: dict[str, list[int]]) -> Emphasis | None:
    for mark, opener in _OPENERS.items():
        if opener.match(text, place):
            ends = closers[mark]
            number = bisect_left(ends, place + len(mark) + 1)
            if number < len(ends):
                return Emphasis(place, ends[number] + len(mark), mark)
    return None
