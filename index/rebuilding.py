"""Makes everything that follows from the texts anew: words, figures, vectors, their file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from assistant.core.events import Event, Notice, Progress
from assistant.core.skills import Cancelled
from index.catalogue import Session
from index.collection import Collection
from index.database import transaction
from index.embedding import VectorMaker
from index.lexical import remake_words

_TICK = 500
"""Texts between looks at whether to stop."""
_SPARSE = 0.2
"""Share of free pages from which writing the database anew is worth it."""


class _StoppedError(Exception):
    """Cancelled inside a transaction, which is rolled back."""


def rebuild(
    collection: Collection,
    session: Session,
    maker: VectorMaker,
    cancelled: Cancelled,
    *,
    embed: bool,
) -> Iterator[Event]:
    """Remake words, figures and the file of vectors, and with `embed` the vectors.

    May be killed or cancelled at any moment: words are exchanged all at once, vectors a batch at
    a time, and running it again goes on where it was.
    """
    connection = session.connection
    try:
        yield from _remake_words(connection, cancelled)
    except _StoppedError:
        return
    _recount(session)
    if embed:
        yield from maker.remake_all(cancelled)
    if cancelled():
        return
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    if session.meta("unerased") or free > pages * _SPARSE:
        session.erase()
    collection.drop_vectors()
    maker.save(cancelled)
    yield Notice("Rebuilt.")


def _remake_words(connection: sqlite3.Connection, cancelled: Cancelled) -> Iterator[Event]:
    """Make the word index anew in one transaction."""
    (total,) = connection.execute("SELECT count(*) FROM contents").fetchone()
    with transaction(connection):
        connection.execute("REINDEX")
        for done in remake_words(connection):
            if done % _TICK == 0:
                yield Progress("Indexing words", done, total, "chunks")
                if cancelled():
                    raise _StoppedError
    yield Progress("Indexing words", total, total, "chunks")


def _recount(session: Session) -> None:
    connection = session.connection
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('loose', 1)")
    session.files.remove_files(())  # texts of no file
    with transaction(connection):
        for name in ("contents", "chunks"):
            (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
            session.set_meta(name, count)
        connection.execute(
            "UPDATE embedders SET vectors = "
            "(SELECT count(*) FROM vectors WHERE embedder = embedders.id)"
        )
