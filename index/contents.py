"""The texts of a collection: each content once, and the chunks of files that hold it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.erasing import note_removed
from index.lexical import add_words, remove_words

_BATCH = 500
"""Ids bound to one statement; SQLite allows 32,766."""


_HOLDERS = 32
"""Places of one text that are named; a licence's head may be in thousands of files."""
_CHUNKS = """
SELECT c.id, c.content, f.path, t.text, t.heading, c.start, c."end", c.page, c.line
FROM chunks c JOIN files f ON f.id = c.file JOIN contents t ON t.id = c.content
"""


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk to be stored; offsets into the file's text."""

    text: str
    heading: str
    start: int
    end: int
    page: int | None
    line: int | None

    @property
    def hash(self) -> bytes:
        """Names the content, see `content_hash`."""
        return content_hash(self.heading, self.text)


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk as stored, for an answer."""

    id: int
    content: int
    path: str
    text: str
    heading: str
    start: int
    end: int
    page: int | None
    line: int | None


def content_hash(heading: str, text: str) -> bytes:
    """Names a content: equal texts under equal headings share words and vector."""
    return hashlib.sha256(f"{heading}\0{text}".encode()).digest()


class ContentTable:
    """Contents and chunks; writers call it inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._loose: set[int] = set()
        """Contents that lost a chunk and may have been left by all."""

    def replace_chunks(self, file: int, chunks: Sequence[NewChunk]) -> None:
        """Give a file these chunks.

        Contents no file holds any more stay until `drop_loose`: when files change places, one
        that is read later may hold them, with their vectors.
        """
        rows = self._connection.execute("SELECT content FROM chunks WHERE file = ?", (file,))
        before = {content for (content,) in rows}
        if before:
            self._loose |= before
            self._connection.execute("DELETE FROM chunks WHERE file = ?", (file,))
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('loose', 1)")
        self._connection.executemany(
            'INSERT INTO chunks (file, content, start, "end", page, line) '
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(file, self._content(c), c.start, c.end, c.page, c.line) for c in chunks],
        )

    def drop_loose(self) -> None:
        """Remove contents that no file holds any more, those a killed process left too."""
        flag = self._connection.execute("SELECT value FROM meta WHERE name = 'loose'").fetchone()
        if flag is None or not flag[0]:
            return
        self._drop_orphans(self._loose or self._orphans())
        self._loose = set()
        self._connection.execute("UPDATE meta SET value = 0 WHERE name = 'loose'")

    def copy_chunks(self, source: int, file: int) -> None:
        """Give a file the chunks of another one; nothing is read or made anew."""
        self.replace_chunks(file, ())
        self._connection.execute(
            'INSERT INTO chunks (file, content, start, "end", page, line) '
            'SELECT ?, content, start, "end", page, line FROM chunks WHERE file = ? ORDER BY id',
            (file, source),
        )

    def texts(self, contents: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Heading and text of contents that are (still) there."""
        rows = select_many(
            self._connection, "SELECT id, heading, text FROM contents WHERE id IN ({})", contents
        )
        return {id: (heading, text) for id, heading, text in rows}  # noqa: A001

    def chunks_of(self, content: int, *, restricted: bool = False) -> list[FoundChunk]:
        """A content's chunks, in the order they were made, of at most `_HOLDERS` places.

        Args:
            restricted: to the files in the table `allowed_files` of this connection.
        """
        where = "AND c.file IN (SELECT id FROM temp.allowed_files)" if restricted else ""
        rows = self._connection.execute(
            f"{_CHUNKS} WHERE c.content = ? {where} ORDER BY c.id LIMIT ?", (content, _HOLDERS)
        )
        return [FoundChunk(row[0], row[1], os.fsdecode(row[2]), *row[3:]) for row in rows]

    def _content(self, chunk: NewChunk) -> int:
        digest = chunk.hash
        row = self._connection.execute(
            "SELECT id FROM contents WHERE hash = ?", (digest,)
        ).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._connection.execute(
            "INSERT INTO contents (hash, heading, text) VALUES (?, ?, ?)",
            (digest, chunk.heading, chunk.text),
        )
        content = int(cursor.lastrowid or 0)
        add_words(self._connection, content, chunk.heading, chunk.text)
        return content

    def _orphans(self) -> set[int]:
        """Half a second for a million contents."""
        rows = self._connection.execute(
            "SELECT id FROM contents WHERE NOT EXISTS "
            "(SELECT 1 FROM chunks WHERE content = contents.id)"
        )
        return {content for (content,) in rows}

    def _drop_orphans(self, candidates: set[int]) -> None:
        dropped = 0
        for content in candidates:
            row = self._connection.execute(
                "SELECT heading, text FROM contents WHERE id = ? AND NOT EXISTS "
                "(SELECT 1 FROM chunks WHERE content = contents.id)",
                (content,),
            ).fetchone()
            if row is not None:
                remove_words(self._connection, content, *row)
                self._connection.execute("DELETE FROM contents WHERE id = ?", (content,))
                dropped += 1
        note_removed(self._connection, dropped)


def select_many(
    connection: sqlite3.Connection, statement: str, ids: Sequence[int], *values: object
) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement with `IN ({})`, asked in batches SQLite can bind."""
    for first in range(0, len(ids), _BATCH):
        batch = [int(i) for i in ids[first : first + _BATCH]]
        marks = ",".join("?" * len(batch))
        yield from connection.execute(statement.format(marks), [*batch, *values])
