"""Puts a document together block by block, keeping pages, headings and rows by their offsets."""

from __future__ import annotations

from assistant.core.errors import DocumentError
from assistant.core.text import one_line
from index.loaders.document import Document, Heading, Limits, too_long

_DEEPEST = 99
"""Level of a heading that claims to stand deeper still."""
TITLE = 200
"""Characters of a heading that are kept."""


class Builder:
    """Collects blocks of text separated by blank lines.

    Its methods raise `DocumentError` when the document grows past the limits.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._blocks: list[str] = []
        self._length = 0
        self._pages: list[int] = []
        self._headings: list[Heading] = []
        self._rows: list[tuple[int, int]] = []
        self._waiting: list[tuple[int, str]] = []

    @property
    def is_empty(self) -> bool:
        """Whether no text was added yet."""
        return not self._blocks

    @property
    def heading_count(self) -> int:
        """Headings so far."""
        return len(self._headings)

    def add(
        self, block: str, level: int | None = None, joint: str = "\n\n", row: int | None = None
    ) -> None:
        """Append a block of sanitized text; empty ones are passed over.

        Args:
            level: makes it a heading.
            row: number of the line or row of the file it stands in.
        """
        block = block.strip()
        if not block:
            return
        joint = joint if self._blocks else ""
        start = self._length + len(joint)
        if level is not None and (not self._waiting or self._waiting[-1][1] != one_line(block)):
            self.mark(level, block)
        self._headings += [Heading(start, above, title) for above, title in self._waiting]
        self._waiting.clear()
        if row is not None:
            self._rows.append((start, row))
        self._blocks.append(joint + block)
        self._length += len(joint) + len(block)
        if self._length > self._limits.characters:
            raise too_long(self._limits.characters)

    def mark(self, level: int, title: str) -> None:
        """A heading above the next block that is no text of the file itself."""
        title = one_line(title[: 10 * TITLE], TITLE)
        if title:
            self._waiting.append((min(level, _DEEPEST), title))

    def unmark(self) -> None:
        """Forget headings no block has followed."""
        self._waiting.clear()

    def page(self) -> None:
        """Begin a page."""
        if len(self._pages) >= self._limits.pages:
            raise DocumentError(
                f"It has more than {self._limits.pages:,} parts.", "Split the file."
            )
        self._pages.append(self._length + 2 if self._blocks else 0)
        self.unmark()

    def document(self) -> Document:
        """What was collected."""
        return Document(
            "".join(self._blocks),
            pages=tuple(min(page, self._length) for page in self._pages),
            headings=tuple(self._headings),
            rows=tuple(self._rows),
        )
