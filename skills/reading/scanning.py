"""Goes through the pages of images and documents and reads each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError
from assistant.core.protocols import FilePages, ImageOpener, TextReader, can_stop
from assistant.core.skills import Cancelled
from assistant.files.folder_images import SUFFIXES
from assistant.files.upright import read_upright
from skills.reading.page import Page, laid_out, stored

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

PICTURES = SUFFIXES
"""Endings of files opened as images; every other file is asked for its pages."""
_STILL = frozenset({"TIFF"})
"""Formats whose frames are pages; those of an animation show nearly the same again and again."""

OpenPages = Callable[[Path, Cancelled], FilePages]


@dataclass(frozen=True, slots=True)
class Sheets:
    """A file's pages that can be read one after the other."""

    path: Path
    count: int
    read: Callable[[int], Page]
    """Number of a page, from 1 → what stands on it; may raise `DocumentError`."""

    skipped: int = 0
    """Frames of an animation after the first."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """Opens files for reading.

    Args:
        images: opens images.
        pages: opens documents.
        reader: recognises text; loads at its first call.
    """

    images: Callable[[], ImageOpener]
    pages: OpenPages
    reader: Callable[[], TextReader]

    def open(self, path: Path, cancelled: Cancelled) -> Sheets:
        """
        Raises:
            DocumentError: it can't be opened.
        """
        if path.suffix.lower() in PICTURES:
            return self._picture(path, cancelled)
        try:
            return self._document(path, cancelled)
        except DocumentError as refused:
            try:  # an image under another name
                return self._picture(path, cancelled)
            except DocumentError:
                raise refused from None

    def _picture(self, path: Path, cancelled: Cancelled) -> Sheets:
        opener = self.images()
        first = opener.open(path)
        several = first.format in _STILL

        def read(number: int) -> Page:
            image = first if number == 1 else opener.open(path, number - 1)
            return self.recognised(number, image.pixels, cancelled)

        count = first.frames if several else 1
        return Sheets(path, count, read, 0 if several else first.frames - 1)

    def _document(self, path: Path, cancelled: Cancelled) -> Sheets:
        pages = self.pages(path, cancelled)

        def read(number: int) -> Page:
            text = pages.text(number)
            if text.strip():
                return stored(number, text)
            return self.recognised(number, pages.draw(number), cancelled)

        return Sheets(path, len(pages), read)

    def recognised(self, number: int, pixels: Pixels, cancelled: Cancelled) -> Page:
        """A page from its picture, set upright where it lies on its side or head; an empty one once
        cancelled."""
        reader = self.reader()
        with until(reader, cancelled):
            pixels, lines, turns = read_upright(reader, pixels)
        height, width = pixels.shape[:2]
        return laid_out(number, lines, turns, width, height)


def until(reader: TextReader, cancelled: Cancelled) -> AbstractContextManager[None]:
    """While it lasts, the reader ends in the midst of an image once cancelled, if it can."""
    if can_stop(reader):
        return reader.stopping(cancelled)
    return nullcontext()


def chosen(count: int, wanted: frozenset[int]) -> list[int]:
    """The pages to be read, in order: those wanted that there are, or all."""
    return [number for number in range(1, count + 1) if not wanted or number in wanted]
