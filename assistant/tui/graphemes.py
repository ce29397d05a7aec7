"""Characters as people see them, and where lines of them break.

A character may be several code points (an emoji family, a letter with its accents, a flag) and
two columns wide. Widths are Rich's, which the drawing goes by as well.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from rich.cells import split_graphemes
from textual._wrap import compute_wrap_offsets

_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]")
_NEVER_FIRST = frozenset("，。！？、；：）》」』】〕〉”’…—～·,.!?;:)]}%")
"""Punctuation that no line of Chinese begins with (GB/T 15834, 5.1)."""
_NEVER_LAST = frozenset("（《「『【〔〈“‘([{")
"""Punctuation that no line ends with."""


@dataclass(frozen=True, slots=True)
class Grapheme:
    """One character as seen: code points `start` to `end` of a line, and columns."""

    start: int
    end: int
    cells: int


@lru_cache(maxsize=256)
def graphemes(line: str) -> tuple[Grapheme, ...]:
    """The characters of a line; a flag is one, and so is an emoji with its skin tone."""
    found: list[Grapheme] = []
    flag_open = False
    for start, end, cells in split_graphemes(line)[0]:
        first = line[start]
        is_flag_letter = _FLAG_LETTERS.match(first) is not None
        if found and (_SKIN_TONES.match(first) or (is_flag_letter and flag_open)):
            before = found.pop()
            found.append(Grapheme(before.start, end, before.cells + cells))
            flag_open = False
        else:
            found.append(Grapheme(start, end, cells))
            flag_open = is_flag_letter
    return tuple(found)


def before(line: str, column: int) -> int:
    """Where the character left of a column begins; 0 at the left edge."""
    starts = [g.start for g in graphemes(line)]
    return starts[bisect_left(starts, column) - 1] if column > 0 else 0


def after(line: str, column: int) -> int:
    """Where the character at a column ends; the length of the line at its right edge."""
    ends = [g.end for g in graphemes(line)]
    at = bisect_right(ends, column)
    return ends[at] if at < len(ends) else len(line)


def column_at(line: str, cells: int, tab_widths: Sequence[int] = ()) -> int:
    """The beginning of the character that covers a cell; the length of the line beyond it."""
    tabs = iter(tab_widths)
    reached = 0
    for grapheme in graphemes(line):
        reached += next(tabs, 1) if line[grapheme.start] == "\t" else grapheme.cells
        if reached > cells:
            return grapheme.start
    return len(line)


@lru_cache(maxsize=1024)
def wrap_offsets(
    line: str,
    width: int,
    tab_widths: tuple[int, ...],
    tab_size: int,
    *,
    hanging_spaces: bool = False,
) -> list[int]:
    """Columns at which a line breaks, so that no row is wider than `width` cells; where spaces
    hang, those at the end of a row take no room.

    Lines break after spaces and between Chinese characters, not before a comma and not inside
    a character; a word longer than a row is cut. Textual's own rule, which takes text without
    spaces for one word, serves plain ASCII.
    """
    if line.isascii():
        return compute_wrap_offsets(line, width, tab_size)
    pieces = graphemes(line)
    tabs = iter(tab_widths)
    cells = [next(tabs, 1) if line[g.start] == "\t" else g.cells for g in pieces]
    reached = list(accumulate(cells, initial=0))
    offsets: list[int] = []
    row = chance = 0
    for at in range(1, len(pieces)):
        if _may_break(line, pieces[at - 1], pieces[at]):
            chance = at
        if hanging_spaces and line[pieces[at].start].isspace():
            continue
        while reached[at + 1] - reached[row] > width and at > row:
            row = chance if chance > row else at
            offsets.append(pieces[row].start)
    return offsets


def has_wide(line: str) -> bool:
    """Whether any character takes two columns."""
    return any(map(_is_ideographic, line))


def _may_break(line: str, left: Grapheme, right: Grapheme) -> bool:
    last, first = line[left.start], line[right.start]
    if last.isspace():
        return not first.isspace()
    if first.isspace() or first in _NEVER_FIRST or last in _NEVER_LAST:
        return False
    return _is_ideographic(last) or _is_ideographic(first)


@lru_cache(maxsize=4096)
def _is_ideographic(character: str) -> bool:
    """Whether it stands for itself in a line: Chinese, kana, their punctuation, emoji."""
    return unicodedata.east_asian_width(character) in "WF"
