"""Holds a collection's pictures in memory, and finds the ones that match."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.core.documents import Filters
from assistant.core.picture_search import (
    FoundPicture,
    FoundPictures,
    PictureGroup,
    PictureQuery,
)
from index.catalogue import Session
from index.filters import passing
from index.fingerprints import differing_bits, tells
from index.picture_table import BYTES, STORED, PictureRow
from index.retriever import shown_path

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.protocols import Vectors

SAME_BITS = 6
"""Of 64 that may differ between near duplicates. Saved anew at a quarter of the size, pictures
differed in 5 at most, and no two different ones in fewer than 16 (`benchmarks.picture_search`)."""
SAME_LOOKS = 0.8
"""Cosine of the vectors of near duplicates: a blank page and a blank wall share fingerprints."""
_NO_DAY = 1
"""Ordinal that stands for a time no calendar has."""


@dataclass(frozen=True)
class Shelf:
    """The pictures at one moment, by path."""

    rows: tuple[PictureRow, ...]
    """Without their vectors, which would be held twice."""
    roots: tuple[str, ...]
    vectored: npt.NDArray[np.bool_]
    """Which have a vector of the usual length."""
    vectors: Vectors
    """Float32 [n, d] of those."""

    @cached_property
    def days(self) -> npt.NDArray[np.int32]:
        """Ordinals of the days they were taken, else their files last changed."""
        import numpy as np

        return np.array([_day(row) for row in self.rows], np.int32)

    @cached_property
    def undated(self) -> npt.NDArray[np.bool_]:
        """Which the camera left no time in."""
        import numpy as np

        return np.array([not row.taken for row in self.rows], np.bool_)

    @cached_property
    def fingerprints(self) -> npt.NDArray[np.int64]:
        """Of all of them."""
        import numpy as np

        return np.array([row.fingerprint for row in self.rows], np.int64)


def shelved(rows: Sequence[PictureRow], roots: tuple[str, ...]) -> Shelf:
    """A shelf of rows as the table has them; damaged vectors are passed over."""
    import numpy as np

    lengths = np.array([len(row.vector) for row in rows], np.int64)
    lengths[lengths % BYTES > 0] = 0
    usual = int(lengths.max(initial=0))
    vectored = (lengths > 0) & (lengths == usual)
    vectors = np.empty((int(vectored.sum()), usual // BYTES), np.float32)
    for place, at in enumerate(np.flatnonzero(vectored)):
        vectors[place] = np.frombuffer(rows[int(at)].vector, STORED)
    bare = tuple(replace(row, vector=b"") for row in rows)
    return Shelf(bare, roots, vectored, np.nan_to_num(vectors, copy=False))


class ShelfCache:
    """The pictures of one collection, read anew when they changed; safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[int, int, str] | None = None
        self._shelf: Shelf | None = None

    def current(self, session: Session, encoder: str) -> Shelf:
        """The pictures with the vectors of an encoder; 0.1 s for 10,000 when they changed."""
        with self._lock, session.snapshot():
            key = session.meta("key"), session.meta("pictured"), encoder
            if self._shelf is None or key != self._key:
                rows = session.pictures.rows(encoder)
                self._shelf, self._key = shelved(rows, session.files.roots()), key
            return self._shelf

    def clear(self) -> None:
        """Hold nothing."""
        with self._lock:
            self._shelf = self._key = None


def find(
    shelf: Shelf,
    query: PictureQuery | None,
    filters: Filters,
    by_text: Collection[str],
    most: int,
    *,
    all_match: bool,
) -> FoundPictures:
    """The best pictures that pass the filters.

    Args:
        by_text: paths of pictures that match by the words in them.
        all_match: every picture that passes matches, the newest first.
    """
    import numpy as np

    passes = _passing(shelf, filters)
    scores = np.zeros(len(shelf.rows), np.float32)
    matches = passes & all_match
    if query is not None and len(shelf.vectors):
        scores[shelf.vectored] = query.scores(shelf.vectors)
        matches |= passes & (scores >= query.least)
    read = passes & _read(shelf, by_text)
    matches |= read
    found = np.flatnonzero(matches)
    order = found[np.lexsort((-shelf.days[found], -scores[found]))]
    return FoundPictures(
        tuple(_found(shelf, i, float(scores[i]), bool(read[i])) for i in order[:most]),
        matching=len(found),
        searched=int(passes.sum()),
        pending=int((passes & ~shelf.vectored).sum()) if query is not None and query.encoder else 0,
        undated=int(shelf.undated[found].sum()),
    )


