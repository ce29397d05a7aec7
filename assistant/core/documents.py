"""Documents as the index and the answers see them: text with places."""

from __future__ import annotations

import msgspec

HEADING_SEPARATOR = " › "


class Place(msgspec.Struct, frozen=True):
    """Where in a file something stands; counts from 1, None where a format has no such thing."""

    page: int | None = None
    line: int | None = None
    heading: str = ""
    """Headings above it, outermost first, joined by `HEADING_SEPARATOR`."""

    def __str__(self) -> str:
        if self.page is not None:
            return f"p. {self.page}"
        if self.line is not None:
            return f"line {self.line}"
        return self.heading


class Passage(msgspec.Struct, frozen=True):
    """Verbatim text of a document with its place.

    `start` and `end` are character offsets into the text extracted from the file
    (half-open); `context` is the surrounding passage, `quote` a part of it.
    """

    path: str
    quote: str
    place: Place
    start: int
    end: int
    score: float
    context: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """A retrieved chunk with the scores that ranked it.

    `dense` is a cosine in [-1, 1] (None while the chunk has no vector yet), `lexical` a
    BM25 score ≥ 0 (0 = no term in common), `fused` the standardised combination.
    """

    chunk: int
    path: str
    text: str
    place: Place
    start: int
    end: int
    dense: float | None
    lexical: float
    fused: float


class Retrieval(msgspec.Struct, frozen=True):
    """Answer of the index to one query: candidates best first, and what was searched."""

    candidates: tuple[Candidate, ...]
    files: int
    chunks: int
    pending: int
    """Chunks whose vectors are still being made; such chunks were searched by words only."""


class Label(msgspec.Struct, frozen=True):
    """A name for what an image shows, with a probability in [0, 1]."""

    label: str
    score: float


class TextLine(msgspec.Struct, frozen=True):
    """A line read from an image; `box` is left, top, right, bottom in pixels."""

    text: str
    score: float
    box: tuple[int, int, int, int]
