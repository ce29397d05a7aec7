"""Conversations leave as JSON and Markdown and come back as they were; hostile files don't."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.core.documents import Passage, Place
from assistant.core.errors import StoreError, UsageError
from assistant.core.events import Done, Failed, Notice, Routed, Sources, Timings
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.store import taking_out, transfer
from assistant.store.conversations import ConversationStore
from assistant.store.exporting import export, import_file, pieces
from assistant.store.portable import MAX_MESSAGES
from assistant.store.records import StoredMessage
from assistant.store.rows import message_of

PASSAGE = Passage("/papers/a.pdf", "Trains `leave`.", Place(page=3), 0, 13, 0.9)
EVENTS = (
    Routed("qa", 0.9, 0.5, "asks about the documents", chain=("qa",)),
    Sources((PASSAGE,)),
    Done("At nine.", Timings(1.0, 2.0, 3.0)),
)
FILES = (ImageAttachment("/cat.jpg"), FileAttachment("/a.pdf"), TextAttachment("paste", "```\nx"))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[ConversationStore]:
    """A store on another machine."""
    with closing(ConversationStore(tmp_path / "other" / "c.sqlite3")) as opened:
        yield opened


@pytest.fixture
def told(store: ConversationStore) -> int:
    """A conversation with attachments, sources and two branches, the first in view."""
    conversation = store.create().id
    first = store.add_user(conversation, Message("user", "When does 火车 leave?", FILES))
    store.finish_answer(store.begin_answer(conversation), "At nine.", "complete", EVENTS)
    store.add_user(conversation, Message("user", "And back?"))
    store.finish_answer(store.begin_answer(conversation), "At", "stopped", ())
    store.add_user(conversation, Message("user", "Where from?"), instead_of=first)
    store.show_branch(first)
    store.set_pinned(conversation, True)
    store.set_collection(conversation, "papers")
    return conversation


def as_json(store: ConversationStore) -> bytes:
    return b"".join(pieces(store.take_out_all(), "json"))


def edited(store: ConversationStore, **changes: Any) -> bytes:
    """The exported file with fields of its first conversation changed."""
    bundle = json.loads(as_json(store))
    bundle["conversations"][0].update(changes)
    return json.dumps(bundle).encode()


def test_what_is_exported_comes_back_the_same(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    result = other.put_in(as_json(store))
    assert (result.added, result.known, result.refused) == (1, 0, ())
    (there,) = other.recent(9)
    here = store.get(told)
    assert (there.title, there.created, there.updated, there.pinned, there.collection) == (
        here.title, here.created, here.updated, True, "papers",
    )  # fmt: skip
    before, after = store.messages(told), other.messages(there.id)
    assert [(m.role, m.text, m.attachments, m.state, m.events, m.created) for m in before] == [
        (m.role, m.text, m.attachments, m.state, m.events, m.created) for m in after
    ]
    assert as_json(other).split(b"\n", 4)[4] == as_json(store).split(b"\n", 4)[4]


def test_the_branches_come_back_too(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    other.put_in(as_json(store))
    conversation = other.recent(1)[0].id
    first = other.messages(conversation)[0]
    assert len(first.versions) == 2
    other.show_branch(first.versions[1])
    assert [m.text for m in other.messages(conversation)] == ["Where from?"]


def test_what_was_imported_is_found(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    other.put_in(as_json(store))
    assert other.search("火车")
    assert other.search("nine")


def test_nothing_is_imported_twice(store: ConversationStore, told: int) -> None:
    store.set_archived(told, True)
    result = store.put_in(as_json(store))
    assert (result.added, result.known) == (0, 1)
    assert store.count(archived=True) == 1


def test_a_deleted_conversation_can_be_imported_again(store: ConversationStore, told: int) -> None:
    content = as_json(store)
    store.delete(told)
    assert store.put_in(content).added == 1
    with pytest.raises(StoreError):
        store.restore(told)
    assert store.count() == 1


def test_an_answer_that_was_under_way_is_stopped_where_it_is_imported(
    store: ConversationStore, other: ConversationStore
) -> None:
    conversation = store.create().id
    store.add_user(conversation, Message("user", "hi"))
    store.save_partial(store.begin_answer(conversation), "half")
    other.put_in(as_json(store))
    assert other.messages(other.recent(1)[0].id)[1].state == "stopped"


def test_control_characters_do_not_come_in(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    message = {
        "id": 1, "role": "user", "text": "a\x1b[31mb\x07\u202ec", "parent": None,
        "created": "2026-05-14T10:00:00Z",
        "attachments": [{"type": "text", "name": "\x1b]0;x\x07n", "text": "\x00t"}],
        "events": [{"type": "Notice", "text": "\x1b[2Jn", "hint": ""}],
    }  # fmt: skip
    content = edited(store, title="\x1b[31mred\nline", messages=[message], shown=None)
    assert other.put_in(content).added == 1
    found = other.recent(1)[0]
    assert found.title == "red line"
    (kept,) = other.messages(found.id)
    assert kept.text == "abc"
    assert kept.attachments == (TextAttachment("n", "t"),)
    assert kept.events == (Notice("n"),)


def test_a_file_without_collections_asks_the_default_one(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    bundle = json.loads(as_json(store))
    del bundle["conversations"][0]["collection"]
    other.put_in(json.dumps(bundle).encode())
    assert [c.collection for c in other.recent(9)] == [None]


def test_the_name_of_a_collection_comes_in_without_control_characters(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    other.put_in(edited(store, collection="pa\x1b[31mpers\n"))
    assert [c.collection for c in other.recent(9)] == ["papers"]


def test_events_of_a_later_version_are_passed_over(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    events = [{"type": "Hologram"}, {"type": "Notice", "text": "kept"}]
    content = edited(store, messages=[message(1, None) | {"events": events}], shown=None)
    assert other.put_in(content).added == 1
    assert other.messages(other.recent(1)[0].id)[0].events == (Notice("kept"),)


def message(number: int, parent: int | None, role: str = "user") -> dict[str, Any]:
    return {
        "id": number, "role": role, "text": "x", "parent": parent,
        "created": "2026-05-14T10:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../../etc/passwd"},
        {"title": 7},
        {"created": 5},
        {"created": "2026-05-14T10:00:00"},
        {"created": "0001-01-01T00:00:00+14:00"},
        {"updated": "0001-01-01T23:59:59Z"},
        {"updated": "9999-12-31T23:59:59-12:00"},
        {"messages": [message(1, None) | {"created": "9999-12-31T12:00:00Z"}]},
        {"messages": "none"},
        {"messages": [message(1, None, "system")]},
        {"messages": [message(1, None, "assistant")]},
        {"messages": [message(1, None), message(1, None)]},
        {"messages": [message(1, 2), message(2, None)]},
        {"messages": [message(1, None), message(2, 1, "assistant"), message(3, 2)]},
        {"messages": [message(1, 1)]},
        {"messages": [message(-1, None)]},
        {"messages": [message(2**70, None)]},
        {"messages": [message(n, None) for n in range(1, MAX_MESSAGES + 2)]},
        {"messages": [message(1, None) | {"attachments": [{"type": "exec", "path": "x"}]}]},
        {"shown": 99},
        {"pinned": "yes"},
    ],
)
def test_a_conversation_that_is_not_as_described_is_refused_and_the_rest_is_not(
    store: ConversationStore, other: ConversationStore, told: int, changes: dict[str, Any]
) -> None:
    store.add_user(store.create("sound").id, Message("user", "hi"))
    result = other.put_in(edited(store, **changes))
    assert (result.added, result.refused_count) == (1, 1)
    assert result.refused[0].startswith("Conversation 1: ")
    assert [c.title for c in other.recent(9)] == ["sound"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"format": "other", "version": 1, "conversations": []}',
        b'{"format": "assistant-conversations", "version": 1}',
        b'{"format": "assistant-conversations", "version": 9, "conversations": []}',
        b'{"format": "assistant-conversations", "version": 1, "conversations": 5}',
        b"[" * 100_000,
        b'{"x": ' + b"[" * 100_000,
    ],
)
def test_a_file_of_something_else_is_refused_whole(
    other: ConversationStore, content: bytes
) -> None:
    with pytest.raises(UsageError) as caught:
        other.put_in(content)
    assert caught.value.hint
    assert other.count() == 0


def test_a_conversation_nested_without_end_costs_only_itself(
    store: ConversationStore, other: ConversationStore, told: int
) -> None:
    deep = b'{"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    content = as_json(store).replace(b'"conversations": [', b'"conversations": [' + deep + b",")
    try:
        result = other.put_in(content)
    except UsageError:
        assert other.count() == 0
    else:
        assert (result.added, result.refused_count) == (1, 1)


def test_markdown_has_the_branch_in_view_then_the_others(
    store: ConversationStore, told: int
) -> None:
    text = b"".join(pieces([store.take_out(told)], "md")).decode()
    assert text.startswith("# When does 火车 leave?\n")
    order = ["When does 火车", "At nine.", "And back?", "## Assistant (stopped)", "Other versions"]
    places = [text.index(part, 30) for part in [*order, "Where from?"]]
    assert places == sorted(places)
    assert "1. `/papers/a.pdf` p. 3: Trains 'leave'." in text
    assert "*Attached: `/cat.jpg`*" in text
    assert "````\n```\nx\n````" in text


def test_markdown_says_why_an_answer_failed(store: ConversationStore) -> None:
    conversation = store.create("x").id
    store.add_user(conversation, Message("user", "hi"))
    events = (Failed("The model is gone.", "Pull it."),)
    store.finish_answer(store.begin_answer(conversation), "", "failed", events)
    text = b"".join(pieces([store.take_out(conversation)], "md")).decode()
    assert "## Assistant (failed)\n\n> The model is gone. Pull it." in text


def test_a_folder_gets_a_file_named_after_the_title_and_nothing_is_overwritten(
    store: ConversationStore, tmp_path: Path
) -> None:
    conversation = store.create("../火车 / trains: \x1b[31m?").id
    first = export(store, conversation, "md", tmp_path)
    second = export(store, conversation, "md", tmp_path)
    assert first.name == "火车-trains.md"
    assert second.name == "火车-trains-2.md"
    assert first.parent == tmp_path
    with pytest.raises(UsageError, match="there already"):
        export(store, conversation, "md", first)
    assert list(tmp_path.glob(".*")) == []


def test_a_file_is_imported_and_one_that_can_not_be_read_says_so(
    store: ConversationStore, other: ConversationStore, told: int, tmp_path: Path
) -> None:
    path = export(store, None, "json", tmp_path)
    assert path.name == "conversations.json"
    assert import_file(other, path).added == 1
    with pytest.raises(UsageError, match="can't be read"):
        import_file(other, tmp_path / "missing.json")
    with pytest.raises(UsageError, match="can't be written"):
        export(store, told, "md", tmp_path / "no" / "such" / "folder.md")


def test_a_file_too_large_is_not_even_read(other: ConversationStore, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(UsageError, match="too large"):
        import_file(other, path)


def long_file(store: ConversationStore) -> bytes:
    """A conversation that is written in several pieces."""
    conversation = store.create("a long one").id
    for number in range(300):
        store.add_user(conversation, Message("user", f"zeppelin {number}"))
    return as_json(store)


def test_the_list_can_be_read_and_written_in_the_middle_of_an_import(
    store: ConversationStore, other: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        other.save_draft(None, f"draft {len(seen)}")
        seen.append([c.title for c in other.recent(9)])
        assert other.search("zeppelin") == []

    def look_elsewhere(_seconds: float) -> None:
        with ThreadPoolExecutor() as threads:
            threads.submit(look).result(timeout=120)

    content = long_file(store)
    monkeypatch.setattr(transfer, "sleep", look_elsewhere)
    assert other.put_in(content).added == 1
    assert len(seen) > 2
    assert not any(seen)
    assert [c.title for c in other.recent(9)] == ["a long one"]
    assert other.search("zeppelin")


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.store import transfer
from assistant.store.conversations import ConversationStore
transfer.sleep = lambda _: os.kill(os.getpid(), signal.SIGKILL)
ConversationStore(Path(sys.argv[1])).put_in(Path(sys.argv[2]).read_bytes())
"""


