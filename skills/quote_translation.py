"""Translates quotes into the language of the question, where a model for the pair is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import msgspec

from assistant.core.documents import Passage
from assistant.core.errors import ModelError
from assistant.core.events import Event, Notice
from assistant.core.protocols import Translator
from assistant.core.text import sanitize
from assistant.language.detection import UNKNOWN
from assistant.language.names import language_name
from assistant.language.sentences import split_sentences

Suggest = Callable[[str, str], tuple[str, ...]]
Detect = Callable[[str], str]


class QuoteTranslator:
    """Adds translations to passages; says once a pair which model would.

    Args:
        translators: gives those on this machine, the preferred one first.
        suggest: (source, target) → names of catalogue models that would serve.
        detect: ISO 639-1 code of a text.
    """

    def __init__(
        self, translators: Callable[[], tuple[Translator, ...]], suggest: Suggest, detect: Detect
    ) -> None:
        self._translators = translators
        self._suggest = suggest
        self._detect = detect
        self._told: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def translated(
        self, passages: Sequence[Passage], target: str
    ) -> tuple[tuple[Passage, ...], list[Event]]:
        """The passages, translated as far as can be, and what is to be said about it."""
        notices: list[Event] = []
        done: list[Passage] = []
        for passage in passages:
            source = self._detect(passage.context or passage.quote)
            if source in (UNKNOWN, target):
                done.append(passage)
                continue
            translation, notice = self._translate(passage.quote, source, target)
            notices += notice
            done.append(msgspec.structs.replace(passage, translation=translation))
        return tuple(done), notices

    def _translate(self, quote: str, source: str, target: str) -> tuple[str, list[Event]]:
        try:
            serving = [t for t in self._translators() if (source, target) in t.pairs]
            if not serving:
                return "", list(self._hint(source, target))
            sentences = [" ".join(quote[a:b].split()) for a, b in split_sentences(quote, source)]
            pieces = serving[0].translate(sentences, source, target)
        except ModelError as error:
            return "", [Notice(f"The quotes were not translated: {error.message}", error.hint)]
        return sanitize(" ".join(pieces)).strip(), []

    def _hint(self, source: str, target: str) -> Iterator[Event]:
        names = self._suggest(source, target)
        with self._lock:
            if not names or (source, target) in self._told:
                return
            self._told.add((source, target))
        pair = f"{language_name(source)} to {language_name(target)}"
        yield Notice(
            f"A model that translates {pair} would show these quotes in your language.",
            f"assistant models pull {names[0]}",
        )
