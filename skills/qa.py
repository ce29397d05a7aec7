"""Answers questions from the person's documents with verbatim quotes, or says that it can't."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.core.documents import NO_FILTERS, Filters
from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import Event, Notice
from assistant.core.messages import Message
from assistant.core.protocols import Embedder, Retriever, Sampling
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from skills.comparing import Compared, compare, compares_itself
from skills.filter_values import combined
from skills.filter_words import FileNames, names_filter, read_filters, without_written_filters
from skills.finding.beside import PicturesBeside
from skills.finding.searching import PICTURE_LABELS, PictureSearch
from skills.follow_up import stands_alone, understood
from skills.glossing.glossary import Glossary
from skills.judging import Judged
from skills.per_file import Listed
from skills.plan import Comparison, Listing, read_plan
from skills.presenting import Presenter
from skills.qa_card import CARD
from skills.qa_wording import wording
from skills.question_terms import is_telling
from skills.quote_translation import QuoteTranslator
from skills.registry import Services
from skills.search import Search
from skills.written import Writer

Found = Judged | Listed | Compared


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to the documents."""

    question: str
    collection: str | None
    filters: Filters
    before: str
    """The person's question before it, "" where there is none or it stands alone."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """What was found for a question."""

    asked: Asked
    found: Found
    followed: str
    """The question it was taken to follow, "" where it stands alone."""


class QaSkill:
    """Retrieves, picks sentences, and quotes them with their places.

    Args:
        retriever: where the documents are.
        embedder: compares sentences; where its model is missing, words alone decide.
        detect_language: ISO 639-1 code of a text.
        quotes: sentences quoted at most.
        file_names: collection → paths of its files, for questions that name one.
        translator: translates quotes; None leaves them as they are.
        writer: writes answers from quotes; None leaves it at the quotes.
        beside: finds pictures of what is asked about; None shows none.
        glossary: puts questions into the words of documents in another language; None leaves
            those to meaning.
    """

    def __init__(
        self,
        retriever: Callable[[], Retriever],
        embedder: Callable[[], Embedder],
        detect_language: Callable[[str], str],
        quotes: int,
        file_names: Callable[[str | None], Sequence[str]] = lambda _collection: (),
        translator: QuoteTranslator | None = None,
        writer: Writer | None = None,
        beside: PicturesBeside | None = None,
        glossary: Glossary | None = None,
    ) -> None:
        self._glossary = glossary
        self._beside = beside
        self._retriever = retriever
        self._embedder = embedder
        self._detect_language = detect_language
        self._file_names = file_names
        self._presenter = Presenter(detect_language, max(1, quotes), translator, writer)
        self._kept: Answerable | None = None

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        params = request.params
        asked = self._asked(request.subject, params.collection, params.filters, request.history)
        retriever = self._retriever()
        if retriever.is_empty(asked.collection):
            raise _nothing_indexed(asked.collection)
        embedder = self._loaded_embedder()
        if embedder is None:
            yield Notice(
                "The text embedder is not here, so documents are searched by words only.",
                "assistant models pull",
            )
        search = self._search(asked, retriever, embedder)
        answerable = self._find(asked, search)
        if answerable.followed:
            words = wording(self._detect_language(asked.question))
            yield Notice(words.followed.format(question=one_line(answerable.followed, 80)))
        if not request.cancelled():
            yield from self._present(answerable, search, request)
        if not request.cancelled():
            yield from self._pictures(answerable)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is nothing to answer from."""
        collection = request.params.collection
        return _nothing_indexed(collection) if self._retriever().is_empty(collection) else None

    def confidence(
        self, question: str, collection: str | None = None, history: tuple[Message, ...] = ()
    ) -> float:
        """Probability in [0, 1] that a collection answers a question, for the router.

        A written filter that can't be read counts as 1: only this skill can say what is wrong.
        What was found is kept for `run`, which is asked the same a moment later.
        """
        retriever = self._retriever()
        if not question.strip() or retriever.is_empty(collection):
            return 0.0
        try:
            asked = self._asked(question, collection, NO_FILTERS, history)
        except UsageError:
            return float(names_filter(question))
        search = self._search(asked, retriever, self._loaded_embedder())
        self._kept = self._find(asked, search)
        return 0.0 if _is_label(self._kept.found) else self._kept.found.confidence

    def _asked(
        self, text: str, collection: str | None, named: Filters, history: Sequence[Message]
    ) -> Asked:
        """
        Raises:
            UsageError: there is no question, or a filter can't be read.
        """
        read = read_filters(text, self._names(collection))
        if not read.text:
            raise UsageError("There is no question.", "Ask something about your documents.")
        # "what is in report.pdf?": without the name there would be nothing to search for
        question = read.text if is_telling(read.text) else without_written_filters(text)
        before = next((m.text for m in reversed(history) if m.role == "user"), "")
        before = "" if stands_alone(question) else before
        return Asked(question, collection, combined(read.filters, named), before)

    def _names(self, collection: str | None) -> FileNames:
        return lambda: self._file_names(collection)

    def _search(self, asked: Asked, retriever: Retriever, embedder: Embedder | None) -> Search:
        return Search(
            retriever,
            embedder,
            self._detect_language,
            asked.collection,
            asked.filters,
            self._glossary,
        )

    def _find(self, asked: Asked, search: Search) -> Answerable:
        kept, self._kept = self._kept, None
        if kept is not None and kept.asked == asked:
            return kept
        plan = read_plan(asked.question, asked.filters.paths)
        if isinstance(plan, Listing):
            return Answerable(asked, search.list_files(plan.topic), "")
        previous = [Message("user", self._without_filters(asked))] if asked.before else []
        asked_now = understood(asked.question, previous)
        judged, followed = search.judge_understood(asked.question, asked_now)
        if isinstance(plan, Comparison) and not compares_itself(judged, plan):
            names = self._names(asked.collection)
            return Answerable(asked, compare(search, plan, asked.question, names), "")
        return Answerable(asked, judged, asked_now.after if followed else "")

    def _without_filters(self, asked: Asked) -> str:
        try:
            return read_filters(asked.before, self._names(asked.collection)).text
        except UsageError:
            return without_written_filters(asked.before)

    def _present(
        self, answerable: Answerable, search: Search, request: SkillRequest
    ) -> Iterator[Event]:
        asked, found = answerable.asked, answerable.found
        if asked.filters and found.found.files == 0:
            names = self._names(asked.collection)
            yield from self._presenter.excluded(asked.question, search, found.found, names)
        elif isinstance(found, Listed):
            yield from self._presenter.files(asked.question, found, search)
        elif isinstance(found, Compared):
            yield from self._presenter.sides(asked.question, found, search)
        else:
            marked = f"{answerable.followed} {asked.question}"
            yield from self._presenter.answer(
                asked.question, found, search, marked, request.cancelled
            )

    def _pictures(self, answerable: Answerable) -> Iterator[Event]:
        """Pictures of what was asked about, where some match well."""
        if self._beside is None:
            return
        asked, found = answerable.asked, answerable.found
        topic = found.topic if isinstance(found, Listed) else ""
        language = self._detect_language(asked.question)
        yield from self._beside.events(
            asked.question, topic, asked.collection, asked.filters, language
        )

    def _loaded_embedder(self) -> Embedder | None:
        try:
            return self._embedder()
        except ModelError:
            return None


