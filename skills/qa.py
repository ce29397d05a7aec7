"""Answers questions from the person's documents with verbatim quotes, or says that it can't."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.core.documents import Passage, Retrieval
from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import Abstained, Event, Notice, Sources, TextDelta
from assistant.core.protocols import Embedder, Retriever
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from skills.evidence import THRESHOLD, confidence, measure
from skills.qa_card import CARD
from skills.qa_wording import wording
from skills.quotes import Sentence, merge, rank_sentences
from skills.registry import Services

CANDIDATES = 10
"""Chunks retrieved: three are quoted from, all of them weigh terms and evidence."""
_MARKUP = re.compile(r"[\\`*<>|~]|(?<!\w)_|_(?!\w)|\](?=[(\[:])")
_LINE_START = re.compile(r"^(\s*)([#+-]|\d{1,3}(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the documents hold on a question: sentences best first, and how sure they answer it."""

    found: Retrieval
    sentences: Sequence[Sentence]
    confidence: float


class QaSkill:
    """Retrieves, picks sentences, and quotes them with their places.

    Args:
        retriever: where the documents are.
        embedder: compares sentences; where its model is missing, words alone decide.
        detect_language: ISO 639-1 code of a text.
        quotes: sentences quoted at most.
    """

    def __init__(
        self,
        retriever: Callable[[], Retriever],
        embedder: Callable[[], Embedder],
        detect_language: Callable[[str], str],
        quotes: int,
    ) -> None:
        self._retriever = retriever
        self._embedder = embedder
        self._detect_language = detect_language
        self._quotes = max(1, quotes)
        self._kept: tuple[str, str | None, Judged] | None = None

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        question = request.subject.strip()
        if not question:
            raise UsageError("There is no question.", "Ask something about your documents.")
        retriever = self._retriever()
        collection = request.params.collection
        if retriever.is_empty(collection):
            raise _nothing_indexed(collection)
        embedder = self._loaded_embedder()
        if embedder is None:
            yield Notice(
                "The text embedder is not here, so documents are searched by words only.",
                "assistant models pull",
            )
        judged = self._judge(question, collection, embedder)
        found = judged.found
        if found.pending:
            yield Notice(
                f"{found.pending} passages are searched by words only: their vectors are still "
                "to be made.",
                "“assistant index add” with the same folder takes the work up again.",
            )
        if not request.cancelled():
            yield from self._answer(question, judged)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is nothing to answer from."""
        collection = request.params.collection
        return _nothing_indexed(collection) if self._retriever().is_empty(collection) else None

    def confidence(self, question: str, collection: str | None = None) -> float:
        """Probability in [0, 1] that a collection answers a question, for the router.

        What was found is kept for `run`, which is asked the same a moment later.
        """
        retriever = self._retriever()
        if not question.strip() or retriever.is_empty(collection):
            return 0.0
        judged = self._judge(question.strip(), collection, self._loaded_embedder())
        self._kept = (question.strip(), collection, judged)
        return judged.confidence

    def _judge(self, question: str, collection: str | None, embedder: Embedder | None) -> Judged:
        kept, self._kept = self._kept, None
        if kept is not None and kept[:2] == (question, collection):
            return kept[2]
        found = self._retriever().retrieve(question, collection, CANDIDATES)
        sentences = rank_sentences(question, found.candidates, embedder)
        if not sentences:
            return Judged(found, (), 0.0)
        evidence = measure(question, found.candidates, sentences, self._detect_language)
        return Judged(found, sentences, confidence(evidence))

    def _answer(self, question: str, judged: Judged) -> Iterator[Event]:
        words = wording(self._detect_language(question))
        found, sure = judged.found, judged.confidence
        if not judged.sentences:
            yield Abstained(0.0, ())
            yield TextDelta(words.nothing.format(files=found.files))
            return
        passages = merge(judged.sentences[: self._quotes], sure)
        if sure < THRESHOLD:
            yield Abstained(sure, passages)
            yield TextDelta(f"{words.unsure.format(files=found.files)}\n\n")
        else:
            yield Sources(passages)
            yield TextDelta(f"{words.lead}\n\n")
        yield TextDelta(_quoted(passages, words.line))

    def _loaded_embedder(self) -> Embedder | None:
        try:
            return self._embedder()
        except ModelError:
            return None


def _nothing_indexed(collection: str | None) -> UsageError:
    if collection is None:
        return UsageError("No documents are indexed yet.", "assistant index add FOLDER")
    return UsageError(
        f"No documents are indexed in the collection “{one_line(collection, 80)}”.",
        f"assistant index add FOLDER --collection {one_line(collection, 80)}",
    )


def _quoted(passages: Sequence[Passage], line: str) -> str:
    blocks = [
        f"> {_escaped(p.quote)} [{number}]\n>\n> — {_source(p, line)}"
        for number, p in enumerate(passages, 1)
    ]
    return "\n\n".join(blocks)


def _source(passage: Passage, line: str) -> str:
    name = _escaped(one_line(PurePath(passage.path).name))
    place = passage.place
    if place.page is None and place.line is not None:
        return f"{name}, {line.format(line=place.line)}"
    where = str(place)
    return f"{name}, {_escaped(one_line(where))}" if where else name


def _escaped(text: str) -> str:
    """The text as Markdown that shows it unchanged, on one line."""
    flat = " ".join(text.split())
    plain = _MARKUP.sub(lambda m: "\\" + m[0], flat)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2].isdigit() else m[0], plain)


def make(services: Services) -> QaSkill:
    """The skill from the program's services."""
    return QaSkill(
        services.retriever,
        services.embedder,
        services.detect_language,
        services.settings.index.quotes,
    )
