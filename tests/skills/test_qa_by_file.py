"""Lists and comparisons: evidence file by file, sources numbered through."""

from __future__ import annotations

import pytest

from assistant.core.documents import Filters
from assistant.core.events import Abstained, Notice, Sources
from skills.per_file import FileEvidence, FileFinding
from tests.skills.asking import FakeRetriever, ask, candidate, only, passages_of, qa, text_of

LEASE = candidate(
    "The lease runs for two years. The notice period is three months.", "/c/lease.pdf", chunk=1
)
WORK = candidate(
    "The employment starts in May. The notice period is four weeks.", "/c/work.pdf", chunk=2
)
GARDEN = candidate("Roses need water. Tulips need sun.", "/c/garden.pdf", chunk=3, fused=1.0)


@pytest.fixture(autouse=True)
def by_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge by shared words: the fitted models know real vectors only."""
    monkeypatch.setattr("skills.per_file._confidence", lambda evidence: evidence.coverage)
    monkeypatch.setattr("skills.judging.confidence", lambda evidence: evidence.coverage)


def test_the_files_that_speak_of_a_topic_are_listed_with_their_quotes() -> None:
    retriever = FakeRetriever([LEASE, WORK, GARDEN], files=9)
    events = ask(qa(retriever), "which of my contracts mention a notice period?")
    text = text_of(events)
    assert text.startswith("2 files speak of this (9 files searched):\n\n### lease.pdf\n\n> ")
    assert "### work.pdf" in text
    assert "garden" not in text
    assert [p.path for p in only(events, Sources).passages][:1] == ["/c/lease.pdf"]
    for number in range(1, len(only(events, Sources).passages) + 1):
        assert text.count(f"[{number}]") == 1
    assert retriever.per_file == [2]


def test_the_topic_is_searched_and_not_the_whole_question() -> None:
    retriever = FakeRetriever([LEASE, WORK])
    ask(qa(retriever), "我的哪些合同提到了通知期限？")
    assert retriever.asked == ["通知期限"]


def test_a_list_without_a_file_abstains_and_shows_the_nearest() -> None:
    events = ask(qa(FakeRetriever([LEASE, GARDEN])), "which of my files mention unicorns?")
    assert text_of(events).startswith("I found no clear answer")
    assert only(events, Abstained).nearest


def test_of_one_file_two_sentences_are_quoted_at_most() -> None:
    long = candidate("A notice period. " * 3 + "Rain. " + "Notice period again. " * 3, "/c/a.pdf")
    events = ask(qa(FakeRetriever([long, GARDEN])), "which files mention a notice period?")
    assert len(only(events, Sources).passages) <= 2


def test_each_file_compared_is_searched_by_itself() -> None:
    retriever = FakeRetriever([LEASE, WORK, GARDEN])
    events = ask(qa(retriever), "compare lease.pdf and work.pdf on notice period")
    text = text_of(events)
    assert text.startswith("What your documents say of each")
    assert text.index("### lease.pdf") < text.index("three months") < text.index("### work.pdf")
    assert text.index("### work.pdf") < text.index("four weeks")
    assert Filters(("lease.pdf",)) in retriever.filters
    assert Filters(("work.pdf",)) in retriever.filters
    assert not [e for e in events if isinstance(e, Notice)]


def test_a_side_may_be_a_file_by_a_word_of_its_name() -> None:
    retriever = FakeRetriever([LEASE, WORK])
    ask(qa(retriever), "How do the lease and the work contract differ on notice?")
    assert Filters(("lease.pdf",)) in retriever.filters


def test_files_named_with_in_are_compared_too() -> None:
    retriever = FakeRetriever([LEASE, WORK])
    events = ask(qa(retriever), "compare the notice period in lease.pdf and work.pdf")
    assert {p.path for p in passages_of(events)} == {"/c/lease.pdf", "/c/work.pdf"}


def test_files_compared_in_nothing_are_quoted_with_advice() -> None:
    events = ask(qa(FakeRetriever([LEASE, WORK])), "compare lease.pdf and work.pdf")
    assert "compare a.pdf and b.pdf on price" in only(events, Notice).text
    assert {p.path for p in passages_of(events)} == {"/c/lease.pdf", "/c/work.pdf"}


def test_a_side_without_clear_words_is_said() -> None:
    events = ask(qa(FakeRetriever([GARDEN])), "What is the difference between roses and unicorns?")
    text = text_of(events)
    assert "### unicorns\n\nI found nothing clear about this." in text
    assert "### roses\n\n> " in text


def test_a_comparison_of_unknown_things_abstains() -> None:
    events = ask(qa(FakeRetriever([LEASE])), "What is the difference between cats and dogs?")
    assert only(events, Abstained).confidence < 0.35


def test_a_passage_that_compares_both_itself_is_the_answer() -> None:
    both = candidate("TCP is reliable, UDP is quick.", "/c/net.txt")
    events = ask(qa(FakeRetriever([both])), "What is the difference between TCP and UDP?")
    assert "###" not in text_of(events)
    assert passages_of(events)[0].quote == "TCP is reliable, UDP is quick."


def test_a_file_name_can_not_break_out_of_its_heading() -> None:
    odd = candidate("The notice period.", "/c/a\n# *b* <c>\x1b[31m.pdf")
    text = text_of(ask(qa(FakeRetriever([odd])), "which files mention a notice period?"))
    assert "\x1b" not in text
    assert "### a # \\*b\\* \\<c\\>.pdf" in text


def test_foreign_files_must_be_surer_to_be_listed() -> None:
    def finding(foreign: bool) -> FileFinding:
        evidence = FileEvidence(0.8, 0.0, 0.8, 0.0, foreign)
        return FileFinding("/a", (), evidence, 0.7)

    assert finding(foreign=False).speaks
    assert not finding(foreign=True).speaks


def test_a_side_is_told_by_the_passages_that_name_it() -> None:
    retriever = FakeRetriever([LEASE, WORK])
    events = ask(qa(retriever), "How do the rental and the employment differ on notice period?")
    text = text_of(events)
    told = text[text.index("### employment") :]
    assert "four weeks" in told
    assert "three months" not in told
