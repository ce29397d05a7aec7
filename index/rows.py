"""Copies the rows of a database of unknown making into one of ours, checking each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assistant.core.errors import UsageError
from assistant.core.events import Event, Progress
from assistant.core.skills import Cancelled
from assistant.core.text import one_line, sanitize
from assistant.language import terms
from index.contents import content_hash
from index.erasing import note_removed
from index.lexical import add_words
from index.schema import WORDS
from index.seals import is_seal

_BATCH = 500
_MOST_CHARACTERS = 10_000_000
"""Of a chunk; ours have some thousand."""
_MOST_PATH_BYTES = 32_768
_MOST_DIMENSION = 65_536
_NUMBER_BYTES = 2
_UNIT = 0.01
_STATES = frozenset({"waiting", "indexed", "failed"})
_EMBEDDER = re.compile(r"[^\x00-\x1f\x7f]{1,200}")

_TAKEN = re.compile(r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)?")
_WITH_PICTURES = 2
"""Version of the tables from which there are pictures."""

Row = tuple[Any, ...]


class _RowError(Exception):
    """A row no program of ours would have written."""


class CopyStoppedError(Exception):
    """Cancelled; the transaction is to be rolled back."""


def copy_rows(
    source: sqlite3.Connection, target: sqlite3.Connection, cancelled: Cancelled
) -> Iterator[Event]:
    """Put the source's files, texts and vectors in the place of the target's; inside a
    transaction of the target. Costs some 0.3 ms a text, most of it for the words.

    Raises:
        UsageError: a row is not as it should be.
        CopyStoppedError: cancelled.
    """
    (total,) = source.execute("SELECT count(*) FROM contents").fetchone()
    _empty(target)
    try:
        for select, insert, checked in _TABLES:
            is_texts = checked is _content
            for done, rows in _batches(source.execute(select), checked):
                if cancelled():
                    raise CopyStoppedError
                target.executemany(insert, rows)
                if is_texts:
                    for content, _, heading, text in rows:
                        add_words(target, content, heading, text)
                    yield Progress("Importing", done - len(rows), total, "chunks")
        for _, rows in _batches(_vectors(source), _vector):
            if cancelled():
                raise CopyStoppedError
            target.executemany(
                "INSERT INTO vectors (embedder, content, vector) VALUES (?, ?, ?)",
                [row[:3] for row in rows],
            )
        _copy_pictures(source, target, cancelled)
        yield Progress("Importing", total, total, "chunks")
    except (_RowError, sqlite3.IntegrityError, OverflowError) as error:
        if cancelled():  # which interrupts the source
            raise CopyStoppedError from error
        raise UsageError(
            f"The file can't be imported: it holds what the assistant does not write ({error}).",
            "Export it again with the program it came from.",
        ) from error


def _copy_pictures(
    source: sqlite3.Connection, target: sqlite3.Connection, cancelled: Cancelled
) -> None:
    for select, insert, checked in _picture_tables(source):
        for _, rows in _batches(source.execute(select), checked):
            if cancelled():
                raise CopyStoppedError
            target.executemany(insert, rows)


def _empty(target: sqlite3.Connection) -> None:
    (files,) = target.execute("SELECT count(*) FROM files").fetchone()
    for table in (
        "picture_vectors",
        "pictures",
        "chunks",
        "vectors",
        "contents",
        "files",
        "embedders",
        "roots",
    ):
        target.execute(f"DELETE FROM {table}")  # noqa: S608  # a name from the line above
    target.execute("DELETE FROM meta WHERE name NOT IN ('key', 'contents', 'chunks', 'pictured')")
    target.execute("INSERT INTO meta VALUES ('terms', ?)", (terms.VERSION,))
    note_removed(target, files)
    target.execute("DROP TABLE words")
    target.execute(WORDS)


def _batches(
    rows: sqlite3.Cursor, checked: Callable[[Row], Row | None]
) -> Iterator[tuple[int, list[Row]]]:
    done = 0
    while batch := _fetched(rows):
        done += len(batch)
        yield done, [kept for row in batch if (kept := checked(row)) is not None]


def _fetched(rows: sqlite3.Cursor) -> list[Row]:
    try:
        return rows.fetchmany(_BATCH)
    except (sqlite3.Error, UnicodeError) as error:  # a text that is no UTF-8, for one
        raise _RowError(str(error)[:80]) from error


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise _RowError(what)


def _whole(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and value >= least


def _path(value: object) -> bytes:
    _require(isinstance(value, bytes), "a path that is none")
    assert isinstance(value, bytes)  # noqa: S101  # for the type checker
    _require(0 < len(value) <= _MOST_PATH_BYTES and b"\0" not in value, "a path that is none")
    return value


def _text(value: object, limit: int) -> str:
    _require(isinstance(value, str) and len(value) <= limit, "a text that is none")
    return sanitize(str(value))


def _meta(row: Row) -> Row | None:
    """Hashes of what was forgotten, and the key they were made with; our figures are our own."""
    name, value = row
    if name == "key":
        _require(_whole(value), "a key that is none")
        return row
    return (name, 1) if isinstance(name, str) and is_seal(name) else None


def _root(row: Row) -> Row:
    return (_path(row[0]),)


def _file(row: Row) -> Row:
    number, path, size, mtime, digest, state, reason = row
    _require(_whole(number, 1) and _whole(size) and isinstance(mtime, int), "a file's figures")
    _require(digest is None or (isinstance(digest, bytes) and len(digest) == 32), "a file's hash")
    _require(state in _STATES, "a file's state")
    return number, _path(path), size, mtime, digest, state, _text(reason, 10_000)


def _content(row: Row) -> Row:
    number, heading, text = row
    _require(_whole(number, 1), "a text's number")
    heading, text = _text(heading, _MOST_CHARACTERS), _text(text, _MOST_CHARACTERS)
    return number, content_hash(heading, text), heading, text


def _chunk(row: Row) -> Row:
    number, file, content, start, end, page, line = row
    _require(all(_whole(n, 1) for n in (number, file, content)), "a chunk's numbers")
    _require(_whole(start) and _whole(end, start), "a chunk's place")
    _require(all(n is None or _whole(n) for n in (page, line)), "a chunk's page or line")
    return row


def _embedder(row: Row) -> Row:
    number, name, dimension = row
    _require(isinstance(name, str) and bool(_EMBEDDER.fullmatch(name)), "an embedder's name")
    _require(_whole(number, 1) and _whole(dimension, 1), "an embedder's figures")
    _require(dimension <= _MOST_DIMENSION, "an embedder's figures")
    return row


def _picture_tables(
    source: sqlite3.Connection,
) -> Sequence[tuple[str, str, Callable[[Row], Row | None]]]:
    """None in a database of before there were pictures."""
    (version,) = source.execute("PRAGMA user_version").fetchone()
    return _PICTURES if version >= _WITH_PICTURES else ()


def _picture(row: Row) -> Row:
    file, taken, latitude, longitude, camera, width, height, fingerprint = row
    _require(all(_whole(n, 1) for n in (file, width, height)), "a picture's figures")
    _require(isinstance(taken, str) and bool(_TAKEN.fullmatch(taken)), "a picture's time")
    for degrees, most in ((latitude, 90), (longitude, 180)):
        valid = isinstance(degrees, float) and -most <= degrees <= most
        _require(degrees is None or valid, "a picture's place")
    _require(isinstance(fingerprint, int), "a picture's fingerprint")
    camera = one_line(_text(camera, 1_000))
    return file, taken, latitude, longitude, camera, width, height, fingerprint


def _picture_vector(row: Row) -> Row:
    file, encoder, blob = row
    _require(isinstance(encoder, str) and bool(_EMBEDDER.fullmatch(encoder)), "an encoder's name")
    size = len(blob) if isinstance(blob, bytes) else 0
    return (file, encoder, _vector((0, 0, blob, size // _NUMBER_BYTES))[2])


def _vectors(source: sqlite3.Connection) -> sqlite3.Cursor:
    return source.execute(
        "SELECT v.embedder, v.content, v.vector, e.dimension FROM vectors v "
        "JOIN embedders e ON e.id = v.embedder ORDER BY v.id"
    )


def _vector(row: Row) -> Row:
    import numpy as np

    _, _, blob, dimension = row
    size = dimension * _NUMBER_BYTES
    _require(isinstance(blob, bytes) and len(blob) == size, "a vector of another length")
    length = float(np.linalg.norm(np.frombuffer(blob, np.float16).astype(np.float32)))
    _require(abs(length - 1) <= _UNIT, "a vector that is none")
    return row


_TABLES: Sequence[tuple[str, str, Callable[[Row], Row | None]]] = (
    ("SELECT name, value FROM meta", "INSERT OR REPLACE INTO meta VALUES (?, ?)", _meta),
    ("SELECT path FROM roots", "INSERT INTO roots VALUES (?)", _root),
    (
        "SELECT id, path, size, mtime_ns, sha256, state, reason FROM files",
        "INSERT INTO files (id, path, size, mtime_ns, sha256, state, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        _file,
    ),
    (
        "SELECT id, heading, text FROM contents ORDER BY id",
        "INSERT INTO contents (id, hash, heading, text) VALUES (?, ?, ?, ?)",
        _content,
    ),
    (
        'SELECT id, file, content, start, "end", page, line FROM chunks ORDER BY id',
        'INSERT INTO chunks (id, file, content, start, "end", page, line) '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        _chunk,
    ),
    (
        "SELECT id, name, dimension FROM embedders",
        "INSERT INTO embedders (id, name, dimension) VALUES (?, ?, ?)",
        _embedder,
    ),
)
_PICTURES: Sequence[tuple[str, str, Callable[[Row], Row | None]]] = (
    (
        "SELECT file, taken, latitude, longitude, camera, width, height, fingerprint FROM pictures",
        "INSERT INTO pictures (file, taken, latitude, longitude, camera, width, height, "
        "fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _picture,
    ),
    (
        "SELECT file, encoder, vector FROM picture_vectors",
        "INSERT INTO picture_vectors (file, encoder, vector) VALUES (?, ?, ?)",
        _picture_vector,
    ),
)
