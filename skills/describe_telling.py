"""Tells of an image paragraph by paragraph: each once it is known, some while they are written."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

from assistant.core.events import Event, TextDelta

T = TypeVar("T")


class Paragraphs:
    """Puts what parts a paragraph from the one before it between them.

    Args:
        before: what stands before the first: the end of what was said of another image, a title.
    """

    def __init__(self, before: str) -> None:
        self._before = before

    def add(self, text: str) -> Iterator[TextDelta]:
        """A paragraph; nothing for an empty one."""
        if text:
            yield self._begun(text)

    def stream(self, pieces: Generator[str | Event, None, T]) -> Generator[Event, None, T]:
        """A paragraph as it is written; events among the pieces are passed on.

        Returns:
            What the stream of pieces returns.
        """
        begun = False
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                told: T = end.value
                return told
            if not isinstance(piece, str):
                yield piece
            elif piece:
                yield TextDelta(piece) if begun else self._begun(piece)
                begun = True

    def _begun(self, text: str) -> TextDelta:
        before, self._before = self._before, "\n\n"
        return TextDelta(before + text)
