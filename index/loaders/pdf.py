"""Reads PDF files page by page, lines joined to paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.document import Document, Limits
from index.loaders.lines import Line, paragraphs

_HYPHENS = {"\x02": "\xad", "\ufffe": "\xad"}
"""How pdfium marks a hyphen at the end of a line."""


def load(path: Path, limits: Limits) -> Document:
    """Text with the offsets of its pages. pdfium is not thread-safe: one load at a time."""
    pages: list[str] = []
    length = 0
    with closing(_opened(path)) as pdf:
        count = len(pdf)
        if count > limits.pages:
            raise DocumentError(
                f"It has {count:,} pages; the limit is {limits.pages:,}.", "Split the file."
            )
        for number in range(count):
            pages.append(_page_text(pdf, number))
            length += len(pages[-1])
            if length > limits.characters:
                raise DocumentError(
                    f"The text is longer than {limits.characters:,} characters.", "Split the file."
                )
    if not any(pages):
        raise DocumentError(
            "There is no text on any page (scanned?).",
            "Run it through a text recognition program and add the result.",
        )
    return _joined(pages)


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


def _page_text(pdf: pdfium.PdfDocument, number: int) -> str:
    try:
        page = pdf[number]
        with closing(page), closing(page.get_textpage()) as text_page:
            return "\n\n".join(paragraphs(list(_lines(text_page))))
    except pdfium.PdfiumError:
        return ""  # one broken page doesn't take the others with it


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


def _joined(pages: list[str]) -> Document:
    starts: list[int] = []
    offset = 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 2
    return Document("\n\n".join(pages), pages=tuple(starts))
