"""Brings a collection up to date with the disk: texts first, findable at once, then vectors."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.errors import StoreError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.protocols import Embedder
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError
from assistant.core.text import one_line
from index.catalogue import Session
from index.collection import Collection
from index.embedding import VectorMaker
from index.erasing import is_due
from index.estimate import Estimate
from index.files import Changes, Found, Known, changes
from index.loaders.errors import ReadingStoppedError
from index.loaders.safe_reader import SafeReader
from index.looking import MakeEncoder, PictureLooker, no_encoder
from index.reading import FileTaker, ReadingLimits, Taken, kind_of
from index.report import Tally, report
from index.roots import unplugged
from index.walking import Part, find

_TICK = 0.1
"""Seconds between progress events."""
LEARNING_SECONDS = 20.0
"""Reading may last before some vectors are made, only to learn how long all will take."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What one pass over a collection works with."""

    session: Session
    known: Mapping[str, Known]
    maker: VectorMaker
    tally: Tally
    cancelled: Cancelled


class Indexer:
    """Adds to a collection, and follows what changes below its roots.

    Args:
        embedder: loads the embedder at the first call; where its model is missing the files
            are still read, and found by their words.
        embedder_name: as in the settings, so that it need not load when there is nothing to do.
        pictures: makes vectors of pictures.
    """

    def __init__(
        self,
        collection: Collection,
        settings: IndexSettings,
        embedder: Callable[[], Embedder],
        reader: SafeReader,
        embedder_name: str = "",
        pictures: MakeEncoder = no_encoder,
    ) -> None:
        self._pictures = pictures
        self._collection = collection
        self._embedder = embedder
        self._embedder_name = embedder_name
        self._reader = reader
        self._limits = ReadingLimits(settings.chunk_tokens, settings.max_file_mb << 20)

    def add(self, paths: Sequence[Path], cancelled: Cancelled) -> Iterator[Event]:
        """Read what changed below the paths, drop what is gone, take up interrupted work.

        Each file is committed whole. Yields `Progress` in files, then in chunks, and
        `Notice`s for what the receipt says.

        Raises:
            UsageError: none of the paths is there.
            StoreError: another program is writing, or the disk refuses.
        """
        present = [path for path in paths if os.path.exists(path)]  # noqa: PTH110  # never raises
        if not present:
            raise UsageError(
                f"There is no file or folder {one_line(str(paths[0]))}.", "Check the path."
            )
        started = time.time_ns()
        with self._collection.writing() as session:
            session.seals.lift(paths)
            session.files.add_roots(present)
            tops = [str(path) for path in paths]
            yield from self._update(session, tops, None, cancelled, retrying=True)
            if not session.meta("synced"):
                session.set_meta("synced", started)

    def sync(
        self,
        cancelled: Cancelled,
        changed: Sequence[str] | None = None,
        patience: float | None = None,
    ) -> Iterator[Event]:
        """Bring the collection up to date with its roots; events and errors as in `add`.

        A root that is not there is said and otherwise left as it is.

        Args:
            changed: look at these files and folders only.
            patience: seconds to wait for another writer.
        """
        started = time.time_ns()
        with self._collection.writing(patience) as session:
            part = None if changed is None else Part(changed)
            yield from self._update(session, session.files.roots(), part, cancelled)
            if changed is None and not cancelled():
                session.set_meta("synced", started)

    def _update(
        self,
        session: Session,
        tops: Sequence[str],
        part: Part | None,
        cancelled: Cancelled,
        *,
        retrying: bool = False,
    ) -> Iterator[Event]:
        known = session.files.known()
        found = self._found(session, known, tops, part)
        todo = changes(found, known, tops if part is None else part.paths, retrying=retrying)
        maker = VectorMaker(self._collection, session, self._embedder, self._embedder_name)
        run = _Run(session, known, maker, Tally(), cancelled)
        session.files.mark_waiting((p, found.files[p]) for p in todo.read if p in found.files)
        estimate = _estimate(run, todo, found)
        yield from self._read_all(run, todo, estimate)
        # After reading: a moved text stays known until its new place is read.
        session.files.remove_files(() if cancelled() else todo.gone)
        yield from report(found, todo, run.tally, known, brief=part is not None)
        yield from maker.make_all(estimate, cancelled)
        maker.save(cancelled)
        if not cancelled():
            looker = PictureLooker(session, self._reader, self._pictures)
            yield from looker.look_at_all(cancelled)
        yield from _erase_if_due(session)

    def _found(
        self,
        session: Session,
        known: Mapping[str, Known],
        tops: Sequence[str],
        part: Part | None,
    ) -> Found:
        away = unplugged(tops, known, session.meta("synced"))
        there = [top for top in tops if top not in away]
        found = find(there, self._reader.suffixes, part, session.seals.load())
        return found.with_missing(sorted(away))

    def _read_all(self, run: _Run, todo: Changes, estimate: Estimate) -> Iterator[Event]:
        taker = FileTaker(run.session, self._reader, self._limits, run.known)
        files = list(todo.read)
        random.Random(0).shuffle(files)  # noqa: S311  # the speed so far foretells the rest
        started, ticked = time.monotonic(), 0.0
        for done, path in enumerate(files):
            if run.cancelled():
                return
            now = time.monotonic()
            if now - ticked >= _TICK:
                ticked = now
                yield Progress("Reading", done, len(files), "files", estimate.seconds_left())
            try:
                if not estimate.speed and now - started >= LEARNING_SECONDS:
                    run.maker.sample(estimate)
                taken = taker.take(path, run.cancelled)
            except (ReadingStoppedError, StoppedError):
                return
            _note(run, estimate, path, taken)
        if files:
            yield Progress("Reading", len(files), len(files), "files", estimate.seconds_left())


def _estimate(run: _Run, todo: Changes, found: Found) -> Estimate:
    stamps = (found.files.get(path) or run.known[path].stamp for path in todo.read)
    kinds = (kind_of(path) for path in todo.read)
    sizes = zip(kinds, (stamp.size for stamp in stamps), strict=True)
    pending = sum(size for _, size in run.maker.pending())
    return Estimate(sizes, pending, run.maker.learned_speed())


def _note(run: _Run, estimate: Estimate, path: str, taken: Taken) -> None:
    run.tally.count(taken.outcome)
    estimate.file_read(kind_of(path), taken.size, taken.seconds, taken.text)


def _erase_if_due(session: Session) -> Iterator[Event]:
    if is_due(session.meta("unerased"), session.meta("contents")):
        try:
            session.erase(patience=0.0)
        except StoreError as error:  # what was added is safe; erasing is tried again
            yield Notice(error.message, error.hint)
