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
_CLOSE = 2.5
"""Distance of lines over their height up to which they can be of one paragraph."""
_WIDER = 1.35
"""Distance over what is usual in the block from which a paragraph has ended."""
_ALONE = 1.9
"""Distance over height of two lines that nothing else is there to be compared with."""
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
    widest = _widest_step(rows)
    found: list[list[str]] = []
    for number, row in enumerate(rows):
        text = "   ".join(one.line.text for one in row)
        before = rows[number - 1] if number else None
        if before is None or _step(before, row) > widest:
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


def _widest_step(rows: Sequence[Row]) -> float:
    """Distance of two lines' middles beyond which a paragraph has ended; the middles, for the
    edges move with every p and b."""
    steps = [_step(a, b) for a, b in pairwise(rows)]
    close = [step for (a, _), step in zip(pairwise(rows), steps, strict=True)
             if step <= _CLOSE * _height(a)]  # fmt: skip
    if len(close) >= 2:
        return _WIDER * median(close)
    return _ALONE * median(map(_height, rows))


def _step(above: Row, below: Row) -> float:
    return _middle(below) - _middle(above)


def _middle(row: Row) -> float:
    return median((cell.top + cell.bottom) / 2 for cell in row)


def _height(row: Row) -> float:
    return median(cell.height for cell in row)
