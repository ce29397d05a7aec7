"""The index as the rest of the program sees it: collections to add to, remove from and ask."""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.collections import CollectionStatus
from assistant.core.documents import NO_FILTERS, Filters, Retrieval
from assistant.core.errors import ModelError, UsageError
from assistant.core.events import Event
from assistant.core.protocols import Embedder
from assistant.core.skills import Cancelled
from index.collection import DATABASE, Collection
from index.files import is_below
from index.indexer import Indexer
from index.loaders.document import Document, Limits
from index.loaders.safe_reader import SafeReader
from index.receipt import make_receipt

_NAME = re.compile(r"\w(?:[\w .-]{0,62}\w)?")


class DocumentIndex:
    """Collections of documents below one folder. Implements `Retriever` and `Library`.

    May be used from several threads and processes: questions are always answered, two
    writers of one collection exclude each other (`StoreError` for the later one).

    Args:
        root: folder of the collections; made when something is added.
        embedder: loads the embedder at the first call.
        reader: makes text of files; without one, pictures and scans are not read.
    """

    def __init__(
        self,
        root: Path,
        settings: IndexSettings,
        embedder: Callable[[], Embedder],
        reader: SafeReader | None = None,
    ) -> None:
        self._root = root
        self._settings = settings
        self._embedder = embedder
        self._reader = reader or SafeReader(Limits(file_bytes=settings.max_file_mb << 20))
        self._lock = threading.Lock()
        self._opened: dict[str, Collection] = {}
        self._reading = threading.Lock()
        """The PDF library is not thread-safe: one add at a time in this process."""

    def add(
        self, paths: Sequence[Path | str], collection: str | None, cancelled: Cancelled
    ) -> Iterator[Event]:
        """Read files and folders into a collection, as far as they changed.

        Raises:
            UsageError, StoreError: see `Indexer.add`.
        """
        if not paths:
            raise UsageError("Nothing to add.", "Name files or folders.")
        indexer = Indexer(
            self._collection(collection), self._settings, self._embedder, self._reader
        )
        with self._reading:
            yield from indexer.add([_absolute(p) for p in paths], cancelled)

    def forget(self, paths: Sequence[Path | str], collection: str | None) -> int:
        """Take files, or all files in folders, out of a collection, leaving no byte of their
        text in the database; the number of files removed."""
        if self.is_unknown(collection):
            return 0
        held = self._collection(collection)
        tops = [str(_absolute(p)) for p in paths]
        with held.writing() as session:
            gone = [p for p in session.files.known() if is_below(p, tops)]
            removed = session.files.remove_files(gone)
            session.files.forget_roots(r for r in session.files.roots() if is_below(r, tops))
            held.forget_vectors()
            session.scrub()
        return removed

    def status(self, collection: str | None) -> CollectionStatus:
        """The receipt: every file with its state; looks at the disk for what went stale."""
        name = self._named(collection)
        if self.is_unknown(collection):
            return CollectionStatus(name, (), (), 0, 0)
        with self._collection(collection).catalogue.session() as session:
            return make_receipt(name, session)

    def collections(self) -> tuple[str, ...]:
        """Names of the collections, sorted."""
        if not self._root.is_dir():
            return ()
        return tuple(sorted(p.parent.name for p in self._root.glob(f"*/{DATABASE}")))

    def file_count(self, collection: str | None) -> int:
        """Files that can be searched; 1 ms."""
        if self.is_unknown(collection):
            return 0
        with self._collection(collection).catalogue.session() as session:
            return session.files.count_indexed()

    def paths(self, collection: str | None) -> tuple[str, ...]:
        """Searchable files by path, as the system has it, sorted; about 1 µs a file."""
        if self.is_unknown(collection):
            return ()
        with self._collection(collection).catalogue.session() as session:
            known = session.files.known()
        return tuple(sorted(path for path, file in known.items() if file.state == "indexed"))

    def read(self, path: Path) -> Document:
        """A file as it is now on the disk, whether indexed or not; errors as in `SafeReader`."""
        return self._reader.read(path)

    def is_empty(self, collection: str | None) -> bool:
        """Whether there is nothing to search."""
        return self.file_count(collection) == 0

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
    ) -> Retrieval:
        """The k best chunks; by words only where the embedder's model is missing."""
        if self.is_unknown(collection):
            return Retrieval((), 0, 0, 0, self._named(collection))
        held = self._collection(collection)
        try:
            embedder = self._embedder()
        except ModelError:
            return held.retrieve(question, k, None, "", filters, per_file)
        query = embedder.embed_queries([question])[0]
        return held.retrieve(question, k, query, embedder.name, filters, per_file)

    def is_unknown(self, collection: str | None) -> bool:
        """Whether nothing was ever added under that name."""
        return not (self._root / self._named(collection) / DATABASE).exists()

    def _named(self, collection: str | None) -> str:
        name = unicodedata.normalize("NFC", collection or self._settings.collection)
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"“{name[:80]}” can't be the name of a collection.",
                "Use up to 64 letters, digits, spaces, points, _ and -.",
            )
        return name

    def _collection(self, collection: str | None) -> Collection:
        name = self._named(collection)
        with self._lock:
            if name not in self._opened:
                self._opened[name] = Collection(self._root / name)
            return self._opened[name]


def _absolute(path: Path | str) -> Path:
    """Absolute without following links: a file is known by the path it was added by."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100
