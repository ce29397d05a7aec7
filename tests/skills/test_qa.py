"""Answers from documents: verbatim quotes with places, or an honest no."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import pytest

from assistant.core.documents import Candidate, Place, Retrieval, Scope
from assistant.core.errors import ModelMissingError, UsageError
from assistant.core.events import Abstained, Event, Notice, Sources, TextDelta
from assistant.core.messages import Message
from assistant.core.protocols import Embedder, Vectors
from assistant.core.skills import Params, SkillRequest
from skills.evidence import THRESHOLD, Evidence, applicable, confidence
from skills.foreign import is_foreign
from skills.glossing.aim import Aims
from skills.glossing.glossary import Glossary
from skills.judging import SECOND_CHOICE, SURE, Across, judge
from skills.qa import QaSkill
from skills.quotes import merge, rank_sentences
from tests.fakes import HashingEmbedder
from tests.skills.asking import CONTRACT, FakeRetriever, candidate, only, qa, text_of
from tests.skills.asking import ask as put

Ask = Callable[..., list[Event]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    def asking(
        question: str,
        retriever: FakeRetriever,
        sure: float = 0.9,
        quotes: int = 3,
        language: str = "en",
        embedder: Callable[[], Embedder] = HashingEmbedder,
        collection: str | None = None,
    ) -> list[Event]:
        monkeypatch.setattr("skills.judging.confidence", lambda _: sure)
        skill = QaSkill(lambda: retriever, embedder, lambda _: language, quotes)
        message = Message("user", question)
        request = SkillRequest(message, (), Params(collection=collection), lambda: False)
        return list(skill.run(request))

    return asking


def test_the_best_sentence_is_quoted_first_with_its_own_place(ask: Ask) -> None:
    question = "What is the place of jurisdiction?"
    events = ask(question, FakeRetriever([candidate(CONTRACT)]), quotes=1)
    (passage,) = only(events, Sources).passages
    assert passage.quote == "The place of jurisdiction is Geneva."
    assert passage.place.line == 11
    assert CONTRACT[passage.start - 100 : passage.end - 100] == passage.quote
    assert passage.context == CONTRACT
    assert text_of(events) == (
        "Your documents say:\n\n"
        "> The place of jurisdiction is Geneva. [1]\n>\n> — contract.txt, line 11"
    )


def test_a_quote_of_a_paged_file_names_its_page(ask: Ask) -> None:
    events = ask(
        "jurisdiction?", FakeRetriever([candidate(CONTRACT, "/a b.pdf", page=4)]), quotes=1
    )
    assert text_of(events).endswith("— a b.pdf, p. 4")


def test_neighbouring_sentences_become_one_quote(ask: Ask) -> None:
    text = "The notice period is three months. A notice period needs a written notice. Cats sleep."
    events = ask("notice period", FakeRetriever([candidate(text)]), quotes=2)
    (passage,) = only(events, Sources).passages
    assert passage.quote == text.removesuffix(" Cats sleep.")


def test_a_sentence_between_two_quotes_joins_them() -> None:
    text = "Alpha beta gamma. Alpha beta. Alpha beta gamma delta."
    ranked = rank_sentences("alpha beta gamma delta", [candidate(text)], None)
    assert [s.text for s in ranked][2] == "Alpha beta."
    assert [p.quote for p in merge(ranked, 0.9, "alpha")] == [text]


def test_sources_are_numbered_in_order_and_lose_confidence(ask: Ask) -> None:
    other = candidate("Notice is given by post.", "/papers/rules.txt", fused=3.0)
    events = ask("What is the notice period?", FakeRetriever([candidate(CONTRACT), other]))
    passages = only(events, Sources).passages
    assert passages[0].score == pytest.approx(0.9)
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)
    for number in range(1, len(passages) + 1):
        assert f"[{number}]" in text_of(events)


def test_weak_evidence_is_said_with_what_was_nearest(ask: Ask) -> None:
    events = ask("Who won?", FakeRetriever([candidate(CONTRACT)]), sure=THRESHOLD / 2)
    (abstained,) = [e for e in events if isinstance(e, Abstained)]
    assert abstained.confidence == THRESHOLD / 2
    assert abstained.nearest[0].quote in CONTRACT
    assert not [e for e in events if isinstance(e, Sources)]
    assert text_of(events).startswith(
        "I found no clear answer in your documents (7 files searched)"
    )


def test_nothing_found_is_said(ask: Ask) -> None:
    events = ask("Who won?", FakeRetriever([]))
    assert events == [
        Abstained(0.0, (), Scope("", 7)),
        TextDelta("I found nothing about that in your documents (7 files searched)."),
    ]


@pytest.mark.parametrize(
    ("language", "lead"),
    [("zh", "你的文件中写道："), ("de", "In Ihren Dokumenten"), ("xx", "Your documents say")],
)
def test_the_lead_in_is_in_the_language_of_the_question(ask: Ask, language: str, lead: str) -> None:
    events = ask("notice", FakeRetriever([candidate(CONTRACT)]), language=language)
    assert text_of(events).startswith(lead)


def test_chinese_sentences_are_quoted(ask: Ask) -> None:
    text = "合同期限为两年。通知期限是三个月。管辖地在日内瓦。"
    events = ask("通知期限是多久？", FakeRetriever([candidate(text)]), quotes=1, language="zh")
    assert only(events, Sources).passages[0].quote == "通知期限是三个月。"
    assert "contract.txt, 第 10 行" in text_of(events)


def test_an_empty_index_says_how_to_fill_it(ask: Ask) -> None:
    with pytest.raises(UsageError) as caught:
        ask("anything?", FakeRetriever(files=0))
    assert caught.value.hint == "assistant index add FOLDER"
    with pytest.raises(UsageError, match="kitchen"):
        ask("anything?", FakeRetriever(files=0), collection="kitchen")


def test_an_empty_question_is_refused(ask: Ask) -> None:
    with pytest.raises(UsageError):
        ask("  ", FakeRetriever([candidate(CONTRACT)]))


def test_vectors_still_to_be_made_are_mentioned(ask: Ask) -> None:
    events = ask("notice", FakeRetriever([candidate(CONTRACT)], pending=12))
    assert isinstance(events[0], Notice)
    assert "12 passages" in events[0].text


def test_words_alone_answer_without_an_embedder(ask: Ask) -> None:
    def missing() -> Embedder:
        raise ModelMissingError("not here", "assistant models pull")

    retriever = FakeRetriever([candidate(CONTRACT)])
    events = ask("place of jurisdiction", retriever, quotes=1, embedder=missing)
    assert isinstance(events[0], Notice)
    assert only(events, Sources).passages[0].quote.endswith("Geneva.")


def test_markup_in_a_document_is_shown_and_never_obeyed(ask: Ask) -> None:
    text = "# Click [here](http://evil.example) or *else* <b>now</b> `rm` \\ a_b 5 > 3"
    events = ask("click", FakeRetriever([candidate(text, "/x/*odd*_name.md")]), quotes=1)
    assert only(events, Sources).passages[0].quote == text
    assert "[here\\](http" in text_of(events)
    assert "\\*else\\*" in text_of(events)
    assert "\\<b\\>" in text_of(events)
    assert "a_b" in text_of(events)
    assert "\\*odd\\*" in text_of(events)


def test_a_very_long_passage_costs_a_bounded_number_of_vectors() -> None:
    embedded: list[int] = []

    class Counting(HashingEmbedder):
        def embed_documents(self, texts: Sequence[str]) -> Vectors:
            embedded.append(len(texts))
            return super().embed_documents(texts)

    text = " ".join(f"Sentence number {n} is about cats." for n in range(200))
    rank_sentences("sentence 7", [candidate(text)], Counting())
    assert embedded[-1] == 24


def evidence(foreign: bool = False, glossed: bool = False, **fields: float) -> Evidence:
    flags = {"foreign", "glossed"}
    names = [f.name for f in dataclasses.fields(Evidence) if f.name not in flags]
    figures = {name: fields.get(name, 0.0) for name in names}
    return Evidence(**figures, foreign=foreign, glossed=glossed)


STRONG = {
    "cosine": 0.9,
    "cosine_margin": 0.06,
    "fused_margin": 3.0,
    "coverage": 0.9,
    "sentence_cosine": 0.92,
    "sentence_coverage": 0.9,
    "sentence_lift": 0.1,
    "telling_lift": 0.1,
    "nearest": 0.1,
    "likeness": 0.8,
    "agreement": 1.0,
    "lexical_margin": 0.7,
}
WEAK = {
    "cosine": 0.75,
    "sentence_cosine": 0.76,
    "coverage": 0.1,
    "sentence_coverage": 0.1,
    "nearest": 0.03,
    "likeness": 0.8,
}


@pytest.mark.parametrize(
    ("situation", "foreign", "cosine"),
    [
        ("both", False, None),
        ("meaning", True, None),
        ("glossed", True, None),
        ("words", False, 0.0),
    ],
)
def test_strong_evidence_is_trusted_and_weak_is_not(
    situation: str, foreign: bool, cosine: float | None
) -> None:
    change = {} if cosine is None else {"sentence_cosine": cosine}
    strong, weak = (
        evidence(foreign, situation == "glossed", **(figures | change))
        for figures in (STRONG, WEAK)
    )
    assert applicable(strong) == applicable(weak) == situation
    assert confidence(strong) > 0.8 > THRESHOLD > confidence(weak)


@pytest.mark.parametrize("language", ["zh", "en", "es", "pt", "de", "fr"])
def test_the_card_teaches_every_language(language: str) -> None:
    skill = QaSkill(FakeRetriever, HashingEmbedder, str, 3)
    assert len(set(skill.card.examples[language])) >= 10


@pytest.mark.parametrize(
    ("question", "text", "foreign"),
    [
        ("What is the notice period?", "The notice period is three months.", False),
        ("通知期限是多久？", "The notice period is three months.", True),
        ("通知期限是多久？", "通知期限是三个月。", False),
        ("Wie lang ist die Kündigungsfrist?", "The notice period is three months.", True),
        ("Who won the cup?", "Nine euros a month.", False),
    ],
)
def test_a_question_in_another_language_is_judged_by_meaning(
    question: str, text: str, foreign: bool
) -> None:
    found_in = {"Wie lang ist die Kündigungsfrist?": "de"}
    assert is_foreign(question, [candidate(text)], lambda t: found_in.get(t, "en")) is foreign


def run_once(skill: QaSkill, question: str) -> None:
    message = Message("user", question)
    list(skill.run(SkillRequest(message, (), Params(), lambda: False)))


def test_what_the_router_asked_is_not_retrieved_again_for_the_answer() -> None:
    retriever = FakeRetriever([candidate(CONTRACT)])
    skill = QaSkill(lambda: retriever, HashingEmbedder, lambda _: "en", 3)
    assert 0 < skill.confidence("What is the notice period? ") < 1
    run_once(skill, "What is the notice period?")
    assert retriever.asked == ["What is the notice period?"]


def test_a_later_or_another_question_is_retrieved_anew() -> None:
    retriever = FakeRetriever([candidate(CONTRACT)])
    skill = QaSkill(lambda: retriever, HashingEmbedder, lambda _: "en", 3)
    skill.confidence("What is the notice period?")
    run_once(skill, "Where is the jurisdiction?")
    run_once(skill, "What is the notice period?")
    assert len(retriever.asked) == 3


def test_an_empty_index_gives_no_confidence() -> None:
    skill = QaSkill(lambda: FakeRetriever(files=0), HashingEmbedder, lambda _: "en", 3)
    assert skill.confidence("What?") == 0.0


def test_headings_and_rules_are_not_quoted() -> None:
    text = "# Terms\n\n---\n\nThe notice period is three months.\n\nNotice\n\n| --- | --- |"
    found = Candidate(1, "/a.md", text, Place(line=1, heading="Terms › Notice"), 0, 9, 0.8, 1, 1)
    sentences = rank_sentences("What is the notice period?", [found], HashingEmbedder())
    assert [s.text for s in sentences] == ["The notice period is three months."]


def test_a_passage_that_is_only_a_heading_can_still_be_quoted() -> None:
    found = Candidate(1, "/a.md", "# Notice", Place(line=1), 0, 8, 0.8, 1, 1)
    assert [s.text for s in rank_sentences("Notice?", [found], None)] == ["# Notice"]


def test_the_words_that_matched_are_marked_and_not_in_the_text(ask: Ask) -> None:
    events = ask("What is the notice period?", FakeRetriever([candidate(CONTRACT)]), quotes=1)
    (passage,) = only(events, Sources).passages
    assert [passage.quote[a:b] for a, b in passage.marks] == ["notice period"]
    assert "**" not in text_of(events)


def test_other_files_with_the_same_text_are_counted(ask: Ask) -> None:
    copied = candidate(CONTRACT, also=("/old/contract.txt", "/copy.txt"))
    events = ask("What is the notice period?", FakeRetriever([copied]), quotes=1)
    assert only(events, Sources).passages[0].also == copied.also
    assert text_of(events).endswith("— contract.txt, line 10 (also in 2 other files)")


def test_the_collection_is_named_where_the_person_named_it(ask: Ask) -> None:
    retriever = FakeRetriever([candidate(CONTRACT)])
    events = ask("Who won?", retriever, sure=0.0, collection="work")
    assert "(7 files searched, collection “work”)" in text_of(events)
    (abstained,) = [e for e in events if isinstance(e, Abstained)]
    assert abstained.scope == Scope("work", 7)


def test_across_languages_the_passage_with_the_best_sentence_comes_first() -> None:
    blurred = candidate("Rain. Cats sleep. The rent 1200 is due. Dogs bark.", fused=1.0, chunk=1)
    other = candidate("Rain falls. Snow falls. Wind blows.", "/b.txt", fused=1.2, chunk=2)
    found = Retrieval((other, blurred), 2, 2, 0)
    judged = judge(
        "租金 rent 1200 due 多少呢请问一下这个问题", found, HashingEmbedder(), lambda _: "en"
    )
    assert judged.foreign
    assert judged.candidates[0].path == blurred.path
    assert judged.sentences[0].text == "The rent 1200 is due."
    assert judged.evidence is not None
    assert judged.evidence.agreement == 0.0


def test_in_two_languages_the_other_one_answers_where_the_own_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = candidate("花园里有玫瑰。", "/花园.txt", fused=3.0, chunk=1)
    other = candidate("The notice period is three months.", "/lease.txt", fused=1.0, chunk=2)
    found = Retrieval((own, other), 2, 2, 0)
    surely = {True: 0.0, False: 0.0}
    monkeypatch.setattr("skills.judging.confidence", lambda evidence: surely[evidence.foreign])

    def asked() -> str:
        return (
            judge("通知期限是多久？", found, HashingEmbedder(), lambda _: "zh").candidates[0].path
        )

    surely[True] = SECOND_CHOICE
    assert asked() == "/lease.txt"
    surely[True] = SECOND_CHOICE - 0.01
    assert asked() == "/花园.txt"
    surely.update({True: 1.0, False: THRESHOLD})
    assert asked() == "/花园.txt"


@pytest.mark.parametrize(
    ("own_sure", "other_sure", "first"),
    [
        (0.3, 0.8, "/lease.txt"),
        (0.3, 0.5, "/花园.txt"),
        (0.01, 0.05, "/lease.txt"),
        (SURE, 1.0, "/花园.txt"),
    ],
)
def test_with_a_dictionary_the_clearly_surer_language_answers(
    monkeypatch: pytest.MonkeyPatch, own_sure: float, other_sure: float, first: str
) -> None:
    own = candidate("花园里有玫瑰。", "/花园.txt", fused=3.0, chunk=1)
    other = candidate("The notice period is three months.", "/lease.txt", fused=1.0, chunk=2)
    surely = {True: other_sure, False: own_sure}
    monkeypatch.setattr("skills.judging.confidence", lambda evidence: surely[evidence.foreign])
    question = "通知期限是多久？"
    told = Glossary().glosses(question)
    assert told is not None
    judged = judge(
        question,
        Retrieval((own, other), 2, 2, 0),
        HashingEmbedder(),
        lambda text: "en" if text.isascii() else "zh",
        lambda: Across((other,), Aims().take(question, told, HashingEmbedder())),
    )
    assert judged.candidates[0].path == first


def test_page_numbers_and_lines_of_a_table_of_contents_are_not_quoted() -> None:
    text = "22\n\nNotice period . . . . . . . . . . 11\n\nThe notice period is three months."
    (best, *others) = rank_sentences("notice period", [candidate(text)], HashingEmbedder())
    assert best.text == "The notice period is three months."
    assert not others


def test_what_came_nearest_is_shown_of_both_scripts() -> None:
    own = candidate("花园里有玫瑰。春天有郁金香。", "/花园.txt", fused=3.0, chunk=1)
    other = candidate("The notice period is three months.", "/lease.txt", fused=1.0, chunk=2)
    for question in ("谁赢得了比赛？", "Who won the cup?"):
        events = put(qa(FakeRetriever([own, other])), question)
        nearest = only(events, Abstained).nearest
        assert {p.path for p in nearest} == {"/花园.txt", "/lease.txt"}
        assert len(nearest) <= 3
