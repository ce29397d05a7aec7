"""The full-text table: BM25 over terms that were split before SQLite sees them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from assistant.language.terms import terms
from index.schema import WORDS
from index.word_plan import quoted

_COMMON = 100
"""Contents a term must be in for its count to be remembered."""
_REMEMBERED = 20_000
"""Counts at most; then all are counted anew."""


def add_words(connection: sqlite3.Connection, content: int, heading: str, text: str) -> None:
    """Make a content findable by the terms of its heading and text."""
    connection.execute(
        "INSERT INTO words (rowid, terms) VALUES (?, ?)",
        (content, " ".join(indexed_terms(heading, text))),
    )


def remove_words(connection: sqlite3.Connection, content: int, heading: str, text: str) -> None:
    """Undo `add_words`; a table without content must be told what it held."""
    connection.execute(
        "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
        (content, " ".join(indexed_terms(heading, text))),
    )


def remake_words(connection: sqlite3.Connection) -> Iterator[int]:
    """Make the word index anew from the contents, some 0.2 ms each, inside a transaction.

    Yields how many are done, before each.
    """
    connection.execute("DROP TABLE words")
    connection.execute(WORDS)
    contents = connection.execute("SELECT id, heading, text FROM contents")
    for done, (content, heading, text) in enumerate(contents):
        yield done
        add_words(connection, content, heading, text)


def indexed_terms(heading: str, text: str) -> list[str]:
    """What a content is found by."""
    return terms(f"{heading}\n{text}")


def matched(
    connection: sqlite3.Connection, query: str, limit: int = -1, *, restricted: bool = False
) -> dict[int, float]:
    """BM25 scores (k1 = 1.2, b = 0.75; ≥ 0) by content, best first, of what a query matches.

    Args:
        limit: results at most, -1 for all.
        restricted: to the contents in the table `allowed` of this connection.
    """
    # The plus keeps SQLite from running the whole query once a rowid, 40 times as slow.
    where = "AND +rowid IN (SELECT content FROM temp.allowed)" if restricted else ""
    rows = connection.execute(
        f"SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ? {where} "  # noqa: S608
        "ORDER BY score LIMIT ?",
        (query, limit),
    )
    return {int(content): max(0.0, -float(score)) for content, score in rows}


def is_known(connection: sqlite3.Connection, term: str) -> bool:
    """Whether some content holds the term."""
    row = connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (quoted(term),))
    return row.fetchone() is not None


_CHINESE = "\u3400", "\u9fff\U0010ffff"
"""Terms between these are pairs that begin with a Chinese character."""


def holds_chinese(connection: sqlite3.Connection) -> bool:
    """Whether some content holds Chinese characters side by side; 0.7 ms at any size."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.held USING fts5vocab(main, words, row)"
    )
    row = connection.execute(
        "SELECT 1 FROM temp.held WHERE term BETWEEN ? AND ? LIMIT 1", _CHINESE
    ).fetchone()
    return row is not None


def shape(connection: sqlite3.Connection) -> tuple[int, float]:
    """Contents in the table, and their mean length in terms.

    FTS5 keeps both in the record with id 1 of its data table, as variable-length integers
    (https://sqlite.org/fts5.html, section “Data Table Format”).
    """
    (record,) = connection.execute("SELECT block FROM words_data WHERE id = 1").fetchone()
    contents, length = (*_integers(record), 0, 0)[:2]
    return contents, length / contents if contents else 0.0


def _integers(record: bytes) -> Iterable[int]:
    """SQLite's variable-length integers below 2⁵⁶: seven bits a byte, highest first."""
    value = 0
    for byte in record:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0


class TermCounts:
    """Remembers how many contents hold the common terms: counting costs 25 ns a content.

    In memory only, so that nothing of the texts is kept outside the database. A count is
    scaled with the collection, and made anew when that has grown or shrunk by a tenth.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}

    def count(self, connection: sqlite3.Connection, term: str, contents: int) -> int:
        """Contents that hold the term, of so many contents."""
        count, of = self._counts.get(term, (0, 0))
        if of and abs(contents - of) <= of // 10:
            return round(count * contents / of)
        (count,) = connection.execute(
            "SELECT count(*) FROM words WHERE words MATCH ?", (quoted(term),)
        ).fetchone()
        if count >= _COMMON:
            if len(self._counts) >= _REMEMBERED:
                self._counts.clear()
            self._counts[term] = count, contents
        return int(count)

    def clear(self) -> None:
        """Forget all counts."""
        self._counts.clear()
