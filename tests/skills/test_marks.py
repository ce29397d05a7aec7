"""The words of a quote that made it match are marked, in readable runs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from skills.marks import find_marks


@pytest.mark.parametrize(
    ("question", "quote", "marked"),
    [
        (
            "How many points did the Panthers defense surrender?",
            "The Panthers defense surrendered just 308 points.",
            ["Panthers defense surrendered", "points"],
        ),
        ("黑豹队的防守丢了多少分？", "黑豹队的防守只丢了 308 分。", ["黑豹队的防守", "丢了"]),
        ("Qual é a população?", "A POPULAÇÃO da cidade", ["POPULAÇÃO"]),
        ("notice periods", "The notice-period: notice.", ["notice-period", "notice"]),
        ("What is ＡＢＣ?", "abc and ABC", ["abc", "ABC"]),
        ("rent", "nothing of the kind", []),
        ("rent", "", []),
        ("", "rent", []),
    ],
)
def test_marks_are_the_telling_words_of_the_question(
    question: str, quote: str, marked: list[str]
) -> None:
    assert [quote[start:end] for start, end in find_marks(quote, question)] == marked


def test_marks_are_in_order_and_apart() -> None:
    quote = "通知期限是三个月，通知必须以书面形式发出。" * 3
    marks = find_marks(quote, "通知期限必须是多久？")
    assert marks == tuple(sorted(marks))
    assert all(a[1] < b[0] for a, b in pairwise(marks))


def test_words_alike_only_at_the_beginning_are_not_marked() -> None:
    assert find_marks("The internal organs", "the internationalisation") == ()
