"""Translates whole documents: finds out the languages and the way, then text by text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.core.errors import UsageError
from assistant.core.events import Notice
from assistant.core.protocols import Translator
from assistant.core.skills import Cancelled
from assistant.language.detection import UNKNOWN, detect
from assistant.language.names import language_name
from skills.translation.formats.document import Document
from skills.translation.generated import Fallback, no_fallback
from skills.translation.glossary import load_glossary
from skills.translation.text import TextTranslation
from skills.translation.way import Suggest, find_way, report_notices

_SAMPLE = 4_000  # characters the language is told by


@dataclass(frozen=True, slots=True)
class DocumentTranslation:
    """A translation about to be made. Its texts come in order, the first of them early."""

    document: Document
    source: str
    target: str
    notices: tuple[Notice, ...]
    _text: TextTranslation

    def run(self, cancelled: Cancelled) -> Iterator[str]:
        """The translation of each of the document's texts; fewer where it was cancelled."""
        return self._text.units(self.document.texts, cancelled)

    def remarks(self) -> tuple[Notice, ...]:
        """What a person should look at, once it has run."""
        return report_notices(self._text.report)


class DocumentTranslator:
    """Plans translations of documents.

    Args:
        translators: gives the translators on this machine, the preferred one first.
        suggest: (source, target) → names of catalogue models that would serve.
        glossary: path of a file with the person's own terms; "" = none.
        fallback: gives the language model for pairs no translator covers.
    """

    def __init__(
        self,
        translators: Callable[[], Sequence[Translator]],
        suggest: Suggest,
        glossary: str = "",
        fallback: Fallback = no_fallback,
    ) -> None:
        self._translators = translators
        self._suggest = suggest
        self._glossary = glossary
        self._fallback = fallback

    def plan(self, document: Document, source: str | None, target: str) -> DocumentTranslation:
        """How a document would be translated; loads no weights.

        Args:
            source: language code; None = find out.

        Raises:
            UsageError: there is nothing to translate, or it is in that language already.
            ModelError: no model here translates that pair.
        """
        source = source or _language(document)
        if source == UNKNOWN:
            raise UsageError(
                "There are no words to translate in this.",
                "In a .po file only messages without a translation are looked at.",
            )
        if source == target:
            raise UsageError(
                f"The document is in {language_name(source)} already.",
                "If it is not, name its language with --from.",
            )
        translator, notices = find_way(
            self._translators(), self._suggest, source, target, self._fallback
        )
        text = TextTranslation(translator, source, target, load_glossary(self._glossary))
        return DocumentTranslation(document, source, target, notices, text)


def _language(document: Document) -> str:
    sample: list[str] = []
    length = 0
    for text in document.texts:
        prose = " ".join(segment.text for segment in text if segment.prose)
        sample.append(prose)
        length += len(prose)
        if length > _SAMPLE:
            break
    return detect("\n".join(sample))
