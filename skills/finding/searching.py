"""Searches a collection's pictures by text, by likeness and by time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from assistant.core.documents import Filters
from assistant.core.errors import ModelError
from assistant.core.picture_search import FoundPictures, PictureLibrary, PictureQuery
from assistant.core.protocols import LoadedImage, Retriever
from skills.filter_values import endings_of
from skills.finding.spaces import Space, no_scores
from skills.labelling.kinds import meaning
from skills.question_terms import is_telling, matched_forms, telling_terms

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

MOST = 6
"""Pictures shown in an answer."""
_READ = 30
"""Texts looked at for the words of a topic."""
PICTURE_LABELS = "Picture: "
"""How the line of a picture's text begins that names its labels, which its looks say better."""


class PictureSearch:
    """Finds pictures with what models there are.

    Args:
        library: the pictures.
        retriever: their texts.
        space: that of the encoder in use; None where no model for pictures is here.
    """

    def __init__(
        self,
        library: Callable[[], PictureLibrary],
        retriever: Callable[[], Retriever],
        space: Callable[[], Space | None],
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._space = space

    @property
    def reads_sentences(self) -> bool:
        """Whether more than the subject of a topic is understood."""
        space = self._space()
        return space is not None and space.reads_sentences

    def count(self, collection: str | None) -> int:
        """Pictures there are."""
        return self._library().picture_count(collection)

    def showing(
        self, topic: str, collection: str | None, filters: Filters, most: int = MOST
    ) -> FoundPictures:
        """Pictures that show a topic, or in which it can be read; all, without one."""
        if not topic:
            return self._library().find_pictures(None, collection, filters, most=most)
        query = self._query(topic)
        read = self._reading(topic, collection)
        return self._library().find_pictures(query, collection, filters, read, most)

    def understands(self, topic: str) -> bool:
        """Whether a topic nobody wrote for pictures can be looked for without guessing."""
        if self.reads_sentences:
            return True
        covers = meaning(topic)
        return covers is not None and covers.whole

    def looking_like(
        self, topic: str, collection: str | None, filters: Filters, most: int
    ) -> FoundPictures:
        """Pictures that show a topic, whatever can be read in them."""
        query = self._query(topic)
        return self._library().find_pictures(query, collection, filters, most=most)

    def like(
        self,
        image: LoadedImage,
        collection: str | None,
        filters: Filters,
        most: int = MOST,
    ) -> FoundPictures:
        """Other pictures that look like one.

        Raises:
            ModelError: there is no model for pictures.
        """
        space = self._space()
        if space is None:
            raise ModelError("There is no model to compare pictures with.", "assistant models pull")
        query = space.like(image.pixels)
        found = self._library().find_pictures(query, collection, filters, most=most + 1)
        own = os.path.abspath(image.path)  # noqa: PTH100  # links are followed by nobody here
        others = tuple(picture for picture in found.pictures if picture.path != own)
        return msgspec.structs.replace(
            found,
            pictures=others[:most],
            matching=found.matching - (len(found.pictures) - len(others)),
        )

    def _query(self, topic: str) -> PictureQuery:
        """Matches nothing where no model is here: the words in pictures are left."""
        space = self._space()
        if space is None:
            return _NOTHING
        try:
            return space.showing(topic)
        except ModelError:
            return _NOTHING

    def _reading(self, topic: str, collection: str | None) -> frozenset[str]:
        """Pictures whose text has all the words of a topic."""
        if not is_telling(topic):
            return frozenset()
        wanted = telling_terms(topic)
        only = Filters(types=endings_of("pictures"))
        found = self._retriever().retrieve(topic, collection, _READ, only)
        return frozenset(
            path
            for one in found.candidates
            if wanted <= matched_forms(_without_labels(one.text))
            for path in (one.path, *one.also)
            if PurePath(path).suffix
        )


class _Nothing:
    """Matches no picture by its looks."""

    encoder = ""
    least = 2.0

    def scores(self, rows: Vectors) -> Vectors:
        return no_scores(rows)


_NOTHING = _Nothing()


def _without_labels(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(PICTURE_LABELS))