def test_a_killed_import_leaves_nothing_and_can_be_done_again(
    store: ConversationStore, path: Path, tmp_path: Path
) -> None:
    file, there = tmp_path / "long.json", tmp_path / "there" / "c.sqlite3"
    file.write_bytes(long_file(store))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(there), str(file)], timeout=120, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(there)) as sql:
        assert sql.execute("SELECT count(*) FROM messages").fetchone()[0] > 0
    with closing(ConversationStore(there)) as again:
        assert again.count() == 0
        with closing(sqlite3.connect(there)) as sql:
            assert sql.execute("SELECT count(*) FROM messages").fetchone() == (0,)
        assert again.put_in(file.read_bytes()).added == 1
        assert len(again.messages(again.recent(1)[0].id, limit=500)) == 300


def test_of_two_imports_of_one_conversation_at_once_the_second_adds_nothing(
    store: ConversationStore, other: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = long_file(store)
    inner: list[transfer.Imported] = []

    def import_meanwhile(_seconds: float) -> None:
        monkeypatch.setattr(transfer, "sleep", lambda _: None)
        inner.append(other.put_in(content))

    monkeypatch.setattr(transfer, "sleep", import_meanwhile)
    outer = other.put_in(content)
    assert [(i.added, i.known) for i in (*inner, outer)] == [(1, 0), (0, 1)]
    assert other.count() == 1


def test_an_export_shows_one_moment_and_nobody_waits_for_it(
    store: ConversationStore, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = store.create("Later").id
    before = as_json(store)

    def write(row: Sequence[Any]) -> StoredMessage:
        """Another thread writes before each message is read."""
        with ThreadPoolExecutor() as threads:
            threads.submit(store.add_user, later, Message("user", "new")).result(timeout=120)
            threads.submit(store.rename, told, "another").result(timeout=120)
        return message_of(row)

    monkeypatch.setattr(taking_out, "message_of", write)
    taken = list(store.take_out_all())
    assert b"".join(pieces(taken, "json")).split(b"\n", 4)[4] == before.split(b"\n", 4)[4]
    assert store.messages(later)
    assert store.get(told).title == "another"


def test_conversations_that_are_only_in_memory_can_be_exported(
    path: Path, store: ConversationStore, told: int
) -> None:
    with closing(ConversationStore(path, in_memory=True)) as memory:
        memory.rename(told, "in memory")
        assert [c.title for c in memory.take_out_all()] == ["in memory"]
    assert store.get(told).title != "in memory"
