"""What can be read of a damaged file is carried over; one bad row costs itself."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.core.messages import Message
from assistant.store import schema
from assistant.store.conversations import ConversationStore
from assistant.store.failures import DamagedStoreError
from assistant.store.opening import open_conversations

PAGE_BYTES = 4096


def fill(path: Path, conversations: int = 40) -> None:
    store = ConversationStore(path)
    for number in range(conversations):
        conversation = store.create().id
        for text in ("first", "second", "third"):
            question = store.add_user(conversation, Message("user", f"{text} {number} " * 20))
            answer = store.begin_answer(conversation, question)
            store.finish_answer(answer, f"re: {text} {number}", "complete", ())
    store.close()


def damage(path: Path, page: int) -> None:
    """Overwrite one page of the file, counted from 1."""
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE_BYTES : page * PAGE_BYTES] = b"\xff" * PAGE_BYTES
    path.write_bytes(content)


def pages_of(path: Path, table: str) -> list[int]:
    """The leaf pages of a table, by trial: those without which its rows can't all be read."""
    content = path.read_bytes()
    whole = rows_read(path, table)
    found = []
    for page in range(2, len(content) // PAGE_BYTES + 1):
        damage(path, page)
        if 0 <= rows_read(path, table) < whole:
            found.append(page)
        path.write_bytes(content)
    return found


def rows_read(path: Path, table: str) -> int:
    """How many rows can be read one by one."""
    with closing(sqlite3.connect(path)) as sql:
        count = 0
        for number in range(1, 400):
            try:
                count += len(
                    sql.execute(f"SELECT * FROM {table} WHERE id = {number}").fetchall()  # noqa: S608
                )
            except sqlite3.DatabaseError:
                continue
    return count


def test_a_lost_page_costs_only_its_own_messages(path: Path) -> None:
    fill(path)
    whole = rows_read(path, "messages")
    page = pages_of(path, "messages")[2]
    damage(path, page)
    path.with_name(path.name + "-suspect").touch()
    store, notice = open_conversations(path)
    with closing(store):
        kept = sum(len(store.messages(c.id)) for c in store.recent(99))
        assert store.count() == 40
        assert whole * 0.5 < kept < whole
        assert f"40 of them, with {kept} messages" in notice
        assert store.search("third 39")
        conversation = store.recent(1)[0].id
        store.add_user(conversation, Message("user", "and on it goes"))
        assert store.messages(conversation)[-1].text == "and on it goes"


def test_messages_whose_conversation_is_lost_get_a_new_one(path: Path) -> None:
    fill(path)
    page = pages_of(path, "conversations")[0]
    damage(path, page)
    path.with_name(path.name + "-suspect").touch()
    store, _ = open_conversations(path)
    with closing(store):
        assert store.count() == 40
        assert all(store.messages(c.id) for c in store.recent(99))


def test_a_damaged_file_of_an_earlier_version_is_saved_too(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.executescript(schema.SCHEMA)
        sql.execute("PRAGMA user_version = 1")
        sql.execute("INSERT INTO conversations VALUES (1, 'Trains', 1, 2, 1, NULL)")
        for number in range(1, 301):
            role = "user" if number % 2 else "assistant"
            sql.execute(
                "INSERT INTO messages VALUES (?, 1, ?, ?, '[]', 'complete', '[]', 5, NULL)",
                (number, role, f"text {number} " * 20),
            )
    damage(path, pages_of(path, "messages")[1])
    path.with_name(path.name + "-suspect").touch()
    store, notice = open_conversations(path)
    with closing(store):
        assert "1 of them" in notice
        assert len(store.messages(1, limit=1000)) > 200


def test_a_file_that_is_cut_short_is_saved_as_far_as_it_goes(path: Path) -> None:
    fill(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    store, notice = open_conversations(path)
    with closing(store):
        assert "damaged" in notice
        assert store.count() > 0


def test_a_row_with_broken_values_is_shown_as_far_as_it_goes(
    path: Path, store: ConversationStore
) -> None:
    conversation = store.create("sound").id
    for text in ("one", "two", "three"):
        store.add_user(conversation, Message("user", text))
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute(
            "UPDATE messages SET text = CAST(x'e4bda0ff' AS TEXT), state = 'odd',"
            " attachments = 'no json', events = 17, created = 'noon' WHERE id = 2"
        )
        sql.execute("UPDATE conversations SET title = x'00ff', updated = 'later'")
    assert [m.text for m in store.messages(conversation)] == ["one", "你\ufffd", "three"]
    assert store.messages(conversation)[1].state == "stopped"
    assert store.recent(9)[0].title == ""


def test_a_message_that_names_itself_as_its_parent_ends_the_walk(
    path: Path, store: ConversationStore
) -> None:
    conversation = store.create("sound").id
    numbers = [store.add_user(conversation, Message("user", t)) for t in ("one", "two", "three")]
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute("UPDATE messages SET parent = ? WHERE id = ?", (numbers[2], numbers[1]))
    assert [m.text for m in store.messages(conversation)] == ["two", "three"]


@pytest.mark.parametrize(
    "breakage",
    [
        "UPDATE message_words_data SET block = x'ffffffffffff'",
        "DELETE FROM message_words_data WHERE id > 10",
    ],
)
def test_a_broken_index_of_words_is_made_anew(
    path: Path, store: ConversationStore, breakage: str
) -> None:
    conversation = store.create("Trains").id
    store.add_user(conversation, Message("user", "at nine"))
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute(breakage)
    with pytest.raises(DamagedStoreError):
        store.search("nine")
    store.close()
    again, _ = open_conversations(path)
    with closing(again):
        assert [hit.conversation for hit in again.search("nine")] == [conversation]
        assert len(again.messages(conversation)) == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_where_nothing_can_be_written_one_reads_and_goes_on_in_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    fill(path, conversations=2)
    before = path.read_bytes()

    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("assistant.store.database.os.open", refuse)
    store, notice = open_conversations(path)
    with closing(store):
        assert "lost when you leave" in notice
        assert store.count() == 2
        assert store.search("third")
        store.add_user(store.create().id, Message("user", "not for long"))
        assert store.count() == 3
    assert path.read_bytes() == before


def test_without_any_file_one_begins_in_memory(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    store, notice = open_conversations(tmp_path / "data" / "conversations.sqlite3")
    with closing(store):
        assert "can't be opened" in notice
        assert store.count() == 0
        store.create("for now")


FULL_DISK = """
import resource, sys
from pathlib import Path
from assistant.core.errors import StoreError
from assistant.core.messages import Message
from assistant.store.opening import open_conversations

limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
store, notice = open_conversations(Path(sys.argv[1]))
print("opened:", store.count(), bool(notice))
try:
    store.add_user(store.create().id, Message("user", "x" * 3_000_000))
    print("written")
except StoreError as error:
    print("refused:", error.message)
print("read:", len(store.search("third")) > 0)
try:
    store.close()
except StoreError as error:
    print("closed:", error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("limit", [1_000_000, 4_096])
def test_on_a_disk_without_room_one_can_read_and_is_told(path: Path, limit: int) -> None:
    fill(path, conversations=2)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), str(limit)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[0].startswith("opened: 2")
    assert "read: True" in lines
    assert any(line.startswith("refused:") for line in lines) or lines[0].endswith("True")
    with closing(ConversationStore(path)) as store:
        assert store.count() >= 2
        assert store.search("third")
