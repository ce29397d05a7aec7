"""Routing of whole messages, with a bag-of-words encoder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.core.errors import ModelMissingError
from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.core.protocols import Embedder
from assistant.core.skills import Kind, Params, Route, SkillCard
from assistant.routing import judge as judge_module
from assistant.routing.router import SkillRouter
from tests.fakes import HashingEmbedder

TEXT: frozenset[Kind] = frozenset({"text"})
CARDS = [
    SkillCard("describe", "", frozenset({"image"}), TEXT, {"en": ("what is in this picture?",)}),
    SkillCard("generate", "", TEXT, TEXT),
    SkillCard("qa", "", frozenset({"text", "documents"}), TEXT),
    SkillCard("translate", "", TEXT, TEXT),
]


def router(
    cache: Path,
    embedder: Callable[[], Embedder] = lambda: HashingEmbedder(dimension=256),
    indexed: bool = False,
) -> SkillRouter:
    return SkillRouter(embedder, CARDS, lambda _: indexed, None, cache)


def route(cache: Path, text: str, history: tuple[Message, ...] = ()) -> Route:
    return router(cache).route(Message("user", text), history)


def absent() -> Embedder:
    raise ModelMissingError("The encoder is not here.", "assistant models pull")


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("translate into portuguese: the boat leaves at ten", "translate"),
        ("how do you say boat in polish", "translate"),
        ("tell me a joke about boats", "generate"),
        ("write a poem about the sea", "generate"),
        ("把这句话翻译成法语：船十点开", "translate"),
        ("讲个关于船的笑话", "generate"),
    ],
)
def test_messages_go_where_their_like_went(cache: Path, text: str, skill: str) -> None:
    assert route(cache, text).skill == skill


def test_scores_are_probabilities_and_alternatives_follow(cache: Path) -> None:
    decided = route(cache, "how do you say boat in polish")
    assert 0 < decided.score <= 1
    assert decided.margin <= decided.score
    assert [a.skill for a in decided.alternatives] == ["generate"]
    assert "Polish" in decided.reason


def test_a_command_is_the_persons_choice_and_leaves_the_text(cache: Path) -> None:
    decided = route(cache, "/generate translate this")
    assert (decided.skill, decided.score) == ("generate", 1.0)
    assert decided.params == Params(payload="translate this")
    assert "/generate" in decided.reason


def test_a_command_to_translate_is_read_for_its_language(cache: Path) -> None:
    assert route(cache, "/translate into Portuguese: hello").params == Params("hello", None, "pt")
    assert route(cache, "/translate What is the time?").params == Params("What is the time?")


def test_a_slash_that_names_no_skill_is_text(cache: Path) -> None:
    assert route(cache, "/etc and other folders, tell me a joke").skill == "generate"


def test_a_flag_is_the_persons_choice(cache: Path) -> None:
    decided = router(cache).route(Message("user", "What is the time?"), (), "translate")
    assert (decided.skill, decided.score, decided.margin) == ("translate", 1.0, 1.0)
    assert decided.params == Params("What is the time?")


def test_several_requests_are_planned_unless_the_person_chose_the_skill(cache: Path) -> None:
    text = "write a poem about the sea and translate it into Spanish"
    planned = route(cache, text)
    assert planned.chain == ("generate", "translate")
    assert planned.plan is not None
    assert route(cache, f"/generate {text}").plan is None
    assert router(cache).route(Message("user", text), (), "translate").plan is None


def test_an_image_goes_to_describe_with_the_labels_asked(cache: Path) -> None:
    message = Message("user", "is it a cat, a dog or a fox?", (ImageAttachment("a.png"),))
    decided = router(cache).route(message, ())
    assert decided.skill == "describe"
    assert decided.params.labels == ("cat", "dog", "fox")


@pytest.mark.parametrize("text", ["", " ", "?", "x", "1", "…", "👀"])
def test_an_image_without_words_goes_to_describe(cache: Path, text: str) -> None:
    message = Message("user", text, (ImageAttachment("a.png"),))
    assert router(cache).route(message, ()).skill == "describe"


def test_a_question_that_asks_on_about_an_image_goes_to_describe(cache: Path) -> None:
    before = Message("user", "what is this?", (ImageAttachment("a.png"),))
    history = (before, Message("assistant", "Most likely a dog."))
    asked = router(cache)
    assert asked.route(Message("user", "why a dog?"), history).skill == "describe"
    assert asked.route(Message("user", "is it a dog or a wolf?"), history).skill == "describe"
    assert asked.route(Message("user", "why a dog?"), ()).skill != "describe"
    contract = Message("user", "what is the notice period in this contract?")
    assert asked.route(contract, history).skill != "describe"
    later = (*history, Message("user", "thanks"), Message("assistant", "You are welcome."))
    assert asked.route(Message("user", "why?"), later).skill != "describe", "one turn back counts"


def test_an_image_is_talked_of_until_a_message_is_about_something_else(tmp_path: Path) -> None:
    image: frozenset[Kind] = frozenset({"image"})
    cards = [*CARDS, SkillCard("detect", "", image, TEXT), SkillCard("segment", "", image, TEXT)]
    cards.append(SkillCard("read", "", image, TEXT))
    asked = SkillRouter(absent, cards, lambda _: False, None, tmp_path)
    history: tuple[Message, ...] = (Message("user", "what is this?", (ImageAttachment("a.png"),)),)
    for text, skill in (
        ("how many people are in this photo?", "detect"),
        ("is it a dog, a bird or a machine?", "describe"),
        ("where is the dog?", "detect"),
        ("remove the background", "segment"),
        ("框出狗", "detect"),
        ("read the text", "read"),
        ("把背景去掉", "segment"),
        ("这是狗还是猫？", "describe"),
    ):
        assert asked.route(Message("user", text), history).skill == skill, text
        history = (*history, Message("assistant", "So."), Message("user", text))
    history = (*history, Message("user", "tell me a joke"), Message("assistant", "Ha."))
    assert asked.route(Message("user", "remove the background"), history).skill != "segment"


def test_questions_about_documents_need_documents(cache: Path) -> None:
    question = Message("user", "what does my contract say about the notice period?")
    assert router(cache, indexed=True).route(question, ()).skill == "qa"
    assert router(cache, indexed=False).route(question, ()).skill == "generate"


def test_and_in_spanish_after_a_translation_takes_the_same_text(cache: Path) -> None:
    history = (
        Message("user", "how do you say boat in polish"),
        Message("assistant", "łódź"),
    )
    decided = route(cache, "and in spanish?", history)
    assert decided.skill == "translate"
    assert decided.params == Params("boat", None, "es")


def test_and_the_last_one_after_a_question_to_the_documents_asks_them_again(
    cache: Path,
) -> None:
    said = "what does my contract say about the notice period?"
    history = (Message("user", said), Message("assistant", "> Three months."))
    decided = router(cache, indexed=True).route(Message("user", "and the last one"), history)
    assert decided.skill == "qa"
    assert decided.params.payload is None  # the skill reads the turn before itself


def test_now_shorter_after_a_poem_stays_with_writing(cache: Path) -> None:
    history = (Message("user", "write a poem about the sea"), Message("assistant", "Waves …"))
    decided = router(cache, indexed=True).route(Message("user", "now shorter"), history)
    assert decided.skill == "generate"
    assert decided.params.payload is None


def test_the_persons_own_choice_counts_as_the_turn_before(cache: Path) -> None:
    asked = router(cache, indexed=True)
    said = "the notice period, the rent and the pets"
    asked.route(Message("user", said), (), "qa")
    decided = asked.route(Message("user", "and the last one"), (Message("user", said),))
    assert decided.skill == "qa"


def test_only_the_turn_before_counts(cache: Path) -> None:
    history = (
        Message("user", "how do you say boat in polish"),
        Message("assistant", "łódź"),
        Message("user", "tell me a joke"),
        Message("assistant", "…"),
    )
    assert route(cache, "and in spanish?", history).params.payload is None


def test_text_attached_is_not_replaced_by_what_was_said(cache: Path) -> None:
    history = (Message("user", "translate boat into polish"), Message("assistant", "łódź"))
    message = Message("user", "in spanish", (TextAttachment("stdin", "ship"),))
    assert router(cache).route(message, history).params == Params(None, None, "es")


def test_without_an_encoder_the_wording_decides_and_says_so(cache: Path) -> None:
    without = router(cache, absent)
    decided = without.route(Message("user", "tell me a joke"), ())
    assert decided.skill == "generate"
    assert "not ready" in decided.reason
    assert without.route(Message("user", "translate to French: hi"), ()).skill == "translate"


def test_preparing_without_an_encoder_says_what_is_missing(cache: Path) -> None:
    with pytest.raises(ModelMissingError):
        router(cache, absent).prepare()


def test_an_encoder_that_arrives_later_is_used(cache: Path) -> None:
    found: list[Embedder] = []
    late = router(cache, lambda: found[0] if found else absent())
    assert "not ready" in late.route(Message("user", "tell me a joke"), ()).reason
    found.append(HashingEmbedder(dimension=256))
    assert "not ready" not in late.route(Message("user", "tell me a joke"), ()).reason


def test_preparing_tells_its_progress_once(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    fresh = router(tmp_path)
    fresh.prepare(lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 1000
    seen.clear()
    fresh.prepare(lambda done, total: seen.append((done, total)))
    router(tmp_path).prepare(lambda done, total: seen.append((done, total)))
    assert seen == []


def test_a_message_does_not_wait_long_for_a_classifier_in_the_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_module, "_PATIENCE", 0.01)
    entered, leave = threading.Event(), threading.Event()

    def slow() -> Embedder:
        entered.set()
        leave.wait(60)
        return HashingEmbedder(dimension=256)

    busy = router(tmp_path, slow)
    thread = threading.Thread(target=busy.prepare)
    thread.start()
    try:
        assert entered.wait(60)
        assert "not ready" in busy.route(Message("user", "tell me a joke"), ()).reason
    finally:
        leave.set()
        thread.join()


@pytest.mark.parametrize(
    "text", ["\x00\x1b[31m", "😀" * 5000, "a" * 200_000, "\ud800", "/" * 1000, "\n" * 500, "?"]
)
def test_hostile_messages_are_routed_somewhere(cache: Path, text: str) -> None:
    assert route(cache, text).skill in {card.name for card in CARDS}


def test_a_message_about_named_files_is_for_the_skill_that_asks_documents(cache: Path) -> None:
    for text in ("tell me a joke about boats", "translate into portuguese: the boat leaves"):
        routed = router(cache).route(Message("user", text), (), filtered=True)
        assert (routed.skill, routed.reason) == ("qa", "you said which files it is about")
        assert not routed.chain


def test_named_files_leave_a_choice_and_a_skill_that_heeds_them_alone(cache: Path) -> None:
    message = Message("user", "translate into portuguese: the boat leaves at ten")
    assert router(cache).route(message, (), "translate", filtered=True).skill == "translate"
    cards = [replace(card, heeds_filters=card.name == "translate") for card in CARDS]
    heeding = SkillRouter(absent, cards, lambda _: True, None, cache)
    assert heeding.route(message, (), filtered=True).skill == "translate"


def test_about_named_files_the_other_documents_are_not_asked(cache: Path) -> None:
    asked: list[str] = []

    def evidence(question: str, _collection: str | None) -> float:
        asked.append(question)
        return 0.0

    question = Message("user", "how tall is the tower?")
    unsure = SkillRouter(absent, CARDS, lambda _: True, evidence, cache)
    unsure.route(question, ())
    assert asked
    asked.clear()
    assert unsure.route(question, (), filtered=True).skill == "qa"
    assert asked == []


def test_one_skill_alone_needs_no_classifier(tmp_path: Path) -> None:
    lonely = SkillRouter(HashingEmbedder, [CARDS[1]], lambda _: False, None, tmp_path)
    assert lonely.route(Message("user", "hello"), ()).skill == "generate"


def seeing_router(cache: Path) -> SkillRouter:
    """A router with two skills that take images and one that does not."""
    image: frozenset[Kind] = frozenset({"image"})
    look = ("what is this?", "describe it", "tell me what you see", "what does it show?")
    count = ("how many are there?", "count them", "mark every one", "find all the faces")
    chat = ("hello", "tell me a joke", "how are you", "write a poem")
    cards = [
        SkillCard("look", "", image, TEXT, {"en": look}),
        SkillCard("count", "", image, TEXT, {"en": count}),
        SkillCard("chat", "", TEXT, TEXT, {"en": chat}),
        SkillCard("sing", "", TEXT, TEXT, {"en": ("sing a song", "hum a tune", "la la la")}),
    ]
    return SkillRouter(lambda: HashingEmbedder(dimension=64), cards, lambda _: False, None, cache)


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("how many sheep are there?", "count"),
        ("mark every wheel", "count"),
        ("what is it?", "look"),
    ],
)
def test_with_a_picture_the_words_choose_among_the_skills_that_take_pictures(
    tmp_path: Path, text: str, skill: str
) -> None:
    message = Message("user", text, (ImageAttachment("a.png"),))
    assert seeing_router(tmp_path).route(message, ()).skill == skill


def test_without_a_picture_they_stay_out_of_it(tmp_path: Path) -> None:
    assert seeing_router(tmp_path).route(Message("user", "tell me a joke"), ()).skill == "chat"


def test_learning_that_takes_a_while_is_told_and_only_then(tmp_path: Path) -> None:
    told: list[str | None] = []

    def fresh() -> SkillRouter:
        embedder = HashingEmbedder(dimension=8)
        return SkillRouter(
            lambda: embedder, CARDS, lambda _: False, None, tmp_path, None, watch=told.append
        )

    fresh().prepare()
    assert told == ["the router's examples", None]
    fresh().prepare()
    assert len(told) == 2


def test_a_translation_goes_on_into_the_language_named_before(cache: Path) -> None:
    asked = router(cache)
    before = Message("user", "how do you say “good morning” in Portuguese?")
    history = (before, Message("assistant", "Bom dia"))
    on = asked.route(Message("user", "and “good night”?"), history)
    afresh = asked.route(Message("user", "translate: the weather is nice today"), history)
    assert afresh.skill == "translate"
    assert afresh.params.target is None, "it may go into the person's own language"
    assert on.params.target in (None, "pt")
    assert (
        asked.route(Message("user", "and “good night”?"), history, "translate").params.target
        is None
    )


def test_messages_of_the_same_words_with_and_without_an_image_are_kept_apart(cache: Path) -> None:
    asked = router(cache)
    pictured = Message("user", "what does it say?", (ImageAttachment("a.png"),))
    assert asked.route(pictured, ()).skill == "describe"
    assert asked.route(Message("user", "what does it say?"), ()).skill != "describe"
    history = (pictured, Message("assistant", "A dog."))
    assert asked.route(Message("user", "why a dog?"), history).skill == "describe"
