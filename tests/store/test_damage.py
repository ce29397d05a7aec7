"""Broken files, full disks, other processes: clear errors, and nothing lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from assistant.core.errors import StoreError
from assistant.core.events import Notice, Routed
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.store.database import find_damage
from assistant.store.encoding import decode_events
from assistant.store.failures import DamagedStoreError, explain
from assistant.store.opening import open_conversations
from assistant.store.schema import MIGRATIONS

WRITER = """
import sys
from pathlib import Path
from typing import NoReturn
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore

store = ConversationStore(Path(sys.argv[1]))
conversation = store.create("written").id
store.add_user(conversation, Message("user", "committed"))
answer = store.begin_answer(conversation)
while True:
    number = store.add_user(conversation, Message("user", "committed"))
    store.save_partial(answer, f"up to {number}")
    print(number, flush=True)
"""


def start_writer(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )


def kill(process: subprocess.Popen[str]) -> list[int]:
    """End a process the hard way; the numbers of the messages it said it had committed."""
    process.kill()
    assert process.stdout is not None
    lines = process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    return [int(line) for line in lines if line.endswith("\n")]


def test_a_writer_killed_mid_write_loses_nothing_it_committed(path: Path) -> None:
    process = start_writer(path)
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    committed = kill(process)

    store = ConversationStore(path)
    (conversation,) = store.recent(10)
    messages = store.messages(conversation.id, limit=1_000_000)
    assert set(committed) <= {message.id for message in messages}
    (answer,) = (message for message in messages if message.role == "assistant")
    assert answer.state == "stopped"
    assert answer.text.startswith("up to ")
    assert store.search("committed")
    store.close()
    assert find_damage(path) == []


def test_two_processes_share_the_file(path: Path, store: ConversationStore) -> None:
    process = start_writer(path)
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(20):
        store.create("mine")
        process.stdout.readline()
    assert store.count() == 21
    theirs = next(c for c in store.recent(30) if c.title == "written")
    running = [m.state for m in store.messages(theirs.id, 10_000) if m.role == "assistant"]
    assert running == ["running"]
    second = ConversationStore(path)
    assert "running" in {m.state for m in second.messages(theirs.id, 10_000)}
    second.close()
    kill(process)


def test_what_a_dead_process_deleted_is_erased_and_the_rest_is_not(
    path: Path, store: ConversationStore
) -> None:
    kept, deleted = store.create("kept").id, store.create("deleted").id
    store.add_user(deleted, Message("user", "question"))
    answer = store.begin_answer(deleted)
    store.finish_answer(answer, "gone", "complete", ())
    store.delete(deleted)
    store.close()
    with sqlite3.connect(path) as sql:
        sql.execute("UPDATE conversations SET deleted_by = '999999999@1' WHERE id = ?", (deleted,))
    sql.close()
    again = ConversationStore(path)
    assert [c.id for c in again.recent(10)] == [kept]
    with pytest.raises(StoreError):
        again.restore(deleted)
    assert again.messages(deleted) == []
    again.close()


def test_a_deletion_of_a_living_process_can_be_undone_from_another_store(
    path: Path, store: ConversationStore
) -> None:
    conversation = store.create("kept").id
    store.delete(conversation)
    second = ConversationStore(path)
    second.close()
    store.restore(conversation)
    assert store.get(conversation).title == "kept"


@pytest.mark.parametrize(
    "content", [b"this is no database " * 500, b"SQLite format 3\0" + b"?" * 9000]
)
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError, match="damaged"):
        ConversationStore(path)
    assert path.read_bytes() == content

    store, notice = open_conversations(path)
    kept = path.with_name("conversations.corrupt-1.sqlite3")
    assert kept.read_bytes() == content
    assert notice
    assert str(kept) in notice
    assert store.count() == 0
    store.close()


def test_earlier_damaged_files_are_not_overwritten(path: Path) -> None:
    path.parent.mkdir()
    for number in (1, 2):
        path.write_bytes(b"damage %d " % number * 500)
        open_conversations(path)[0].close()
    names = sorted(file.name for file in path.parent.glob("*corrupt*"))
    assert names == ["conversations.corrupt-1.sqlite3", "conversations.corrupt-2.sqlite3"]


def test_damage_inside_the_tables_is_found(path: Path, store: ConversationStore) -> None:
    conversation = store.create("-").id
    for _ in range(200):
        store.add_user(conversation, Message("user", "hello " * 50))
    store.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert find_damage(path) != []

    # Opening looks at the first page only; what meets the damage makes the next one look closer.
    hurt = ConversationStore(path)
    with pytest.raises(DamagedStoreError):
        hurt.messages(conversation, limit=1000)
    hurt.close()
    fresh, notice = open_conversations(path)
    assert notice
    assert path.with_name("conversations.corrupt-1.sqlite3").read_bytes() == bytes(content)
    fresh.create("new")
    fresh.close()
    assert open_conversations(path)[1] == ""


def test_a_suspicion_that_proves_wrong_is_forgotten(path: Path) -> None:
    ConversationStore(path).close()
    mark = path.with_name(path.name + "-suspect")
    mark.touch()
    store, notice = open_conversations(path)
    store.close()
    assert notice == ""
    assert not mark.exists()


def test_a_sound_file_opens_without_a_notice(path: Path) -> None:
    store, notice = open_conversations(path)
    assert notice == ""
    store.close()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    ConversationStore(path).close()
    with sqlite3.connect(path) as sql:
        sql.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    sql.close()
    with pytest.raises(StoreError, match="newer version") as caught:
        open_conversations(path)
    assert "Upgrade" in caught.value.hint


def test_a_folder_that_is_a_file_gives_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StoreError, match="can't be opened"):
        ConversationStore(tmp_path / "data" / "conversations.sqlite3")


def test_a_read_only_folder_gives_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so the system's refusal is played."""

    def refuse(*_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StoreError, match=f"can't be opened: {os.strerror(errno.EACCES)}") as caught:
        ConversationStore(tmp_path / "data" / "conversations.sqlite3")
    monkeypatch.undo()
    assert "permissions" in caught.value.hint


