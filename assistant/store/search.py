"""Full-text search: what is indexed, how a query is put, and snippets around matches."""

from __future__ import annotations

import re
from collections import Counter

from assistant.core.text import one_line, sanitize
from assistant.language.terms import terms
from assistant.store.database import Database
from assistant.store.records import MATCH_END, MATCH_START, Hit

INDEXED_CHARACTERS = 200_000
"""Of one message; what lies beyond is kept but not found."""
QUERY_WORDS = 16
SNIPPET_CHARACTERS = 160
LEAD_CHARACTERS = 40
"""Shown before the first match."""
HITS_PER_CONVERSATION = 3

_TITLES = """
SELECT c.id, c.title FROM title_words JOIN conversations AS c ON c.id = title_words.rowid
WHERE title_words MATCH ? AND c.deleted_by IS NULL ORDER BY c.updated DESC LIMIT ?
"""
_MESSAGES = """
SELECT m.id, m.conversation
FROM message_words
CROSS JOIN messages AS m ON m.id = message_words.rowid
CROSS JOIN conversations AS c ON c.id = m.conversation
WHERE message_words MATCH ? AND c.deleted_by IS NULL ORDER BY message_words.rowid DESC
"""
"""CROSS keeps the order of the joins, so that rows come newest first without a sort. Texts are
left out: of a long conversation thousands of rows are passed over."""
_FOUND = """
SELECT c.title, m.text FROM messages AS m JOIN conversations AS c ON c.id = m.conversation
WHERE m.id = ?
"""


def find(database: Database, query: str, limit: int) -> list[Hit]:
    """Titles (at most half of the limit), then messages, that have every word of the query."""
    expression = match_expression(query)
    if not expression or limit < 1:
        return []
    hits = [
        Hit(conversation, None, title, snippet(title, query))
        for conversation, title in database.read(_TITLES, (expression, (limit + 1) // 2))
    ]
    for message, conversation in _matching(database, expression, limit - len(hits)):
        for title, text in database.read(_FOUND, (message,)):
            hits.append(Hit(conversation, message, title, snippet(text, query)))
    return hits


def _matching(database: Database, expression: str, limit: int) -> list[tuple[int, int]]:
    """Messages with their conversations, newest first."""
    found: list[tuple[int, int]] = []
    taken: Counter[int] = Counter()
    with database.scanning(_MESSAGES, (expression,)) as rows:
        while len(found) < limit and (row := rows.fetchone()):
            message, conversation = row
            taken[conversation] += 1
            if taken[conversation] <= HITS_PER_CONVERSATION:
                found.append((message, conversation))
    return found


def indexed_terms(text: str) -> str:
    """What the full-text index stores of a text: its terms, space-separated."""
    return " ".join(terms(text[:INDEXED_CHARACTERS]))


def match_expression(query: str) -> str:
    """The FTS5 expression of a query: every word must occur, the last as a beginning.

    A word of several terms (a run of Chinese is overlapping pairs of characters) becomes a
    phrase, so it is found as it is written. Empty when the query has no term.
    """
    phrases = [" ".join(found) for word in query.split()[:QUERY_WORDS] if (found := terms(word))]
    quoted = ['"' + phrase.replace('"', '""') + '"' for phrase in phrases]
    return " ".join(quoted) + "*" if quoted else ""


def snippet(text: str, query: str) -> str:
    """One line around the first match, MATCH_START and MATCH_END around each match shown."""
    flat = " ".join(sanitize(text).split())
    pattern = _pattern(query)
    first = pattern.search(flat)
    begin = max(0, first.start() - LEAD_CHARACTERS) if first else 0
    if begin and (space := flat.find(" ", begin, first.start() if first else begin)) >= 0:
        begin = space + 1
    cut = one_line(flat[begin : begin + SNIPPET_CHARACTERS + 1], SNIPPET_CHARACTERS)
    marked = pattern.sub(lambda match: f"{MATCH_START}{match[0]}{MATCH_END}", cut)
    return f"…{marked}" if begin else marked


def _pattern(query: str) -> re.Pattern[str]:
    """Where the query's words stand; Latin words only from their beginning."""
    words = sorted({word for word in query.split()[:QUERY_WORDS] if terms(word)}, key=len)
    parts = [rf"(?<![^\W_]){re.escape(w)}" if w.isascii() else re.escape(w) for w in words[::-1]]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
