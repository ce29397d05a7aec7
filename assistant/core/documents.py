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


class Filters(msgspec.Struct, frozen=True):
    """Which files of a collection a question is about; an empty field leaves all of them in.

    A file passes when it matches one of the `paths` and one of the `types`, and was last
    changed within the days named.
    """

    paths: tuple[str, ...] = ()
    """Parts of a path, or patterns with `*` and `?`; case does not count."""
    types: tuple[str, ...] = ()
    """File name endings, lower-case and without the point."""
    after: str = ""
    """First day, as `2024-01-31`."""
    before: str = ""
    """Last day, as `2024-01-31`."""

    def __bool__(self) -> bool:
        return bool(self.paths or self.types or self.after or self.before)


NO_FILTERS = Filters()


class Scope(msgspec.Struct, frozen=True):
    """What was searched for an answer."""

    collection: str
    files: int
    """Searchable files that pass the filters."""
    filters: Filters = NO_FILTERS


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
    marks: tuple[tuple[int, int], ...] = ()
    """Character ranges of `quote` (half-open, ordered, apart) that made it match."""
    also: tuple[str, ...] = ()
    """Other files that hold the same, or nearly the same, text."""
    translation: str = ""
    """The quote in the question's language, where that is another one and a translator is there."""


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
    also: tuple[str, ...] = ()
    """Other files that hold the same, or nearly the same, text."""


class Retrieval(msgspec.Struct, frozen=True):
    """Answer of the index to one query: candidates best first, and what was searched."""

    candidates: tuple[Candidate, ...]
    files: int
    """Searchable files that pass the filters."""
    chunks: int
    pending: int
    """Chunks whose vectors are still being made; such chunks were searched by words only."""
    collection: str = ""
    chinese: bool = False
    """Whether some text of the collection is in Chinese characters, found or not."""


class Label(msgspec.Struct, frozen=True, omit_defaults=True):
    """A name for what an image shows, with a probability in [0, 1]."""

    label: str
    score: float
    shown: str = ""
    """What it is called in the language of the answer, where that is another word."""


class TextLine(msgspec.Struct, frozen=True):
    """A line read from an image; `box` is left, top, right, bottom in pixels."""

    text: str
    score: float
    box: tuple[int, int, int, int]
    angle: float = 0.0
    """Degrees clockwise that the line leans, in [-45, 45]; `box` is around the leaning line."""
