"""The segment skill: outlines, areas, cut-outs, and what it says it can't."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from assistant.core.errors import ModelMissingError, UsageError
from tests.skills.describing import ask, notices, said
from tests.skills.finding import (
    FakeDetector,
    FakeForeground,
    FakeOutliner,
    FakeSegmenter,
    eyes,
    segment_skill,
)
from tests.skills.test_detect import pictures


class TestCutOuts:
    def test_the_background_is_made_transparent(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, foreground=FakeForeground())
        events = list(skill.run(ask("remove the background", "a.jpg")))
        assert "**25%** of the image is kept" in said(events)
        assert str(tmp_path / "a-cutout.png") in said(events)
        (path,) = pictures(events)
        with Image.open(path) as image:
            assert (image.mode, image.size) == ("RGBA", (10, 30))

    def test_so_it_is_in_chinese(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, foreground=FakeForeground())
        assert "占画面的 **25%**" in said(list(skill.run(ask("去掉背景", "a.jpg"))))

    def test_a_thing_named_is_cut_out_by_its_region(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, FakeSegmenter(), foreground=FakeForeground())
        (path,) = pictures(list(skill.run(ask("cut out the dog", "a.jpg"))))
        with Image.open(path) as image:
            assert image.size == (20, 15)

    def test_or_by_the_outline_of_its_box(self, tmp_path: Path) -> None:
        skill = segment_skill(
            tmp_path, None, FakeOutliner(), FakeForeground(), eyes(FakeDetector())
        )
        events = list(skill.run(ask("cut out the cat", "a.jpg")))
        with Image.open(pictures(events)[0]) as image:
            assert image.size == (10, 10)
        assert "fake-detector, fake-outliner" in said(events)

    def test_else_by_what_stands_out_which_is_said(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, foreground=FakeForeground())
        events = list(skill.run(ask("把人抠出来", "a.jpg")))
        assert "人" in notices(events)[0].text
        assert "assistant models pull fixed-model outline-model" in notices(events)[0].hint
        assert len(pictures(events)) == 1

    def test_nothing_in_front_is_said_and_nothing_saved(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, foreground=FakeForeground(share=0.0))
        events = list(skill.run(ask("remove the background", "a.jpg")))
        assert "nothing that stands out" in said(events)
        assert list(tmp_path.iterdir()) == []

    def test_without_any_model_the_error_names_the_one_to_pull(self, tmp_path: Path) -> None:
        with pytest.raises(ModelMissingError) as caught:
            list(segment_skill(tmp_path).run(ask("remove the background", "a.jpg")))
        assert "assistant models pull foreground-model" in caught.value.hint


class TestAreas:
    def test_the_share_of_a_kind_is_told(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, FakeSegmenter())
        events = list(skill.run(ask("how much of the photo is sky?", "a.jpg")))
        assert said(events).startswith("Sky covers **50%** of the image.")
        assert "dog" not in said(events)

    def test_all_kinds_are_told_the_largest_first(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, FakeSegmenter())
        events = list(skill.run(ask("segment this image", "a.jpg")))
        assert "Sky covers **50%** of the image, dog covers **25%**" in said(events)
        assert "| 2 | dog | 80% | 25% |" in said(events)
        assert pictures(events) == [tmp_path / "a-regions.png"]

    def test_they_are_told_in_chinese(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, FakeSegmenter())
        assert "天空占 **50%**" in said(list(skill.run(ask("天空占多大面积？", "a.jpg"))))

    def test_an_unknown_kind_names_what_would_outline_it(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, FakeSegmenter())
        with pytest.raises(ModelMissingError, match="penguin") as caught:
            list(skill.run(ask("outline the penguin", "a.jpg")))
        assert "any-model outline-model" in caught.value.hint

    def test_without_a_segmenter_the_foreground_is_told_from_the_rest(self, tmp_path: Path) -> None:
        skill = segment_skill(tmp_path, foreground=FakeForeground())
        events = list(skill.run(ask("segment this image", "a.jpg")))
        assert "The foreground covers **25%** of the image." in said(events)
        assert "regions-model" in notices(events)[0].hint

    def test_faces_do_not_stand_in_for_the_outline_of_people(self, tmp_path: Path) -> None:
        faces = FakeDetector(name="faces", labels=("face",))
        skill = segment_skill(tmp_path, None, FakeOutliner(), None, eyes(faces=faces))
        with pytest.raises(ModelMissingError):
            list(skill.run(ask("outline the people", "a.jpg")))


def test_without_an_image_there_is_an_obstacle(tmp_path: Path) -> None:
    skill = segment_skill(tmp_path, foreground=FakeForeground())
    assert isinstance(skill.obstacle(ask("remove the background")), UsageError)
    assert skill.obstacle(ask("remove the background", "a.jpg")) is None
