"""Says what a text comes down to: its most telling sentences, or a model's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as _Generator

from assistant.core.documents import Passage, Place
from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import Carried, Event, Notice, Sources, TextDelta
from assistant.core.protocols import Embedder, Generator, Library
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import sanitize
from skills.registry import Services
from skills.summarise_card import CARD
from skills.summary_length import Length, count_words, read_length
from skills.summary_selection import select, vectors_of
from skills.summary_sentences import LONGEST_TEXT, Prose, Sentence, read_prose, worth_comparing
from skills.summary_source import Source, SourceFinder
from skills.summary_writer import SummaryWriter

AS_LIST = 4
"""From so many sentences on they are listed: they stood apart in the text."""
_NO_SPACES = frozenset({"zh", "ja", "th"})


class SummariseSkill:
    """Extracts sentences word for word; where a generator is able, lets it write instead.

    Args:
        embedder: compares sentences; where its model is missing, their words alone decide.
        generator: asked only where `grounded`, a catalogue flag, says it keeps to a text.
        library: the indexed files, for messages that name one.
        detect_language: ISO 639-1 code of a text.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        generator: Callable[[], Generator],
        library: Callable[[], Library],
        detect_language: Callable[[str], str],
    ) -> None:
        self._embedder = embedder
        self._generator = generator
        self._finder = SourceFinder(library)
        self._detect_language = detect_language

    @property
    def card(self) -> SkillCard:
        return CARD

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is no text, and none can come."""
        try:
            self._finder.check(request)
        except AssistantError as error:
            return error
        return None

    def run(self, request: SkillRequest) -> Iterator[Event]:
        source = self._finder.find(request)
        text = source.text[:LONGEST_TEXT]
        if len(source.text) > LONGEST_TEXT:
            yield Notice(f"Only the first {LONGEST_TEXT:,} characters were read.")
        prose = read_prose(text)
        if not prose.sentences:
            raise UsageError(
                "There are no sentences in this to summarise.",
                "Headings, tables and code are left out; give running text.",
            )
        length = read_length(source.request or request.message.text, len(prose.sentences))
        language = self._detect_language(text)
        written = yield from self._write(prose, length, language, request)
        if not written and not request.cancelled():
            yield from self._extract(prose, length, language, source)

    def _write(
        self, prose: Prose, length: Length, language: str, request: SkillRequest
    ) -> _Generator[Event, None, bool]:
        """A model's summary; returns whether there is one."""
        generator = self._able_generator()
        if generator is None:
            return False
        writer = SummaryWriter(generator, language)
        sentences: Sequence[Sentence] = prose.sentences
        if sum(len(s.text) for s in sentences) > writer.capacity:
            sentences = worth_comparing(prose)
        said = False
        try:
            for event in writer.write([s.text for s in sentences], length, request.cancelled):
                said = said or (isinstance(event, TextDelta) and bool(event.text.strip()))
                yield event
        except AssistantError as error:
            if said:
                raise
            yield Notice(f"{generator.name} could not write it: {error.message}", error.hint)
        if said:
            yield Notice(f"Written by {generator.name} from {len(sentences)} sentences.")
        return said

    def _extract(
        self, prose: Prose, length: Length, language: str, source: Source
    ) -> Iterator[Event]:
        """Sentences of the text, in its order."""
        compared = worth_comparing(prose)
        embedder = self._loaded_embedder()
        chosen = select(compared, vectors_of(compared, embedder), length)
        plain = _laid_out([sanitize(s.text) for s in chosen], language)
        if source.path:
            yield Sources(tuple(_passage(s, source) for s in chosen))
            marked = [f"{sanitize(s.text)} [{n}]" for n, s in enumerate(chosen, 1)]
            yield Carried(plain)
            yield TextDelta(_laid_out(marked, language))
        else:
            yield TextDelta(plain)
        yield _how(chosen, prose, length, embedder)

    def _able_generator(self) -> Generator | None:
        try:
            generator = self._generator()
        except ModelError:
            return None
        return generator if generator.grounded else None

    def _loaded_embedder(self) -> Embedder | None:
        try:
            return self._embedder()
        except ModelError:
            return None


def _laid_out(sentences: Sequence[str], language: str) -> str:
    """A paragraph of a few sentences, a list of more; a text's own `#` makes no heading."""
    if len(sentences) >= AS_LIST:
        return "\n".join(f"- {sentence}" for sentence in sentences)
    return ("" if language in _NO_SPACES else " ").join(sentences)


def _passage(sentence: Sentence, source: Source) -> Passage:
    line = source.text.count("\n", 0, sentence.start) + 1
    return Passage(
        path=source.path,
        quote=source.text[sentence.start : sentence.end],
        place=Place(page=source.page(sentence.start), line=line, heading=sentence.heading),
        start=sentence.start,
        end=sentence.end,
        score=1.0,
    )


def _how(
    chosen: Sequence[Sentence], prose: Prose, length: Length, embedder: Embedder | None
) -> Notice:
    """Which way the summary was made, and what falls short of what was asked."""
    by = "their words alone" if embedder is None else f"{embedder.name} and their words"
    text = f"{len(chosen)} of {len(prose.sentences)} sentences, word for word, chosen by {by}."
    words = sum(count_words(s.text) for s in chosen)
    if length.words is not None and words > length.words:
        text += f" No sentence is as short as {length.words} words."
    hint = "assistant models pull" if embedder is None else ""
    return Notice(text, hint)


def make(services: Services) -> SummariseSkill:
    """The skill from the program's services."""
    return SummariseSkill(
        services.embedder, services.generator, services.library, services.detect_language
    )
