"""Opens what a collection knows: files, texts and vectors in one SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.documents import Filters
from assistant.language import terms as language_terms
from index.contents import ContentTable
from index.database import opened, transaction
from index.erasing import READERS_SECONDS, erase
from index.file_table import FileTable
from index.lexical import TermCounts, remake_words
from index.picture_table import PictureTable
from index.restriction import Restriction, restrict
from index.seals import SealTable
from index.vector_table import VectorTable
from index.word_search import EXACT, WordSearch


class Catalogue:
    """One collection's database; an operation has a connection of its own.

    Sessions raise `StoreError` where the database refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Several operations over one connection."""
        with opened(self.path) as connection:
            yield Session(connection)


class Session:
    """The tables, over one connection and in one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        """For the modules that check, remake and move a whole database."""
        self.contents = ContentTable(connection)
        self.files = FileTable(connection, self.contents)
        self.seals = SealTable(connection)
        self.pictures = PictureTable(connection)

    def vectors(self, embedder: str) -> VectorTable:
        """The vectors that embedder made."""
        return VectorTable(self.connection, embedder)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever writers do meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def embedder(self) -> str:
        """Name of the embedder that made the newest vector, "" before the first."""
        row = self.connection.execute(
            "SELECT name FROM embedders WHERE id = "
            "(SELECT embedder FROM vectors ORDER BY id DESC LIMIT 1)"
        ).fetchone()
        return str(row[0]) if row is not None else ""

    def restrict(self, filters: Filters) -> Restriction:
        """Which files and contents a question may look into; inside a `snapshot`."""
        return restrict(self.connection, filters, self.files.roots())

    def words(
        self,
        question: str,
        counts: TermCounts,
        restriction: Restriction,
        *,
        exact: int = EXACT,
        thorough: bool = False,
    ) -> WordSearch:
        """A search by the words of a question, see `WordSearch`."""
        return WordSearch(
            self.connection,
            question,
            counts,
            self.contents.texts,
            restriction,
            exact=exact,
            thorough=thorough,
        )

    def erase(
        self, patience: float | None = None, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Leave no byte of what was removed, see `index.erasing.erase`; waits for readers
        `READERS_SECONDS` by default."""
        erase(self.connection, READERS_SECONDS if patience is None else patience, tell)

    def meta(self, name: str) -> int:
        """A kept figure, 0 where it was never set: key, terms, contents, chunks; unerased
        (removals since the last erasing), synced (when, in nanoseconds), saved (the last vector
        in the file), speed:EMBEDDER (bytes of text a second)."""
        return self._figure("SELECT value FROM meta WHERE name = ?", name)

    def set_meta(self, name: str, value: int) -> None:
        """Keep a figure."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def recover(self) -> None:
        """Finish what a killed writer left undone."""
        if self.meta("loose"):
            self.files.remove_files(())
        self.remake_words_if_old()

    def remake_words_if_old(self) -> None:
        """Remake the word index when it was made with other rules for terms."""
        if self.meta("terms") == language_terms.VERSION:
            return
        with transaction(self.connection):
            for _ in remake_words(self.connection):
                pass
            self.connection.execute(
                "UPDATE meta SET value = ? WHERE name = 'terms'", (language_terms.VERSION,)
            )

    def _figure(self, statement: str, *values: object) -> int:
        row = self.connection.execute(statement, values).fetchone()
        return int(row[0]) if row is not None else 0
