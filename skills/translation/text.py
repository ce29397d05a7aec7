"""Translates texts sentence by sentence, in order, many of them at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.core.protocols import Translator
from assistant.core.skills import Cancelled
from assistant.language.sentences import split_sentences
from skills.translation.asks import WINDOW, Ask, answer, run, together
from skills.translation.generated import GeneratedTranslator
from skills.translation.glossary import NO_GLOSSARY, Glossary
from skills.translation.markdown import Segment
from skills.translation.nodes import unbroken
from skills.translation.sentence import Report, SentenceTranslation

_LOOKED_AROUND = 300
"""Characters on either side of a sentence's end in which code or a link may begin or end."""
_LONGEST = 2_000
"""Characters of a sentence that goes on over ends inside of something. Taking one apart costs up to
the square of its length (100,000 characters of "a." took minutes)."""

_NEVER_IN_PROSE = re.compile(r"[`\[{<$%/\\&@#~]")


class TextTranslation:
    """One translation from one language into another, with a report of what came out badly."""

    def __init__(
        self, translator: Translator, source: str, target: str, glossary: Glossary = NO_GLOSSARY
    ) -> None:
        self._translator = translator
        self._source = source
        self._target = target
        self._sentences = SentenceTranslation(glossary)

    @property
    def report(self) -> Report:
        """What happened so far."""
        return self._sentences.report

    def stream(self, segments: Iterable[Segment], cancelled: Cancelled) -> Iterator[str]:
        """The translation as it is made: a sentence with the space before it, or what is none."""
        work = (piece for segment in segments for piece in self._pieces(segment))
        return self._run(work, cancelled)

    def units(self, units: Iterable[Sequence[Segment]], cancelled: Cancelled) -> Iterator[str]:
        """A translation for each of several texts, in order."""
        work = ((_length(unit), self._unit(unit)) for unit in units)
        return self._run(work, cancelled)

    def _run(self, work: Iterable[tuple[int, Ask[str]]], cancelled: Cancelled) -> Iterator[str]:
        """A language model takes seconds for a sentence, and gains nothing from several."""
        translator = self._translator
        if isinstance(translator, GeneratedTranslator):
            translator = translator.until(cancelled)
        at_once = 1 if isinstance(translator, GeneratedTranslator) else WINDOW

        def translate(texts: Sequence[str]) -> Sequence[str]:
            return translator.translate(texts, self._source, self._target)

        return run(work, translate, cancelled, at_once)

    def _unit(self, segments: Sequence[Segment]) -> Ask[str]:
        pieces = [ask for segment in segments for _, ask in self._pieces(segment)]
        return "".join((yield from together(pieces)))

    def _pieces(self, segment: Segment) -> Iterator[tuple[int, Ask[str]]]:
        if not segment.prose:
            if segment.text:
                yield 0, answer(segment.text)
            return
        end = 0
        for stop in _stops(segment.text, self._source):
            sentence = segment.text[end:stop]
            yield len(sentence), self._sentences.translate(sentence)
            end = stop
        if segment.text[end:]:
            yield 0, answer(segment.text[end:])


def _stops(text: str, language: str) -> Iterator[int]:
    """Where sentences end, but for ends inside of what has to stay whole."""
    last = 0
    for _, stop in split_sentences(text, language):
        too_long = stop - last > _LONGEST
        if too_long or not (_is_joined(text, stop) or _is_inside(text, stop)):
            yield stop
            last = stop


def _is_inside(text: str, stop: int) -> bool:
    """Whether something that has to stay whole begins before a place and ends after it."""
    first = max(stop - _LOOKED_AROUND, 0)
    around = text[first : stop + _LOOKED_AROUND]
    if _NEVER_IN_PROSE.search(around) is None:  # the look itself costs a millisecond
        return False
    ranges = unbroken(around)
    return any(start < stop - first < end for start, end in ranges)


def _is_joined(text: str, stop: int) -> bool:
    """Whether a letter follows at once, as in "a.C.", where only wide stops end a sentence."""
    return stop < len(text) and text[stop].isalnum() and text[stop - 1].isascii()


def _length(segments: Sequence[Segment]) -> int:
    return sum(len(segment.text) for segment in segments)
