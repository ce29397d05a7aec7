"""Tells what was found: quotes with their places, file by file where that was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import PurePath

import msgspec

from assistant.core.documents import Passage, Retrieval
from assistant.core.events import Abstained, Event, Notice, Sources, TextDelta
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from skills.comparing import FILE_SIDE_THRESHOLD, Compared, Side
from skills.evidence import THRESHOLD
from skills.filter_words import FileNames
from skills.judging import Judged
from skills.per_file import QUOTES, FileFinding, Listed
from skills.qa_wording import Wording, counted, wording
from skills.quote_markdown import escaped, quoted
from skills.quote_translation import QuoteTranslator
from skills.quotes import Sentence, merge, nearby
from skills.scope import explain_exclusion, searched
from skills.search import Search
from skills.support import SupportChecker
from skills.written import Writer

_SHORT = 16
"""Characters of a question too short to tell its language by."""
_FAR_IN_A_FILE = 0.1
"""Behind a file's best sentence another one hardly speaks of the topic: it shares half of the
words that tell of it at most."""
_NEAREST = 3
"""Files or passages shown where none is good enough."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Quotes under one heading; none where nothing clear was found."""

    title: str
    passages: tuple[Passage, ...]


class Presenter:
    """Makes events of findings, in the language of the question.

    Args:
        quotes: sentences quoted at most in an answer.
        translator: translates quotes in another language; None leaves them as they are.
        writer: writes an answer from the quotes; None leaves it at the quotes.
    """

    def __init__(
        self,
        detect_language: Callable[[str], str],
        quotes: int,
        translator: QuoteTranslator | None,
        writer: Writer | None,
    ) -> None:
        self._detect_language = detect_language
        self._quotes = quotes
        self._translator = translator
        self._writer = writer

    def answer(
        self, question: str, judged: Judged, search: Search, marked: str, cancelled: Cancelled
    ) -> Iterator[Event]:
        """One answer: a written one where a model may write, and the quotes.

        Args:
            marked: text whose words are marked in the quotes.
        """
        language = self._language(question, judged)
        words = wording(language)
        yield from _pending(judged.found)
        scope = search.scope(judged.found)
        where = _searched(judged.found, search, words)
        if not judged.sentences:
            yield Abstained(0.0, (), scope)
            yield TextDelta(words.nothing.format(searched=where))
            return
        sure = judged.confidence
        if sure < THRESHOLD:
            passages, notices = self._nearest(judged, marked, language)
            yield Abstained(sure, passages, scope)
            yield TextDelta(f"{words.unsure.format(searched=where)}\n\n")
        else:
            passages, notices = self._quoted(judged, marked, language, self._quotes)
            yield Sources(passages, scope)
            wrote = False
            for event in self._written(question, passages, search, cancelled):
                wrote = wrote or isinstance(event, TextDelta)
                yield event
            if not wrote:
                yield TextDelta(f"{words.lead}\n\n")
        yield TextDelta(quoted(passages, words))
        yield from notices

    def _quoted(
        self, judged: Judged, marked: str, language: str, most: int
    ) -> tuple[tuple[Passage, ...], list[Event]]:
        """The best quotes, from at most so many sentences."""
        passages = merge(nearby(judged.sentences, most), judged.confidence, marked)
        return self._translated(passages, language, judged.foreign)

    def _nearest(
        self, judged: Judged, marked: str, language: str
    ) -> tuple[tuple[Passage, ...], list[Event]]:
        """What came nearest, in turns from either script where there are passages in both."""
        beside = judged.beside
        if beside is None or not beside.sentences or self._quotes == 1:
            return self._quoted(judged, marked, language, self._quotes)
        half = self._quotes // 2
        passages, notices = self._quoted(judged, marked, language, self._quotes - half)
        others, more = self._quoted(beside, marked, language, half)
        turns = chain.from_iterable(zip_longest(passages, others))
        new = [notice for notice in more if notice not in notices]
        return tuple(p for p in turns if p is not None), notices + new

    def excluded(
        self, question: str, search: Search, found: Retrieval, file_names: FileNames
    ) -> Iterator[Event]:
        """No file passes the filters: which one is to blame, and what there is."""
        _, words = self._words(question)
        yield Abstained(0.0, (), search.scope(found))
        yield TextDelta(explain_exclusion(search.filters, search.count, file_names, words))

    def files(self, question: str, listed: Listed, search: Search) -> Iterator[Event]:
        """The files that speak of a topic, each with its best quotes."""
        language, words = self._words(question)
        yield from _pending(listed.found)
        speaking = listed.speaking
        groups = [_file_group(f, listed.topic) for f in speaking or listed.files[:_NEAREST]]
        foreign = any(f.evidence.foreign for f in listed.files)
        groups, notices = self._translated_groups(groups, language, foreign)
        where = _searched(listed.found, search, words)
        scope = search.scope(listed.found)
        passages = tuple(p for group in groups for p in group.passages)
        if speaking:
            yield Sources(passages, scope)
            lead = counted(words.listed, len(speaking), held=len(speaking), searched=where)
        else:
            yield Abstained(listed.confidence, passages, scope)
            lead = (words.unsure if passages else words.nothing).format(searched=where)
        yield TextDelta(f"{lead}\n\n{_grouped(groups, words)}".rstrip())
        yield from notices

    def sides(self, question: str, compared: Compared, search: Search) -> Iterator[Event]:
        """What is said of each side of a comparison."""
        language, words = self._words(question)
        found = compared.found
        yield from _pending(found)
        clear = any(_is_clear(side, compared) for side in compared.sides)
        groups = [_side_group(s, compared, not clear) for s in compared.sides]
        foreign = any(side.judged.foreign for side in compared.sides)
        groups, notices = self._translated_groups(groups, language, foreign)
        where = _searched(found, search, words)
        passages = tuple(p for group in groups for p in group.passages)
        if clear:
            yield Sources(passages, search.scope(found))
            lead = words.compared.format(searched=where)
        else:
            yield Abstained(compared.confidence, passages, search.scope(found))
            lead = (words.unsure if passages else words.nothing).format(searched=where)
        yield TextDelta(f"{lead}\n\n{_grouped(groups, words)}".rstrip())
        yield from notices
        if compared.bare:
            yield Notice(words.name_aspect)

    def _language(self, question: str, judged: Judged) -> str:
        """Of the question; of a word or two, that of the documents that share them."""
        if len(question) < _SHORT and judged.candidates and not judged.foreign:
            return self._detect_language(judged.candidates[0].text)
        return self._detect_language(question)

    def _words(self, question: str) -> tuple[str, Wording]:
        language = self._detect_language(question)
        return language, wording(language)

    def _translated(
        self, passages: tuple[Passage, ...], language: str, foreign: bool
    ) -> tuple[tuple[Passage, ...], list[Event]]:
        if self._translator is None or not foreign:
            return passages, []
        return self._translator.translated(passages, language)

    def _translated_groups(
        self, groups: Sequence[_Group], language: str, foreign: bool
    ) -> tuple[list[_Group], list[Event]]:
        done: list[_Group] = []
        notices: list[Event] = []
        for group in groups:
            passages, said = self._translated(group.passages, language, foreign)
            done.append(_Group(group.title, passages))
            notices += said
        return done, notices

    def _written(
        self, question: str, passages: Sequence[Passage], search: Search, cancelled: Cancelled
    ) -> Iterator[Event]:
        if self._writer is None or not self._writer.is_ready():
            return
        language, words = self._words(question)
        quotes = [p.quote for p in passages]
        checker = SupportChecker(quotes, question, search.embedder)
        yield from self._writer.write(question, quotes, language, checker, words, cancelled)


