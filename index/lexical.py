"""Searches by words: BM25 over terms that were split before SQLite sees them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from assistant.language.terms import terms
from index.schema import WORDS


def add_words(connection: sqlite3.Connection, content: int, heading: str, text: str) -> None:
    """Make a content findable by the terms of its heading and text."""
    connection.execute(
        "INSERT INTO words (rowid, terms) VALUES (?, ?)", (content, _indexed(heading, text))
    )


def remove_words(connection: sqlite3.Connection, content: int, heading: str, text: str) -> None:
    """Undo `add_words`; a table without content must be told what it held."""
    connection.execute(
        "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
        (content, _indexed(heading, text)),
    )


def remake_words(connection: sqlite3.Connection) -> None:
    """Make the word index anew from the contents."""
    connection.execute("DROP TABLE words")
    connection.execute(WORDS)
    for content, heading, text in connection.execute("SELECT id, heading, text FROM contents"):
        add_words(connection, content, heading, text)


def search_words(
    connection: sqlite3.Connection, question: str, limit: int, among: Sequence[int] = ()
) -> dict[int, float]:
    """BM25 scores (k1 = 1.2, b = 0.75; ≥ 0, higher is better) by content, best first.

    Args:
        among: score these contents only.
    """
    query = _query(question)
    if not query or limit < 1:
        return {}
    # The plus keeps SQLite from running the whole query once a rowid, 40 times as slow.
    where = f"AND +rowid IN ({','.join(str(int(c)) for c in among)})" if among else ""
    rows = connection.execute(
        f"SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? {where} "  # noqa: S608
        "ORDER BY bm25(words) LIMIT ?",
        (query, limit),
    )
    return {int(content): max(0.0, float(score)) for content, score in rows}


def known_share(connection: sqlite3.Connection, question: str) -> float:
    """Share of the question's distinct terms that occur in some content, in [0, 1]."""
    asked = set(terms(question))
    known = sum(
        connection.execute(
            "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (f'"{term}"',)
        ).fetchone()
        is not None
        for term in asked
    )
    return known / len(asked) if asked else 0.0


def _indexed(heading: str, text: str) -> str:
    return " ".join(terms(f"{heading}\n{text}"))


def _query(question: str) -> str:
    return " OR ".join(f'"{term}"' for term in dict.fromkeys(terms(question)))
