"""The tables of the conversations' database, and what brings an older file up to date."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.core.errors import StoreError

SCHEMA = """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    deleted_by TEXT
);
CREATE INDEX conversations_in_order ON conversations (pinned DESC, updated DESC, id DESC)
    WHERE deleted_by IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_by) WHERE deleted_by IS NOT NULL;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    attachments BLOB NOT NULL,
    state TEXT NOT NULL,
    events BLOB NOT NULL,
    created REAL NOT NULL,
    owner TEXT
);
CREATE INDEX messages_in_order ON messages (conversation, id);
CREATE INDEX messages_running ON messages (owner) WHERE state = 'running';
CREATE VIRTUAL TABLE title_words USING fts5 (terms, tokenize = 'ascii', prefix = '1 2 3');
CREATE VIRTUAL TABLE message_words USING fts5 (terms, tokenize = 'ascii', prefix = '1 2 3');
CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER conversation_purged AFTER DELETE ON conversations BEGIN
    DELETE FROM title_words WHERE rowid = old.id;
END;
CREATE TRIGGER message_purged AFTER DELETE ON messages BEGIN
    DELETE FROM message_words WHERE rowid = old.id;
END;
"""
BRANCHES = """
ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN uid TEXT;
ALTER TABLE conversations ADD COLUMN tip INTEGER;
ALTER TABLE messages ADD COLUMN parent INTEGER;
UPDATE messages SET parent = (
    SELECT q.id FROM messages AS q
    WHERE q.conversation = messages.conversation AND q.id < messages.id AND q.role = 'user'
    ORDER BY q.id DESC LIMIT 1
);
UPDATE conversations SET uid = lower(hex(randomblob(16))), tip = (
    SELECT q.id FROM messages AS q
    WHERE q.conversation = conversations.id AND q.role = 'user' ORDER BY q.id DESC LIMIT 1
);
CREATE UNIQUE INDEX conversations_by_uid ON conversations (uid);
DROP INDEX conversations_in_order;
CREATE INDEX conversations_in_order
    ON conversations (archived, pinned DESC, updated DESC, id DESC) WHERE deleted_by IS NULL;
DROP INDEX messages_in_order;
CREATE INDEX messages_in_tree ON messages (conversation, parent, id);
CREATE TABLE drafts (
    conversation INTEGER PRIMARY KEY, text TEXT NOT NULL, attachments BLOB NOT NULL
);
DROP TRIGGER conversation_purged;
CREATE TRIGGER conversation_purged AFTER DELETE ON conversations BEGIN
    DELETE FROM title_words WHERE rowid = old.id;
    DELETE FROM drafts WHERE conversation = old.id;
END;
"""
"""Messages become a tree: `parent` of an answer is its question, of a question the question
before it in its branch (NULL for the first). `tip` is the last question of the branch in view.
`uid` names a conversation on every machine. A draft of conversation 0 is that of the next one."""
COLLECTIONS = """
ALTER TABLE conversations ADD COLUMN collection TEXT;
"""
"""The collection of documents a conversation is asked about; NULL for the default one."""
WORD_TABLES = (
    "DROP TABLE IF EXISTS title_words",
    "DROP TABLE IF EXISTS message_words",
    "CREATE VIRTUAL TABLE title_words USING fts5 (terms, tokenize = 'ascii', prefix = '1 2 3')",
    "CREATE VIRTUAL TABLE message_words USING fts5 (terms, tokenize = 'ascii', prefix = '1 2 3')",
)
"""Makes the index of words anew, as it is in SCHEMA."""
MIGRATIONS = (SCHEMA, BRANCHES, COLLECTIONS)
"""What takes the file from version n to n + 1; only ever appended to."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the migrations the file lacks, whole or not at all, one process at a time; a copy
    of an older file is kept beside it until the next start.

    Raises:
        StoreError: a newer version of the program wrote the file.
    """
    on_disk = bool(connection.execute("PRAGMA database_list").fetchone()[2])
    if _version(connection, path) == len(MIGRATIONS):
        if on_disk:
            forget_copies(path)
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        version = _version(connection, path)
        if on_disk and 0 < version < len(MIGRATIONS):
            _keep_copy(path, version)
        for migration in MIGRATIONS[version:]:
            for statement in _statements(migration):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def forget_copies(path: Path) -> None:
    """Remove the copies of older versions: the file that came of them has been opened again, or
    something was deleted that they still hold."""
    for copy in path.parent.glob(f"{path.stem}.version-*{path.suffix}"):
        copy.unlink(missing_ok=True)


def _keep_copy(path: Path, version: int) -> None:
    """Under another name first, so that a copy cut short is never taken for one."""
    copy = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
    partial = copy.with_name(copy.name + ".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.replace(copy)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer version of the assistant.",
            "Upgrade the assistant, or name another folder with ASSISTANT_DATA_DIR.",
        )
    return version


def _statements(script: str) -> list[str]:
    """The statements of a script one by one: `executescript` would commit in between."""
    found, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return found
