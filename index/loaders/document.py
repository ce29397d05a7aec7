"""What a loader makes of a file: its text, and where in the file each part stands."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from assistant.core.documents import HEADING_SEPARATOR, Place
from assistant.core.errors import DocumentError


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
    expanded_bytes: int = 1 << 30
    """Bytes an archive (.docx) may unpack to."""
    characters: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """Sanitized text of a file. `pages` are the offsets where pages begin, () without pages."""

    text: str
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = field(default=())
    has_lines: bool = False
    """Whether lines of the text are lines of the file."""

    def place(self, offset: int) -> Place:
        """Where the character at `offset` stands; a line costs a count from the start."""
        return Place(
            page=bisect_right(self.pages, offset) if self.pages else None,
            line=self.text.count("\n", 0, offset) + 1 if self.has_lines else None,
            heading=self.heading_path(offset),
        )

    def heading_path(self, offset: int) -> str:
        """Headings above the offset, outermost first, joined by “ › ”."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.start > offset:
                break
            while path and path[-1].level >= heading.level:
                path.pop()
            path.append(heading)
        return HEADING_SEPARATOR.join(h.title for h in path)


def require_text(document: Document, what: str = "The file") -> Document:
    """The document itself.

    Raises:
        DocumentError: there is nothing to read in it.
    """
    if not document.text.strip():
        raise DocumentError(f"{what} is empty.", "Nothing to index.")
    return document


class Builder:
    """Collects blocks of text separated by blank lines, keeping the offsets of headings."""

    def __init__(self, characters: int) -> None:
        self._limit = characters
        self._blocks: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def add(self, block: str, level: int | None = None, joint: str = "\n\n") -> None:
        """Append a block; with a level it is a heading. Empty blocks are passed over.

        Raises:
            DocumentError: the text grew past the limit.
        """
        block = block.strip()
        if not block:
            return
        joint = joint if self._blocks else ""
        if level is not None:
            title = " ".join(block.split())[:200]
            self._headings.append(Heading(self._length + len(joint), level, title))
        self._blocks.append(joint + block)
        self._length += len(joint) + len(block)
        if self._length > self._limit:
            raise DocumentError(
                f"The text is longer than {self._limit:,} characters.", "Split the file."
            )

    def document(self) -> Document:
        """What was collected."""
        return Document("".join(self._blocks), headings=tuple(self._headings))
