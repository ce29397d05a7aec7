"""Pictures of a collection as they are searched: facts, queries, findings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from assistant.core.documents import NO_FILTERS, Filters

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels, Vectors


class FoundPicture(msgspec.Struct, frozen=True):
    """A picture that was found. No place: where it was taken is told only when asked."""

    path: str
    score: float
    """Probability that it shows what was asked, or likeness to a picture, in [0, 1]."""
    day: str
    """When it was taken, as `2024-01-31`; when the file was last changed if `by_file`."""
    by_file: bool = False
    """The camera left no time, so the day is that of the file."""
    by_text: bool = False
    """It was found by the words in it."""


class FoundPictures(msgspec.Struct, frozen=True):
    """The best pictures, best first."""

    pictures: tuple[FoundPicture, ...]
    matching: int
    """Pictures good enough, shown or not."""
    searched: int
    """Pictures that pass the filters."""
    pending: int = 0
    """Of these, pictures that no vector of the encoder in use was made of yet."""
    undated: int = 0
    """Of the matching, those whose day is that of the file."""
    collection: str = ""


class PictureGroup(msgspec.Struct, frozen=True):
    """Pictures that are nearly the same, the largest first."""

    paths: tuple[str, ...]
    identical: bool
    """All have the same bytes."""


class PictureQuery(Protocol):
    """What is looked for, in the space of one encoder."""

    @property
    def encoder(self) -> str:
        """Name of the encoder whose rows it is compared with."""
        ...

    @property
    def least(self) -> float:
        """Score from which a picture is worth showing."""
        ...

    def scores(self, rows: Vectors) -> Vectors:
        """In [0, 1], float32 [n], for pictures as rows float32 [n, d]."""
        ...


class PictureEncoder(Protocol):
    """Makes unit rows of pictures, of fixed length."""

    @property
    def name(self) -> str: ...
    def encode(self, images: Sequence[Pixels]) -> Vectors:
        """Unit rows float32 [n, d]."""
        ...


class PictureLibrary(Protocol):
    """The pictures of collections."""

    def picture_count(self, collection: str | None) -> int:
        """Pictures that can be searched (None: in the default collection)."""
        ...

    def find_pictures(
        self,
        query: PictureQuery | None,
        collection: str | None,
        filters: Filters = NO_FILTERS,
        by_text: Collection[str] = (),
        most: int = 6,
    ) -> FoundPictures:
        """The best pictures; with neither query nor text the newest ones.

        Args:
            filters: days are those on which pictures were taken.
            by_text: paths of pictures whose text speaks of what is asked; they match whatever
                they show.
        """
        ...

    def near_duplicates(self, collection: str | None) -> tuple[PictureGroup, ...]:
        """Groups of pictures that are nearly the same, the largest group first."""
        ...
