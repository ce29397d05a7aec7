"""Reads PDF files page by page, lines joined to paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.document import Document, Limits, from_pages, too_long
from index.loaders.lines import Line, paragraphs

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

_HYPHENS = {"\x02": "\xad", "\ufffe": "\xad"}
"""How pdfium marks a hyphen at the end of a line."""


_SCAN = 200 / 72
"""Pixels a point a page is drawn at for text recognition: 200 dpi …"""
_SIDE = 2000
"""… or the longest side, in pixels, that text recognition looks at."""
_STAMP = 12
"""Letters up to which the text of a page drawn over is taken for a stamp or page number."""


def load(path: Path, limits: Limits) -> Document:
    """Text with the offsets of its pages; those without text are `scans` unless they are blank.

    pdfium is not thread-safe: one load at a time in a process.
    """
    pages: list[str] = []
    scans: list[int] = []
    length = 0
    with closing(_opened(path)) as pdf:
        count = len(pdf)
        if count > limits.pages:
            raise DocumentError(
                f"It has {count:,} pages; the limit is {limits.pages:,}.", "Split the file."
            )
        for number in range(count):
            text, is_drawn = _page_text(pdf, number)
            pages.append(text)
            length += len(text)
            if is_drawn and sum(map(str.isalnum, text)) <= _STAMP:
                scans.append(number + 1)
            if length > limits.characters:
                raise too_long(limits.characters)
    if not any(pages) and not scans:
        raise DocumentError("All of its pages are blank.", "Nothing to index.")
    return from_pages(pages, scans)


def render(path: Path, page: int) -> Pixels:
    """RGB pixels of a page, numbered from 1."""
    import numpy as np  # 100 ms

    with closing(_opened(path)) as pdf:
        try:
            with closing(pdf[page - 1]) as drawn:
                scale = min(_SCAN, _SIDE / max(1.0, *drawn.get_size()))
                bitmap = drawn.render(scale=scale, rev_byteorder=True)
                pixels = bitmap.to_numpy()
                if pixels.ndim == 2:
                    pixels = pixels[:, :, None].repeat(3, axis=2)
                return np.ascontiguousarray(pixels[:, :, :3])
        except pdfium.PdfiumError as error:
            raise DocumentError(f"Page {page} can't be drawn.", "Its text is left out.") from error


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(
                "The PDF is encrypted with a password.", "Save a copy without one and add that."
            ) from error
        raise DocumentError(
            "The PDF is truncated or damaged.", "Open it in a reader and save it again."
        ) from error


def _page_text(pdf: pdfium.PdfDocument, number: int) -> tuple[str, bool]:
    """Text of a page, and whether pictures or lines are drawn on it."""
    try:
        page = pdf[number]
        with closing(page), closing(page.get_textpage()) as text_page:
            text = "\n\n".join(paragraphs(list(_lines(text_page))))
            return text, len(text) < 10 * _STAMP and _is_drawn(page)
    except pdfium.PdfiumError:
        return "", False  # one broken page doesn't take the others with it


def _is_drawn(page: pdfium.PdfPage) -> bool:
    try:
        return any(o.type != pdfium.raw.FPDF_PAGEOBJ_TEXT for o in page.get_objects(max_depth=2))
    except pdfium.PdfiumError:
        return False


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[Line]:
    """Lines in reading order with the height of their first character above the page's foot."""
    raw = text_page.get_text_range(errors="replace")
    start = 0
    for line in raw.split("\n"):
        text = line.rstrip("\r")
        for mark, hyphen in _HYPHENS.items():
            text = text.replace(mark, hyphen)
        clean = sanitize(text).strip()
        if clean:
            yield Line(clean, *_vertical(text_page, start + len(text) - len(text.lstrip())))
        start += len(line) + 1


def _vertical(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, float]:
    """Bottom and top of a character in points; zeros where pdfium knows none."""
    if index >= text_page.count_chars():
        return 0.0, 0.0
    try:
        _, bottom, _, top = text_page.get_charbox(index, loose=True)
    except pdfium.PdfiumError:
        return 0.0, 0.0
    return float(bottom), float(top)