def near_duplicates(shelf: Shelf) -> tuple[PictureGroup, ...]:
    """Groups around the largest picture of each; 0.5 s for 10,000.

    Every member is nearly the same as the largest one, so that groups don't drift from one
    likeness to the next.
    """
    import numpy as np

    order = sorted(range(len(shelf.rows)), key=lambda i: (-shelf.rows[i].size, shelf.rows[i].path))
    places = np.cumsum(shelf.vectored) - 1
    free = np.ones(len(shelf.rows), np.bool_)
    groups = []
    for leader in order:
        if not free[leader]:
            continue
        near = free & (differing_bits(shelf.fingerprints[leader], shelf.fingerprints) <= SAME_BITS)
        near[leader] = False
        members = [int(i) for i in np.flatnonzero(near) if _alike(shelf, places, leader, int(i))]
        free[[leader, *members]] = False
        if members:
            groups.append(_group(shelf, [leader, *members]))
    return tuple(sorted(groups, key=lambda group: (-len(group.paths), group.paths)))


def _alike(shelf: Shelf, places: npt.NDArray[np.int64], one: int, other: int) -> bool:
    first, second = shelf.rows[one], shelf.rows[other]
    if first.sha256 is not None and first.sha256 == second.sha256:
        return True
    if not tells(first.fingerprint):
        return False
    if not (shelf.vectored[one] and shelf.vectored[other]):
        return True  # the fingerprints are all there is to go by
    vectors = shelf.vectors
    return float(vectors[places[one]] @ vectors[places[other]]) >= SAME_LOOKS


def _group(shelf: Shelf, members: Sequence[int]) -> PictureGroup:
    digests = {shelf.rows[i].sha256 for i in members}
    paths = tuple(shown_path(shelf.rows[i].path) for i in members)
    return PictureGroup(paths, identical=len(digests) == 1 and None not in digests)


def _read(shelf: Shelf, paths: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which pictures are among the paths."""
    import numpy as np

    if not paths:
        return np.zeros(len(shelf.rows), np.bool_)
    wanted = frozenset(paths)
    return np.array([shown_path(row.path) in wanted for row in shelf.rows], np.bool_)


def _passing(shelf: Shelf, filters: Filters) -> npt.NDArray[np.bool_]:
    import numpy as np

    allowed = np.ones(len(shelf.rows), np.bool_)
    try:
        if filters.after:
            allowed &= shelf.days >= date.fromisoformat(filters.after).toordinal()
        if filters.before:
            allowed &= shelf.days <= date.fromisoformat(filters.before).toordinal()
    except ValueError:
        return np.zeros(len(shelf.rows), np.bool_)
    if filters.paths or filters.types:
        passes = passing(Filters(paths=filters.paths, types=filters.types), shelf.roots)
        allowed &= np.array([passes(row.path, row.mtime_ns) for row in shelf.rows], np.bool_)
    return allowed


def _found(shelf: Shelf, at: int, score: float, by_text: bool) -> FoundPicture:
    row = shelf.rows[at]
    day = date.fromordinal(int(shelf.days[at])).isoformat()
    return FoundPicture(
        shown_path(row.path), min(1.0, max(0.0, score)), day, not row.taken, by_text
    )


def _day(row: PictureRow) -> int:
    try:
        if row.taken:
            return datetime.fromisoformat(row.taken).toordinal()
        # In the local time zone: a person's days.
        changed = datetime.fromtimestamp(row.mtime_ns / 1e9, tz=UTC).astimezone()
        return changed.toordinal()
    except (ValueError, OverflowError, OSError):
        return _NO_DAY
