"""Lines of a page in the order they are read, on pages made by hand."""

from __future__ import annotations

from math import cos, radians, sin

import pytest

from assistant.core.documents import TextLine
from assistant.core.layout import columns, in_reading_order, page_angle, straightened

FULL = "a line that fills its column well"
LEFT = [f"left {number}: {FULL}" for number in range(5)]
RIGHT = [f"right {number}: {FULL}" for number in range(5)]


def line(text: str, left: int, top: int, width: int = 300) -> TextLine:
    return TextLine(text, 0.9, (left, top, left + width, top + 20))


def two_columns(top: int = 0) -> list[TextLine]:
    """Lines of both columns at the same heights, as a reader that goes by rows finds them."""
    return [
        placed
        for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True))
        for placed in (line(left, 0, top + 30 * number), line(right, 340, top + 30 * number))
    ]


def texts(lines: tuple[TextLine, ...]) -> list[str]:
    return [line.text for line in lines]


def leaning(found: TextLine, angle: float) -> TextLine:
    """The line as it lies on a page turned clockwise about its corner."""
    turn = radians(angle)
    left, top, right, bottom = found.box
    corners = [
        (x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn))
        for x in (left, right)
        for y in (top, bottom)
    ]
    xs, ys = zip(*corners, strict=True)
    box = (round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys)))
    return TextLine(found.text, found.score, box, angle)


def test_rows_go_from_top_to_bottom_and_left_to_right() -> None:
    found = in_reading_order(
        [line("c", 0, 60, 10), line("b", 50, 3, 10), line("a", 0, 0, 10), line("d", 50, 58, 10)]
    )
    assert texts(found) == ["a", "b", "c", "d"]


def test_a_column_is_read_to_its_end_before_the_next() -> None:
    assert texts(in_reading_order(two_columns())) == [*LEFT, *RIGHT]


def test_a_title_across_stands_before_both_columns_and_a_foot_after_them() -> None:
    title, foot = line("title", 100, 0, 440), line("foot", 100, 300, 440)
    found = in_reading_order([*two_columns(60), foot, title])
    assert texts(found) == ["title", *LEFT, *RIGHT, "foot"]


def test_three_columns_are_read_one_after_the_other() -> None:
    third = [line(f"third {number}: {FULL}", 680, 30 * number) for number in range(5)]
    found = in_reading_order([*third, *two_columns()])
    assert texts(found) == [*LEFT, *RIGHT, *texts(tuple(third))]


def test_the_cells_of_a_table_are_no_columns() -> None:
    cells = [
        line(f"{row}{column}", 200 * number, 30 * row, 40 + 30 * (row % 3))
        for row in range(6)
        for number, column in enumerate("abc")
    ]
    assert texts(in_reading_order(cells)) == [f"{row}{c}" for row in range(6) for c in "abc"]
    assert len(columns(straightened(cells))) == 1


def test_numbers_beside_lines_of_text_are_no_column() -> None:
    lines = [line(f"line {number}: {FULL}", 60, 30 * number) for number in range(5)]
    numbers = [line(str(number), 0, 30 * number, 12) for number in range(5)]
    found = in_reading_order([*lines, *numbers])
    assert texts(found)[:4] == ["0", f"line 0: {FULL}", "1", f"line 1: {FULL}"]


def test_chinese_from_top_to_bottom_is_read_from_the_right() -> None:
    verses = ["床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"]
    lines = [TextLine(v, 1.0, (300 - 80 * n, 30, 350 - 80 * n, 330)) for n, v in enumerate(verses)]
    assert texts(in_reading_order(lines[::-1])) == verses


@pytest.mark.parametrize("angle", [-12, -3, 2, 8, 20])
def test_a_leaning_page_is_read_as_a_straight_one(angle: float) -> None:
    found = in_reading_order([leaning(one, angle) for one in two_columns()])
    assert texts(found) == [*LEFT, *RIGHT]


def test_a_straightened_line_has_its_own_size_again() -> None:
    (placed,) = straightened([leaning(line("long enough", 100, 50), 10)])
    assert placed.width == pytest.approx(300, abs=3)
    assert placed.height == pytest.approx(20, abs=3)


def test_one_crooked_line_does_not_turn_the_page() -> None:
    lines = [*two_columns(), leaning(line("a stamp set at an angle", 0, 400), 25)]
    assert page_angle(lines) == 0


def test_an_empty_page_has_no_lines() -> None:
    assert in_reading_order([]) == ()
