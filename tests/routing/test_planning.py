"""Plans: split where each part asks for something, left whole where it does not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.core.plans import Step
from assistant.core.skills import SkillCard
from assistant.routing.planning.clauses import separations
from assistant.routing.planning.planner import Planner
from assistant.routing.planning.requests import trailing_language
from skills.describe_card import CARD as DESCRIBE
from skills.generate import CARD as GENERATE
from skills.qa_card import CARD as QA
from skills.reading.card import CARD as READ
from skills.summarise_card import CARD as SUMMARISE
from skills.translate import CARD as TRANSLATE

COUNT = SkillCard(
    "count",
    "",
    frozenset({"text"}),
    frozenset({"text"}),
    {"en": ("count the words", "how many"), "zh": ("统计字数",)},
)
CARDS = {card.name: card for card in (DESCRIBE, READ, GENERATE, QA, SUMMARISE, TRANSLATE, COUNT)}


def steps(
    text: str, *, image: bool = False, attached: str = "", scores: Mapping[str, float] | None = None
) -> tuple[Step, ...]:
    """The steps of a message; `scores` is what the classifier says, None that it is not ready."""
    attachments = (ImageAttachment("a.png"),) if image else ()
    texts = (TextAttachment("a", attached),) if attached else ()
    route = Planner(CARDS, lambda _: scores).plan(Message("user", text, attachments + texts))
    return () if route is None or route.plan is None else route.plan.steps


def chain(text: str, *, image: bool = False) -> str:
    return ">".join(step.skill for step in steps(text, image=image))


@pytest.mark.parametrize(
    ("text", "image", "wanted"),
    [
        ("describe this picture and put it into Portuguese", True, "describe>translate"),
        ("summarise report.pdf and translate it into Portuguese", False, "summarise>translate"),
        ("translate this to English, then write a short reply", False, "translate>generate"),
        ("what does my contract say about notice, in Portuguese", False, "qa>translate"),
        ("read the picture and summarise", True, "describe>summarise"),
        ("transcribe this page and translate it into Portuguese", True, "read>translate"),
        ("把图里的字抄下来，然后翻译成葡萄牙语", True, "read>translate"),
        ("找出合同里的付款条款并翻译成葡萄牙语", False, "qa>translate"),
        ("用三句话总结附件，然后翻译成英语", False, "summarise>translate"),
        ("resume este texto y tradúcelo al inglés", False, "summarise>translate"),
        ("resuma o texto e traduza para o inglês", False, "summarise>translate"),
        ("fasse den Brief zusammen und übersetze ihn ins Englische", False, "summarise>translate"),
        ("résume la lettre puis traduis-la en anglais", False, "summarise>translate"),
        ("find the fees in my contract to translate them into French", False, "qa>translate"),
        ("summarise this and count the words", False, "summarise>count"),
        ("总结附件，然后统计字数", False, "summarise>count"),
    ],
)
def test_several_requests_are_several_steps(text: str, image: bool, wanted: str) -> None:
    assert chain(text, image=image) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "translate 'fish and chips' into Spanish",
        "translate “summarise it and translate it into German” into French",
        "translate I came home and write a letter into French",
        "write about love and war",
        "compare A and B",
        "write a poem in French",
        "summarise the pros and cons of nuclear power",
        "translate into French: I came home. Write a letter and summarise it.",
        "translate into French\nI came home.\nWrite a letter and summarise it.",
        "how do I translate a text and summarise it",
        "把下面的话译成英文：他先看了图片，然后写总结",
        "what do my notes say about verbs in Spanish",
        "tell me how to say 'good night', in Italian",
        "",
        "and then",
        "，然后，",
    ],
)
def test_one_request_stays_one_step(text: str) -> None:
    assert steps(text) == ()


def test_each_step_has_its_own_words_and_languages() -> None:
    first, second = steps("Please summarise this, and then translate it into German.")
    assert (first.text, first.input) == ("Please summarise this", "message")
    assert (second.text, second.input) == ("translate it into German.", "previous")
    assert second.params.target == "de"
    assert second.params.payload is None


def test_text_after_a_colon_or_on_the_next_lines_is_the_first_steps() -> None:
    for gap in (": ", ":\n", "\n\n"):
        first, _ = steps(f"summarise and translate into German{gap}It rains. And then it snows.")
        assert first.params.payload == "It rains. And then it snows."


def test_a_skill_that_writes_reads_the_text_after_its_instruction() -> None:
    first, _ = steps("write a reply and translate it into German: Dear all, come at nine.")
    assert first.skill == "generate"
    assert first.text.endswith("Dear all, come at nine.")
    assert first.params.payload is None


def test_lines_that_are_all_requests_are_a_list_of_them() -> None:
    assert chain("1. summarise this letter\n2. translate it into German") in (
        "summarise>translate",
        "",
    )
    assert chain("- summarise this letter\n- translate it into German") == "summarise>translate"


def test_quoted_words_in_a_later_part_are_its_own() -> None:
    _, second = steps("summarise this letter and translate 'good night' into German")
    assert (second.input, second.params.payload) == ("message", "good night")


def test_a_text_translated_on_and_on_is_two_steps() -> None:
    there, back = steps("translate this into Portuguese and then back into English")
    assert (there.params.target, back.params.target) == ("pt", "en")


def test_what_is_asked_in_a_language_is_translated_unless_it_is_in_it_already() -> None:
    french = "Le conseil s'est réuni lundi. Il a voté pour le nouveau pont."
    _, second = steps("summarise this in English", attached=french)
    assert (second.skill, second.params.target, second.params.source) == ("translate", "en", "fr")
    assert steps("summarise this in French", attached=french) == ()


def test_a_skill_of_few_languages_speaks_one_that_can_be_translated() -> None:
    look, put = steps("描述这张图片并翻译成葡萄牙语", image=True)
    assert (look.params.target, put.params.source) == ("en", "en")
    look, _ = steps("describe this picture and put it into Chinese", image=True)
    assert look.params.target == "zh"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("translate this into English", "read>translate"),
        ("把图片里的文字翻译成英语", "read>translate"),
        ("translate the text in this picture into English", "read>translate"),
        ("traduce el texto de la foto al inglés", "read>translate"),
        ("traduza o texto da imagem para o inglês", "read>translate"),
        ("übersetze den Text auf dem Bild ins Englische", "read>translate"),
        ("traduis le texte de la photo en anglais", "read>translate"),
        ("translate the menu into Spanish, please", "read>translate"),
        ("summarise this", "read>summarise"),
        ("translate this into English and summarise it", "read>translate>summarise"),
        ("translate the weather is fine today into German", ""),
        ("translate 'good night' into German", ""),
        ("translate good night into German", ""),
        ("summarise report.pdf", ""),
    ],
)
def test_what_is_asked_of_a_picture_alone_begins_with_reading_it(text: str, wanted: str) -> None:
    assert chain(text, image=True) == wanted


def test_how_a_skill_for_images_begins_in_chinese_opens_nothing_else() -> None:
    cuts = SkillCard(
        "cut",
        "",
        frozenset({"image"}),
        frozenset({"image"}),
        {"zh": ("把图里的狗抠出来", "抠图")},
    )
    message = Message("user", "把图片里的文字翻译成法语", (ImageAttachment("a.png"),))
    route = Planner({**CARDS, "cut": cuts}, lambda _: None).plan(message)
    assert route is not None
    assert route.chain == ("read", "translate")


def test_without_a_skill_that_reads_the_one_that_describes_does() -> None:
    cards = {name: card for name, card in CARDS.items() if name != "read"}
    message = Message("user", "translate this into English", (ImageAttachment("a.png"),))
    route = Planner(cards, lambda _: None).plan(message)
    assert route is not None
    assert route.chain == ("describe", "translate")


def test_neighbours_for_one_skill_are_one_request() -> None:
    assert chain("write a joke and tell a story about it") == ""
    assert chain("write a joke, then explain it and translate it into German") == (
        "generate>translate"
    )


def test_too_many_steps_are_planned_for_the_check_to_refuse() -> None:
    text = (
        "summarise this, translate it into German, write a reply, summarise it, then translate it"
    )
    assert len(steps(text + " into French")) == 5


def test_a_first_part_in_any_words_is_left_to_the_classifier() -> None:
    text = "any thoughts on my garden this year? translate them into German"
    assert steps(text, scores={"generate": 0.9, "qa": 0.1}) != ()
    assert steps(text, scores={"generate": 0.4, "qa": 0.3}) == ()


@pytest.mark.parametrize("text", ["cette phrase en coréen, merci", "this in French: it rains"])
def test_a_few_words_and_a_language_are_one_request(text: str) -> None:
    assert steps(text, scores={"summarise": 0.9, "translate": 0.1}) == ()


def test_the_classifier_may_know_better_what_is_looked_for() -> None:
    text = "find a good name for a notes app and translate it into German"
    scores = {"generate": 0.95, "qa": 0.02, "translate": 0.03}
    assert [s.skill for s in steps(text, scores=scores)] != ["qa", "translate"]


def test_the_score_of_a_plan_is_that_of_its_least_sure_part() -> None:
    planner = Planner(CARDS, lambda _: {"summarise": 0.99})
    route = planner.plan(Message("user", "summarise this and translate it into German"))
    assert route is not None
    assert route.score == 0.9
    assert route.chain == ("summarise", "translate")


@pytest.mark.parametrize(
    "text", ["and " * 3000, "a, " * 5000, "然后" * 4000, "'" * 999, ":\n" * 400]
)
def test_hostile_messages_are_planned_at_once(text: str) -> None:
    assert steps(text) == ()


@pytest.mark.parametrize(
    ("text", "loose", "wanted"),
    [
        ("what is due, in Spanish?", False, ("es", "what is due")),
        ("what is due in Spanish", False, None),
        ("what is due in Spanish please", False, ("es", "what is due")),
        ("summarise this in Spanish", True, ("es", "summarise this")),
        ("用英语总结这份报告", True, ("en", "总结这份报告")),
        ("fasse das auf Englisch zusammen", True, ("en", "fasse das zusammen")),
        ("the Spanish flu", True, None),
        ("in Spanish", True, None),
    ],
)
def test_a_language_at_the_end_is_told_from_one_spoken_of(
    text: str, loose: bool, wanted: tuple[str, str] | None
) -> None:
    assert trailing_language(text, loose) == wanted


def test_a_message_is_separated_at_its_first_colon_first() -> None:
    tasks = list(separations("do this: that: more"))
    assert [(t.text, t.material) for t in tasks] == [
        ("do this", "that: more"),
        ("do this: that", "more"),
        ("do this: that: more", None),
    ]
