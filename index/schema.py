"""The tables of a collection's database and how older ones are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from assistant.language import terms

VERSION = 2
OLDEST_READ = 1
"""Version from which exported collections are imported."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('terms', 0), ('contents', 0), ('chunks', 0);
-- Tells this database from another one made later in the same folder.
INSERT INTO meta VALUES ('key', abs(random() / 2));

-- Paths are bytes as the system has them: not every file name is valid UTF-8.
CREATE TABLE roots (path BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 BLOB,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'indexed', 'failed')),
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX files_by_state ON files (state);

-- Each text once, whichever files hold it: moved and copied files cost no new vectors.
CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    content INTEGER NOT NULL REFERENCES contents,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    line INTEGER
);
CREATE INDEX chunks_by_file ON chunks (file);
CREATE INDEX chunks_by_content ON chunks (content);

CREATE TABLE embedders (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL,
    vectors INTEGER NOT NULL DEFAULT 0
);
-- Ids only grow in both tables, so whoever holds vectors in memory or in a file catches up by
-- asking for the vectors and the removals above the last it has seen.
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    embedder INTEGER NOT NULL REFERENCES embedders,
    content INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE,
    vector BLOB NOT NULL,
    UNIQUE (embedder, content)
);
CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vector INTEGER NOT NULL
);
CREATE INDEX vectors_by_content ON vectors (content);

-- Counting a million rows takes longer than a query may; these keep the figures.
CREATE TRIGGER content_in AFTER INSERT ON contents BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'contents'; END;
CREATE TRIGGER content_out AFTER DELETE ON contents BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'contents'; END;
CREATE TRIGGER chunk_in AFTER INSERT ON chunks BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'chunks'; END;
CREATE TRIGGER chunk_out AFTER DELETE ON chunks BEGIN
    UPDATE meta SET value = value - 1 WHERE name = 'chunks'; END;
CREATE TRIGGER vector_in AFTER INSERT ON vectors BEGIN
    UPDATE embedders SET vectors = vectors + 1 WHERE id = new.embedder; END;
CREATE TRIGGER vector_out AFTER DELETE ON vectors BEGIN
    UPDATE embedders SET vectors = vectors - 1 WHERE id = old.embedder;
    INSERT INTO removals (vector) VALUES (old.id); END;
"""
_PICTURES = """
-- What the camera and the pixels of a picture say; a file of the same bytes has the same row.
CREATE TABLE pictures (
    file INTEGER PRIMARY KEY REFERENCES files ON DELETE CASCADE,
    taken TEXT NOT NULL,
    latitude REAL,
    longitude REAL,
    camera TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL
);
-- One vector a picture, so that one of another encoder takes the place of the old one.
CREATE TABLE picture_vectors (
    file INTEGER PRIMARY KEY REFERENCES pictures ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL
);
-- Tells whoever holds pictures in memory that they changed.
INSERT INTO meta VALUES ('pictured', 0);
CREATE TRIGGER picture_in AFTER INSERT ON pictures BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'pictured'; END;
CREATE TRIGGER picture_out AFTER DELETE ON pictures BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'pictured'; END;
CREATE TRIGGER picture_vector_in AFTER INSERT ON picture_vectors BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'pictured'; END;
CREATE TRIGGER picture_vector_out AFTER DELETE ON picture_vectors BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'pictured'; END;
CREATE TRIGGER picture_file_touched AFTER UPDATE OF mtime_ns ON files BEGIN
    UPDATE meta SET value = value + 1 WHERE name = 'pictured'
    AND EXISTS (SELECT 1 FROM pictures WHERE file = new.id); END;
"""
# The `ascii` tokenizer keeps every character above U+007F inside tokens, so the terms come
# out as they went in; `unicode61` would split at the vowel signs of Thai and Hindi.
WORDS = """
CREATE VIRTUAL TABLE words USING fts5(terms, content = '', tokenize = 'ascii')
"""


def upgrade(connection: sqlite3.Connection, target: int = VERSION) -> None:
    """Create the tables, or bring them to `VERSION`, in one transaction; another program may be
    about to do the same.

    Args:
        target: an older version to stop at, to see what its tables were.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise sqlite3.DatabaseError(f"made by a newer version ({version} > {VERSION})")
        for number, step in enumerate((_create_texts, _create_pictures), 1):
            if version < number <= target:
                step(connection)
        connection.execute(f"PRAGMA user_version = {max(version, target)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _create_texts(connection: sqlite3.Connection) -> None:
    for statement in _statements(f"{_TABLES}{WORDS};"):
        connection.execute(statement)
    connection.execute("UPDATE meta SET value = ? WHERE name = 'terms'", (terms.VERSION,))


def _create_pictures(connection: sqlite3.Connection) -> None:
    """Pictures of older collections are looked at by the next add or sync."""
    for statement in _statements(_PICTURES):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script whose every statement ends a line."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def is_as_made(connection: sqlite3.Connection, version: int = VERSION) -> bool:
    """Whether a database has exactly the tables, indexes and triggers of a new one of a version,
    and no more."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    try:
        upgrade(made, version)
        return _objects(made) == _objects(connection)
    finally:
        made.close()


def _objects(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM main.sqlite_master")
    return {(kind, name, table, sql and " ".join(sql.split())) for kind, name, table, sql in rows}
