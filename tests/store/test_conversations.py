"""Conversations are saved as they happen and come back as they were."""

from __future__ import annotations

import stat
import sys
import threading
from pathlib import Path

import pytest

from assistant.core.documents import Passage, Place
from assistant.core.errors import StoreError
from assistant.core.events import Done, Notice, Routed, Sources, Timings
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.store.conversations import ConversationStore

PASSAGE = Passage("/a.pdf", "Trains leave.", Place(page=3), 0, 13, 0.9)
EVENTS = (
    Routed("qa", 0.9, 0.5, "asks about the documents", chain=("qa",)),
    Sources((PASSAGE,)),
    Done("Trains leave.", Timings(1.0, 2.0, 3.0)),
)


def asked(store: ConversationStore) -> int:
    """A conversation with one question."""
    conversation = store.create().id
    store.add_user(conversation, Message("user", "When does it leave?"))
    return conversation


def test_a_message_comes_back_with_its_attachments(store: ConversationStore) -> None:
    attachments = (ImageAttachment("/cat.jpg"), FileAttachment("/a.pdf"), TextAttachment("-", "x"))
    conversation = store.create()
    number = store.add_user(conversation.id, Message("user", "看图 look", attachments))
    (message,) = store.messages(conversation.id)
    assert message.id == number
    assert (message.role, message.text, message.state) == ("user", "看图 look", "complete")
    assert message.attachments == attachments


def test_a_finished_answer_comes_back_with_its_events(store: ConversationStore) -> None:
    conversation = asked(store)
    answer = store.begin_answer(conversation)
    assert store.messages(conversation)[1].state == "running"
    store.save_partial(answer, "Trains")
    assert store.messages(conversation)[1].text == "Trains"
    store.finish_answer(answer, "Trains leave.", "complete", EVENTS)
    (_, message) = store.messages(conversation)
    assert (message.text, message.state, message.events) == ("Trains leave.", "complete", EVENTS)


def test_a_partial_text_that_comes_late_does_not_undo_the_finished_one(
    store: ConversationStore,
) -> None:
    conversation = asked(store)
    answer = store.begin_answer(conversation)
    store.finish_answer(answer, "whole", "complete", ())
    store.save_partial(answer, "wh")
    assert store.messages(conversation)[1].text == "whole"


def test_finishing_an_answer_of_an_erased_conversation_does_nothing(
    store: ConversationStore,
) -> None:
    store.finish_answer(99, "text", "complete", ())
    assert store.search("text") == []


def test_the_first_message_names_the_conversation(store: ConversationStore) -> None:
    conversation = store.create()
    store.add_user(conversation.id, Message("user", "When does\nthe train leave?"))
    store.add_user(conversation.id, Message("user", "And the next?"))
    assert store.get(conversation.id).title == "When does the train leave?"


def test_a_long_first_message_is_cut_to_a_title(store: ConversationStore) -> None:
    conversation = store.create()
    store.add_user(conversation.id, Message("user", "word " * 100))
    title = store.get(conversation.id).title
    assert len(title) <= 60
    assert title.endswith("…")


def test_a_first_message_without_text_is_named_after_its_attachment(
    store: ConversationStore,
) -> None:
    conversation = store.create()
    store.add_user(conversation.id, Message("user", "", (ImageAttachment("/pictures/cat.jpg"),)))
    assert store.get(conversation.id).title == "cat.jpg"


def test_a_given_title_stays(store: ConversationStore) -> None:
    conversation = store.create("Trains")
    store.add_user(conversation.id, Message("user", "hello"))
    assert store.get(conversation.id).title == "Trains"


def test_escape_sequences_never_reach_a_title(store: ConversationStore) -> None:
    conversation = store.create("\x1b[31mred\x07")
    assert conversation.title == "red"
    store.rename(conversation.id, "\x1b]0;owned\x07blue")
    assert store.get(conversation.id).title == "blue"


def test_a_blank_title_leaves_the_old_one(store: ConversationStore) -> None:
    conversation = store.create("Trains")
    store.rename(conversation.id, "  ")
    assert store.get(conversation.id).title == "Trains"


