"""Makes the vectors of texts that have none yet."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.core.events import Event, Notice, Progress
from assistant.core.protocols import Embedder
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError
from index.catalogue import Session
from index.collection import Collection, never
from index.estimate import Estimate

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

BATCH_BYTES = 48 << 10
"""Of text embedded between two commits: some two seconds' work that a kill may cost. With less,
texts of unlike length share a pass of the encoder, which pads: 32 KB cost 2 % more, 16 KB 4 %."""
BATCH_MOST = 256
"""Contents in such a batch."""
SAMPLE = 64
"""Contents embedded to learn how long the others will take: some four seconds."""
_TRUSTED_SECONDS = 5.0
"""Work after which the speed is kept for later runs."""
_SAVED_SHARE = 50
"""The file of vectors is written when one in so many is not in it: it is a cache, and whoever
opens it gathers the rest."""
_ALWAYS_SAVED = 20_000
"""Vectors up to which writing their file costs less than 0.1 s."""


Keep = Callable[[int, Sequence[int], "Vectors"], None]
"""Stores vectors: their dimension, the ids of their contents, the rows [n, d]."""


class VectorMaker:
    """Makes vectors in one session, and learns how quick that is.

    Args:
        embedder: loads the embedder at the first call.
        name: its name, as far as it is known without loading it.
    """

    def __init__(
        self,
        collection: Collection,
        session: Session,
        embedder: Callable[[], Embedder],
        name: str,
    ) -> None:
        self._collection = collection
        self._session = session
        self._embedder = embedder
        self._name = name

    def pending(self) -> list[tuple[int, int]]:
        """Id and size in bytes of each content without a vector."""
        name = self._name or self._session.embedder()
        table = self._session.vectors(name)
        if table.count() == self._session.meta("contents"):
            return []
        return table.pending()

    def learned_speed(self) -> float:
        """Bytes of text a second, as earlier runs had it; 0 where there was none."""
        return float(self._session.meta(_speed(self._name or self._session.embedder())))

    def sample(self, estimate: Estimate) -> None:
        """Make some vectors, to learn how long the others will take."""
        try:
            embedder = self._embedder()
        except ModelError:
            return  # said when the vectors' turn has come
        table = self._session.vectors(embedder.name)
        table.set_dimension(embedder.dimension)
        pending = table.pending()
        drawn = random.Random(0).sample(pending, min(SAMPLE, len(pending)))  # noqa: S311
        for batch in batches(drawn):
            self._make(embedder, batch, table.store, estimate)

    def make_all(self, estimate: Estimate, cancelled: Cancelled) -> Iterator[Event]:
        """Make every vector that is missing, a commit a batch; `Progress` in chunks."""
        if self._name and not self.pending():
            return
        try:
            embedder = self._embedder()
        except ModelError as error:
            yield Notice(f"Files are found by their words only: {error.message}", error.hint)
            return
        table = self._session.vectors(embedder.name)
        table.set_dimension(embedder.dimension)
        yield from self._make_each(embedder, table.pending(), table.store, estimate, cancelled)

    def remake_all(self, cancelled: Cancelled) -> Iterator[Event]:
        """Make every vector anew, a batch in place of the old one at a time; interrupted, the
        next call goes on where it was.

        Raises:
            ModelError: the embedder's model is missing.
        """
        embedder = self._embedder()
        table = self._session.vectors(embedder.name)
        table.set_dimension(embedder.dimension)
        mark = f"remade:{embedder.name}"
        last = self._session.meta(mark) or table.newest_id()
        self._session.set_meta(mark, last)
        todo = table.not_after(last)
        estimate = Estimate((), 0, self.learned_speed())
        yield from self._make_each(embedder, todo, table.replace, estimate, cancelled)
        if not cancelled():
            self._session.set_meta(mark, 0)

    def _make_each(
        self,
        embedder: Embedder,
        todo: Sequence[tuple[int, int]],
        keep: Keep,
        estimate: Estimate,
        cancelled: Cancelled,
    ) -> Iterator[Event]:
        estimate.correct_pending(sum(size for _, size in todo))
        done, spent = 0, 0.0
        for batch in batches(todo):
            if cancelled():
                break
            yield Progress("Making vectors", done, len(todo), "chunks", estimate.seconds_left())
            try:
                spent += self._make(embedder, batch, keep, estimate)
            except StoppedError:
                break  # what is made so far stays
            done += len(batch)
        if todo:
            yield Progress("Making vectors", done, len(todo), "chunks")
        if spent >= _TRUSTED_SECONDS or (done and not self.learned_speed()):
            self._session.set_meta(_speed(embedder.name), round(estimate.speed))

    def save(self, cancelled: Cancelled = never) -> None:
        """Write the file of vectors where that is worth it; it need not have every removal.

        Where the vectors have become many they are made quick to search first, which takes a
        minute or two a million; cancelled, that is left to the next call.
        """
        name = self._session.embedder()
        table = self._session.vectors(name)
        count, newest = table.count(), table.newest_id()
        is_there = any(self._collection.folder.glob("vectors-*"))
        unsaved = newest - (self._session.meta("saved") if is_there else 0)
        if not count or not unsaved or (count > _ALWAYS_SAVED and unsaved * _SAVED_SHARE < count):
            return
        self._collection.save_vectors(self._session, name, table.dimension(), cancelled)
        if not cancelled():
            self._session.set_meta("saved", newest)

    def _make(
        self,
        embedder: Embedder,
        batch: Sequence[tuple[int, int]],
        keep: Keep,
        estimate: Estimate,
    ) -> float:
        """Seconds it took."""
        started = time.perf_counter()
        texts = self._session.contents.texts([content for content, _ in batch])
        vectors = embedder.embed_documents([embedded_text(*texts[c]) for c in texts])
        keep(embedder.dimension, list(texts), vectors)
        seconds = time.perf_counter() - started
        estimate.vectors_made(sum(size for _, size in batch), seconds)
        return seconds


def embedded_text(heading: str, text: str) -> str:
    """What the vector is made of: the heading says what the text is about."""
    return f"{heading}\n{text}" if heading else text


def batches(pending: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Contents of like length together, for padding costs as much as text; the batches
    themselves in mixed order, so that the speed so far foretells the time to come."""
    cut: list[list[tuple[int, int]]] = []
    room = 0
    for content, size in sorted(pending, key=lambda p: p[1]):
        if room < size or len(cut[-1]) == BATCH_MOST:
            cut.append([])
            room = BATCH_BYTES
        cut[-1].append((content, size))
        room -= size
    random.Random(0).shuffle(cut)  # noqa: S311
    yield from cut


def _speed(embedder: str) -> str:
    return f"speed:{embedder}"
