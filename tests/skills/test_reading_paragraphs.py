"""Lines joined to paragraphs, on pages made by hand."""

from __future__ import annotations

import pytest

from assistant.core.documents import TextLine
from assistant.core.layout import rows, straightened
from skills.reading.page import Page, Paragraph, laid_out
from skills.reading.paragraphs import joined, paragraphs
from tests.skills.reading import grid, line


def lines_of(*texts: str, left: int = 0, top: int = 0, step: int = 26) -> list[TextLine]:
    return [line(text, left, top + step * number) for number, text in enumerate(texts)]


def told(lines: list[TextLine]) -> list[tuple[str, ...]]:
    return paragraphs(rows(straightened(lines)))


PROSE = (
    "The harbour was quiet in the morning, and a few",
    "boats lay at the pier while the fishermen mended",
    "their nets.",
)


def test_lines_that_fill_the_width_flow_on() -> None:
    (paragraph,) = told(lines_of(*PROSE))
    assert paragraph == (" ".join(PROSE),)


def test_a_line_that_ends_early_ends_there() -> None:
    (paragraph,) = told(
        lines_of("12 Main Street", "Springfield", "a line that shows how wide it is")
    )
    assert paragraph[:2] == ("12 Main Street", "Springfield")


def test_a_space_begins_a_new_paragraph() -> None:
    found = told([*lines_of(*PROSE), *lines_of(*PROSE, top=120)])
    assert found == [(" ".join(PROSE),)] * 2


def test_double_spacing_is_no_row_of_paragraphs() -> None:
    (paragraph,) = told(lines_of(*PROSE, *PROSE, step=36))
    assert len(paragraph) == 2


def test_entries_of_a_list_stay_lines() -> None:
    first = "• a first entry that is as long as the block is"
    (paragraph,) = told(lines_of(first, "• a second entry", "1. a third"))
    assert paragraph == (first, "• a second entry", "1. a third")


def test_a_set_in_line_begins_anew() -> None:
    lines = [*lines_of(*PROSE[:2]), line("And a new thought begins here, it goes", 40, 52)]
    (paragraph,) = told(lines)
    assert paragraph[1].startswith("And a new thought")


def test_larger_letters_are_not_joined_with_smaller_ones() -> None:
    title = TextLine("A title as wide as everything below it is", 1.0, (0, 0, 480, 34))
    (paragraph,) = told([title, *lines_of(*PROSE, top=38)])
    assert paragraph[0] == title.text


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        ("the morn-", "ing was quiet", "the morning was quiet"),
        ("New York-", "Boston", "New York- Boston"),
        ("价格是", "三元", "价格是三元"),
        ("他说：", "“好”", "他说：“好”"),
        ("one", "two", "one two"),
        ("pages 3-", "5", "pages 3- 5"),
    ],
)
def test_words_are_joined_as_their_script_has_it(one: str, other: str, whole: str) -> None:
    assert joined(one, other) == whole


def test_a_page_is_paragraphs_and_tables_in_order() -> None:
    cells = [["Item", "Qty", "Price"], ["Apples", "12", "3.50"], ["Tea", "1", "12.00"]]
    lines = [*grid(cells, (0, 200, 400), top=100), *lines_of("Prices"), *lines_of(*PROSE, top=300)]
    page = laid_out(1, lines)
    before, table, after = page.parts
    assert before == Paragraph(("Prices",))
    assert page.tables == (table,)
    assert after == Paragraph((" ".join(PROSE),))


def test_long_columns_from_top_to_bottom_flow_on_and_verses_do_not() -> None:
    verses = [TextLine(t, 1.0, (300 - 80 * n, 0, 350 - 80 * n, 300)) for n, t in enumerate("甲乙")]
    verses = [TextLine(v.text * 5, 1.0, v.box) for v in verses]
    assert laid_out(1, verses).parts == (Paragraph(("甲甲甲甲甲", "乙乙乙乙乙")),)
    prose = [TextLine(v.text * 4, 1.0, v.box) for v in verses]
    assert laid_out(1, prose).parts == (Paragraph(("甲" * 20 + "乙" * 20,)),)


def test_guesses_are_left_out_and_counted_and_unsure_lines_named() -> None:
    page = laid_out(
        1, [line("sure", 0, 0), line("unsure", 0, 40, score=0.7), line("~~", 0, 80, score=0.3)]
    )
    assert [one.text for one in page.doubtful] == ["unsure"]
    assert page.faint == 1
    assert "~~" not in str(page.parts)


def test_an_empty_page_has_no_parts() -> None:
    assert laid_out(1, []) == Page(1, ())
