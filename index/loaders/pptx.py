"""Reads PowerPoint presentations slide by slide, with tables, charts and speaker's notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pptx
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from pptx.exc import PythonPptxError

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.archive import BROKEN_ARCHIVE, check_archive
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits

_BROKEN = (
    *BROKEN_ARCHIVE,
    PythonPptxError,
    LxmlError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)
_POINTS = 60
"""Categories of a chart that are written out."""

# The library's shapes are many classes told apart by has_… flags: Any stands for them.
Shape = Any


def load(path: Path, limits: Limits) -> Document:
    """Text in reading order; pages are slides, headings their titles."""
    check_archive(path, limits, "ppt/")
    builder = Builder(limits)
    try:
        for slide in pptx.Presentation(str(path)).slides:
            builder.page()
            _read_slide(slide, builder)
    except _BROKEN as error:
        raise DocumentError(
            "The presentation is damaged.", "Open it in PowerPoint or Impress and save it again."
        ) from error
    return builder.document()


def _read_slide(slide: Any, builder: Builder) -> None:
    title = slide.shapes.title
    if title is not None:
        builder.add(" ".join(_clean(title.text_frame.text).split()), 1)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _read_shape(shape, builder)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = _clean(slide.notes_slide.notes_text_frame.text).strip()
        builder.add(f"Notes: {notes}" if notes else "")


def _in_reading_order(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Shapes from the top down, groups unfolded in their place (without recursion)."""
    waiting = _sorted(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if hasattr(shape, "shapes"):
            waiting.extend(_sorted(shape.shapes)[::-1])
        else:
            yield shape


def _sorted(shapes: Iterable[Shape]) -> list[Shape]:
    return sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def _read_shape(shape: Shape, builder: Builder) -> None:
    if shape.has_text_frame:
        paragraphs = [_clean(p.text).strip() for p in shape.text_frame.paragraphs]
        paragraphs = [p for p in paragraphs if p]
        mark = "- " if len(paragraphs) > 1 else ""
        for number, text in enumerate(paragraphs):
            builder.add(mark + text, joint="\n" if number else "\n\n")
    elif getattr(shape, "has_table", False):
        for number, row in enumerate(shape.table.rows):
            cells = [" ".join(_clean(c.text).split()) for c in row.cells if not c.is_spanned]
            builder.add(" | ".join(cells), joint="\n" if number else "\n\n")
    elif getattr(shape, "has_chart", False):
        _read_chart(shape.chart, builder)


def _read_chart(chart: Any, builder: Builder) -> None:
    if chart.has_title and chart.chart_title.has_text_frame:
        builder.add(_clean(chart.chart_title.text_frame.text))
    for plot in chart.plots:
        names = [_clean(str(category)) for category in plot.categories][:_POINTS]
        for series in plot.series:
            values = zip(names, series.values, strict=False)
            pairs = "; ".join(f"{name}: {value:g}" for name, value in values if value is not None)
            builder.add(f"{_clean(str(series.name))}: {pairs}")


def _clean(text: str) -> str:
    return sanitize(text.replace("\v", "\n"))