def _is_label(found: Found) -> bool:
    """Whether the best there is, is what a picture was labelled: short, so near to any short
    message, and no answer to a question."""
    if not isinstance(found, Judged) or not found.sentences:
        return False
    return found.sentences[0].text.startswith(PICTURE_LABELS)


def _nothing_indexed(collection: str | None) -> UsageError:
    if collection is None:
        return UsageError("No documents are indexed yet.", "assistant index add FOLDER")
    return UsageError(
        f"No documents are indexed in the collection “{one_line(collection, 80)}”.",
        f"assistant index add FOLDER --collection {one_line(collection, 80)}",
    )


def make(services: Services) -> QaSkill:
    """The skill from the program's services."""
    generate = services.settings.generate
    sampling = Sampling(
        temperature=generate.temperature,
        top_p=generate.top_p,
        max_tokens=generate.max_tokens,
        repeat_penalty=generate.repeat_penalty,
    )
    return QaSkill(
        services.retriever,
        services.embedder,
        services.detect_language,
        services.settings.index.quotes,
        services.file_names,
        QuoteTranslator(
            services.translators, services.suggest_translators, services.detect_language
        ),
        Writer(services.generator, services.writes_answers, sampling),
        PicturesBeside(
            PictureSearch(services.pictures, services.retriever, services.picture_space)
        ),
        Glossary(),
    )
