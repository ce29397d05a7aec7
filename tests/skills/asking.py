"""Documents to ask, and ways to ask them: shared by the tests of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

from assistant.core.documents import NO_FILTERS, Candidate, Filters, Passage, Place, Retrieval
from assistant.core.events import Abstained, Event, Sources, TextDelta
from assistant.core.messages import Message
from assistant.core.protocols import Embedder, Sampling
from assistant.core.skills import Params, SkillRequest
from skills.qa import QaSkill
from skills.quote_translation import QuoteTranslator
from skills.written import Writer
from tests.fakes import FakeGenerator, HashingEmbedder

E = TypeVar("E")

CONTRACT = (
    "The contract runs for two years. The notice period is three months.\n"
    "It must be given in writing. The place of jurisdiction is Geneva."
)


def candidate(
    text: str,
    path: str = "/papers/contract.txt",
    fused: float = 5.0,
    page: int | None = None,
    chunk: int = 1,
    also: tuple[str, ...] = (),
) -> Candidate:
    place = Place(page=page, line=None if page else 10)
    return Candidate(chunk, path, text, place, 100, 100 + len(text), 0.8, 4.0, fused, also)


@dataclass
class FakeRetriever:
    """Gives its candidates as far as their files pass the filters; keeps what it was asked."""

    candidates: Sequence[Candidate] = ()
    files: int = 7
    pending: int = 0
    asked: list[str] = field(default_factory=list)
    filters: list[Filters] = field(default_factory=list)
    per_file: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    told: Sequence[Candidate] = ()
    """Found by other words only, before the others."""
    chinese: bool = False

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
        words: str = "",
    ) -> Retrieval:
        self.asked.append(question)
        self.words.append(words)
        self.filters.append(filters)
        self.per_file.append(per_file)
        shelf = (*(self.told if words else ()), *self.candidates)
        found = [c for c in shelf if _passes(c.path, filters)]
        files = len({c.path for c in found}) if filters else self.files
        return Retrieval(
            tuple(found[:k]), files, len(self.candidates), self.pending, chinese=self.chinese
        )

    def is_empty(self, collection: str | None) -> bool:
        return self.files == 0


def _passes(path: str, filters: Filters) -> bool:
    name = PurePath(path).name.casefold()
    named = not filters.paths or any(p.casefold() in name for p in filters.paths)
    typed = not filters.types or PurePath(path).suffix[1:].lower() in filters.types
    return named and typed and not filters.after and not filters.before


def qa(
    retriever: FakeRetriever,
    *,
    language: Callable[[str], str] = lambda _: "en",
    embedder: Callable[[], Embedder] = HashingEmbedder,
    quotes: int = 3,
    translator: QuoteTranslator | None = None,
    generator: FakeGenerator | None = None,
) -> QaSkill:
    """The skill over some documents; it writes where a generator is given."""
    return QaSkill(
        lambda: retriever,
        embedder,
        language,
        quotes,
        lambda _: tuple(sorted({c.path for c in retriever.candidates})),
        translator,
        None if generator is None else Writer(lambda: generator, lambda: True, Sampling()),
    )


def ask(
    skill: QaSkill, question: str, before: str = "", filters: Filters = NO_FILTERS
) -> list[Event]:
    """The events of one question."""
    history = (Message("user", before), Message("assistant", "…")) if before else ()
    request = SkillRequest(
        Message("user", question), history, Params(filters=filters), lambda: False
    )
    return list(skill.run(request))


def text_of(events: Sequence[Event]) -> str:
    """The answer."""
    return "".join(e.text for e in events if isinstance(e, TextDelta))


def only(events: Sequence[Event], kind: type[E]) -> E:
    """The one event of a kind."""
    (found,) = [e for e in events if isinstance(e, kind)]
    return found


def passages_of(events: Sequence[Event]) -> tuple[Passage, ...]:
    """What is quoted, as an answer or as the nearest to one."""
    (found,) = [e for e in events if isinstance(e, Sources | Abstained)]
    return found.passages if isinstance(found, Sources) else found.nearest
