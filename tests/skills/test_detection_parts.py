"""What detect and segment read from messages, what things are called, and what is written out."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assistant.core.pictures import Box, Detection, Region
from skills.detection.exporting import Seen, as_coco, as_json, from_run_lengths, run_lengths
from skills.detection.names import canonical, in_chinese, known_name, plural, singular
from skills.detection.wording import MOST_LABELS, read_asked, tidy
from skills.segmentation.telling import covered, percent, shares_of
from skills.segmentation.wording import read_wish


@pytest.mark.parametrize(
    ("text", "aim", "names"),
    [
        ("find the dogs", "find", ["dog"]),
        ("how many people are in this photo?", "count", ["person"]),
        ("where is the cat?", "find", ["cat"]),
        ("draw boxes around all the cars and bikes", "find", ["car", "bicycle"]),
        ("how many cats and dogs can you see?", "count", ["cat", "dog"]),
        ("show me where the traffic lights are", "find", ["traffic light"]),
        ("how many children are there?", "count", ["child"]),
        ("图里有几个人？", "count", ["person"]),
        ("照片里有多少只狗", "count", ["dog"]),
        ("把所有的人框出来", "find", ["person"]),
        ("这张图有几只猫和几只狗", "count", ["cat", "dog"]),
        ("猫在哪里？", "find", ["cat"]),
        ("¿cuántas personas hay en la foto?", "count", ["person"]),
        ("encuentra los perros", "find", ["dog"]),
        ("quantas pessoas há nesta foto?", "count", ["person"]),
        ("marque todos os carros", "find", ["car"]),
        ("wie viele Menschen sind auf dem Bild?", "count", ["person"]),
        ("wo ist die Katze?", "find", ["cat"]),
        ("combien de personnes y a-t-il sur cette photo ?", "count", ["person"]),
        ("encadre toutes les voitures", "find", ["car"]),
    ],
)
def test_what_is_to_be_found_is_read_from_the_message(
    text: str, aim: str, names: list[str]
) -> None:
    asked = read_asked(text)
    assert asked.aim == aim
    assert [name.english for label in asked.labels if (name := known_name(label))] == names
    assert len(asked.labels) == len(names)


@pytest.mark.parametrize(
    "text",
    ["", "detect objects", "what objects are there?", "检测图中的物体", "find them", "框出来"],
)
def test_a_message_that_names_nothing_is_about_everything(text: str) -> None:
    assert read_asked(text).labels == ()


def test_words_no_table_has_are_kept_as_they_are() -> None:
    assert read_asked("locate the red backpack in the photo").labels == ("red backpack",)


@pytest.mark.parametrize("text", ["find " + "a, " * 5000, "数" * 5000, "where is " + "the " * 3000])
def test_long_messages_are_read_in_time(text: str) -> None:
    assert len(read_asked(text).labels) <= MOST_LABELS


def test_labels_of_a_flag_are_made_tidy() -> None:
    assert tidy((" cat\n", "cat", "", "dog")) == ("cat", "dog")
    assert len(tidy(tuple(map(str, range(100))))) == MOST_LABELS


@pytest.mark.parametrize(
    ("text", "aim", "names"),
    [
        ("remove the background", "cut out", []),
        ("cut out the person", "cut out", ["person"]),
        ("make the background transparent", "cut out", []),
        ("把人抠出来", "cut out", ["person"]),
        ("去掉背景", "cut out", []),
        ("人物抠图", "cut out", ["person"]),
        ("quita el fondo", "cut out", []),
        ("remova o fundo", "cut out", []),
        ("entferne den Hintergrund", "cut out", []),
        ("détoure le chat", "cut out", ["cat"]),
        ("how much of the picture is sky?", "measure", ["sky"]),
        ("天空占多大面积？", "measure", ["sky"]),
        ("segment the dog", "outline", ["dog"]),
        ("segment this image", "outline", []),
    ],
)
def test_what_is_to_be_outlined_is_read_from_the_message(
    text: str, aim: str, names: list[str]
) -> None:
    wish = read_wish(text)
    assert wish.aim == aim
    assert [name.english for label in wish.labels if (name := known_name(label))] == names
    assert len(wish.labels) == len(names)


@pytest.mark.parametrize(
    ("one", "several"),
    [("person", "people"), ("bus", "buses"), ("knife", "knives"), ("sheep", "sheep"),
     ("wine glass", "wine glasses"), ("couch", "couches"), ("policeman", "policemen"),
     ("boy", "boys"), ("puppy", "puppies"), ("traffic light", "traffic lights")],
)  # fmt: skip
def test_plurals_and_singulars_are_each_others(one: str, several: str) -> None:
    assert plural(one) == several
    assert singular(several) == one
    assert singular(one) == one


def test_labels_of_models_are_said_as_people_say_them() -> None:
    assert canonical("sky-other-merged") == "sky"
    assert canonical("door-stuff") == "door"
    assert canonical("windowpane, window ") == "windowpane"
    assert in_chinese("dog").chinese == "狗"
    assert in_chinese("gizmo").chinese == "gizmo"


def test_a_group_stands_for_its_kinds_and_a_child_for_people() -> None:
    animal, child = known_name("animals"), known_name("children")
    assert animal is not None
    assert child is not None
    assert "zebra" in animal.parts
    assert not animal.narrower
    assert child.parts == ("person",)
    assert child.narrower


class TestExport:
    def test_masks_come_back_from_their_runs(self) -> None:
        rng = np.random.default_rng(1)
        for shape in ((1, 1), (7, 5), (64, 48)):
            for share in (0.0, 0.3, 1.0):
                mask = rng.random(shape) < share
                counts = run_lengths(mask)
                assert sum(counts) == mask.size
                assert np.array_equal(from_run_lengths(counts, *shape), mask)

    def test_runs_go_down_the_columns_and_begin_outside(self) -> None:
        mask = np.array([[False, True], [True, True]])
        assert run_lengths(mask) == [1, 3]
        assert run_lengths(~mask) == [0, 1, 3]

    def test_runs_that_do_not_fill_the_image_are_refused(self) -> None:
        with pytest.raises(ValueError, match="don't fill"):
            from_run_lengths([1, 2], 2, 2)

    def test_coco_has_what_its_format_asks_for(self) -> None:
        mask = np.zeros((10, 20), np.bool_)
        mask[2:5, 4:9] = True
        seen = [
            Seen("a.jpg", 40, 20, "m", (), (Region("cat", 0.91, mask),)),
            Seen("b.jpg", 8, 8, "m", (Detection("dog", 0.5, Box(1, 2, 4, 8)),)),
        ]
        coco = json.loads(json.dumps(as_coco(seen)))
        assert [image["id"] for image in coco["images"]] == [1, 2]
        assert coco["categories"] == [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
        cat, dog = coco["annotations"]
        assert (cat["image_id"], cat["category_id"], dog["image_id"]) == (1, 1, 2)
        # the mask was seen at half the file's size
        assert cat["bbox"] == [8, 4, 10, 6]
        assert cat["area"] == 60
        runs = cat["segmentation"]
        assert int(from_run_lengths(runs["counts"], *runs["size"]).sum()) == 60
        assert dog["bbox"] == [1, 2, 3, 6]
        assert dog["area"] == 18

    def test_json_has_corners_scores_and_the_share_of_the_image(self) -> None:
        mask = np.zeros((10, 20), np.bool_)
        mask[2:5, 4:9] = True
        told = as_json(Seen("a.jpg", 20, 10, "m", (), (Region("cat", 0.912345, mask),)))
        (region,) = told["regions"]
        assert region["box"] == [4, 2, 9, 5]
        assert region["share"] == 0.075
        assert region["score"] == 0.9123
        plain = as_json(Seen("b.jpg", 8, 8, "m", (Detection("dog", 0.5, Box(1, 2, 4, 8)),)))
        assert plain["detections"] == [{"label": "dog", "score": 0.5, "box": [1, 2, 4, 8]}]


def test_areas_of_overlapping_regions_count_once() -> None:
    one, other = np.zeros((10, 10), np.bool_), np.zeros((10, 10), np.bool_)
    one[:5], other[4:6] = True, True
    regions = [Region("sky", 0.9, one), Region("sky", 0.8, other), Region("sea", 0.8, other)]
    assert covered(regions[:2]) == pytest.approx(0.6)
    assert shares_of(regions) == {"sky": pytest.approx(0.6), "sea": pytest.approx(0.2)}


def test_shares_are_said_for_people() -> None:
    assert [percent(s) for s in (0.336, 0.1, 0.0433, 0.0004, 0.0, 1.0)] == [
        "34%", "10%", "4.3%", "< 0.1%", "0.0%", "100%",
    ]  # fmt: skip
