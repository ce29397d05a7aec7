"""The decision between skills, as a pure function."""

from __future__ import annotations

import pytest

from assistant.core.messages import ImageAttachment, Message
from assistant.core.skills import Kind, Route, SkillCard
from assistant.routing.decision import Evidence, Situation, by_image, by_wording, decide
from assistant.routing.features import read_features

TEXT: frozenset[Kind] = frozenset({"text"})
CARDS = {
    "describe": SkillCard("describe", "", frozenset({"image"}), TEXT),
    "generate": SkillCard("generate", "", TEXT, TEXT),
    "qa": SkillCard("qa", "", frozenset({"text", "documents"}), TEXT),
    "translate": SkillCard("translate", "", TEXT, TEXT),
}


def route(
    text: str, scores: dict[str, float], indexed: bool = False, evidence: Evidence | None = None
) -> Route:
    now = Situation(CARDS, indexed, evidence)
    return decide(read_features(Message("user", text)), scores, now, "reads like examples")


def test_the_most_probable_skill_wins_with_its_margin() -> None:
    decided = route("hello", {"generate": 0.7, "translate": 0.3})
    assert decided.skill == "generate"
    assert decided.score == pytest.approx(0.7)
    assert decided.margin == pytest.approx(0.4)
    assert [a.skill for a in decided.alternatives] == ["translate"]


def test_nothing_is_asked_of_documents_that_are_not_there() -> None:
    decided = route("what does my contract say?", {"generate": 0.1, "qa": 0.9})
    assert decided.skill == "generate"
    assert "none are indexed" in decided.reason
    assert "qa" not in {a.skill for a in decided.alternatives}


def test_wording_that_points_to_documents_goes_to_them() -> None:
    decided = route("what does my contract say?", {"generate": 0.1, "qa": 0.9}, indexed=True)
    assert (decided.skill, decided.reason) == ("qa", "asks about your documents")


def test_strong_evidence_takes_a_plain_question_to_the_documents() -> None:
    scores = {"generate": 0.8, "qa": 0.2}
    decided = route("when did the bridge open?", scores, indexed=True, evidence=lambda *_: 0.9)
    assert decided.skill == "qa"
    assert decided.score == pytest.approx(0.9)
    assert "evidence" in decided.reason


def test_weak_evidence_leaves_a_question_with_chat() -> None:
    scores = {"generate": 0.8, "qa": 0.2}
    decided = route("when did the bridge open?", scores, indexed=True, evidence=lambda *_: 0.3)
    assert decided.skill == "generate"


@pytest.mark.parametrize("text", ["who made you?", "are you a machine?", "你叫什么名字？"])
def test_a_question_put_to_the_assistant_is_not_one_for_the_documents(text: str) -> None:
    scores = {"generate": 0.9, "qa": 0.05, "translate": 0.05}
    assert route(text, scores, indexed=True, evidence=lambda *_: 0.99).skill == "generate"


@pytest.mark.parametrize(
    "text",
    [
        "can you tell me when the bridge opened?",
        "Do you know who built the bridge?",
        "你能告诉我桥是谁建的吗？",
        "¿puedes decirme quién construyó el puente?",
    ],
)
def test_politeness_does_not_make_a_question_one_to_the_assistant(text: str) -> None:
    scores = {"generate": 0.9, "qa": 0.05, "translate": 0.05}
    assert route(text, scores, indexed=True, evidence=lambda *_: 0.9).skill == "qa"


@pytest.mark.parametrize("text", ["hello", "tell me a joke", "translate this: when did it open?"])
def test_evidence_is_not_looked_for_without_need(text: str) -> None:
    def never(_question: str, _collection: str | None) -> float:
        raise AssertionError("the index was asked")

    scores = {"generate": 0.9, "qa": 0.1}
    if text.startswith("translate"):
        scores = {"translate": 0.9, "generate": 0.1}
    route(text, scores, indexed=True, evidence=never)


def test_an_image_goes_to_the_skill_that_takes_images() -> None:
    message = Message("user", "translate this", (ImageAttachment("a.png"),))
    now = Situation(CARDS, False)
    decided = by_image(read_features(message), {"translate": 0.9, "describe": 0.1}, now)
    assert decided is not None
    assert (decided.skill, decided.reason) == ("describe", "an image is attached")


def test_without_an_image_only_sure_words_go_to_the_image_skill() -> None:
    scores = {"describe": 0.9, "generate": 0.1}
    assert route("what is this?", scores).skill == "generate"
    assert route("what is in this picture?", scores).skill == "describe"
    assert route("draw a picture", {"describe": 0.6, "generate": 0.4}).skill == "generate"


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("translate into Portuguese: hello", "translate"),
        ("how do you say cheers in polish", "translate"),
        ("翻译成英文：你好", "translate"),
        ("what does my contract say about rent?", "qa"),
        ("根据我的笔记，截止日期是哪天？", "qa"),
        ("what language do they speak in brazil", "generate"),
        ("tell me a joke", "generate"),
        ("", "generate"),
    ],
)
def test_wording_alone_gives_a_rough_choice(text: str, skill: str) -> None:
    scores = by_wording(read_features(Message("user", text)), CARDS)
    assert max(scores, key=lambda name: scores[name]) == skill
    assert sum(scores.values()) == pytest.approx(1)
