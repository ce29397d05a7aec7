"""The decision between skills, as a pure function."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.core.routing import Correction
from assistant.core.skills import Kind, Route, SkillCard
from assistant.routing.decision import by_wording, decide, settle
from assistant.routing.features import read_features
from assistant.routing.image_decision import by_image
from assistant.routing.view import Evidence, Situation, View

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
    seen = View(read_features(message), {"translate": 0.9, "describe": 0.1}, "")
    decided = by_image(seen, now)
    assert decided is not None
    assert (decided.skill, decided.reason) == ("describe", "an image is attached")


def test_with_an_image_its_own_scores_choose_among_the_skills_that_take_images() -> None:
    cards = {**CARDS, "detect": SkillCard("detect", "", frozenset({"image"}), frozenset({"text"}))}
    message = Message("user", "how many?", (ImageAttachment("a.png"),))
    told = {"describe": 0.2, "detect": 0.8}
    seen = View(read_features(message), {"qa": 0.9, "describe": 0.1}, "", pictured=told)
    decided = by_image(seen, Situation(cards, True))
    assert decided is not None
    assert decided.skill == "detect"


def test_a_correction_chooses_among_the_skills_that_take_images() -> None:
    cards = {**CARDS, "detect": SkillCard("detect", "", frozenset({"image"}), frozenset({"text"}))}
    message = Message("user", "how many?", (ImageAttachment("a.png"),))
    told = {"describe": 0.9, "detect": 0.1}
    correction = Correction("detect", "en", "2026-01-31", "how many?")
    seen = View(read_features(message), {}, "", pictured=told, correction=correction)
    decided = by_image(seen, Situation(cards, False))
    assert decided is not None
    assert decided.skill == "detect"


def test_skills_that_take_images_are_sure_together() -> None:
    cards = {**CARDS, "detect": SkillCard("detect", "", frozenset({"image"}), frozenset({"text"}))}
    scores = {"describe": 0.35, "detect": 0.45, "generate": 0.2}
    features = read_features(Message("user", "count the dogs in this picture"))
    assert decide(features, scores, Situation(cards, False), "").skill == "detect"


def test_without_an_image_only_sure_words_go_to_the_image_skill() -> None:
    assert route("what is in it?", {"describe": 0.5, "generate": 0.3}).skill == "generate"
    assert route("what is in this picture?", {"describe": 0.9, "generate": 0.1}).skill == "describe"


def test_a_small_lead_is_called_unsure_and_the_safer_skill_goes_first() -> None:
    decided = route("the numbers?", {"generate": 0.52, "qa": 0.48}, indexed=True)
    assert (decided.skill, decided.unsure) == ("qa", True)
    assert decided.score == pytest.approx(0.48)
    assert decided.margin == pytest.approx(0.04)
    assert [a.skill for a in decided.alternatives] == ["generate"]
    assert "generate" in decided.reason


def test_a_clear_lead_is_not_called_unsure() -> None:
    assert not route("the numbers?", {"generate": 0.7, "qa": 0.3}, indexed=True).unsure


def test_asking_for_a_picture_that_is_not_there_is_never_the_safer_choice() -> None:
    scores = {"describe": 0.62, "generate": 0.45, "translate": 0.0}
    assert route("the picture?", scores).skill == "describe"
    assert route("the picture?", {"describe": 0.4, "generate": 0.6}).skill == "generate"


def seen(text: str, scores: dict[str, float], **known: Any) -> View:
    return View(read_features(Message("user", text)), scores, "reads like examples", **known)


def test_a_message_that_goes_on_stays_with_the_skill_before() -> None:
    view = seen("why?", {"generate": 0.9, "qa": 0.1}, previous="qa", continues=0.9)
    decided = settle(view, Situation(CARDS, True))
    assert (decided.skill, decided.reason) == ("qa", "goes on from the message before")


def test_a_message_that_stands_alone_leaves_the_skill_before() -> None:
    view = seen("tell me a joke", {"generate": 0.9, "qa": 0.1}, previous="qa", continues=0.05)
    assert settle(view, Situation(CARDS, True)).skill == "generate"


@pytest.mark.parametrize("previous", ["translate", "describe", None, "gone"])
def test_some_skills_are_not_gone_on_with(previous: str | None) -> None:
    view = seen("why?", {"generate": 0.9, "qa": 0.1}, previous=previous, continues=0.9)
    assert settle(view, Situation(CARDS, True)).skill == "generate"


def test_a_message_that_goes_on_asks_nothing_of_the_index() -> None:
    def never(_question: str, _collection: str | None) -> float:
        raise AssertionError("the index was asked")

    view = seen("why?", {"generate": 0.9, "qa": 0.1}, previous="generate", continues=0.9)
    assert settle(view, Situation(CARDS, True, never)).skill == "generate"


def test_a_correction_beats_the_scores_and_the_evidence() -> None:
    correction = Correction("generate", "en", "2026-05-14", "who is the king?")
    view = seen("who is the king?", {"qa": 0.9, "generate": 0.1}, correction=correction)
    decided = settle(view, Situation(CARDS, True, lambda *_: 0.99))
    assert (decided.skill, decided.score) == ("generate", 1.0)
    assert "2026-05-14" in decided.reason


def test_near_a_correction_the_evidence_does_not_count() -> None:
    view = seen("who is king?", {"qa": 0.2, "generate": 0.8}, near_correction=True)
    assert settle(view, Situation(CARDS, True, lambda *_: 0.99)).skill == "generate"


def test_a_correction_to_documents_waits_until_there_are_some() -> None:
    correction = Correction("qa", "en", "2026-05-14", "who is the king?")
    view = seen("who is the king?", {"qa": 0.1, "generate": 0.9}, correction=correction)
    assert settle(view, Situation(CARDS, False)).skill == "generate"
    assert settle(view, Situation(CARDS, True)).skill == "qa"


def test_a_correction_to_a_skill_for_images_waits_until_there_is_one() -> None:
    correction = Correction("describe", "en", "2026-05-14", "where is it?")
    view = seen("where is it?", {"generate": 1.0}, correction=correction)
    assert settle(view, Situation(CARDS, False)).skill == "generate"
    about_image = seen(
        "where is it?", {"generate": 1.0}, correction=correction, looks_again="detect"
    )
    assert settle(about_image, Situation(CARDS, False)).skill == "describe"


def test_a_picture_beats_a_correction() -> None:
    correction = Correction("generate", "en", "2026-05-14", "what is it")
    message = Message("user", "what is it", (ImageAttachment("a.png"),))
    view = View(read_features(message), {"generate": 1.0}, "reads", correction=correction)
    assert settle(view, Situation(CARDS, False)).skill == "describe"


def test_a_question_about_text_that_came_with_it_is_not_put_to_the_index() -> None:
    message = Message("user", "when did it open?", (TextAttachment("paste", "…"),))
    now = Situation(CARDS, True, lambda *_: 0.99)
    scores = {"generate": 0.8, "qa": 0.2}
    assert decide(read_features(message), scores, now, "reads like examples").skill == "generate"


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
        ("give me the gist of the attached report", "summarise"),
        ("概括一下附件", "summarise"),
        ("is this review positive or negative: it broke at once", "classify"),
        ("translate 'summarise the attached report' into dutch", "translate"),
        ("", "generate"),
    ],
)
def test_wording_alone_gives_a_rough_choice(text: str, skill: str) -> None:
    more = {name: SkillCard(name, "", TEXT, TEXT) for name in ("classify", "summarise")}
    scores = by_wording(read_features(Message("user", text)), CARDS | more)
    assert max(scores, key=lambda name: scores[name]) == skill
    assert sum(scores.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("find the dogs", "describe"),
        ("find similar pictures", "find"),
        ("where was this taken?", "find"),
        ("找相似的图片", "find"),
    ],
)
def test_a_picture_is_looked_at_unless_others_or_its_place_are_asked_for(
    text: str, skill: str
) -> None:
    seeks = SkillCard(
        "find", "", accepts=frozenset({"pictures", "image"}), produces=frozenset({"text"})
    )
    message = Message("user", text, (ImageAttachment("a.png"),))
    view = View(read_features(message), {}, "", pictured={"find": 0.9, "describe": 0.1})
    decided = by_image(view, Situation({**CARDS, "find": seeks}, True))
    assert decided is not None
    assert decided.skill == skill


@pytest.mark.parametrize(
    ("text", "share", "pictures", "skill"),
    [
        ("photos of dogs", 0.45, True, "find"),
        ("photos of dogs", 0.9, False, "generate"),
        ("how high is the tower", 0.45, True, "generate"),
        ("the ones from our trip to Crete", 0.9, True, "find"),
    ],
)
def test_pictures_are_sought_where_the_message_speaks_of_them_or_surely_means_them(
    text: str, share: float, pictures: bool, skill: str
) -> None:
    seeks = SkillCard(
        "find", "", accepts=frozenset({"pictures", "image"}), produces=frozenset({"text"})
    )
    scores = {"find": share, "qa": 0.3 * (1 - share), "generate": 0.3 * (1 - share)}
    view = View(read_features(Message("user", text)), scores, "")
    now = Situation({**CARDS, "find": seeks}, False, has_pictures=pictures)
    assert settle(view, now).skill == skill


def after_image(text: str, after: dict[str, float], **more: Any) -> Route:
    """A message after one about an image, with what the turns say of its skill."""
    features = read_features(Message("user", text))
    alone = {"generate": 0.9, "describe": 0.1}
    seen = View(features, alone, "b", "describe", after=after, image_before=True, **more)
    return settle(seen, Situation(CARDS, indexed=False))


def test_what_asks_on_about_an_image_is_told_by_the_turns() -> None:
    decided = after_image("and its tail?", {"describe": 0.9, "generate": 0.1})
    assert (decided.skill, decided.reason) == ("describe", "asks on about the image before")
    assert after_image("thanks", {"describe": 0.1, "generate": 0.9}).skill == "generate"


def test_a_skill_that_can_not_work_now_takes_no_image_from_another() -> None:
    decided = after_image("and its tail?", {"describe": 0.5, "qa": 0.44, "generate": 0.06})
    assert decided.skill == "describe"
    assert "qa" not in {alternative.skill for alternative in decided.alternatives}


def test_wording_that_asks_on_counts_where_the_turns_are_not_sure_of_something_else() -> None:
    doubtful, sure = {"generate": 0.6, "describe": 0.4}, {"generate": 0.95, "describe": 0.05}
    assert after_image("why?", doubtful, looks_again="describe").skill == "describe"
    assert after_image("why?", doubtful).skill == "generate"
    assert after_image("why?", sure, looks_again="describe").skill == "generate"


def test_near_a_correction_to_another_skill_wording_does_not_ask_on() -> None:
    decided = after_image("why?", {}, looks_again="describe", near_correction=True)
    assert decided.skill == "generate"


def test_what_the_turns_say_beats_the_message_alone_but_not_a_text_that_came_with_it() -> None:
    said = Message("user", "and the rent?")
    after = {"translate": 0.9, "generate": 0.1}
    alone = {"generate": 0.9, "translate": 0.1}
    now = Situation(CARDS, indexed=False)
    told = View(read_features(said), alone, "b", "translate", 0.9, after=after)
    assert settle(told, now).skill == "translate"
    assert settle(told, now).reason == "goes on from the message before"
    pasted = Message("user", "and the rent?", (TextAttachment("notes", "some text"),))
    beside = View(read_features(pasted), alone, "b", "translate", 0.9, after=after)
    assert settle(beside, now).skill == "generate"
    long = read_features(Message("user", "and the rent? " * 40))
    kept = settle(View(long, alone, "b", "translate", 0.9, after=after), now)
    assert (kept.skill, "goes on" in kept.reason) == ("generate", False)
