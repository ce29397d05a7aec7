"""A document as translation sees it: texts to translate, and all that stays around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from skills.translation.markdown import Segment

Text = tuple[Segment, ...]
"""What is translated at once; its prose may be several sentences."""


class Document(Protocol):
    """A file's content; `texts` are in the order of the file."""

    @property
    def texts(self) -> Sequence[Text]: ...

    def render(self, translations: Sequence[str]) -> bytes:
        """The file's bytes with a translation in the place of each text."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that stand together, and how their translations are put into the document."""

    texts: tuple[Text, ...]
    finish: Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A document that is text: units, and verbatim stretches between them."""

    pieces: tuple[str | Unit, ...]

    @property
    def texts(self) -> Sequence[Text]:
        return [t for piece in self.pieces if isinstance(piece, Unit) for t in piece.texts]

    def stream(self, translations: Iterable[str]) -> Iterator[str]:
        """The translated document as far as its translations go."""
        waiting = iter(translations)
        for piece in self.pieces:
            if isinstance(piece, str):
                yield piece
                continue
            found = list(islice(waiting, len(piece.texts)))
            if len(found) < len(piece.texts):
                return
            yield piece.finish(found)

    def render(self, translations: Sequence[str]) -> bytes:
        return "".join(self.stream(translations)).encode("utf-8", "surrogatepass")


def simple(segments: Iterable[Segment]) -> TextDocument:
    """A document in which every prose segment is a text, and nothing has to be done to it."""
    return TextDocument(
        tuple(Unit(((s,),), "".join) if s.prose else s.text for s in segments if s.text)
    )
