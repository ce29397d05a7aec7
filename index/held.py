"""The collections below one folder, to look at."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.collections import CollectionStatus, CollectionSummary
from assistant.core.errors import UsageError
from index.catalogue import Session
from index.collection import DATABASE, Collection
from index.receipt import make_receipt, summarise

_NAME = re.compile(r"\w(?:[\w .-]{0,62}\w)?")


class HeldCollections:
    """Which collections there are, and what they hold; safe for several threads.

    Args:
        root: folder of the collections.
        default: name of the collection that is meant where none is named.
    """

    def __init__(self, root: Path, default: str) -> None:
        self._root = root
        self._default = default
        self._lock = threading.Lock()
        self._opened: dict[str, Collection] = {}

    @contextmanager
    def session(self, collection: str | None) -> Iterator[Session]:
        """The tables of a collection, to look at.

        Raises:
            UsageError: there is no such collection.
        """
        with self._require(collection).catalogue.session() as session:
            yield session

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
        names = (path.parent.name for path in self._root.glob(f"*/{DATABASE}"))
        return tuple(sorted(name for name in names if _NAME.fullmatch(name)))

    def summaries(self) -> tuple[CollectionSummary, ...]:
        """Every collection with its roots and figures, by name."""
        summaries: list[CollectionSummary] = []
        for name in self.collections():
            with self._collection(name).catalogue.session() as session:
                summaries.append(summarise(name, session))
        return tuple(summaries)

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

    def is_empty(self, collection: str | None) -> bool:
        """Whether there is nothing to search."""
        return self.file_count(collection) == 0

    def picture_count(self, collection: str | None) -> int:
        """Pictures that can be searched."""
        if self.is_unknown(collection):
            return 0
        with self._collection(collection).catalogue.session() as session:
            return session.pictures.count()

    def is_unknown(self, collection: str | None) -> bool:
        """Whether nothing was ever added under that name."""
        return not (self._root / self._named(collection) / DATABASE).exists()

    def _require(self, collection: str | None) -> Collection:
        if self.is_unknown(collection):
            name = self._named(collection)
            raise UsageError(
                f"There is no collection “{name}”.",
                "assistant index list shows them; assistant index add FOLDER makes one.",
            )
        return self._collection(collection)

    def _roots(self, collection: str | None) -> tuple[str, ...]:
        if self.is_unknown(collection):
            return ()
        with self._collection(collection).catalogue.session() as session:
            return session.files.roots()

    def _named(self, collection: str | None) -> str:
        name = unicodedata.normalize("NFC", collection or self._default)
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
