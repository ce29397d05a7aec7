"""A question that leans on the one before it is answered with it; others are left alone."""

from __future__ import annotations

from assistant.core.documents import NO_FILTERS, Filters, Retrieval
from assistant.core.events import Notice
from assistant.core.messages import Message
from tests.skills.asking import FakeRetriever, ask, candidate, passages_of, qa

TESLA = candidate(
    "Nikola Tesla was an engineer. He was born in 1856 in Smiljan.", "/tesla.txt", chunk=1
)
LUTHER = candidate(
    "Martin Luther was a priest. He was born in 1483 in Eisleben.", "/luther.txt", chunk=2
)


class ByName(FakeRetriever):
    """Ranks the file first whose subject the question names; Luther's where it names none."""

    def retrieve(
        self,
        question: str,
        collection: str | None,
        k: int,
        filters: Filters = NO_FILTERS,
        per_file: int = 0,
        words: str = "",
    ) -> Retrieval:
        self.candidates = (TESLA, LUTHER) if "Tesla" in question else (LUTHER, TESLA)
        return super().retrieve(question, collection, k, filters, per_file, words)


def test_the_question_before_finds_the_passage_and_the_new_one_its_sentence() -> None:
    retriever = ByName()
    events = ask(qa(retriever, quotes=1), "When was he born?", before="Who was Nikola Tesla?")
    (passage,) = passages_of(events)
    assert passage.path == "/tesla.txt"
    assert passage.quote == "He was born in 1856 in Smiljan."
    assert "Who was Nikola Tesla? When was he born?" in retriever.asked


def test_it_is_said_how_the_question_was_understood() -> None:
    events = ask(qa(ByName()), "When was he born?", before="Who was Nikola Tesla?")
    assert events[0] == Notice("Taken as a follow-up to “Who was Nikola Tesla?”.")


def test_a_question_that_stands_alone_is_searched_by_itself() -> None:
    retriever = ByName()
    events = ask(qa(retriever), "When was Martin Luther born?", before="Who was Nikola Tesla?")
    assert retriever.asked == ["When was Martin Luther born?"]
    assert not [e for e in events if isinstance(e, Notice)]
    assert passages_of(events)[0].path == "/luther.txt"


def test_filters_of_the_question_before_are_not_searched_for() -> None:
    retriever = ByName()
    ask(qa(retriever), "When was he born?", before="in:tesla.txt Who was Nikola Tesla?")
    assert "Who was Nikola Tesla? When was he born?" in retriever.asked


def test_an_unreadable_filter_in_the_question_before_does_no_harm() -> None:
    events = ask(qa(ByName()), "When was he born?", before="after:soon Who was Nikola Tesla?")
    assert passages_of(events)[0].path == "/tesla.txt"


def test_the_router_can_ask_with_the_conversation() -> None:
    retriever = ByName()
    skill = qa(retriever)
    history = (Message("user", "Who was Nikola Tesla?"), Message("assistant", "…"))
    assert skill.confidence("When was he born?", None, history) > 0
    asked = len(retriever.asked)
    ask(skill, "When was he born?", before="Who was Nikola Tesla?")
    assert len(retriever.asked) == asked


def test_of_the_conversation_only_one_question_back_counts() -> None:
    retriever = ByName()
    skill = qa(retriever)
    history = (Message("user", "Who was Nikola Tesla?"), Message("user", "Where is the garden?"))
    skill.confidence("When was he born?", None, history)
    assert not any("Tesla" in question for question in retriever.asked)


def test_what_the_router_found_serves_a_question_that_stands_alone() -> None:
    retriever = ByName()
    skill = qa(retriever)
    skill.confidence("When was Martin Luther born?")
    ask(skill, "When was Martin Luther born?", before="Who was Nikola Tesla?")
    assert retriever.asked == ["When was Martin Luther born?"]
