"""The skill that sorts text into labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from assistant.core.documents import Label
from assistant.core.errors import UsageError
from assistant.core.events import Event, Labelled, Notice, TextDelta
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import TextClassifier
from assistant.core.skills import Params, SkillRequest
from skills.classification.card import CARD
from skills.classification.sorting import Sorter
from skills.classification.wording import read_request, split_labels
from skills.classify import ClassifySkill
from tests.fakes import HashingEmbedder


@dataclass
class FixedClassifier:
    """Says good to everything."""

    name: str = "fixed"
    labels: tuple[str, ...] = ("Good", "Bad", "Ugly")

    def classify(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        return [(Label("Good", 0.6), Label("Ugly", 0.3), Label("Bad", 0.1))] * len(texts)


def run(
    text: str,
    labels: tuple[str, ...] = (),
    attached: str = "",
    history: tuple[Message, ...] = (),
    fixed: TextClassifier | None = None,
) -> list[Event]:
    skill = ClassifySkill(
        Sorter(HashingEmbedder, lambda: fixed, 0.15), lambda t: "zh" if "是" in t else "en"
    )
    attachments = (TextAttachment("a.txt", attached),) if attached else ()
    message = Message("user", text, attachments)
    return list(skill.run(SkillRequest(message, history, Params(labels=labels), lambda: False)))


def said(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def ranked(events: Sequence[Event]) -> list[str]:
    (found,) = (event for event in events if isinstance(event, Labelled))
    return [label.label for label in found.labels]


def test_the_label_nearest_to_the_text_is_the_answer() -> None:
    events = run("is this fruit or metal: a sweet fruit")
    assert ranked(events) == ["fruit", "metal"]
    assert said(events).startswith("**fruit**")


def test_where_no_label_fits_it_says_that_it_cannot_tell() -> None:
    assert said(run("is this fruit or metal: something else")).startswith("I can't tell")
    assert said(run("这是水果还是金属：something else")).startswith("无法判断")


def test_the_text_may_be_attached_or_the_turn_before() -> None:
    assert ranked(run("fruit or metal?", attached="heavy metal"))[0] == "metal"
    before = (Message("user", "hi"), Message("assistant", "some metal"))
    assert ranked(run("is this fruit or metal?", history=before))[0] == "metal"


def test_labels_given_by_a_flag_leave_the_message_as_the_text() -> None:
    events = run("a heavy metal, cheap or dear", labels=("fruit", "metal"))
    assert ranked(events) == ["metal", "fruit"]


def test_a_model_with_labels_of_its_own_is_asked_where_it_has_those_wanted() -> None:
    assert ranked(run("classify this: whatever", fixed=FixedClassifier()))[0] == "Good"
    assert ranked(run("good or bad: whatever", fixed=FixedClassifier())) == ["Good", "Bad"]
    events = run("is this fruit or metal: metal", fixed=FixedClassifier())
    assert ranked(events) == ["metal", "fruit"]


def test_scores_of_some_of_the_labels_add_up_to_one() -> None:
    events = run("good or bad: whatever", fixed=FixedClassifier())
    (found,) = (event for event in events if isinstance(event, Labelled))
    assert sum(label.score for label in found.labels) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["classify this: whatever", "classify this as good: whatever"])
def test_without_a_choice_it_asks_for_labels(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(text)
    assert "--labels" in caught.value.hint


def test_without_a_text_it_asks_for_one() -> None:
    with pytest.raises(UsageError, match="no text"):
        run("is this fruit or metal?")


def test_too_many_labels_are_said_to_be_too_many() -> None:
    events = run("metal", labels=tuple(f"label {i}" for i in range(300)))
    assert "first 200" in next(event.text for event in events if isinstance(event, Notice))


def test_a_label_cannot_write_markdown() -> None:
    assert said(run("a b", labels=("a**b", "zzz"))).startswith("**a\\*\\*b**")


@pytest.mark.parametrize(
    ("message", "labels", "text"),
    [
        ("is this review positive or negative: bad", ("positive", "negative"), "bad"),
        (
            "classify this as sports, politics or art:\nthe match",
            ("sports", "politics", "art"),
            "the match",
        ),
        ("labels: a, b, c\nthe text", ("a", "b", "c"), "the text"),
        ("is the following email spam or not spam?\nhello", ("spam", "not spam"), "hello"),
        ("is this email spam or not: hello", ("spam", "not spam"), "hello"),
        ("positive or negative? I love it", ("positive", "negative"), "I love it"),
        ("classify into a, b and c: at 3:20 we go", ("a", "b", "c"), "at 3:20 we go"),
        ("good or bad: https://example.com", ("good", "bad"), "https://example.com"),
        ("这条评论是正面还是负面：很好", ("正面", "负面"), "很好"),
        ("判断这句话的情感：积极、消极还是中性\n很好", ("积极", "消极", "中性"), "很好"),
        ("下面这封邮件是不是垃圾邮件？你好", ("垃圾邮件", "不是垃圾邮件"), "你好"),
        ("¿es esta reseña positiva o negativa?: mala", ("positiva", "negativa"), "mala"),
        (
            "classifique como esporte, política ou arte: o jogo",
            ("esporte", "política", "arte"),
            "o jogo",
        ),
        ("ist diese E-Mail Spam oder nicht: hallo", ("Spam", "nicht Spam"), "hallo"),
        ("cet avis est-il positif ou négatif : nul", ("positif", "négatif"), "nul"),
        ("classify this: the text", (), "the text"),
        ("", (), ""),
    ],
)
def test_labels_and_text_are_read_in_six_languages(
    message: str, labels: tuple[str, ...], text: str
) -> None:
    asked = read_request(message)
    assert (asked.labels, asked.text) == (labels, text)


def test_every_example_of_the_card_names_its_labels() -> None:
    for examples in CARD.examples.values():
        for example in examples:
            assert len(read_request(example).labels) >= 2, example


def test_labels_of_a_flag_are_taken_as_they_are() -> None:
    assert split_labels(" good , not bad,good") == ("good", "not bad")
    assert split_labels("") == ()
