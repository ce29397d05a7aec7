"""Writes pages down: Markdown, plain text, CSV of their tables, JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from skills.quote_markdown import escaped
from skills.reading.page import Page, Paragraph, Part
from skills.reading.tables import Table

_FORMULA = ("=", "+", "-", "@", "\t")
"""What a cell must not begin with: spreadsheets would run it."""


def markdown(pages: Sequence[Page], *, titles: Sequence[str] = ()) -> str:
    """Paragraphs and tables; a line of its own stays one. Shows the text unchanged.

    Args:
        titles: a heading for each page, () for none.
    """
    found = []
    for number, page in enumerate(pages):
        parts = [_part(part) for part in page.parts]
        if titles:
            parts.insert(0, f"### {escaped(titles[number])}")
        found += parts
    return "\n\n".join(found)


def plain(pages: Sequence[Page]) -> str:
    """The text alone; cells of a row are divided by tabs."""
    return "\n\n".join(_plain(part) for page in pages for part in page.parts)


def table_markdown(table: Table) -> str:
    """A table with its first row as the head, which Markdown can't do without."""
    head, *rest = table.cells
    lines = [_row(head), "|" + " --- |" * len(head), *map(_row, rest)]
    return "\n".join(lines)


def tables_csv(pages: Sequence[Page]) -> str:
    """All tables, an empty line between."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, table in enumerate(table for page in pages for table in page.tables):
        if number:
            writer.writerow([])
        writer.writerows([tame(cell) for cell in row] for row in table.cells)
    return buffer.getvalue()


def tame(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are."""
    if not cell.startswith(_FORMULA):
        return cell
    number = cell[1:].replace(",", "").replace(".", "").replace(" ", "").rstrip("%")
    return cell if cell[0] in "+-" and number.isdigit() else f"'{cell}"


def as_json(path: str, page: Page) -> dict[str, Any]:
    """A page as JSON: text, parts, and each line with its score and box."""
    return {
        "path": path,
        "page": page.number,
        "text": plain([page]),
        "markdown": markdown([page]),
        "tables": [[list(row) for row in table.cells] for table in page.tables],
        "lines": [
            {"text": line.text, "score": round(line.score, 4), "box": list(line.box),
             "angle": round(line.angle, 2)}
            for line in page.lines
        ],
        "left_out": page.faint,
        "turned": page.turns * 90,
        "width": page.width,
        "height": page.height,
    }  # fmt: skip


def _part(part: Part) -> str:
    if isinstance(part, Table):
        return table_markdown(part)
    return "  \n".join(map(escaped, part.lines))


def _plain(part: Part) -> str:
    if isinstance(part, Paragraph):
        return "\n".join(part.lines)
    return "\n".join("\t".join(row) for row in part.cells)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
