"""What is deleted is gone to the last byte once it can't be undone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from assistant.core.events import Done, Timings
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore

TOLD = "xylophonequartz"


def tell_secret(store: ConversationStore) -> int:
    """A conversation that holds the secret in every place a text can be in."""
    conversation = store.create(f"about {TOLD}").id
    store.add_user(conversation, Message("user", TOLD * 500))
    answer = store.begin_answer(conversation)
    store.save_partial(answer, f"partial {TOLD}")
    done = Done(f"{TOLD} it is", Timings(None, None, 1.0))
    store.finish_answer(answer, f"{TOLD} it is", "complete", (done,))
    store.save_draft(conversation, f"and {TOLD}")
    return conversation


def holds_secret(path: Path) -> list[str]:
    return [
        file.name for file in path.parent.iterdir() if TOLD.encode() in file.read_bytes().lower()
    ]


def test_no_byte_is_left_after_the_program_ends(path: Path, store: ConversationStore) -> None:
    for number in range(50):
        store.add_user(store.create().id, Message("user", f"something else {number}"))
    conversation = tell_secret(store)
    assert holds_secret(path)
    store.delete(conversation)
    store.close()
    assert holds_secret(path) == []


def test_what_was_restored_is_not_erased(path: Path, store: ConversationStore) -> None:
    conversation = tell_secret(store)
    store.delete(conversation)
    store.restore(conversation)
    store.close()
    again = ConversationStore(path)
    assert again.draft(conversation).text == f"and {TOLD}"
    again.close()


def test_closing_one_store_erases_only_what_it_deleted(
    path: Path, store: ConversationStore
) -> None:
    mine, theirs = tell_secret(store), store.create("kept").id
    second = ConversationStore(path)
    second.delete(mine)
    store.delete(theirs)
    second.close()
    store.restore(theirs)
    with pytest.raises(StoreError):
        store.restore(mine)


def test_what_a_killed_program_deleted_is_erased_by_the_next(
    path: Path, store: ConversationStore
) -> None:
    conversation = tell_secret(store)
    store.close()
    with sqlite3.connect(path) as sql:
        sql.execute(
            "UPDATE conversations SET deleted_by = '999999999@1' WHERE id = ?", (conversation,)
        )
    sql.close()
    ConversationStore(path).close()
    assert holds_secret(path) == []


def test_a_store_in_memory_leaves_the_copy_of_an_older_file_alone(
    path: Path, store: ConversationStore
) -> None:
    conversation = tell_secret(store)
    store.close()
    with sqlite3.connect(path) as sql:
        sql.execute(
            "UPDATE conversations SET deleted_by = '999999999@1' WHERE id = ?", (conversation,)
        )
    sql.close()
    copy = path.with_name("conversations.version-1.sqlite3")
    copy.write_bytes(b"older")
    in_memory = ConversationStore(path, in_memory=True)
    assert in_memory.recent(9) == []
    in_memory.delete(in_memory.create("of this run").id)
    in_memory.close()
    assert copy.read_bytes() == b"older"
    assert "conversations.sqlite3" in holds_secret(path)