def test_the_list_is_pinned_first_then_by_last_message(store: ConversationStore) -> None:
    first, second, third = (store.create(title).id for title in "abc")
    store.set_pinned(second, True)
    store.add_user(first, Message("user", "news"))
    assert [c.id for c in store.recent(10)] == [second, first, third]
    assert [c.id for c in store.recent(1, offset=1)] == [first]
    store.set_pinned(second, False)
    assert [c.id for c in store.recent(10)] == [first, third, second]
    assert store.count() == 3


def test_messages_come_a_page_at_a_time_from_the_end(store: ConversationStore) -> None:
    conversation = store.create().id
    numbers = [store.add_user(conversation, Message("user", str(i))) for i in range(5)]
    last = store.messages(conversation, limit=2)
    assert [m.text for m in last] == ["3", "4"]
    assert [m.text for m in store.messages(conversation, 2, before=last[0].id)] == ["1", "2"]
    assert [m.text for m in store.messages(conversation, 9, before=numbers[1])] == ["0"]


def test_a_deleted_conversation_is_gone_until_it_is_restored(store: ConversationStore) -> None:
    conversation = store.create("Trains").id
    store.add_user(conversation, Message("user", "nine"))
    store.delete(conversation)
    assert store.recent(10) == []
    assert store.count() == 0
    assert store.search("nine") == store.search("trains") == []
    with pytest.raises(StoreError, match="doesn't exist"):
        store.get(conversation)
    store.restore(conversation)
    assert store.get(conversation).title == "Trains"
    assert [m.text for m in store.messages(conversation)] == ["nine"]


def test_restoring_what_was_erased_says_so(store: ConversationStore) -> None:
    with pytest.raises(StoreError, match="doesn't exist"):
        store.restore(7)


def test_writing_to_a_conversation_that_does_not_exist_says_so(store: ConversationStore) -> None:
    with pytest.raises(StoreError, match="doesn't exist"):
        store.add_user(7, Message("user", "hello"))
    with pytest.raises(StoreError, match="doesn't exist"):
        store.begin_answer(7)
    with pytest.raises(StoreError, match="doesn't exist"):
        store.begin_answer(store.create().id)


def test_everything_is_there_after_reopening(store: ConversationStore, path: Path) -> None:
    conversation = asked(store)
    store.finish_answer(store.begin_answer(conversation), "text", "failed", EVENTS)
    store.close()
    again = ConversationStore(path)
    (_, message) = again.messages(conversation)
    assert (message.state, message.events) == ("failed", EVENTS)
    again.close()


def test_closing_stops_the_answers_under_way(store: ConversationStore, path: Path) -> None:
    conversation = asked(store)
    store.save_partial(store.begin_answer(conversation), "half an answer")
    store.close()
    again = ConversationStore(path)
    (_, message) = again.messages(conversation)
    assert (message.text, message.state) == ("half an answer", "stopped")
    assert [hit.message for hit in again.search("half")] == [message.id]
    again.close()


def test_text_that_is_no_valid_unicode_is_kept_as_far_as_it_goes(
    store: ConversationStore,
) -> None:
    conversation = store.create().id
    odd = Message("user", "a\udcffb\x00c", (FileAttachment("/tmp/\udcff.txt"),))
    store.add_user(conversation, odd)
    store.finish_answer(store.begin_answer(conversation), "\ud800", "complete", (Notice("\udcff"),))
    first, second = store.messages(conversation)
    assert first.text == "a?b\x00c"
    assert first.attachments == (FileAttachment("/tmp/?.txt"),)
    assert second.events == (Notice("?"),)


def test_many_threads_may_write_at_once(store: ConversationStore) -> None:
    conversation = store.create().id

    def write() -> None:
        for _ in range(20):
            store.add_user(conversation, Message("user", "hello"))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.messages(conversation, limit=1000)) == 80


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_may_read_the_files(store: ConversationStore, path: Path) -> None:
    store.create("secret")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
