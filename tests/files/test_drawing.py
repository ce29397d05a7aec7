"""Boxes, regions and cut-outs, held against masks counted by hand."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.core.errors import DocumentError
from assistant.core.pictures import Box, Detection, Region, without_repeats
from assistant.files.drawing import (
    MOST_SIDE,
    Marked,
    colour_of,
    cut_out,
    edge_of,
    enlarged,
    reduced,
    with_boxes,
    with_regions,
)
from assistant.files.made_pictures import save_picture, trim_pictures

GREY = np.full((100, 200, 3), 90, np.uint8)


def test_a_box_is_drawn_at_its_place_in_its_colour() -> None:
    drawn = with_boxes(GREY, [Marked(Box(20, 40, 120, 90), "", 0)])
    assert tuple(drawn[40, 70]) == colour_of(0)
    assert tuple(drawn[89, 70]) == colour_of(0)
    assert tuple(drawn[65, 20]) == colour_of(0)
    assert tuple(drawn[65, 70]) == (90, 90, 90)
    assert tuple(drawn[10, 10]) == (90, 90, 90)


def test_the_original_is_not_drawn_on() -> None:
    with_boxes(GREY, [Marked(Box(0, 0, 50, 50), "1 cat", 0)])
    assert (GREY == 90).all()


def test_a_name_stands_on_a_ground_of_the_colour() -> None:
    plain = with_boxes(GREY, [Marked(Box(20, 40, 120, 90), "", 1)])
    named = with_boxes(GREY, [Marked(Box(20, 40, 120, 90), "1 cat", 1)])
    changed = (plain != named).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert rows.max() <= 41
    assert columns.min() >= 19
    assert (named[changed] == colour_of(1)).all(axis=1).mean() > 0.4


@pytest.mark.parametrize("box", [Box(-50, -50, 900, 900), Box(199, 99, 200, 100), Box(5, 5, 5, 5)])
def test_boxes_at_and_beyond_the_edges_are_drawn(box: Box) -> None:
    assert (
        with_boxes(GREY, [Marked(box, "1 猫 \x1b[31m very long name" * 9, 2)]).shape == GREY.shape
    )


def test_an_image_of_one_pixel_can_be_drawn_on() -> None:
    assert with_boxes(GREY[:1, :1], [Marked(Box(0, 0, 1, 1), "1 dot", 0)]).shape == (1, 1, 3)


def test_a_large_image_is_drawn_smaller_with_its_boxes_in_place() -> None:
    large = np.full((1000, 4000, 3), 90, np.uint8)
    drawn = with_boxes(large, [Marked(Box(2000, 500, 4000, 1000), "", 0)])
    assert drawn.shape == (500, MOST_SIDE, 3)
    assert tuple(drawn[250, 1500]) == colour_of(0)


def test_colours_of_neighbouring_kinds_differ() -> None:
    colours = np.array([colour_of(kind) for kind in range(12)], int)
    apart = np.abs(colours[:, None] - colours[None]).sum(axis=2) + 999 * np.eye(12, dtype=int)
    assert apart.min() > 40


def test_a_region_is_tinted_inside_and_edged() -> None:
    mask = np.zeros((100, 200), np.bool_)
    mask[30:60, 50:80] = True
    drawn = with_regions(GREY, [mask], [0])
    assert (drawn[~mask] == 90).all()
    assert tuple(drawn[30, 60]) == colour_of(0)
    tint = [round(90 * 0.55 + part * 0.45) for part in colour_of(0)]
    assert drawn[45, 65].tolist() == pytest.approx(tint, abs=1)


def test_the_edge_of_a_square_is_its_rim() -> None:
    mask = np.zeros((6, 6), np.bool_)
    mask[1:5, 1:5] = True
    edge = edge_of(mask)
    assert int(edge.sum()) == 12
    assert not edge[2:4, 2:4].any()
    assert not edge_of(np.ones((4, 4), np.bool_)).any()


def test_a_cut_out_is_trimmed_and_its_rest_transparent() -> None:
    alpha = np.zeros((100, 200), np.float32)
    alpha[20:40, 50:90] = 1.0
    alpha[20, 50] = 0.5
    cut = cut_out(GREY, alpha)
    assert cut.shape == (20, 40, 4)
    assert cut[0, 0].tolist() == [90, 90, 90, 128]
    assert (cut[1:, :, 3] == 255).all()


def test_a_cut_out_of_nothing_is_all_transparent() -> None:
    cut = cut_out(GREY, np.zeros((100, 200), np.float32))
    assert cut.shape == (100, 200, 4)
    assert not cut[..., 3].any()


def test_sizes_are_changed_only_where_they_differ() -> None:
    assert reduced(GREY) is GREY
    assert max(reduced(np.zeros((10, 5000, 3), np.uint8)).shape) == MOST_SIDE
    alpha = np.array([[0.0, 1.0]], np.float32)
    assert enlarged(alpha, 1, 2) is alpha
    assert enlarged(alpha, 10, 40).shape == (10, 40)
    assert (np.diff(enlarged(alpha, 1, 40)[0]) >= 0).all()


def test_areas_and_boxes_of_regions_are_those_counted_by_hand() -> None:
    mask = np.zeros((10, 20), np.bool_)
    mask[2:5, 4:9] = True
    region = Region("cat", 0.9, mask)
    assert region.share == 15 / 200
    assert region.box == Box(4, 2, 9, 5)
    assert Region("cat", 0.9, np.zeros((3, 3), np.bool_)).box == Box(0, 0, 0, 0)


def test_overlap_is_intersection_over_union() -> None:
    assert Box(0, 0, 2, 2).overlap(Box(1, 1, 3, 3)) == pytest.approx(1 / 7)
    assert Box(0, 0, 1, 1).overlap(Box(2, 2, 3, 3)) == 0.0
    assert Box(1, 1, 1, 1).overlap(Box(1, 1, 1, 1)) == 0.0


def test_a_repeat_is_dropped_for_the_better_of_the_two() -> None:
    cat, again = Detection("cat", 0.6, Box(0, 0, 10, 10)), Detection("cat", 0.9, Box(0, 0, 10, 9))
    dog = Detection("dog", 0.5, Box(0, 0, 10, 8))
    assert without_repeats((cat, again, dog), same_label=0.5, any_label=0.95) == (again, dog)
    assert without_repeats((cat, again, dog), same_label=0.5, any_label=0.5) == (again,)


class TestSaving:
    def test_a_picture_is_its_owners_alone_and_never_replaces_another(self, tmp_path: Path) -> None:
        folder = tmp_path / "pictures"
        first = save_picture(GREY, folder, Path("cat.jpg"), "boxes")
        second = save_picture(GREY, folder, Path("cat.jpg"), "boxes")
        assert (first.name, second.name) == ("cat-boxes.png", "cat-boxes-2.png")
        assert stat.S_IMODE(first.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with Image.open(first) as image:
            assert image.size == (200, 100)

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd.png",
            "a\x1b[31mb.png",
            "\udcff.png",
            ".png",
            "x" * 300 + ".png",
            "猫.png",
        ],
    )
    def test_names_of_images_can_do_no_harm(self, tmp_path: Path, name: str) -> None:
        path = save_picture(GREY, tmp_path, Path(name), "cutout")
        assert path.parent == tmp_path
        assert path.name.isprintable()
        assert len(path.name.encode()) < 255

    def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(DocumentError) as caught:
            save_picture(GREY, tmp_path / "file" / "pictures", Path("cat.jpg"), "boxes")
        assert caught.value.hint


class TestTrimming:
    @staticmethod
    def made(folder: Path, *days_old: float) -> list[Path]:
        paths = []
        for number, days in enumerate(days_old):
            path = folder / f"{number}-why.png"
            path.write_bytes(b"x" * 100)
            then = time.time() - days * 86_400
            os.utime(path, (then, then))
            paths.append(path)
        return paths

    def test_the_oldest_go_until_the_rest_fits(self, tmp_path: Path) -> None:
        oldest, newest, old = self.made(tmp_path, 9, 2, 5)
        trim_pictures(tmp_path, keep=250)
        assert (oldest.exists(), old.exists(), newest.exists()) == (False, True, True)

    def test_those_of_the_last_day_stay_and_so_do_other_files(self, tmp_path: Path) -> None:
        fresh, old = self.made(tmp_path, 0.5, 3)
        notes = tmp_path / "notes.txt"
        notes.write_text("mine")
        elsewhere = tmp_path / "elsewhere.png"
        elsewhere.symlink_to(notes)
        trim_pictures(tmp_path, keep=0)
        assert (fresh.exists(), old.exists()) == (True, False)
        assert notes.exists()
        assert elsewhere.is_symlink()

    def test_no_folder_is_nothing_to_trim(self, tmp_path: Path) -> None:
        trim_pictures(tmp_path / "none")
        assert not (tmp_path / "none").exists()
