"""Tables found among rows of cells, on pages made by hand."""

from __future__ import annotations

import pytest

from assistant.core.documents import TextLine
from assistant.core.layout import rows, straightened
from skills.reading.tables import Table, find_tables
from tests.skills.reading import grid, line

LEFTS = (0, 200, 400)
PRICES = [["Item", "Qty", "Price"], ["Apples", "12", "3.50"], ["Tea", "1", "12.00"]]


def tables(lines: list[TextLine]) -> list[Table]:
    return find_tables(rows(straightened(lines)))


def cells(lines: list[TextLine]) -> list[list[list[str]]]:
    return [[list(row) for row in table.cells] for table in tables(lines)]


def test_cells_under_one_another_are_a_table() -> None:
    assert cells(grid(PRICES, LEFTS)) == [PRICES]


def test_cells_set_to_the_right_are_in_one_column_too() -> None:
    lines = [
        line(text, left - len(text) * 10 if column else left, 30 * number)
        for number, row in enumerate(PRICES)
        for column, (left, text) in enumerate(zip((0, 260, 460), row, strict=True))
    ]
    assert cells(lines) == [PRICES]


def test_an_empty_cell_stays_empty() -> None:
    gap = [["Item", "Qty", "Price"], ["Bread", "", "2.10"], ["Tea", "1", "12.00"]]
    assert cells(grid(gap, LEFTS)) == [gap]


def test_the_head_may_lack_a_cell() -> None:
    headless = [["", "2023", "2024"], ["Rain", "810", "755"], ["Snow", "12", "31"]]
    assert cells(grid(headless, LEFTS)) == [headless]


def test_a_column_that_appears_later_is_given_to_every_row() -> None:
    late = [["Item", "", "Price"], ["Apples", "", "3.50"], ["Tea", "2", "12.00"]]
    assert cells(grid(late, LEFTS)) == [late]


def test_a_receipt_of_names_and_sums_is_a_table() -> None:
    lines = [["Milk", "1.20"], ["Bread", "2.10"], ["Total", "3.30"]]
    assert cells(grid(lines, (0, 400))) == [lines]


def test_a_second_line_of_a_cell_goes_on_with_it() -> None:
    lines = grid(PRICES, LEFTS)
    lines.append(line("(sour)", 0, 54))  # close under "Apples", before the next row
    shifted = [
        one if one.box[1] < 54 or one.text == "(sour)" else line(one.text, one.box[0], 84)
        for one in lines
    ]
    assert cells(shifted) == [
        [["Item", "Qty", "Price"], ["Apples (sour)", "12", "3.50"], ["Tea", "1", "12.00"]]
    ]


def test_text_before_and_after_is_no_part_of_it() -> None:
    before = line("Price list", 150, -60)
    after = line("All prices include the tax of the place where they are paid.", 0, 110)
    (table,) = tables([before, *grid(PRICES, LEFTS), after])
    assert table.rows == (1, 2, 3)


def test_a_wide_space_ends_it() -> None:
    one, other = grid(PRICES, LEFTS), grid(PRICES, LEFTS, top=300)
    assert len(tables([*one, *other])) == 2


def test_a_row_whose_cells_fit_no_columns_ends_it() -> None:
    other = [line("a heading over two columns here", 0, 90, width=350), line("x", 400, 90)]
    (table,) = tables([*grid(PRICES, LEFTS), *other])
    assert len(table.cells) == 3


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line("One line of text alone", 0, 0)],
        [line("Lisbon", 0, 0), line("3 May", 400, 0)],
        [line("Dear Sir", 0, 0), line("3 May", 400, 0), line("thank you for the letter", 0, 30)],
        [line(f"line {n} of a paragraph that runs on", 0, 30 * n) for n in range(6)],
    ],
)
def test_text_is_no_table(lines: list[TextLine]) -> None:
    assert tables(lines) == []
