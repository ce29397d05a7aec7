"""Opens what a collection knows: files, texts and vectors in one SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.documents import Filters
from assistant.language import terms as language_terms
from index.contents import ContentTable
from index.database import opened, transaction
from index.file_table import FileTable
from index.lexical import TermCounts, remake_words
from index.restriction import Restriction, restrict
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
        self._connection = connection
        self.contents = ContentTable(connection)
        self.files = FileTable(connection, self.contents)

    def vectors(self, embedder: str) -> VectorTable:
        """The vectors that embedder made."""
        return VectorTable(self._connection, embedder)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever writers do meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def embedder(self) -> str:
        """Name of the embedder that made the newest vector, "" before the first."""
        row = self._connection.execute(
            "SELECT name FROM embedders WHERE id = "
            "(SELECT embedder FROM vectors ORDER BY id DESC LIMIT 1)"
        ).fetchone()
        return str(row[0]) if row is not None else ""

    def restrict(self, filters: Filters) -> Restriction:
        """Which files and contents a question may look into; inside a `snapshot`."""
        return restrict(self._connection, filters, self.files.roots())

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
            self._connection,
            question,
            counts,
            self.contents.texts,
            restriction,
            exact=exact,
            thorough=thorough,
        )

    def scrub(self) -> None:
        """Leave no byte of what was removed: merge the word index, empty the log.

        Deleted rows are overwritten as they go (`secure_delete`); the word index keeps
        deleted terms until its segments are merged. Costs a rewrite of the word index.
        """
        self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def meta(self, name: str) -> int:
        """A kept figure: key, terms, contents or chunks."""
        return self._figure("SELECT value FROM meta WHERE name = ?", name)

    def remake_words_if_old(self) -> None:
        """Remake the word index when it was made with other rules for terms."""
        if self.meta("terms") == language_terms.VERSION:
            return
        with transaction(self._connection):
            remake_words(self._connection)
            self._connection.execute(
                "UPDATE meta SET value = ? WHERE name = 'terms'", (language_terms.VERSION,)
            )

    def _figure(self, statement: str, *values: object) -> int:
        row = self._connection.execute(statement, values).fetchone()
        return int(row[0]) if row is not None else 0
