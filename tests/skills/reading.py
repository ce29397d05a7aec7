"""Lines of pages by hand, and stand-ins for what the read skill reads with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.core.documents import TextLine
from assistant.core.errors import DocumentError
from assistant.core.events import Event, TextDelta
from assistant.core.messages import Attachment, ImageAttachment, Message
from assistant.core.protocols import LoadedImage, Pixels
from assistant.core.skills import Cancelled, Params, SkillRequest
from skills.read import ReadSkill
from skills.reading.scanning import Scanner

EM = 20
"""Height of a line in these pages; letters are half as wide."""


def line(text: str, left: int, top: int, score: float = 0.99, width: int = 0) -> TextLine:
    return TextLine(text, score, (left, top, left + (width or len(text) * EM // 2), top + EM))


def grid(rows: Sequence[Sequence[str]], lefts: Sequence[int], top: int = 0) -> list[TextLine]:
    """Cells at their columns' left edges, rows 30 pixels apart; "" is no cell."""
    return [
        line(text, left, top + 30 * number)
        for number, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


@dataclass
class PageReader:
    """Reads the lines written for an image's first pixel."""

    pages: Mapping[int, tuple[TextLine, ...]]
    name: str = "fake-reader"

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        return self.pages[int(image[0, 0, 0])]


@dataclass
class TurnedReader(PageReader):
    """Sees that pages lie on their side."""

    turned: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        self.turned.append(image.shape[:2])
        return super().read(image)

    def quarter_turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        return 1


@dataclass
class PageOpener:
    """Images of as many pages as the number in their name says; page n has pixels of n."""

    format: str = "TIFF"

    def open(self, path: Path, frame: int = 0) -> LoadedImage:
        if "missing" in path.name:
            raise DocumentError(f"There is no file {path.name}.", "Check the path.")
        if path.suffix == ".pdf":
            raise DocumentError(f"{path.name} is no image.")
        count = int("".join(c for c in path.stem if c.isdigit()) or 1)
        pixels = np.full((30, 40, 3), frame + 1, np.uint8)
        return LoadedImage(path, pixels, 40, 30, self.format, count)


@dataclass
class Pages:
    """A document: stored text by page, "" for a scan; pages named broken can't be drawn."""

    texts: tuple[str, ...]
    broken: int = 0

    def __len__(self) -> int:
        return len(self.texts)

    def text(self, page: int) -> str:
        return self.texts[page - 1]

    def draw(self, page: int) -> Pixels:
        if page == self.broken:
            raise DocumentError(f"Page {page} can't be drawn.", "Its text is left out.")
        return np.full((30, 40, 3), page, np.uint8)


def skill(
    pages: Mapping[int, tuple[TextLine, ...]],
    document: Pages | None = None,
    reader: PageReader | None = None,
    format: str = "TIFF",  # noqa: A002  # what it is called in LoadedImage
) -> ReadSkill:
    def opened(path: Path, cancelled: Cancelled) -> Pages:
        if document is None:
            raise DocumentError(f"{path.name}: damaged.", "Save it again.")
        return document

    scanner = Scanner(lambda: PageOpener(format), opened, lambda: reader or PageReader(pages))
    return ReadSkill(scanner, lambda text: "zh" if any(c > "\u3000" for c in text) else "en")


def ask(
    reading: ReadSkill,
    text: str,
    *attachments: Attachment | str,
    history: tuple[Message, ...] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Event]:
    attached = tuple(ImageAttachment(a) if isinstance(a, str) else a for a in attachments)
    request = SkillRequest(Message("user", text, attached), history, Params(), cancelled)
    return list(reading.run(request))


def said(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
