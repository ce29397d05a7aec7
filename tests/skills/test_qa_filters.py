"""Answers from the files a question is about, and what is said where there are none."""

from __future__ import annotations

import pytest

from assistant.core.documents import Filters, Scope
from assistant.core.errors import UsageError
from assistant.core.events import Abstained
from tests.skills.asking import (
    CONTRACT,
    FakeRetriever,
    ask,
    candidate,
    only,
    passages_of,
    qa,
    text_of,
)

OTHER = "The notice period of the house is one year. It has a garden."
DOCUMENTS = [
    candidate(CONTRACT),
    candidate(OTHER, "/papers/house.pdf", fused=4.0, chunk=2),
]


def test_only_the_named_file_is_asked() -> None:
    retriever = FakeRetriever(DOCUMENTS)
    events = ask(qa(retriever), "in house.pdf, what is the notice period?")
    assert {p.path for p in passages_of(events)} == {"/papers/house.pdf"}
    assert set(retriever.asked) == {"what is the notice period?"}
    assert retriever.filters[0] == Filters(("house.pdf",))


def test_flags_win_over_what_the_question_says() -> None:
    retriever = FakeRetriever(DOCUMENTS)
    ask(qa(retriever), "in:house.pdf notice period?", filters=Filters(("contract.txt",)))
    assert retriever.filters[0] == Filters(("contract.txt",))


def test_the_scope_says_what_was_searched() -> None:
    events = ask(qa(FakeRetriever(DOCUMENTS)), "type:pdf unicorns?")
    abstained = only(events, Abstained)
    assert abstained.scope == Scope("", 1, Filters(types=("pdf",)))
    assert "(1 file searched, type:pdf)" in text_of(events)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "in:hous.pdf what is the notice period?",
            "No file passes in:hous.pdf. Names like that: house.pdf.",
        ),
        (
            "type:docx what is the notice period?",
            "No file passes type:docx. There are: txt (1), pdf (1).",
        ),
        ("after:2024 what is the notice period?", "No file passes after:2024-01-01."),
        (
            "type:docx which files mention a notice period?",
            "No file passes type:docx. There are: txt (1), pdf (1).",
        ),
        (
            "type:docx what is the difference between cats and dogs?",
            "No file passes type:docx. There are: txt (1), pdf (1).",
        ),
        (
            "in:contract type:pdf what is the notice period?",
            "No file passes in:contract type:pdf together.",
        ),
        (
            "in:contract type:md what is the notice period?",
            "No file passes type:md. There are: txt (1), pdf (1).",
        ),
    ],
)
def test_a_filter_that_lets_nothing_through_is_named(question: str, told: str) -> None:
    events = ask(qa(FakeRetriever(DOCUMENTS)), question)
    assert text_of(events) == told
    assert only(events, Abstained).nearest == ()


def test_it_is_named_in_the_language_of_the_question() -> None:
    events = ask(qa(FakeRetriever(DOCUMENTS), language=lambda _: "zh"), "type:docx 通知期限？")
    assert text_of(events) == "没有文件符合 type:docx。 现有：txt (1), pdf (1)。"


def test_a_filter_alone_is_no_question() -> None:
    with pytest.raises(UsageError, match="no question"):
        ask(qa(FakeRetriever(DOCUMENTS)), "in:house.pdf")


def test_a_question_about_a_whole_file_keeps_its_words() -> None:
    retriever = FakeRetriever(DOCUMENTS)
    ask(qa(retriever), "what is in house.pdf?")
    assert retriever.asked[0] == "what is in house.pdf?"
    assert retriever.filters[0] == Filters(("house.pdf",))


def test_the_router_is_told_of_filters_too() -> None:
    retriever = FakeRetriever(DOCUMENTS)
    skill = qa(retriever)
    skill.confidence("in:house.pdf what is the notice period?")
    ask(skill, "in:house.pdf what is the notice period?")
    assert retriever.filters == [Filters(("house.pdf",))]


def test_an_unreadable_filter_is_for_this_skill_to_explain() -> None:
    skill = qa(FakeRetriever(DOCUMENTS))
    assert skill.confidence("rent after:soon") == 1.0
    with pytest.raises(UsageError, match="soon"):
        ask(skill, "rent after:soon")


def test_of_a_word_or_two_the_documents_tell_the_language() -> None:
    def guess(text: str) -> str:
        return "fr" if len(text) < 10 else "en"

    events = ask(qa(FakeRetriever(DOCUMENTS), language=guess), "notice?")
    assert "searched" in text_of(events) or text_of(events).startswith("Your documents")
