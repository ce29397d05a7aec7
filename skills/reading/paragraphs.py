"""Joins the lines of a block to paragraphs.

A line goes on in the next one where the first word of that had no room any more, and the next
one stands close under it in letters of the same size and begins no entry of a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from assistant.core.layout import Placed

_FULL = 0.85
"""Part of the block's width from which a line is full, whatever follows."""
_LOOSE = 1.25
"""How much more room a word may have wanted: letters differ in width, and lines are not filled
to the last pixel."""
_LONG_LINE = 7.0
"""Width over height of a line that may flow on; shorter ones are of signs and addresses."""
_CLOSE = 0.9
"""Space between lines of a paragraph over their height, where too few lines show what is usual."""
_WIDER = 0.35
"""The same, beyond what is usual in the block, for a new paragraph to begin."""
_ALIKE = 1.35
"""Ratio of the heights of lines of one paragraph, at most."""
_INDENT = 1.0
"""Heights a line is set in from where its paragraph begins anew."""
_ENTRY = re.compile(
    r"(?:[•·▪●○◦–—*-]|\(?\d{1,3}[.)、]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、)"
)
_LONG_COLUMN = 12
"""Letters of a column written from top to bottom that may flow on; shorter ones are verses."""
_CHINESE = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff，。；：、！？）”》（“《]"
)

Row = Sequence[Placed]


def paragraphs(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Paragraphs, each as the lines to be shown: what flows on is one of them.

    Rows come from top to bottom; a space of more than a line's height begins a new paragraph.
    """
    if not rows:
        return []
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    usual = _usual_space(rows)
    found: list[list[str]] = []
    for number, row in enumerate(rows):
        text = "   ".join(one.line.text for one in row)
        before = rows[number - 1] if number else None
        if before is None or _space(before, row) > usual * _height(before):
            found.append([text])
        elif _flows(before, row, left, right):
            found[-1][-1] = joined(found[-1][-1], text)
        else:
            found[-1].append(text)
    return [tuple(lines) for lines in found]


def vertical_paragraphs(block: Sequence[Placed]) -> list[tuple[str, ...]]:
    """Columns of text that runs from top to bottom, from the right; a full one flows on."""
    bottom = max(one.bottom for one in block)
    top = min(one.top for one in block)
    lines: list[str] = []
    flows = False
    for one in block:
        if flows:
            lines[-1] = joined(lines[-1], one.line.text)
        else:
            lines.append(one.line.text)
        flows = one.height >= 0.97 * (bottom - top) and len(one.line.text) >= _LONG_COLUMN
    return [tuple(lines)]


def joined(one: str, other: str) -> str:
    """Two lines of a text that flows on; a word parted by a hyphen becomes whole."""
    if not one or not other:
        return one + other
    if _CHINESE.match(one[-1]) or _CHINESE.match(other[0]):
        return one + other
    if one[-1] in "-\u00ad" and len(one) > 1 and one[-2].isalpha() and other[0].islower():
        return one[:-1] + other
    return f"{one} {other}"


def _flows(before: Row, row: Row, left: float, right: float) -> bool:
    if len(before) > 1 or len(row) > 1 or _ENTRY.match(row[0].line.text):
        return False
    one, other = before[0], row[0]
    heights = sorted((one.height, other.height))
    em = heights[1]
    set_in = other.left - one.left > _INDENT * em and other.left - left > _INDENT * em
    full = one.right - left >= _FULL * (right - left)
    no_room = one.right + _LOOSE * _first_word(other) > right
    fills = one.right - left > _LONG_LINE * em and (full or no_room)
    return fills and not set_in and heights[1] <= _ALIKE * max(1.0, heights[0])


def _first_word(one: Placed) -> float:
    """About how wide the first word of a line is, with the space before it."""
    text = one.line.text
    word = 1 if _CHINESE.match(text[0]) else len(text.split(" ", 1)[0]) + 1
    return one.width * min(1.0, word / len(text))


def _usual_space(rows: Sequence[Row]) -> float:
    """Space over height beyond which a paragraph has ended."""
    spaces = [_space(a, b) / max(1.0, _height(a)) for a, b in pairwise(rows)]
    close = [space for space in spaces if space <= _CLOSE]
    return median(close) + _WIDER if len(close) >= 3 else _CLOSE


def _space(above: Row, below: Row) -> float:
    return min(cell.top for cell in below) - max(cell.bottom for cell in above)


def _height(row: Row) -> float:
    return median(cell.height for cell in row)
