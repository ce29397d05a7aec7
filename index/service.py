"""The index as the rest of the program sees it: collections to add to, remove from and ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Collection as Collected
from pathlib import Path

import msgspec

from assistant.config import IndexSettings
from assistant.core.documents import NO_FILTERS, Filters, Retrieval
from assistant.core.errors import ModelError, UsageError
from assistant.core.events import Event
from assistant.core.picture_search import FoundPictures, PictureGroup, PictureQuery
from assistant.core.protocols import Embedder, Vectors
from assistant.core.skills import Cancelled
from index.arrival import Arrival
from index.embedding import VectorMaker
from index.exporting import export
from index.forgetting import Forgotten, forget
from index.held import HeldCollections
from index.importing import read_manifest
from index.indexer import Indexer
from index.loaders.document import Document, Limits
from index.loaders.safe_reader import SafeReader
from index.looking import MakeEncoder, no_encoder
from index.picture_shelf import find, near_duplicates
from index.rebuilding import rebuild
from index.verifying import verify
from index.watching import Watcher

_WATCHERS_PATIENCE = 0.1
"""Seconds a watcher waits for another writer before it looks whether it is to stop."""


class DocumentIndex(HeldCollections):
    """Collections of documents below one folder. Implements `Retriever` and `Library`.

    May be used from several threads and processes: questions are always answered, two
    writers of one collection exclude each other (`StoreError` for the later one).

    Args:
        root: folder of the collections; made when something is added.
        embedder: loads the embedder at the first call.
        reader: makes text of files; without one, pictures and scans are not read.
        embedder_name: name of the embedder, so that it need not load to be told there is
            nothing to do; without it, it loads.
        pictures: makes vectors of pictures; without one they are known by time and fingerprint.
    """

    def __init__(
        self,
        root: Path,
        settings: IndexSettings,
        embedder: Callable[[], Embedder],
        reader: SafeReader | None = None,
        embedder_name: str = "",
        pictures: MakeEncoder = no_encoder,
    ) -> None:
        super().__init__(root, settings.collection)
        self._settings = settings
        self._embedder = embedder
        self._embedder_name = embedder_name
        self._pictures = pictures
        self._reader = reader or SafeReader(Limits(file_bytes=settings.max_file_mb << 20))

    def add(
        self, paths: Sequence[Path | str], collection: str | None, cancelled: Cancelled
    ) -> Iterator[Event]:
        """Read files and folders into a collection, as far as they changed.

        Raises:
            UsageError, StoreError: see `Indexer.add`.
        """
        if not paths:
            raise UsageError("Nothing to add.", "Name files or folders.")
        yield from self._indexer(collection).add([_absolute(p) for p in paths], cancelled)

    def sync(self, collection: str | None, cancelled: Cancelled) -> Iterator[Event]:
        """Bring a collection up to date with its roots, see `Indexer.sync`; 0.4 s for 10,000
        files that did not change.

        Raises:
            UsageError: nothing was ever added.
            StoreError: another program is writing, or the disk refuses.
        """
        self._require(collection)
        yield from self._indexer(collection).sync(cancelled)

    def watch(self, collection: str | None, cancelled: Cancelled) -> Iterator[Event]:
        """Sync whenever something changes below the roots, until cancelled. A collection that
        does not exist yet is waited for, as is another program that is writing."""
        indexer = self._indexer(collection)

        def sync(changed: Sequence[str] | None) -> Iterator[Event]:
            if not self.is_unknown(collection):
                yield from indexer.sync(cancelled, changed, patience=_WATCHERS_PATIENCE)

        yield from Watcher(sync, lambda: self._roots(collection)).run(cancelled)

    def forget(
        self,
        paths: Sequence[Path | str],
        collection: str | None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Forgotten:
        """Take files, or all files in folders, out of a collection for good, leaving no byte of
        their text in it; costs some 30 seconds a gigabyte of it.

        What lies in a folder that is followed stays out until it is added by name.

        Args:
            tell: hears what is being done.

        Raises:
            StoreError: the bytes could not all be overwritten, and why.
        """
        if self.is_unknown(collection):
            return Forgotten()
        held = self._collection(collection)
        with held.writing() as session:
            forgotten = forget(session, [str(_absolute(p)) for p in paths])
            if session.meta("unerased"):
                held.forget_vectors()
                session.erase(tell=tell)
                VectorMaker(held, session, self._embedder, self._embedder_name).save()
        return forgotten

    def verify(self, collection: str | None, cancelled: Cancelled) -> Iterator[Event]:
        """Check a collection: a `Notice` for each thing that is wrong, with what to do.

        Raises:
            UsageError: there is no such collection.
            StoreError: another program is writing, or the database can't be read at all.
        """
        held = self._require(collection)
        with held.writing() as session:
            yield from verify(held, session, cancelled)

    def rebuild(
        self, collection: str | None, cancelled: Cancelled, *, embed: bool = False
    ) -> Iterator[Event]:
        """Make words, figures and the file of vectors anew, with `embed` the vectors too.

        Raises:
            UsageError: there is no such collection.
            ModelError: `embed`, and the embedder's model is missing.
            StoreError: another program is writing, or the disk refuses.
        """
        held = self._require(collection)
        with held.writing() as session:
            maker = VectorMaker(held, session, self._embedder, self._embedder_name)
            yield from rebuild(held, session, maker, cancelled, embed=embed)

    def export(
        self, collection: str, file: Path, cancelled: Cancelled, *, replace: bool = False
    ) -> Iterator[Event]:
        """Write a collection to one file, see `index.exporting.export`."""
        held = self._require(collection)
        with held.writing() as session:
            yield from export(held, session, _absolute(file), cancelled, replace=replace)

    def import_(
        self, file: Path, name: str | None, cancelled: Cancelled, *, replace: bool = False
    ) -> Iterator[Event]:
        """Make a collection of an exported file, which may be hostile; all or nothing.

        Args:
            name: instead of the one in the file.
            replace: take the place of a collection of that name.

        Raises:
            UsageError: the file is refused, or there is such a collection.
            StoreError: the disk refuses.
        """
        path = _absolute(file)
        manifest = read_manifest(path)
        name = self._named(name or manifest.name)
        if not self.is_unknown(name) and not replace:
            raise UsageError(
                f"There is a collection “{name}” already.",
                "Choose another name with --as, or add --replace to take its place.",
            )
        arrival = Arrival(self._root, path, manifest)
        yield from arrival.bring_in(self._collection(name), cancelled)

    def read(self, path: Path) -> Document:
        """A file as it is now on the disk, whether indexed or not; errors as in `SafeReader`."""
        return self._reader.read(path)

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
        words: str = "",
    ) -> Retrieval:
        """The k best chunks; by words only where the embedder's model is missing."""
        if self.is_unknown(collection):
            return Retrieval((), 0, 0, 0, self._named(collection))
        held = self._collection(collection)
        try:
            embedder = self._embedder()
        except ModelError:
            return held.retrieve(words or question, k, None, "", filters, per_file)
        query = _direction(embedder, question, words)
        return held.retrieve(words or question, k, query, embedder.name, filters, per_file)

    def find_pictures(
        self,
        query: PictureQuery | None,
        collection: str | None,
        filters: Filters = NO_FILTERS,
        by_text: Collected[str] = (),
        most: int = 6,
    ) -> FoundPictures:
        """The best pictures, see `PictureLibrary`; 10 ms for 10,000."""
        if self.is_unknown(collection):
            return FoundPictures((), 0, 0, collection=self._named(collection))
        held = self._collection(collection)
        with held.catalogue.session() as session:
            shelf = held.shelves.current(session, query.encoder if query is not None else "")
        all_match = query is None and not by_text
        found = find(shelf, query, filters, by_text, most, all_match=all_match)
        return msgspec.structs.replace(found, collection=held.folder.name)

    def near_duplicates(self, collection: str | None) -> tuple[PictureGroup, ...]:
        """Groups of pictures that are nearly the same.

        Raises:
            UsageError: there is no such collection.
        """
        held = self._require(collection)
        encoder = self._pictures()
        with held.catalogue.session() as session:
            shelf = held.shelves.current(session, encoder.name if encoder is not None else "")
        return near_duplicates(shelf)

    def _indexer(self, collection: str | None) -> Indexer:
        return Indexer(
            self._collection(collection),
            self._settings,
            self._embedder,
            self._reader,
            self._embedder_name,
            self._pictures,
        )


def _direction(embedder: Embedder, question: str, words: str) -> Vectors:
    """The unit vector [d] to search by. What is near to a question alone is in its language: words
    of another one lead half-way there."""
    vectors = embedder.embed_queries([question, words] if words else [question])
    between: Vectors = vectors.sum(axis=0)
    unit: Vectors = between / max(1e-12, float(between @ between) ** 0.5)
    return unit


def _absolute(path: Path | str) -> Path:
    """Absolute without following links: a file is known by the path it was added by."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100
