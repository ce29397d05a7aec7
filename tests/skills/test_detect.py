"""The detect skill: what it looks with, what it says, and what it says it can't."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from assistant.core.errors import DocumentError, ModelMissingError, UsageError
from assistant.core.events import Carried, Event, Labelled, Picture
from assistant.core.messages import ImageAttachment, Message
from assistant.core.pictures import Detection
from assistant.core.skills import Params, SkillRequest
from tests.skills.describing import ask, notices, said
from tests.skills.finding import (
    CAT,
    FACES,
    FakeDetector,
    FakeOpenDetector,
    FakeTranslator,
    detect_skill,
    eyes,
    missing_labeler,
)


def pictures(events: Sequence[Event]) -> list[Path]:
    return [Path(event.path) for event in events if isinstance(event, Picture)]


class TestWithADetector:
    def test_what_was_asked_for_is_counted_in_words(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("how many dogs are there?", "a.jpg")))
        assert said(events).startswith("I see **two dogs**.")
        assert "cat" not in said(events)
        assert "*Found by fake-detector*" in said(events)

    def test_everything_is_told_where_nothing_was_named(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        assert "**two dogs** and **one cat**" in said(
            list(skill.run(ask("detect the objects", "a.jpg")))
        )

    def test_a_group_is_counted_by_its_kinds(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("how many animals are there?", "a.jpg")))
        assert "**two dogs** and **one cat**" in said(events)

    def test_chinese_is_answered_in_chinese(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("图里有几只狗和几个人？", "a.jpg")))
        assert "图里有 **2** 只狗" in said(events)
        assert "没有找到人" in said(events)
        assert "| 1 | 狗 | 90% |" in said(events)

    def test_what_is_not_there_is_said(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("find the cars", "a.jpg")))
        assert "I find no cars." in said(events)
        assert pictures(events) == [Path("a.jpg")]
        assert list(tmp_path.iterdir()) == []

    def test_places_are_in_pixels_of_the_file(self, tmp_path: Path) -> None:
        # the file has 400 × 300 pixels, of which 40 × 30 were seen
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("where is the cat?", "a.jpg")))
        assert "| 1 | cat | 80% | 10, 20 | 100 × 100 |" in said(events)

    def test_a_marked_copy_is_kept_and_shown(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        (path,) = pictures(list(skill.run(ask("find the cat", "photos/a.jpg"))))
        assert path == tmp_path / "a-boxes.png"
        with Image.open(path) as image:
            colours = image.convert("RGB").getcolors()
        assert colours is not None
        assert len(colours) > 1

    def test_labels_of_a_flag_are_what_is_looked_for(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("", "a.jpg", labels=("cat",))))
        assert "**one cat**" in said(events)
        assert "dog" not in said(events)

    def test_a_following_step_gets_the_sentence_alone(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("how many cats?", "a.jpg")))
        assert [e.text for e in events if isinstance(e, Carried)] == ["I see **one cat**."]

    def test_the_threshold_of_the_settings_reaches_the_detector(self, tmp_path: Path) -> None:
        detector = FakeDetector()
        list(detect_skill(tmp_path, eyes(detector, threshold=0.7)).run(ask("cats?", "a.jpg")))
        assert detector.thresholds == [0.7]

    def test_what_a_fixed_list_cannot_tell_apart_is_said(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("find the red car", "a.jpg")))
        assert "red car" in notices(events)[0].text

    def test_something_unknown_names_the_model_that_would_know(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("find the penguin", "a.jpg")))
        assert "penguin" in notices(events)[0].text
        assert "any-model" in notices(events)[0].hint


class TestWithAnyWords:
    def test_what_the_fixed_list_lacks_goes_to_the_open_detector(self, tmp_path: Path) -> None:
        open_detector = FakeOpenDetector()
        skill = detect_skill(tmp_path, eyes(FakeDetector(), open_detector))
        assert "**one penguin**" in said(list(skill.run(ask("find the penguins", "a.jpg"))))
        assert open_detector.asked == [("penguin",)]

    def test_what_the_fixed_list_has_does_not(self, tmp_path: Path) -> None:
        open_detector = FakeOpenDetector()
        list(detect_skill(tmp_path, eyes(FakeDetector(), open_detector)).run(ask("cats?", "a.jpg")))
        assert open_detector.asked == []

    def test_a_known_chinese_word_is_asked_for_in_english(self, tmp_path: Path) -> None:
        open_detector = FakeOpenDetector()
        list(detect_skill(tmp_path, eyes(None, open_detector)).run(ask("找出图中的猫", "a.jpg")))
        assert open_detector.asked == [("cat",)]

    def test_an_unknown_one_is_translated(self, tmp_path: Path) -> None:
        open_detector = FakeOpenDetector()
        seen_with = eyes(None, open_detector, translators=(FakeTranslator(),))
        list(detect_skill(tmp_path, seen_with).run(ask("找出图中的企鹅", "a.jpg")))
        assert open_detector.asked == [("penguin",)]

    def test_one_that_can_not_be_translated_is_said(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(None, FakeOpenDetector()))
        events = list(skill.run(ask("找出图中的企鹅", "a.jpg")))
        assert "企鹅" in notices(events)[0].text


class TestWithoutADetector:
    def test_people_are_counted_by_their_faces_and_said_to_be(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(faces=FACES))
        events = list(skill.run(ask("how many people are in this photo?", "a.jpg")))
        assert "I see **2 faces**, so there are at least 2 people." in said(events)
        assert "turn away" in notices(events)[0].text
        assert "assistant models pull fixed-model" in notices(events)[0].hint

    def test_so_they_are_in_chinese(self, tmp_path: Path) -> None:
        events = list(detect_skill(tmp_path, eyes(faces=FACES)).run(ask("有几个人？", "a.jpg")))
        assert "至少有 2 个人" in said(events)

    def test_faces_are_found_by_the_face_detector(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector(), faces=FACES))
        events = list(skill.run(ask("find all faces", "a.jpg")))
        assert "**two faces**" in said(events)
        assert "fake-faces" in said(events)

    def test_else_the_image_as_a_whole_is_labelled_and_the_model_to_pull_named(
        self, tmp_path: Path
    ) -> None:
        skill = detect_skill(tmp_path, eyes(faces=FACES))
        events = list(skill.run(ask("find the dogs", "a.jpg")))
        assert "can't count or mark" in said(events)
        assert "tabby cat (62%)" in said(events)
        assert any(isinstance(event, Labelled) for event in events)
        assert "assistant models pull fixed-model" in notices(events)[0].hint

    def test_in_chinese_what_is_seen_has_its_chinese_name(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(faces=FACES))
        events = list(skill.run(ask("框出狗", "a.jpg", "b.jpg")))
        assert "虎斑猫（62%）" in said(events)
        assert said(events).startswith("`a.jpg`\n\n")

    def test_with_no_model_at_all_the_error_names_the_one_to_pull(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(), missing_labeler)
        with pytest.raises(ModelMissingError) as caught:
            list(skill.run(ask("find the dogs", "a.jpg")))
        assert "assistant models pull fixed-model" in caught.value.hint


class TestImages:
    def test_several_are_told_one_by_one(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("count the cats", "a.jpg", "b.jpg")))
        assert said(events).count("**one cat**") == 2
        assert said(events).startswith("`a.jpg`\n\n")
        assert "`b.jpg`" in said(events)
        assert len(pictures(events)) == 2

    def test_one_that_can_not_be_opened_is_told_and_the_others_are_looked_at(
        self, tmp_path: Path
    ) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        events = list(skill.run(ask("count the cats", "missing.jpg", "b.jpg")))
        assert "missing.jpg" in notices(events)[0].text
        assert said(events).count("**one cat**") == 1

    def test_none_that_can_be_opened_is_an_error(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        with pytest.raises(DocumentError):
            list(skill.run(ask("count the cats", "missing.jpg")))
        with pytest.raises(DocumentError, match="None of the 2"):
            list(skill.run(ask("count the cats", "missing.jpg", "missing2.jpg")))

    def test_those_of_an_earlier_message_are_looked_at_again(self, tmp_path: Path) -> None:
        before = (Message("user", "look", (ImageAttachment("old.jpg"),)),)
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        (path,) = pictures(list(skill.run(ask("count the cats", history=before))))
        assert path.name == "old-boxes.png"

    def test_without_any_there_is_an_obstacle(self, tmp_path: Path) -> None:
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        assert isinstance(skill.obstacle(ask("count the cats")), UsageError)
        assert skill.obstacle(ask("count the cats", "a.jpg")) is None
        with pytest.raises(UsageError):
            list(skill.run(ask("count the cats")))

    def test_cancelling_stops_before_the_next_image(self, tmp_path: Path) -> None:
        message = Message("user", "cats?", tuple(ImageAttachment(f"{n}.jpg") for n in range(5)))
        answers = iter([False, False, True])
        request = SkillRequest(message, (), Params(), lambda: next(answers))
        skill = detect_skill(tmp_path, eyes(FakeDetector()))
        assert len(pictures(list(skill.run(request)))) == 1

    def test_a_full_folder_still_gives_the_answer(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        skill = detect_skill(tmp_path / "file", eyes(FakeDetector()))
        events = list(skill.run(ask("count the cats", "a.jpg")))
        assert "**one cat**" in said(events)
        assert "can't be saved" in notices(events)[0].text


def test_a_label_of_a_model_can_not_break_the_table(tmp_path: Path) -> None:
    odd = FakeDetector((Detection("a|b*`\x1b[31m\n", 0.9, CAT),), labels=("a|b",))
    skill = detect_skill(tmp_path, eyes(odd))
    text = said(list(skill.run(ask("detect objects", "a.jpg"))))
    assert "\x1b" not in text
    (row,) = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert row.count("|") == 6
