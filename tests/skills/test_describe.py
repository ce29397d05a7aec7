"""Looking at images: what is said, in which language, and how sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.core.documents import Label
from assistant.core.errors import DocumentError, UsageError
from assistant.core.events import Event, Labelled, Picture, Progress
from assistant.core.messages import ImageAttachment, Message
from assistant.core.protocols import LoadedImage
from assistant.core.skills import Params, SkillRequest
from skills.describe_card import CARD
from skills.describe_place import asks_for_place
from skills.describe_wording import facts
from tests.files.heic import HEIC
from tests.skills.describing import (
    CAT,
    ask,
    lines,
    missing_model,
    missing_reader,
    notices,
    said,
    skill,
    without,
)


def test_it_says_what_is_most_likely_and_what_is_possible() -> None:
    events = list(skill().run(ask("what is this?", "a.jpg")))
    assert "Most likely a tabby cat (62%), possibly an Egyptian cat (21%).\n" in said(events)


def test_a_chinese_question_gets_a_chinese_answer() -> None:
    answer = said(list(skill().run(ask("这是什么？", "a.jpg"))))
    assert answer.startswith("最可能是虎斑猫（62%），也可能是埃及猫（21%）。")
    assert "JPEG 图片，400×300 像素，主要颜色是灰色。" in answer


@pytest.mark.parametrize(
    ("scores", "english", "chinese"),
    [
        ((0.93, 0.01, 0.01), "Very likely a tabby cat (93%).", "很可能是虎斑猫（93%）。"),
        ((0.40, 0.03, 0.01), "Most likely a tabby cat (40%).", "最可能是虎斑猫（40%）。"),
        (
            (0.30, 0.20, 0.10),
            "Perhaps a tabby cat (30%), or an Egyptian cat (20%) or a tiger cat (10%), "
            "but I'm not sure.",
            "也许是虎斑猫（30%），或者埃及猫（20%）或虎猫（10%），但我不确定。",
        ),
        (
            (0.09, 0.04, 0.02),
            "I can't tell what this shows; the closest guesses are a tabby cat (9%), "
            "an Egyptian cat (4%) and a tiger cat (2%).",
            "我看不出这张图里是什么；最接近的猜测是虎斑猫（9%）、埃及猫（4%）和虎猫（2%）。",
        ),
    ],
)
def test_the_wording_is_as_sure_as_the_model(
    scores: tuple[float, ...], english: str, chinese: str
) -> None:
    labels = tuple(Label(name.label, score) for name, score in zip(CAT, scores, strict=True))
    assert said(list(skill(labels).run(ask("what is this?", "a.jpg")))).startswith(english)
    assert said(list(skill(labels).run(ask("这是什么？", "a.jpg")))).startswith(chinese)


@pytest.mark.parametrize(
    ("label", "phrase"),
    [
        ("broccoli", "Most likely broccoli (50%)."),
        ("unicycle", "Most likely a unicycle (50%)."),
        ("umbrella", "Most likely an umbrella (50%)."),
        ("hourglass", "Most likely an hourglass (50%)."),
        ("iPod", "Most likely an iPod (50%)."),
        ("T-shirt", "Most likely a T-shirt (50%)."),
        ("X-ray image", "Most likely an X-ray image (50%)."),
        ("CD player", "Most likely a CD player (50%)."),
        ("kite", "Most likely a kite (bird of prey, 50%)."),
    ],
)
def test_nouns_get_the_right_article(label: str, phrase: str) -> None:
    labels = (Label(label, 0.5),)
    assert said(list(skill(labels).run(ask("what is this?", "a.jpg")))).startswith(phrase)


def test_labels_and_their_model_are_events_with_the_labels_own_names() -> None:
    events = list(skill().run(ask("what is this?", "a.jpg")))
    (labelled,) = [event for event in events if isinstance(event, Labelled)]
    assert labelled.model == "fake-labeler"
    assert [(x.label, x.score) for x in labelled.labels] == [(x.label, x.score) for x in CAT]
    assert Picture("a.jpg", "a.jpg") in events
    assert "*Named by fake-labeler*" in said(events)


@pytest.mark.parametrize(
    ("question", "shown"),
    [("这是什么？", "恩特布赫山地犬"), ("what is it?", "Entlebucher mountain dog")],
)
def test_labels_bring_their_names_in_the_answers_language(question: str, shown: str) -> None:
    events = list(skill((Label("EntleBucher", 0.9),)).run(ask(question, "a.jpg")))
    (labelled,) = [event for event in events if isinstance(event, Labelled)]
    assert labelled.labels == (Label("EntleBucher", 0.9, shown),)


def test_text_in_the_image_is_quoted_verbatim() -> None:
    events = list(skill(text=lines("**STOP**", "a_b_c")).run(ask("what is this?", "a.jpg")))
    assert "Text in it:\n\n```text\n**STOP**\na_b_c\n```" in said(events)
    assert "*Named by fake-labeler, text read by fake-reader*" in said(events)


def test_text_cannot_break_out_of_its_quotation() -> None:
    answer = said(list(skill(text=lines("```", "# not a heading")).run(ask("what?", "a.jpg"))))
    assert "````text\n```\n# not a heading\n````" in answer


def test_much_text_is_cut_unless_it_was_asked_for() -> None:
    text = lines(*(f"line {i}" for i in range(40)))
    described = said(list(skill(text=text).run(ask("what is this?", "a.jpg"))))
    assert "Text in it (the beginning):" in described
    assert "line 7" in described
    assert "line 8" not in described
    read = said(list(skill(text=text).run(ask("read the text", "a.jpg"))))
    assert "line 39" in read


def test_lines_the_reader_is_unsure_of_are_left_out() -> None:
    answer = said(list(skill(text=lines("OSyC", score=0.6)).run(ask("what is this?", "a.jpg"))))
    assert "OSyC" not in answer
    assert "fake-reader" not in answer


@pytest.mark.parametrize(
    "question",
    [
        "what does it say?",
        "What does the sign in the photo say?",
        "read the text in this image",
        "上面写了什么？",
        "识别图中的文字",
        "图里有什么文字？",
        "¿qué dice el cartel?",
        "o que está escrito aqui?",
        "was steht auf dem Schild?",
        "que dit le panneau ?",
    ],
)
def test_who_asks_for_the_text_gets_it_first(question: str) -> None:
    answer = said(list(skill(text=lines("EXIT")).run(ask(question, "a.jpg"))))
    assert "EXIT" in answer.split("tabby")[0].split("虎斑猫")[0]


@pytest.mark.parametrize("question", ["what is this?", "这张图里有什么？", "what breed is it?"])
def test_who_asks_what_it_is_gets_that_first(question: str) -> None:
    answer = said(list(skill(text=lines("EXIT")).run(ask(question, "a.jpg"))))
    assert "EXIT" not in answer.split("62%")[0]


def test_no_text_is_said_to_be_none_when_it_was_asked_for() -> None:
    assert "I found no text in it." in said(list(skill().run(ask("read the text", "a.jpg"))))
    assert "图里没有找到文字。" in said(list(skill().run(ask("上面写了什么", "a.jpg"))))
    assert "no text" not in said(list(skill().run(ask("what is this?", "a.jpg"))))


def test_text_is_not_looked_for_when_switched_off_unless_asked_for() -> None:
    reading = skill(text=lines("EXIT"), read_text=False)
    assert "EXIT" not in said(list(reading.run(ask("what is this?", "a.jpg"))))
    assert "EXIT" in said(list(reading.run(ask("what does it say?", "a.jpg"))))


def test_an_animation_is_said_to_be_one() -> None:
    answer = said(list(skill(frames=12).run(ask("what is this?", "a.gif"))))
    assert "this is the first of 12 frames" in answer


def test_without_an_image_it_asks_for_one() -> None:
    with pytest.raises(UsageError) as caught:
        list(skill().run(ask("what is this?")))
    assert "-i FILE" in caught.value.hint


def test_a_further_question_is_about_the_image_before() -> None:
    before = Message("user", "what is this?", (ImageAttachment("before.jpg"),))
    history = (before, Message("assistant", "Most likely a tabby cat."))
    events = list(skill().run(ask("and what does it say?", history=history)))
    assert Picture("before.jpg", "before.jpg") in events


def test_one_image_of_several_that_fails_is_a_notice_and_the_others_go_on() -> None:
    events = list(skill().run(ask("what are these?", "a.jpg", "missing.jpg", "c.jpg")))
    assert [n.text for n in notices(events)] == ["There is no file missing.jpg."]
    assert [e.path for e in events if isinstance(e, Picture)] == ["a.jpg", "c.jpg"]
    assert [e.done for e in events if isinstance(e, Progress)] == [0, 1, 2]
    assert "`a.jpg`" in said(events)
    assert "\n\n`c.jpg`" in said(events)


def test_the_only_image_failing_is_a_failure() -> None:
    with pytest.raises(DocumentError, match=r"no file missing\.jpg"):
        list(skill().run(ask("what is this?", "missing.jpg")))


def test_all_images_failing_is_a_failure_that_counts_them() -> None:
    with pytest.raises(DocumentError, match=r"None of the 2 images.*missing1"):
        list(skill().run(ask("what are these?", "missing1.jpg", "missing2.jpg")))


def test_cancelling_stops_before_the_next_image() -> None:
    message = Message("user", "what?", tuple(ImageAttachment(f"{i}.jpg") for i in range(3)))
    events: list[Event] = []
    request = SkillRequest(message, (), Params(), lambda: "Named by" in said(events))
    for event in skill().run(request):
        events += [event]
    assert [e.path for e in events if isinstance(e, Picture)] == ["0.jpg"]


def test_without_the_labeler_the_rest_is_still_told() -> None:
    blind = without("labeler", missing_model)
    events = list(blind.run(ask("what is this?", "a.jpg")))
    (notice,) = notices(events)
    assert "can't be named" in notice.text
    assert notice.hint == "assistant models pull labels"
    assert "EXIT" in said(events)
    assert "400 × 300" in said(events)


def test_without_the_reader_the_image_is_still_named() -> None:
    mute = without("reader", missing_reader)
    events = list(mute.run(ask("what does it say?", "a.jpg")))
    assert "Text in the image can't be read" in notices(events)[0].text
    assert "I found no text" not in said(events)
    assert "tabby cat" in said(events)


def test_the_card_has_enough_examples_in_every_language() -> None:
    assert set(CARD.examples) >= {"en", "zh", "es", "pt", "de", "fr"}
    assert all(len(set(examples)) >= 8 for examples in CARD.examples.values())


def test_where_a_photo_was_taken_is_told_only_to_who_asks(tmp_path: Path) -> None:
    photo = tmp_path / "a.heic"
    photo.write_bytes(HEIC)
    told = said(list(skill().run(ask("where was this photo taken?", str(photo)))))
    assert "The file says it was taken at 38.71000° N, 9.14000° W." in told
    events = str(list(skill().run(ask("what is this?", str(photo)))))
    assert "38.7" not in events.replace(str(tmp_path), "")
    assert "北" not in told
    chinese = said(list(skill().run(ask("这张照片是在哪里拍的？", str(photo)))))
    assert "拍摄地点：38.71000° N，9.14000° W" in chinese


def test_a_photo_that_does_not_say_where_says_that() -> None:
    told = said(list(skill().run(ask("where was this taken?", "a.jpg"))))
    assert "The file does not say where it was taken." in told


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("where was this shot?", True),
        ("what are the GPS coordinates?", True),
        ("拍摄地点在哪", True),
        ("照片在哪儿拍的", True),
        ("¿dónde se tomó esta foto?", True),
        ("onde foi tirada esta foto?", True),
        ("wo wurde das Bild aufgenommen?", True),
        ("où a été prise cette photo ?", True),
        ("where is the cat?", False),
        ("what is this?", False),
        ("猫在哪里？", False),
    ],
)
def test_the_place_is_asked_for_in_words(text: str, asks: bool) -> None:
    assert asks_for_place(text) is asks


def test_the_time_a_photo_was_taken_is_a_fact_of_it() -> None:
    taken = datetime.fromisoformat("2023-02-14T09:30:05")
    image = LoadedImage(Path("a"), np.zeros((1, 1, 3), np.uint8), 4, 3, "HEIF", 1, taken)
    assert facts(image, [], "en").endswith(" Taken 2023-02-14 09:30.")
    assert facts(image, [], "zh").endswith("拍摄于 2023-02-14 09:30。")


def test_text_that_was_not_read_to_its_end_is_not_said_to_be_none() -> None:
    events: list[Event] = []
    request = replace(
        ask("what does it say?", "a.jpg"),
        cancelled=lambda: any(isinstance(event, Picture) for event in events),
    )
    for event in skill().run(request):
        events += [event]
    assert said(events) == ""
