"""What in an image speaks for a label, shown and said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.core.events import Labelled, Picture
from assistant.core.heat import Heat
from assistant.core.messages import ImageAttachment, Message
from assistant.core.skills import Params, SkillRequest
from assistant.files.heat_overlay import with_heat
from assistant.language.image_questions import why_asked
from tests.skills.describing import FakeEncoder, ask, notices, said, skill


@pytest.mark.parametrize(
    ("message", "label"),
    [
        ("why?", ""),
        ("why cat?", "cat"),
        ("Why do you think this is a dog?", "dog"),
        ("what makes it look like a bird?", "bird"),
        ("show me where", ""),
        ("show me where the dog is", "dog"),
        ("heat map for the dog", "dog"),
        ("为什么？", ""),
        ("为什么是猫？", "猫"),
        ("哪里像狗？", "狗"),
        ("标出狗在哪", "狗"),
        ("猫的热图", "猫"),
        ("¿por qué es un perro?", "perro"),
        ("por que é um cachorro?", "cachorro"),
        ("warum ist das ein Hund?", "Hund"),
        ("pourquoi un chat ?", "chat"),
        ("what is this?", None),
        ("is it a dog or a cat?", None),
        ("这是什么？", None),
        ("what does the sign say?", None),
    ],
)
def test_who_asks_for_a_reason_is_understood(message: str, label: str | None) -> None:
    assert why_asked(message) == label


def test_the_reason_is_a_picture_of_its_own_and_a_place_in_words(tmp_path: Path) -> None:
    before = Message("user", "what is this?", (ImageAttachment("a.jpg"),))
    events = list(skill(folder=tmp_path).run(ask("why?", history=(before,))))
    (picture,) = [e for e in events if isinstance(e, Picture)]
    assert Path(picture.path).parent == tmp_path
    with Image.open(picture.path) as drawn:
        assert drawn.size == (40, 30)
    assert picture.caption == "a.jpg: what speaks for “tabby cat”"
    assert said(events) == (
        "What speaks most for “tabby cat” (62%) lies in the bottom right of the image: the bright "
        "parts of the picture.\n\n*Mapped by fake-labeler*"
    )


def test_the_reason_is_told_in_chinese(tmp_path: Path) -> None:
    events = list(skill(folder=tmp_path).run(ask("为什么是猫？", "a.jpg")))
    assert "最支持“猫”（100%）的部分在图片的右下方" in said(events)
    assert "热图：fake-labeler" in said(events)


def test_a_label_of_ones_own_is_explained_by_the_classes_it_covers(tmp_path: Path) -> None:
    events = list(skill(folder=tmp_path).run(ask("why cat?", "a.jpg")))
    (labelled,) = [e for e in events if isinstance(e, Labelled)]
    assert labelled.labels[0].label == "cat"
    assert "“cat” (100%)" in said(events)


def test_what_was_not_seen_has_no_reason(tmp_path: Path) -> None:
    events = list(skill(folder=tmp_path).run(ask("why a violin?", "a.jpg")))
    (notice,) = notices(events)
    assert notice.text == "Nothing the model fake-labeler saw is of the kind “violin”."
    assert "assistant models pull clip-of-the-settings" in notice.hint
    assert [Path(e.path) for e in events if isinstance(e, Picture)] == [Path("a.jpg")]


def test_with_an_encoder_it_is_asked_in_any_words(tmp_path: Path) -> None:
    events = list(skill(clip=FakeEncoder(), folder=tmp_path).run(ask("why a fox?", "a.jpg")))
    assert "“fox”" in said(events)
    assert "the top left" in said(events)
    assert "*Mapped by fake-clip*" in said(events)


def test_a_parameter_asks_too(tmp_path: Path) -> None:
    message = Message("user", "", (ImageAttachment("a.jpg"),))
    request = SkillRequest(message, (), Params(why=""), lambda: False)
    assert "speaks most for “tabby cat”" in said(list(skill(folder=tmp_path).run(request)))


def test_a_folder_that_takes_no_picture_is_told_and_the_words_come_all_the_same(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    events = list(skill(folder=blocked).run(ask("why?", "a.jpg")))
    assert "can't be saved" in notices(events)[0].text
    assert "the bottom right" in said(events)


def test_the_focus_is_where_the_evidence_lies() -> None:
    heat = Heat(np.array([[-5, 0], [0, 2]], np.float32), (10, 20, 30, 40))
    assert heat.focus == (25, 35)


def test_where_nothing_speaks_for_a_label_there_is_no_focus() -> None:
    assert Heat(np.array([[-1]], np.float32), (0, 0, 9, 9)).focus is None


def test_the_map_glows_where_the_evidence_is_and_only_inside_its_box() -> None:
    grey = np.full((40, 80, 3), 100, np.uint8)
    drawn = with_heat(grey, Heat(np.array([[0, 0], [0, 3]], np.float32), (20, 0, 60, 40)))
    assert drawn.shape == grey.shape
    assert drawn[39, 59].astype(int).sum() > grey[39, 59].astype(int).sum() + 60
    np.testing.assert_array_equal(drawn[:, :19], grey[:, :19])
    np.testing.assert_array_equal(drawn[:, 61:], grey[:, 61:])


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (5000, 3)])
def test_odd_shapes_are_drawn(shape: tuple[int, int]) -> None:
    pixels = np.zeros((*shape, 3), np.uint8)
    heat = Heat(np.ones((9, 9), np.float32), (0, 0, shape[1], shape[0]))
    assert with_heat(pixels, heat).ndim == 3


def test_no_evidence_leaves_the_image_as_it_is_but_greyer() -> None:
    pixels = np.full((8, 8, 3), 50, np.uint8)
    heat = Heat(np.full((2, 2), -1, np.float32), (0, 0, 8, 8))
    np.testing.assert_array_equal(with_heat(pixels, heat), pixels)
