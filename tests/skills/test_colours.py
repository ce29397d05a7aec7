"""Naming the colours of an image."""

from __future__ import annotations

import numpy as np
import pytest

from skills.colours import dominant_colours


def plain(red: int, green: int, blue: int, rows: int = 10) -> np.ndarray:
    return np.full((rows, 20, 3), (red, green, blue), np.uint8)


@pytest.mark.parametrize(
    ("rgb", "name", "chinese"),
    [
        ((255, 0, 0), "red", "红色"),
        ((0, 0, 255), "blue", "蓝色"),
        ((0, 160, 40), "green", "绿色"),
        ((255, 255, 255), "white", "白色"),
        ((0, 0, 0), "black", "黑色"),
        ((130, 130, 130), "grey", "灰色"),
        ((255, 230, 0), "yellow", "黄色"),
        ((135, 206, 235), "light blue", "浅蓝色"),
        ((139, 69, 19), "brown", "棕色"),
        ((0, 255, 0), "green", "绿色"),
        ((0, 0, 128), "dark blue", "深蓝色"),
        ((255, 165, 0), "orange", "橙色"),
        ((128, 0, 128), "purple", "紫色"),
        ((255, 192, 203), "pink", "粉色"),
        ((0, 255, 255), "turquoise", "青绿色"),
    ],
)
def test_plain_colours_are_called_what_people_call_them(
    rgb: tuple[int, int, int], name: str, chinese: str
) -> None:
    (colour,) = dominant_colours(plain(*rgb))
    assert (colour.name, colour.chinese, colour.share) == (name, chinese, 1.0)


def test_the_largest_colour_comes_first_and_specks_are_left_out() -> None:
    image = np.concatenate([plain(255, 0, 0, 30), plain(255, 255, 255, 60), plain(0, 0, 255, 5)])
    assert [colour.name for colour in dominant_colours(image)] == ["white", "red"]


def test_an_image_of_many_colours_has_at_least_one_name() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (50, 50, 3), np.uint8)
    assert dominant_colours(noise, most=2)


def test_one_pixel_has_a_colour() -> None:
    assert dominant_colours(np.zeros((1, 1, 3), np.uint8))[0].name == "black"