def _pending(found: Retrieval) -> Iterator[Notice]:
    if found.pending:
        yield Notice(
            f"{found.pending} passages are searched by words only: their vectors are still "
            "to be made.",
            "“assistant index add” with the same folder takes the work up again.",
        )


def _searched(found: Retrieval, search: Search, words: Wording) -> str:
    """What was searched, in words; the collection is named where the person named one."""
    scope = search.scope(found)
    if search.collection is None:
        scope = msgspec.structs.replace(scope, collection="")
    return searched(scope, words)


def _file_group(file: FileFinding, topic: str) -> _Group:
    name = one_line(PurePath(file.path).name)
    return _Group(name, _best(file.sentences, file.confidence, topic))


def _side_group(side: Side, compared: Compared, nearest: bool) -> _Group:
    """The quotes of a side; where no side is clear, what came nearest."""
    title = one_line(PurePath(side.path).name if side.path else side.name)
    if not (nearest or _is_clear(side, compared)):
        return _Group(title, ())
    sentences, sure = side.judged.sentences, side.judged.confidence
    return _Group(title, _best(sentences, sure, f"{compared.aspect} {side.name}"))


def _is_clear(side: Side, compared: Compared) -> bool:
    if not side.judged.sentences:
        return False
    if side.path is None:
        return side.judged.confidence >= THRESHOLD
    return not compared.aspect or side.judged.confidence >= FILE_SIDE_THRESHOLD


def _best(sentences: Sequence[Sentence], sure: float, marked: str) -> tuple[Passage, ...]:
    return merge(nearby(sentences, QUOTES, _FAR_IN_A_FILE), sure, marked)


def _grouped(groups: Sequence[_Group], words: Wording) -> str:
    """Headings and their quotes, numbered through."""
    blocks: list[str] = []
    number = 1
    for group in groups:
        body = quoted(group.passages, words, number) or words.side_missing
        blocks.append(f"### {escaped(group.title)}\n\n{body}")
        number += len(group.passages)
    return "\n\n".join(blocks)
