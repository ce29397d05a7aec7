"""Search finds words, beginnings and Chinese in titles and messages."""

from __future__ import annotations

import pytest

from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.store.search import HITS_PER_CONVERSATION, match_expression, snippet


def said(store: ConversationStore, text: str, title: str = "-") -> int:
    """The conversation in which a person said this."""
    conversation = store.create(title).id
    store.add_user(conversation, Message("user", text))
    return conversation


def test_a_title_is_found_before_messages(store: ConversationStore) -> None:
    by_text = said(store, "the train is late")
    by_title = said(store, "hello", title="Train times")
    hits = store.search("train")
    assert [(hit.conversation, hit.message is None) for hit in hits] == [
        (by_title, True),
        (by_text, False),
    ]


def test_every_word_must_occur_and_the_last_may_be_a_beginning(store: ConversationStore) -> None:
    wanted = said(store, "the night train to Lisbon")
    said(store, "the night bus")
    assert [hit.conversation for hit in store.search("train lis")] == [wanted]
    assert store.search("lis train bus") == []
    assert store.search("rain") == []


@pytest.mark.parametrize("query", ["火车", "九点开", "车", "火车九点开往里斯本"])
def test_chinese_is_found_by_any_part_of_it(store: ConversationStore, query: str) -> None:
    wanted = said(store, "火车九点开往里斯本。")
    said(store, "汽站晚点了")
    assert [hit.conversation for hit in store.search(query)] == [wanted]


def test_characters_that_stand_apart_are_no_chinese_match(store: ConversationStore) -> None:
    said(store, "大学在北京，京都大雨")
    assert store.search("北京大学") == []


def test_answers_are_found_once_they_are_finished(store: ConversationStore) -> None:
    conversation = said(store, "when?")
    answer = store.begin_answer(conversation)
    store.finish_answer(answer, "It leaves at nine.", "complete", ())
    assert [hit.message for hit in store.search("nine")] == [answer]


def test_a_new_title_is_found_and_the_old_one_is_not(store: ConversationStore) -> None:
    conversation = store.create("Trains").id
    store.rename(conversation, "Buses")
    assert store.search("trains") == []
    assert [hit.conversation for hit in store.search("buses")] == [conversation]


def test_one_conversation_does_not_crowd_out_the_others(store: ConversationStore) -> None:
    other = said(store, "a train")
    loud = said(store, "train")
    for _ in range(20):
        store.add_user(loud, Message("user", "train again"))
    hits = store.search("train", limit=6)
    assert [hit.conversation for hit in hits] == [loud, loud, loud, other]


def test_the_newest_messages_come_first_and_the_limit_holds(store: ConversationStore) -> None:
    talks = [said(store, f"train {i}") for i in range(5)]
    assert [hit.conversation for hit in store.search("train", limit=2)] == talks[:-3:-1]
    assert store.search("train", limit=0) == []


def test_a_long_conversation_does_not_hide_the_older_ones(store: ConversationStore) -> None:
    old = said(store, "a train long ago")
    long = store.create("talk").id
    for number in range(200):
        store.add_user(long, Message("user", f"train {number}"))
    hits = [hit.conversation for hit in store.search("train", limit=10)]
    assert hits == [long] * HITS_PER_CONVERSATION + [old]


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "***", "AND", "NEAR(", "a:b", "-x", "'; DROP TABLE messages", "%"]
)
def test_no_query_breaks_the_search(store: ConversationStore, query: str) -> None:
    said(store, "and near a b x drop")
    store.search(query)
    assert store.count() == 1


def test_operators_are_words_like_any_other() -> None:
    assert match_expression('cats OR "dogs') == '"cats" "or" "dogs"*'


def test_a_snippet_shows_and_marks_the_match_in_its_surroundings() -> None:
    text = "before " * 40 + "the night\n\ntrain leaves" + " after" * 40
    line = snippet(text, "Train")
    assert "the night \x02train\x03 leaves after" in line
    assert line.startswith("…before")
    assert line.endswith("…")
    assert len(line) < 180


def test_a_snippet_marks_words_only_from_their_beginning() -> None:
    assert snippet("a trainer in the rain", "rain") == "a trainer in the \x02rain\x03"


def test_a_snippet_marks_chinese_anywhere() -> None:
    assert snippet("开往北京的火车", "北京") == "开往\x02北京\x03的火车"


def test_a_snippet_carries_no_escape_sequences_or_marks_of_its_own() -> None:
    assert snippet("\x1b[31m\x02red\x03 train", "train") == "red \x02train\x03"
