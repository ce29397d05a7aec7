"""A page as it was read: its parts in order, and how sure each line is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.documents import TextLine
from assistant.core.layout import Placed, columns, rows, straightened
from skills.reading.paragraphs import paragraphs, vertical_paragraphs
from skills.reading.tables import Table, find_tables

LEGIBLE = 0.5
"""Score below which a line is a guess at a pattern; it is left out, and counted."""
DOUBTFUL = 0.85
"""Score below which a line is told to be doubtful."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines as they are to be shown; text that flows on is one of them."""

    lines: tuple[str, ...]


Part = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page.

    `lines` have boxes in pixels of the page as drawn and turned by `turns` quarter turns
    counterclockwise, `width` × `height` large; none where the file stores the page as text.
    """

    number: int
    parts: tuple[Part, ...]
    lines: tuple[TextLine, ...] = ()
    faint: int = 0
    """Marks left out for being guesses."""
    turns: int = 0
    width: int = 0
    height: int = 0

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def doubtful(self) -> tuple[TextLine, ...]:
        """The lines that may be wrong, least sure first."""
        unsure = (line for line in self.lines if line.score < DOUBTFUL)
        return tuple(sorted(unsure, key=lambda line: line.score))


def laid_out(
    number: int, lines: Sequence[TextLine], turns: int = 0, width: int = 0, height: int = 0
) -> Page:
    """A page from the lines read on it, in any order."""
    kept = [line for line in lines if line.score >= LEGIBLE and line.text.strip()]
    parts: list[Part] = []
    ordered: list[TextLine] = []
    for block in columns(straightened(kept)):
        parts += _parts(block)
        ordered += [one.line for one in block]
    faint = len(lines) - len(kept)
    return Page(number, tuple(parts), tuple(ordered), faint, turns, width, height)


def stored(number: int, text: str) -> Page:
    """A page whose file holds its text."""
    blocks = (block.strip() for block in text.split("\n\n"))
    return Page(number, tuple(Paragraph(tuple(b.splitlines())) for b in blocks if b))


def _parts(block: Sequence[Placed]) -> list[Part]:
    """Paragraphs and tables of a block, from the top."""
    if len(block) and sum(one.is_tall for one in block) * 2 > len(block):
        return [Paragraph(lines) for lines in vertical_paragraphs(block)]
    found = rows(block)
    parts: list[Part] = []
    start = 0
    for table in find_tables(found):
        parts += map(Paragraph, paragraphs(found[start : table.rows[0]]))
        parts.append(table)
        start = table.rows[-1] + 1
    return [*parts, *map(Paragraph, paragraphs(found[start:]))]
