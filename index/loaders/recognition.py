"""Reads what stands in pictures: scanned pages, photos, screenshots."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.core.documents import TextLine
from assistant.core.errors import DocumentError, ModelError
from assistant.core.protocols import ImageLabeler, TextReader
from assistant.core.skills import Cancelled
from assistant.core.text import sanitize
from assistant.files.upright import read_upright
from index.loaders.document import Document, Limits, from_pages
from index.loaders.errors import ReaderDiedError, ReadingStoppedError
from index.loaders.lines import Line, paragraphs

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

Render = Callable[[int], "Pixels"]
"""Draws a page, numbered from 1."""
_LEGIBLE = 0.5
"""Score below which a line read is a guess at a pattern."""
_SMALLEST = 32
"""Pixels; pictures narrower or lower are icons and spacers."""
_LABELS = 3
_PROBABLE = 0.25
"""Probability from which a label says something of a picture."""


@dataclass(frozen=True, slots=True)
class Readers:
    """What recognises pictures, each loaded at its first call; None where there is no such thing.

    A call may raise `ModelError`: then pictures are not read, and the file's reason says so.
    """

    text: Callable[[], TextReader] | None = None
    labels: Callable[[], ImageLabeler] | None = None
    keeps_pictures: bool = False
    """Whether a picture without a word is read all the same, for it is searched by its looks."""


def never() -> bool:
    """Nobody cancels."""
    return False


def recognise(
    document: Document,
    render: Render,
    readers: Readers,
    limits: Limits,
    cancelled: Cancelled = never,
) -> Document:
    """The document with the text of its pictures; without a reader, as far as it has text.

    Raises:
        DocumentError: there is nothing in it that can be read.
        ReadingStoppedError: cancelled.
    """
    if not document.scans:
        return document
    if len(document.scans) > limits.scanned_pages:
        raise DocumentError(
            f"{len(document.scans):,} of its pages are scanned; the limit is "
            f"{limits.scanned_pages:,}.",
            "Split the file.",
        )
    found: dict[int, str] = {}
    missing = _missing(readers)
    if missing is None:
        for page in document.scans:
            if cancelled():
                raise ReadingStoppedError("Reading was cancelled.")
            found[page] = _recognised(page, render, readers, is_picture=not document.pages)
    whole = _with_pages(document, found)
    if not whole.text.strip() and not (readers.keeps_pictures and not document.pages):
        raise missing or DocumentError(
            "There is no text in its pictures that could be recognised."
            if document.pages
            else "Nothing was recognised in the picture.",
            "Nothing to index.",
        )
    return whole


def _missing(readers: Readers) -> DocumentError | None:
    """Why no text can be recognised, if so."""
    hint = "Run it through a text recognition program and add the result."
    if readers.text is None:
        return DocumentError("There is no text in it, only pictures (scanned?).", hint)
    try:
        readers.text()
    except ModelError as error:
        return DocumentError(f"It is a scan. {error.message}", error.hint)
    return None


def _recognised(page: int, render: Render, readers: Readers, *, is_picture: bool) -> str:
    try:
        pixels = render(page)
    except ReaderDiedError:
        raise  # the next page would most likely take as long
    except DocumentError:
        if is_picture:
            raise
        return ""  # one broken page doesn't take the others with it
    if is_picture and min(pixels.shape[:2]) < _SMALLEST:
        raise DocumentError("The picture is too small to show anything.", "Nothing to index.")
    parts: list[str] = []
    if readers.text is not None:
        upright, lines, _ = read_upright(readers.text(), pixels)
        parts = _paragraphs(lines, upright.shape[0])
    if is_picture:
        parts += _labelled(pixels, readers)
    return "\n\n".join(parts)


def _paragraphs(lines: Sequence[TextLine], height: int) -> list[str]:
    placed = [
        Line(clean, height - line.box[3], height - line.box[3])
        for line in lines
        if line.score >= _LEGIBLE and (clean := " ".join(sanitize(line.text).split()))
    ]
    return paragraphs(placed)


def _labelled(pixels: Pixels, readers: Readers) -> list[str]:
    """What a picture shows, as a line of text that can be found."""
    if readers.labels is None:
        return []
    try:
        labels = readers.labels().label([pixels], _LABELS)[0]
    except ModelError:
        return []  # its text is worth having without
    names = [sanitize(label.label) for label in labels if label.score >= _PROBABLE]
    return [f"Picture: {', '.join(names)}"] if names else []


def _with_pages(document: Document, found: dict[int, str]) -> Document:
    """Text read from a page takes the place of the little the page had."""
    if not document.pages:
        return dataclasses.replace(document, text=found.get(1, document.text), scans=())
    pages = [document.text[start:end].strip() for start, end in pairwise([*document.pages, None])]
    for page, text in found.items():
        if len(text) > len(pages[page - 1]):
            pages[page - 1] = text
    return from_pages(pages)
