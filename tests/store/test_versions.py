"""A file of an earlier version is brought up to date whole, or left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from assistant.core.messages import Message
from assistant.store import schema
from assistant.store.conversations import ConversationStore

ROWS = (
    (1, 1, "user", "When?"),
    (2, 1, "assistant", "At nine."),
    (3, 1, "assistant", "At nine sharp."),
    (4, 1, "user", "火车从哪里开？"),
    (5, 2, "user", "Elsewhere"),
    (6, 1, "assistant", "From platform two."),
)


@pytest.fixture
def old(path: Path) -> Path:
    """A database as the first version wrote it."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.executescript(schema.SCHEMA)
        sql.execute("PRAGMA user_version = 1")
        sql.execute("INSERT INTO conversations VALUES (1, 'Trains', 1, 2, 1, NULL)")
        sql.execute("INSERT INTO conversations VALUES (2, 'Other', 3, 4, 0, NULL)")
        for number, conversation, role, text in ROWS:
            sql.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, '[]', 'complete', '[]', 5, NULL)",
                (number, conversation, role, text),
            )
    return path


def copies(path: Path) -> list[Path]:
    return list(path.parent.glob("*version-1*"))


def test_everything_is_there_afterwards(old: Path) -> None:
    with closing(ConversationStore(old)) as store:
        assert [c.title for c in store.recent(9)] == ["Trains", "Other"]
        assert [m.id for m in store.messages(1)] == [1, 2, 3, 4, 6]
        assert [m.parent for m in store.messages(1)] == [None, 1, 1, 1, 4]
        assert [m.text for m in store.messages(2)] == ["Elsewhere"]
        assert [hit.message for hit in store.search("火车")] == [4]


def test_old_conversations_are_asked_about_the_default_collection(old: Path) -> None:
    with closing(ConversationStore(old)) as store:
        assert [c.collection for c in store.recent(9)] == [None, None]
        store.set_collection(1, "papers")
    with closing(ConversationStore(old)) as store:
        assert store.get(1).collection == "papers"


def test_it_goes_on_as_a_tree(old: Path) -> None:
    with closing(ConversationStore(old)) as store:
        store.add_user(1, Message("user", "And back?"))
        assert store.messages(1)[-1].parent == 4
        store.add_user(1, Message("user", "What time?"), instead_of=1)
        assert [m.text for m in store.messages(1)] == ["What time?"]


def test_every_conversation_gets_a_name_of_its_own_for_all_machines(old: Path) -> None:
    ConversationStore(old).close()
    with closing(sqlite3.connect(old)) as sql:
        names = [uid for (uid,) in sql.execute("SELECT uid FROM conversations")]
    assert len(set(names)) == 2
    assert all(len(name) == 32 for name in names)


def test_a_copy_of_the_old_file_is_kept_until_the_next_start(old: Path) -> None:
    ConversationStore(old).close()
    (copy,) = copies(old)
    with closing(sqlite3.connect(copy)) as sql:
        assert sql.execute("PRAGMA user_version").fetchone() == (1,)
        assert sql.execute("SELECT count(*) FROM messages").fetchone() == (len(ROWS),)
    ConversationStore(old).close()
    assert copies(old) == []


def test_what_is_deleted_is_not_kept_in_the_copy(old: Path) -> None:
    store = ConversationStore(old)
    store.delete(1)
    store.close()
    assert copies(old) == []


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = schema.BRANCHES + "DROP TABLE no_such_table;\n"
    monkeypatch.setattr(schema, "MIGRATIONS", (schema.SCHEMA, broken))
    with pytest.raises(StoreError):
        ConversationStore(old)
    monkeypatch.undo()
    with closing(sqlite3.connect(old)) as sql:
        assert sql.execute("PRAGMA user_version").fetchone() == (1,)
        assert sql.execute("SELECT count(*) FROM messages").fetchone() == (len(ROWS),)
    with closing(ConversationStore(old)) as store:
        assert len(store.messages(1)) == 5
