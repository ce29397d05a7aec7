"""The words of an answer about an image as a model writes them: in the language of the question, a
sentence at a time where they are translated, and with how sure the model is at the end."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeAlias

from assistant.core.documents import Label
from assistant.language.sentences import split_sentences

Back: TypeAlias = Callable[[Sequence[str]], list[str]]
"""Translates sentences into the language of the question."""

UNSURE = 0.35
"""An answer of a smaller probability is said to be a guess."""
_STOPS = ".!?。！？…"


class AnswerWords:
    """Makes of what a model says what a person reads.

    Args:
        language: of the question.
        back: translates what the model says; None where it stays as it is.
    """

    def __init__(self, language: str, back: Back | None) -> None:
        self._zh = language == "zh"
        self._back = back
        self._waiting = ""
        self.whole = ""
        """All that was said so far."""

    def heard(
        self, pieces: Generator[str, None, tuple[Label, ...]]
    ) -> Generator[str, None, tuple[Label, ...]]:
        """What can be told of an answer while it is written; returns what the model returns."""
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                found: tuple[Label, ...] = end.value
                return found
            yield from self._told(piece)

    def finished(self, answer: Label) -> Iterator[str]:
        """The rest, and how sure the model is.

        Args:
            answer: the whole of it, which a model that chooses says only now.
        """
        if not (self.whole or self._waiting):
            self._waiting = answer.label
        yield from self._said(self._translated([self._waiting]) if self._waiting else "")
        self._waiting = ""
        share = f"{answer.score:.0%}"
        if self._zh:
            sure = f"（{share}）" if answer.score >= UNSURE else f"（{share}，猜测）"
        else:
            sure = f" ({share})" if answer.score >= UNSURE else f" ({share}, a guess)"
        stop = "" if self.whole.rstrip().endswith(tuple(_STOPS)) else "。" if self._zh else "."
        yield from self._said(sure + stop)

    def _told(self, piece: str) -> Iterator[str]:
        if self._back is None:
            yield from self._said(piece)
            return
        self._waiting += piece
        *whole, (start, _) = split_sentences(self._waiting, "en") or [(0, 0)]
        if whole:
            sentences = [self._waiting[left:right] for left, right in whole]
            self._waiting = self._waiting[start:]
            yield from self._said(self._translated(sentences))

    def _translated(self, sentences: Sequence[str]) -> str:
        if self._back is None:
            return "".join(sentences)
        return ("" if self._zh else " ").join(self._back(sentences))

    def _said(self, text: str) -> Iterator[str]:
        if not text:
            return
        if not self.whole and not self._zh:
            text = text[:1].upper() + text[1:]
        self.whole += text
        yield text
