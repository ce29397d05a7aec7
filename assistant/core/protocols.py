"""The seams between the product and its models: one protocol a role.

Arrays are numpy: `Vectors` float32 [n, d], `Pixels` uint8 [height, width, 3] in RGB.
Iterators are synchronous; models block, and the engine's host is the only thread seam.
"""

from __future__ import annotations

from collections.abc import Generator as _Generator
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeGuard, runtime_checkable

from assistant.core.documents import NO_FILTERS, Filters, Label, Retrieval, TextLine
from assistant.core.events import Usage
from assistant.core.heat import Heat
from assistant.core.messages import Message
from assistant.core.pictures import Box, Detection, Region
from assistant.core.skills import Cancelled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.pictures import Alpha, Mask

Vectors: TypeAlias = "npt.NDArray[np.float32]"
Pixels: TypeAlias = "npt.NDArray[np.uint8]"
Ids: TypeAlias = "npt.NDArray[np.int64]"
TokenStream = _Generator[str, None, Usage]
"""Yields text as it is generated and returns what it cost (`usage = yield from stream`)."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is drawn; temperature 0 is greedy."""

    temperature: float = 0.7
    top_p: float = 0.95
    max_tokens: int = 1024
    repeat_penalty: float = 1.1
    stop: tuple[str, ...] = ()
    seed: int | None = None


class Generator(Protocol):
    """A language model that answers a conversation."""

    @property
    def name(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def context_length(self) -> int:
        """Tokens of prompt and answer together."""
        ...

    @property
    def grounded(self) -> bool:
        """Whether it may write answers from quotes (a catalogue flag)."""
        ...

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, cancelled: Cancelled
    ) -> TokenStream:
        """Answer the conversation; the oldest turns leave first when it is too long.

        Raises:
            AssistantError: the last message alone doesn't fit the context.
        """
        ...

    def close(self) -> None: ...


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_tokens(self) -> int:
        """Longer texts are cut here; see `count_tokens`."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for passages."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for questions."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, prefix and special tokens included, before any cut."""
        ...


@runtime_checkable
class InsideEmbedder(Embedder, Protocol):
    """An encoder that also tells what a layer in its middle makes of a text."""

    def embed_queries_inside(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Unit rows float32 [n, d] for questions as `embed_queries` gives them, and the middle
        layer's [n, d]."""
        ...


class Translator(Protocol):
    """Translates sentences between the language pairs it knows (ISO 639-1 codes)."""

    @property
    def name(self) -> str: ...
    @property
    def pairs(self) -> frozenset[tuple[str, str]]: ...

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """Translations in the order given; the pair must be in `pairs`."""
        ...


class TextClassifier(Protocol):
    """Sorts texts into a fixed list of labels."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...

    def classify(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        """Every label with its probability for each text, best first."""
        ...


class ImageLabeler(Protocol):
    """Names what an image shows, out of a fixed list."""

    @property
    def name(self) -> str: ...

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        """The `top` most probable labels of each image, best first."""
        ...

    def heat(self, image: Pixels, classes: Mapping[str, float]) -> Heat:
        """What in the image speaks for some of its labels together, each with its weight.

        Raises:
            ModelError: the model can't tell, or has none of the labels.
        """
        ...


class ImageEncoder(Protocol):
    """Puts images and texts into one space (CLIP and its kin)."""

    @property
    def name(self) -> str: ...
    @property
    def logit_scale(self) -> float:
        """Factor on the cosine of an image and a text."""
        ...

    @property
    def logit_bias(self) -> float | None:
        """Added after the factor where the encoder was trained with a sigmoid, so that a pair
        fits above 0; None where it was with a softmax over texts."""
        ...

    def embed_images(self, images: Sequence[Pixels]) -> Vectors: ...
    def embed_texts(self, texts: Sequence[str]) -> Vectors: ...
    def heat(self, image: Pixels, text: str) -> Heat:
        """What in the image makes it like the text."""
        ...


class ImageCaptioner(Protocol):
    """Says in a sentence what an image shows."""

    @property
    def name(self) -> str: ...

    def caption(self, image: Pixels, cancelled: Cancelled) -> _Generator[str, None, None]:
        """A sentence on the image, in pieces as it is written; ends early once cancelled."""
        ...


class ImageAnswerer(Protocol):
    """Answers questions about an image."""

    @property
    def name(self) -> str: ...

    def answer(
        self, image: Pixels, question: str, cancelled: Cancelled
    ) -> _Generator[str, None, tuple[Label, ...]]:
        """Yields the answer as it is written, or nothing where it is chosen among fixed ones.

        Returns:
            Answers, best first, each with how sure the model is; none once cancelled.
        """
        ...


class TextReader(Protocol):
    """Reads the text in an image (OCR), lines in reading order."""

    @property
    def name(self) -> str: ...
    def read(self, image: Pixels) -> tuple[TextLine, ...]: ...


class TurningReader(Protocol):
    """A reader of text that can tell which way up a page lies; `can_turn` says whether one is."""

    def quarter_turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        """Quarter turns counterclockwise that set the image upright, 0 to 3.

        Args:
            lines: what was read in it as it lies.
        """
        ...


class StoppableReader(Protocol):
    """A reader of text that can end in the midst of an image; `can_stop` says whether one is."""

    def stopping(self, cancelled: Cancelled) -> AbstractContextManager[None]:
        """While it lasts, `read` gives no lines any more once `cancelled`."""
        ...


# Not `isinstance`: since Python 3.12 it looks past what a stand-in for a model passes on.
def can_turn(reader: TextReader) -> TypeGuard[TurningReader]:
    """Whether a reader is a `TurningReader`, or stands for one."""
    return hasattr(reader, "quarter_turns")


def can_stop(reader: TextReader) -> TypeGuard[StoppableReader]:
    """Whether a reader is a `StoppableReader`, or stands for one."""
    return hasattr(reader, "stopping")


class FilePages(Protocol):
    """The pages of a file, numbered from 1."""

    def __len__(self) -> int: ...
    def text(self, page: int) -> str:
        """Text stored as such in the page; "" where the page is a picture of it."""
        ...

    def draw(self, page: int) -> Pixels:
        """
        Raises:
            DocumentError: the page can't be drawn.
        """
        ...


@dataclass(frozen=True, slots=True)
class LoadedImage:
    """An image as opened: upright RGB pixels, and what the file said of itself.

    Where it was taken is left in the file, so that nothing that handles images can pass it on.
    """

    path: Path
    pixels: Pixels
    width: int
    height: int
    format: str
    frames: int
    taken: datetime | None = None
    """By the camera's own clock."""


class ImageOpener(Protocol):
    """Opens image files within the limits."""

    def open(self, path: Path, frame: int = 0) -> LoadedImage:
        """
        Args:
            frame: of an animation, or page of a scan, counted from 0.

        Raises:
            DocumentError: missing, unreadable, no image, or too large.
        """
        ...


class VectorStore(Protocol):
    """Nearest neighbours by inner product; a cache that can be rebuilt."""

    def __len__(self) -> int: ...
    def add(self, ids: Ids, vectors: Vectors) -> None: ...
    def remove(self, ids: Ids) -> int:
        """Number of vectors that were there and left."""
        ...

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        """Scores and ids, both [q, k], best first; id -1 where there are fewer than k."""
        ...

    def save(self, path: Path, generation: int) -> None: ...


class Retriever(Protocol):
    """Finds the chunks of a collection that speak of a question."""

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
        words: str = "",
    ) -> Retrieval:
        """The k best chunks of the collection (None: the default one).

        Args:
            filters: which files to look into.
            per_file: chunks of one file at most, 0 for any number.
            words: searched by instead of the question's own, for documents in another language;
                meaning is searched for half-way between the question's and theirs.
        """
        ...

    def is_empty(self, collection: str | None) -> bool: ...