def test_a_full_disk_gives_a_clear_error_and_keeps_what_was_saved(
    path: Path, store: ConversationStore
) -> None:
    conversation = store.create("kept").id
    with store._database.writing() as sql:
        pages = sql.execute("PRAGMA page_count").fetchone()[0]
    store._database.read(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StoreError, match="full") as caught:
        store.add_user(conversation, Message("user", "x" * 100_000))
    assert "Free some space" in caught.value.hint
    assert store.messages(conversation) == []
    store.add_user(conversation, Message("user", "short"))


@pytest.mark.parametrize(
    ("code", "fact"),
    [
        (sqlite3.SQLITE_BUSY, "Another program"),
        (sqlite3.SQLITE_READONLY, "can't be written"),
        (sqlite3.SQLITE_CANTOPEN, "can't be written"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_IOERR, "The disk failed"),
        (sqlite3.SQLITE_ERROR, "refused an operation"),
    ],
)
def test_every_refusal_states_a_fact_and_a_remedy(code: int, fact: str) -> None:
    error = sqlite3.OperationalError("cryptic")
    error.sqlite_errorcode = code
    told = explain(error, Path("c.sqlite3"))
    assert fact in told.message
    assert told.hint


def test_events_of_another_version_become_one_notice_and_the_rest_stays() -> None:
    stored = (
        b'[{"type":"Hologram","x":1},{"type":"Routed","skill":"qa","score":1,"margin":1,'
        b'"reason":"r"},{"type":"Routed"}]'
    )
    first, second = decode_events(stored)
    assert isinstance(first, Notice)
    assert isinstance(second, Routed)
    assert isinstance(decode_events(b"{broken")[0], Notice)


def test_an_index_made_by_other_rules_is_made_anew(path: Path, store: ConversationStore) -> None:
    conversation = store.create("Trains").id
    store.add_user(conversation, Message("user", "at nine"))
    store.close()
    with sqlite3.connect(path) as sql:
        sql.execute("UPDATE about SET value = -1")
        sql.execute("UPDATE title_words SET terms = 'stale'")
        sql.execute("UPDATE message_words SET terms = 'stale'")
    sql.close()
    again = ConversationStore(path)
    assert again.search("stale") == []
    assert len(again.search("trains")) == 1
    assert len(again.search("nine")) == 1
    again.close()
