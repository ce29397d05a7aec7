"""What a loader makes of a file: its text, and where in the file each part stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.core.documents import HEADING_SEPARATOR, Place
from assistant.core.errors import DocumentError

_DEEPEST = 8
"""Headings shown above a place, the innermost ones: hostile files nest thousands."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading by its offset in the text; level 1 is the topmost."""

    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 200 << 20
    pages: int = 10_000
    """Of a PDF or presentation."""
    messages: int = 200_000
    """Of a mailbox."""
    expanded_bytes: int = 1 << 30
    """Bytes an archive (.docx, .epub …) may unpack to."""
    members: int = 50_000
    """Files in an archive."""
    rows: int = 1_100_000
    """Rows of all sheets; Excel's own limit is 1,048,576 a sheet."""
    characters: int = 50_000_000
    scanned_pages: int = 300
    """Pages read by text recognition, at 1 to 4 seconds each."""
    seconds: float = 120.0
    """For reading one file, text recognition not counted."""
    memory_bytes: int = 2 << 30
    """Of the process that reads files."""


@dataclass(frozen=True, slots=True)
class Document:
    """Sanitized text of a file.

    Args:
        pages: offsets where pages (slides, messages) begin, () without pages.
        has_lines: whether lines of the text are lines of the file.
        rows: offset and number of lines (of a sheet: rows) of the file, where the lines of the
            text don't tell; ordered.
        scans: numbers of the pages that are pictures, their text still to be recognised; a
            document without pages that is a picture itself has (1,).
    """

    text: str
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    has_lines: bool = False
    rows: tuple[tuple[int, int], ...] = ()
    scans: tuple[int, ...] = ()
    _parents: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parents", _parents(self.headings))

    def place(self, offset: int) -> Place:
        """Where the character at `offset` stands; a line costs a count from the start."""
        return Place(
            page=self.page(offset), line=self.line(offset), heading=self.heading_path(offset)
        )

    def page(self, offset: int) -> int | None:
        """Number of the page the character at `offset` stands on."""
        return bisect_right(self.pages, offset) if self.pages else None

    def line(self, offset: int) -> int | None:
        """Number of the line or row of the file; costs a count from the start with `has_lines`."""
        if self.has_lines:
            return self.text.count("\n", 0, offset) + 1
        row = bisect_right(self.rows, offset, key=lambda row: row[0])
        return self.rows[row - 1][1] if row else None

    def heading_path(self, offset: int) -> str:
        """Headings above the offset, outermost first, joined by “ › ”."""
        index = bisect_right(self.headings, offset, key=lambda heading: heading.start) - 1
        path: list[str] = []
        while index >= 0 and len(path) < _DEEPEST:
            path.append(self.headings[index].title)
            index = self._parents[index]
        return HEADING_SEPARATOR.join(reversed(path))


def _parents(headings: Sequence[Heading]) -> tuple[int, ...]:
    """For each heading the index of the one it stands under, -1 for none."""
    parents: list[int] = []
    above: list[int] = []
    for index, heading in enumerate(headings):
        while above and headings[above[-1]].level >= heading.level:
            above.pop()
        parents.append(above[-1] if above else -1)
        above.append(index)
    return tuple(parents)


def from_pages(pages: Sequence[str], scans: Sequence[int] = ()) -> Document:
    """A document of the texts of its pages."""
    starts: list[int] = []
    offset = 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 2
    text = "\n\n".join(pages)
    return Document(text, pages=tuple(min(s, len(text)) for s in starts), scans=tuple(scans))


def require_text(document: Document, what: str = "The file") -> Document:
    """The document itself.

    Raises:
        DocumentError: there is nothing to read in it.
    """
    if not document.text.strip() and not document.scans:
        raise DocumentError(f"{what} is empty.", "Nothing to index.")
    return document


def too_long(characters: int) -> DocumentError:
    """The error for a text of more characters than the limit."""
    return DocumentError(f"The text is longer than {characters:,} characters.", "Split the file.")
