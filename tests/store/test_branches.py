"""Editing a question keeps what followed it: the messages of a conversation are a tree."""

from __future__ import annotations

import pytest

from assistant.core.errors import StoreError
from assistant.core.messages import FileAttachment, Message
from assistant.store.conversations import ConversationStore


def say(
    store: ConversationStore, conversation: int, text: str, instead_of: int | None = None
) -> int:
    """A question and its answer; the number of the question."""
    question = store.add_user(conversation, Message("user", text), instead_of)
    answer = store.begin_answer(conversation, question)
    store.finish_answer(answer, f"re: {text}", "complete", ())
    return question


def in_view(store: ConversationStore, conversation: int) -> list[str]:
    return [m.text for m in store.messages(conversation)]


def test_an_edited_question_takes_the_place_of_the_old_one(store: ConversationStore) -> None:
    conversation = store.create().id
    say(store, conversation, "one")
    two = say(store, conversation, "two")
    say(store, conversation, "three")
    say(store, conversation, "two, edited", instead_of=two)
    assert in_view(store, conversation) == ["one", "re: one", "two, edited", "re: two, edited"]


def test_the_old_branch_comes_back_whole_with_what_followed(store: ConversationStore) -> None:
    conversation = store.create().id
    one = say(store, conversation, "one")
    two = say(store, conversation, "two")
    edited = say(store, conversation, "uno", instead_of=one)
    assert in_view(store, conversation) == ["uno", "re: uno"]
    assert store.show_branch(one) == one
    assert in_view(store, conversation) == ["one", "re: one", "two", "re: two"]
    assert store.show_branch(edited) == edited
    assert in_view(store, conversation) == ["uno", "re: uno"]
    assert store.show_branch(two) == two
    assert in_view(store, conversation)[-1] == "re: two"


def test_a_question_knows_its_versions_and_an_answer_its_question(
    store: ConversationStore,
) -> None:
    conversation = store.create().id
    one = say(store, conversation, "one")
    two = say(store, conversation, "two")
    again = say(store, conversation, "2", instead_of=two)
    third = say(store, conversation, "II", instead_of=again)
    first, first_answer, second, _ = store.messages(conversation)
    assert (first.versions, second.versions) == ((one,), (two, again, third))
    assert (first.parent, first_answer.parent, second.parent) == (None, one, one)


def test_new_messages_join_the_branch_in_view(store: ConversationStore) -> None:
    conversation = store.create().id
    one = say(store, conversation, "one")
    say(store, conversation, "two")
    say(store, conversation, "uno", instead_of=one)
    say(store, conversation, "due")
    assert in_view(store, conversation) == ["uno", "re: uno", "due", "re: due"]
    store.show_branch(one)
    say(store, conversation, "three")
    assert in_view(store, conversation)[::2] == ["one", "two", "three"]


def test_showing_what_is_in_view_changes_nothing(store: ConversationStore) -> None:
    conversation = store.create().id
    one = say(store, conversation, "one")
    two = say(store, conversation, "two")
    say(store, conversation, "two, edited", instead_of=two)
    store.show_branch(two)
    before = in_view(store, conversation)
    assert store.show_branch(one) == one
    assert in_view(store, conversation) == before


def test_a_branch_is_found_by_an_answer_in_it(store: ConversationStore) -> None:
    conversation = store.create().id
    one = say(store, conversation, "apples")
    say(store, conversation, "pears", instead_of=one)
    answers = [hit.message for hit in store.search("re apples")]
    assert answers[0] is not None
    assert store.show_branch(answers[0]) == one
    assert in_view(store, conversation)[0] == "apples"


def test_several_answers_to_one_question_stand_together(store: ConversationStore) -> None:
    conversation = store.create().id
    one = say(store, conversation, "one")
    say(store, conversation, "two")
    late = store.begin_answer(conversation, one)
    store.finish_answer(late, "better", "complete", ())
    assert in_view(store, conversation) == ["one", "re: one", "better", "two", "re: two"]


def test_pages_follow_the_branch(store: ConversationStore) -> None:
    conversation = store.create().id
    questions = [say(store, conversation, str(number)) for number in range(6)]
    say(store, conversation, "3b", instead_of=questions[3])
    last = store.messages(conversation, limit=2)
    assert [m.text for m in last] == ["2", "re: 2", "3b", "re: 3b"]
    before = store.messages(conversation, limit=2, before=last[0].id)
    assert [m.text for m in before] == ["0", "re: 0", "1", "re: 1"]
    assert store.messages(conversation, before=before[0].id) == []


def test_what_is_gone_or_elsewhere_can_be_neither_replaced_nor_shown(
    store: ConversationStore,
) -> None:
    here, elsewhere = store.create().id, store.create().id
    say(store, here, "one")
    other = say(store, elsewhere, "other")
    for number in (99, other):
        with pytest.raises(StoreError, match="doesn't exist"):
            store.add_user(here, Message("user", "x"), instead_of=number)
        with pytest.raises(StoreError, match="doesn't exist"):
            store.begin_answer(here, number)
    with pytest.raises(StoreError, match="doesn't exist"):
        store.show_branch(99)
    assert in_view(store, here) == ["one", "re: one"]


def test_a_draft_is_kept_for_each_conversation_and_for_the_next_one(
    store: ConversationStore,
) -> None:
    conversation = store.create().id
    files = (FileAttachment("/a.pdf"),)
    store.save_draft(None, "to begin with")
    store.save_draft(conversation, "half a thou", files)
    store.save_draft(conversation, "half a thought", files)
    assert store.draft(None).text == "to begin with"
    assert (store.draft(conversation).text, store.draft(conversation).attachments) == (
        "half a thought",
        files,
    )
    store.save_draft(conversation, "")
    assert store.draft(conversation).text == ""
