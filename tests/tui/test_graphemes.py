"""Characters as people see them: widths, steps, lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.cells import cell_len

from assistant.tui.graphemes import after, before, column_at, graphemes, wrap_offsets

FAMILY = "👩‍👩‍👧"
ACCENTED = "e\u0301"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ab", ["a", "b"]),
        ("你好", ["你", "好"]),
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        (f"{ACCENTED}t{ACCENTED}", [ACCENTED, "t", ACCENTED]),
        ("🇵🇹🇨🇳", ["🇵🇹", "🇨🇳"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("❤️x", ["❤️", "x"]),
        ("שָׁלוֹם", ["שָׁ", "ל", "וֹ", "ם"]),
        ("", []),
    ],
)
def test_a_character_is_what_is_seen_as_one(line: str, expected: list[str]) -> None:
    assert [line[g.start : g.end] for g in graphemes(line)] == expected
    assert sum(g.cells for g in graphemes(line)) == cell_len(line)


def test_a_step_passes_over_a_whole_character() -> None:
    line = f"x{FAMILY}y"
    end = len(line) - 1
    assert after(line, 1) == end
    assert before(line, end) == 1
    assert (before(line, 1), before(line, 0)) == (0, 0)
    assert (after(line, end), after(line, len(line))) == (len(line), len(line))
    assert before(line, 3) == 1  # from inside it, to its begin
    assert after(line, 3) == end


def test_a_cell_belongs_to_the_character_that_covers_it() -> None:
    line = f"a你{FAMILY}b"
    assert [column_at(line, cell) for cell in range(7)] == [0, 1, 1, 2, 2, 7, 8]
    assert [column_at("\tx", cell, [4]) for cell in range(5)] == [0, 0, 0, 0, 1]


def rows(line: str, width: int) -> list[str]:
    offsets = [0, *wrap_offsets(line, width, (), 4), len(line)]
    return [line[a:b] for a, b in pairwise(offsets)]


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("用 Python 写程序", 10, ["用 Python ", "写程序"]),
        ("你好你好你好", 5, ["你好", "你好", "你好"]),
        ("一二三，四五", 6, ["一二", "三，四", "五"]),
        ("一二三（四五）", 8, ["一二三", "（四五）"]),
        ("naïve words wrap", 8, ["naïve ", "words ", "wrap"]),
        ("ñ" * 7, 3, ["ñ" * 3, "ñ" * 3, "ñ"]),
        (FAMILY * 3, 4, [FAMILY * 2, FAMILY]),
        ("ASCII words wrap", 8, ["ASCII ", "words ", "wrap"]),
        ("你", 1, ["你"]),
    ],
)
def test_lines_break_where_a_person_would(line: str, width: int, expected: list[str]) -> None:
    assert rows(line, width) == expected


def test_no_row_is_wider_than_there_is_room() -> None:
    line = f"混合 mixed {FAMILY} 文字，και (ελληνικά) {ACCENTED * 9}，“引用”。" * 5
    for width in range(4, 40):
        assert all(cell_len(row) <= width for row in rows(line, width))
        assert "".join(rows(line, width)) == line