class ReadDocument(Protocol):
    """The whole text of a file."""

    @property
    def text(self) -> str: ...
    def page(self, offset: int) -> int | None:
        """Number of the page the character at `offset` stands on; None without pages."""
        ...


class Library(Protocol):
    """Files that can be read whole, those of a collection by name."""

    def paths(self, collection: str | None) -> tuple[str, ...]:
        """Files that can be searched, sorted."""
        ...

    def read(self, path: Path) -> ReadDocument:
        """
        Raises:
            DocumentError: why it can't be read.
        """
        ...


class ObjectDetector(Protocol):
    """Finds objects of a fixed list of kinds."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        """What each image shows, best first, in the images' order; ends early once cancelled.

        Args:
            threshold: least score; None for what suits the model.
        """
        ...


class OpenDetector(Protocol):
    """Finds objects named in any words."""

    @property
    def name(self) -> str: ...

    def detect(
        self,
        images: Sequence[Pixels],
        labels: Sequence[str],
        threshold: float | None,
        cancelled: Cancelled,
    ) -> Iterator[tuple[Detection, ...]]:
        """Where the named things are in each image; as `ObjectDetector.detect` else."""
        ...


class Segmenter(Protocol):
    """Divides an image into regions of a fixed list of kinds."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...

    def segment(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Region, ...]]:
        """The regions of each image, the largest first; ends early once cancelled."""
        ...


class BoxSegmenter(Protocol):
    """Finds the outlines of what boxes or points show (Segment Anything and its kin)."""

    @property
    def name(self) -> str: ...
    def outline(self, image: Pixels, boxes: Sequence[Box], cancelled: Cancelled) -> Iterator[Mask]:
        """A mask, bool [height, width], for each box, in order; ends early once cancelled."""
        ...

    def outline_points(self, image: Pixels, points: Sequence[tuple[float, float]]) -> Mask:
        """A mask of the one thing all the points (x, y) lie on."""
        ...


class ForegroundFinder(Protocol):
    """Tells what an image is of from what is behind it."""

    @property
    def name(self) -> str: ...
    def foreground(self, image: Pixels) -> Alpha:
        """How far each pixel belongs to the foreground: float32 [height, width] in [0, 1]."""
        ...
