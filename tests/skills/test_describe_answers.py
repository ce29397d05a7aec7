"""Questions in particular: answered by a model for them, else from what the others tell."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.events import Event, Labelled, TextDelta
from assistant.core.pictures import Box, Detection
from assistant.core.protocols import Pixels
from assistant.core.skills import Cancelled
from skills.describe_answers import needs_answer
from skills.describe_captions import claims
from tests.skills.describing import FakeEncoder, ask, lines, notices, said, skill


@dataclass
class FakeAnswerer:
    name: str = "fake-vqa"
    answers: tuple[Label, ...] = (Label("brown", 0.7), Label("black", 0.2))
    asked: list[str] = field(default_factory=list)

    def answer(
        self, image: Pixels, question: str, cancelled: Cancelled
    ) -> Generator[str, None, tuple[Label, ...]]:
        self.asked.append(question)
        yield from ()
        return self.answers


@dataclass
class FakeWriter:
    """Writes its answer word by word."""

    text: str = "A dog sleeps. It lies on a sofa."
    name: str = "fake-vlm"
    score: float = 0.7

    def answer(
        self, image: Pixels, question: str, cancelled: Cancelled
    ) -> Generator[str, None, tuple[Label, ...]]:
        for number, word in enumerate(self.text.split(" ")):
            if cancelled():
                return ()
            yield f" {word}" if number else word
        return (Label(self.text, self.score),)


@dataclass
class FakeTranslator:
    name: str = "fake-translator"
    pairs: frozenset[tuple[str, str]] = frozenset({("zh", "en"), ("en", "zh")})

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return [f"{target}:{sentence}" for sentence in sentences]


@dataclass
class FakeDetector:
    """Finds in every image what it was made with."""

    found: tuple[str, ...]
    name: str = "fake-detector"

    @property
    def labels(self) -> tuple[str, ...]:
        return ("person", "dog", "cat", "face")

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        for _ in images:
            yield tuple(Detection(label, 0.9, Box(0, 0, 1, 1)) for label in self.found)


@dataclass
class FakeCaptioner:
    name: str = "fake-captioner"
    text: str = "a dog on a red sofa"

    def caption(self, image: Pixels, cancelled: Cancelled) -> Generator[str, None, None]:
        for number, word in enumerate(self.text.split(" ")):
            if cancelled():
                return
            yield f" {word}" if number else word


class BrokenCaptioner(FakeCaptioner):
    def caption(self, image: Pixels, cancelled: Cancelled) -> Generator[str, None, None]:
        yield from ()
        raise ModelError("The captioner is broken.", "Pull it again.")


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("what colour is the dog?", True),
        ("is there a dog?", True),
        ("how many people are there?", True),
        ("what is the man doing?", True),
        ("狗是什么颜色？", True),
        ("有几个人？", True),
        ("what is this?", False),
        ("describe this picture", False),
        ("what breed is this dog?", False),
        ("what animal is in this image?", False),
        ("这是什么？", False),
        ("图里有什么？", False),
        ("", False),
    ],
)
def test_only_a_question_in_particular_needs_an_answer(text: str, needed: bool) -> None:
    assert needs_answer(text) is needed


def test_a_model_for_questions_answers_and_is_named() -> None:
    model = FakeAnswerer()
    events = list(skill(answerer=model).run(ask("what colour is the dog?", "a.jpg")))
    assert said(events).startswith("Brown (70%).\n\nMost likely a tabby")
    assert "*Answered by fake-vqa, named by fake-labeler*" in said(events)
    assert Labelled(model.answers, "fake-vqa") in events
    assert notices(events) == []


def test_an_answer_the_model_is_unsure_of_is_a_guess() -> None:
    model = FakeAnswerer(answers=(Label("two", 0.2),))
    answer = said(list(skill(answerer=model).run(ask("what is the man doing?", "a.jpg"))))
    assert answer.startswith("Two (20%, a guess).")


def test_a_chinese_question_is_translated_there_and_back() -> None:
    model = FakeAnswerer()
    describing = skill(answerer=model, translators=(FakeTranslator(),))
    answer = said(list(describing.run(ask("狗是什么颜色？", "a.jpg"))))
    assert model.asked == ["en:狗是什么颜色？"]
    assert answer.startswith("zh:brown（70%）。")


def test_what_a_model_writes_is_told_as_it_is_written() -> None:
    events = list(skill(answerer=FakeWriter()).run(ask("what is the dog doing?", "a.jpg")))
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert deltas[:3] == ["A", " dog", " sleeps."]
    assert said(events).startswith("A dog sleeps. It lies on a sofa. (70%)\n\nMost likely a tabby")
    assert Labelled((Label("A dog sleeps. It lies on a sofa.", 0.7),), "fake-vlm") in events


def test_what_a_model_writes_is_translated_a_sentence_at_a_time() -> None:
    describing = skill(answerer=FakeWriter(), translators=(FakeTranslator(),))
    events = list(describing.run(ask("狗在做什么？", "a.jpg")))
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert deltas[:3] == ["zh:A dog sleeps.", "zh:It lies on a sofa.", "（70%）"]


def test_a_caption_is_told_as_it_is_written() -> None:
    events = list(skill(captioner=FakeCaptioner()).run(ask("what is this?", "a.jpg")))
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert deltas[:3] == ["fake-captioner says: “a", " dog", " on"]


@pytest.mark.parametrize(
    ("question", "part"), [("what is the dog doing?", "answer"), ("what is this?", "caption")]
)
def test_cancelling_in_the_midst_keeps_what_was_written_and_adds_nothing(
    question: str, part: str
) -> None:
    describing = skill(answerer=FakeWriter(), captioner=FakeCaptioner(), text=lines("EXIT"))
    events: list[Event] = []

    def enough() -> bool:
        return sum(isinstance(event, TextDelta) for event in events) >= 2

    for event in describing.run(replace(ask(question, "a.jpg"), cancelled=enough)):
        events += [event]
    expected = {"answer": "A dog", "caption": "fake-captioner says: “a dog…”"}
    assert said(events) == expected[part]


def test_without_a_translator_a_chinese_question_goes_as_it_is_and_that_is_said() -> None:
    model = FakeAnswerer()
    events = list(skill(answerer=model).run(ask("狗是什么颜色？", "a.jpg")))
    assert model.asked == ["狗是什么颜色？"]
    assert "No translator from Chinese" in notices(events)[0].text


def test_without_such_a_model_that_is_said_with_the_remedy() -> None:
    events = list(skill().run(ask("what is the man doing?", "a.jpg")))
    (notice,) = notices(events)
    assert "no model for questions about images" in notice.text
    assert "assistant models pull vqa-of-the-settings" in notice.hint
    assert "Most likely a tabby cat" in said(events)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("is there a cat?", "Probably yes: “cat” (100%)."),
        ("is there a violin?", "Probably not: what is mainly seen is not “violin” (0%)."),
        ("有猫吗？", "应该有“猫”（100%）。"),
        ("what colour is it?", "The image as a whole is mostly grey."),
        ("how many violins are there?", "Without a detector I can't count them."),
    ],
)
def test_without_such_a_model_labels_and_colours_answer(question: str, answer: str) -> None:
    assert said(list(skill().run(ask(question, "a.jpg")))).startswith(answer)


def test_things_are_counted_by_a_detector() -> None:
    describing = skill(detector=FakeDetector(("dog", "dog", "cat")))
    answer = said(list(describing.run(ask("how many dogs are there?", "a.jpg"))))
    assert answer.startswith("I found 2 “dogs”.")
    assert said(list(describing.run(ask("有几只狗？", "a.jpg")))).startswith("找到 2 个“狗”。")


def test_people_are_counted_by_their_faces_where_there_is_nothing_else() -> None:
    describing = skill(faces=FakeDetector(("face", "face", "face")))
    answer = said(list(describing.run(ask("how many people are there?", "a.jpg"))))
    assert answer.startswith("I found 3 “people”.")


def test_a_description_counts_faces_where_something_finds_them() -> None:
    answer = said(list(skill(faces=FakeDetector(("face",))).run(ask("what is this?", "a.jpg"))))
    assert "1 face in it." in answer
    assert "faces found by fake-detector*" in answer
    assert "face" not in said(list(skill().run(ask("what is this?", "a.jpg"))))


def test_a_question_about_text_is_answered_by_reading() -> None:
    events = list(skill(text=lines("EXIT")).run(ask("what does the sign say?", "a.jpg")))
    assert said(events).startswith("Text in it:\n\n```text\nEXIT")
    assert notices(events) == []


def test_a_caption_comes_first_with_its_model() -> None:
    answer = said(list(skill(captioner=FakeCaptioner()).run(ask("what is this?", "a.jpg"))))
    assert answer.startswith("fake-captioner says: “a dog on a red sofa”.\n\nMost likely a tabby")
    assert "fake-captioner 的说明：“a dog on a red sofa”。" in said(
        list(skill(captioner=FakeCaptioner()).run(ask("这是什么？", "a.jpg")))
    )


def test_what_an_encoder_doubts_in_a_caption_is_marked() -> None:
    describing = skill(captioner=FakeCaptioner(), clip=FakeEncoder(image_shows="dog"))
    answer = said(list(describing.run(ask("what is this?", "a.jpg"))))
    assert "“a dog on a red sofa” (CLIP agrees, 98%)." not in answer
    assert "(CLIP gives it 98% and doubts “a red sofa”)." in answer


def test_a_caption_an_encoder_agrees_with_is_marked_so() -> None:
    describing = skill(captioner=FakeCaptioner(text="a dog"), clip=FakeEncoder(image_shows="dog"))
    assert "“a dog” (CLIP agrees, 98%)." in said(
        list(describing.run(ask("what is this?", "a.jpg")))
    )


def test_a_broken_captioner_is_told_and_the_rest_comes_all_the_same() -> None:
    events = list(skill(captioner=BrokenCaptioner()).run(ask("what is this?", "a.jpg")))
    assert notices(events)[0].text == "The captioner is broken."
    assert "tabby cat" in said(events)


def test_the_claims_of_a_caption_are_its_parts() -> None:
    assert claims("a dog on a red sofa, and a lamp.") == ("a dog", "a red sofa", "a lamp")
    assert claims("") == ()
