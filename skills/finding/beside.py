"""Pictures that belong beside an answer from documents."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.core.documents import Filters
from assistant.core.events import Event, Picture, TextDelta
from skills.finding.searching import PictureSearch
from skills.finding.wording import caption, picture_line, wording
from skills.question_terms import told_subject

MOST = 3
"""A row of thumbnails; the find skill shows more."""
SURE = 0.6
"""Score from which a picture nobody asked for is worth its place."""


class PicturesBeside:
    """Looks for pictures of what a question is about.

    Without an encoder that understands sentences only subjects are looked for that are names of
    things ("dogs"): a question of many words would match by chance.
    """

    def __init__(self, search: PictureSearch) -> None:
        self._search = search

    def events(
        self,
        question: str,
        topic: str,
        collection: str | None,
        filters: Filters,
        language: str,
    ) -> Iterator[Event]:
        """A line and some pictures; nothing where none matches well.

        Args:
            topic: what files were asked about, "" where the question is no such one.
        """
        subject = topic or told_subject(question)
        if not subject or filters.types or not self._search.count(collection):
            return
        if not self._search.understands(subject):
            return
        found = self._search.looking_like(subject, collection, filters, MOST)
        good = [picture for picture in found.pictures if picture.score >= SURE]
        if good:
            words = wording(language)
            lines = [picture_line(picture, words) for picture in good]
            yield TextDelta("\n\n" + "\n".join([words.quotes_and, "", *lines]))
            for picture in good:
                yield Picture(picture.path, caption(picture, words, similar=False))
