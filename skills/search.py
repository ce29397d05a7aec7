"""Looks into the documents one question is about: a collection, and the files that pass filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from assistant.core.documents import NO_FILTERS, Candidate, Filters, Retrieval, Scope
from assistant.core.protocols import Retriever
from skills.follow_up import Understood
from skills.foreign import is_wide
from skills.glossing.concepts import Glosses
from skills.glossing.glossary import Glossary
from skills.judging import RETRIEVED, Across, Judged, judge, judge_follow_up, others_than
from skills.per_file import CHUNKS, POOL, Listed, judge_files
from skills.question_terms import matched_forms, telling_terms

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked, with which models.

    `embedder` is None where its model is missing: words alone decide then. `glossary` is None
    where words of other languages are not looked up.
    """

    retriever: Retriever
    embedder: Embedder | None
    detect_language: Callable[[str], str]
    collection: str | None
    filters: Filters
    glossary: Glossary | None = None

    def judge(self, question: str, path: str | None = None) -> Judged:
        """What answers a question; in the one file, where a path is given."""
        filters = self._only(path)
        found = self.retriever.retrieve(question, self.collection, RETRIEVED, filters)
        return self._judge(question, found, lambda: self._across(question, found, filters))

    def judge_side(self, question: str, name: str) -> Judged:
        """What answers a question about one side of a comparison: of what is found, the
        passages that name the side most fully, where some do."""
        found, glosses = self._look_up(question, self.filters)
        named = _naming(name, found.candidates)
        found = msgspec.structs.replace(found, candidates=named)
        others = others_than(is_wide(question), named)
        return self._judge(question, found, lambda: self._aimed(question, others, glosses))

    def _judge(self, question: str, found: Retrieval, across: Callable[[], Across]) -> Judged:
        return judge(question, found, self.embedder, self.detect_language, across)

    def _aimed(
        self, question: str, others: tuple[Candidate, ...], glosses: Glosses | None
    ) -> Across:
        if self.glossary is None or self.embedder is None or glosses is None or not others:
            return Across(others, None)
        return Across(others, self.glossary.aims.take(question, glosses, self.embedder))

    def _across(self, question: str, found: Retrieval, filters: Filters) -> Across:
        return self._aimed(question, *self._others(question, found, filters))

    def _look_up(
        self, question: str, filters: Filters, most: int = RETRIEVED, per_file: int = 0
    ) -> tuple[Retrieval, Glosses | None]:
        """What is found for a question, in the other script too."""
        found = self.retriever.retrieve(question, self.collection, most, filters, per_file)
        others, glosses = self._others(question, found, filters, most, per_file)
        own = others_than(not is_wide(question), found.candidates)
        return msgspec.structs.replace(found, candidates=own + others), glosses

    def _others(
        self,
        question: str,
        found: Retrieval,
        filters: Filters,
        most: int = RETRIEVED,
        per_file: int = 0,
    ) -> tuple[tuple[Candidate, ...], Glosses | None]:
        """What there is in the other script, searched for once more by the question's words in
        its language where a dictionary has them: among many passages in a question's own script
        no other is ever near."""
        wide = is_wide(question)
        others = others_than(wide, found.candidates)
        glosses = None
        if self.glossary is not None and (others or wide or found.chinese):
            glosses = self.glossary.glosses(question)
        if glosses is None:
            return others, None
        again = self.retriever.retrieve(
            question, self.collection, most, filters, per_file, glosses.words
        )
        return others_than(wide, again.candidates), glosses

    def judge_understood(self, question: str, understood: Understood) -> tuple[Judged, bool]:
        """What answers a question, and whether it was taken for a follow-up in the end."""
        alone = self.judge(question)
        if not understood.after:
            return alone, False
        together = self.judge(understood.question)
        followed = judge_follow_up(question, together, alone, self.embedder)
        return (alone, False) if followed is None else (followed, True)

    def list_files(self, topic: str) -> Listed:
        """The files that speak of a topic."""
        found, glosses = self._look_up(topic, self.filters, POOL, CHUNKS)
        files = judge_files(topic, found.candidates, self.embedder, self.detect_language, glosses)
        return Listed(topic, found, files)

    def count(self, filters: Filters) -> int:
        """Files that pass some filters."""
        return self.retriever.retrieve("", self.collection, 1, filters).files

    def scope(self, found: Retrieval) -> Scope:
        """What was searched."""
        return Scope(found.collection or self.collection or "", found.files, self.filters)

    def _only(self, path: str | None) -> Filters:
        if path is None:
            return self.filters
        return msgspec.structs.replace(self.filters or NO_FILTERS, paths=(path,))


def _naming(name: str, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates with most of a name's telling terms in text, heading or file name."""
    wanted = telling_terms(name)
    held = [
        len(wanted & matched_forms(f"{c.text} {c.place.heading} {PurePath(c.path).stem}"))
        for c in candidates
    ]
    most = max(held, default=0)
    return tuple(c for c, count in zip(candidates, held, strict=True) if count == most)
