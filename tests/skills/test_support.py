"""Written sentences are held against their quotes: words, numbers, names, and a no."""

from __future__ import annotations

import pytest

from skills.support import SupportChecker, Verdict, citations
from tests.fakes import HashingEmbedder

QUOTES = (
    "The notice period is three months and begins on 1 May 2024.",
    "The rent of 1,200 euros is paid to Anna Weber in Geneva. It is not raised before 2026.",
    "押金为两个月租金，退租后三十天内退还。",
)


def check(sentence: str, question: str = "What does the contract say?") -> Verdict:
    return SupportChecker(QUOTES, question, None).check(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The notice period is three months [1].",
        "The notice period begins on 1 May 2024. [1]",
        "The rent is 1200 euros [2].",
        "The rent is not raised before 2026 [2].",
        "Anna Weber is paid the rent [2].",
        "The notice period is three months.",
        "押金为两个月租金 [3]。",
    ],
)
def test_what_a_quote_says_is_supported(sentence: str) -> None:
    assert check(sentence) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The notice period begins on 2 May 2024 [1].",
        "The rent is 1300 euros [2].",
        "The rent is paid to Anna Miller [2].",
        "The notice period is not three months [1].",
        "The rent is raised before 2026 [2].",
        "Cats sleep all day [1].",
        "押金不是两个月租金 [3]。",
        "Cats sleep all day.",
    ],
)
def test_another_number_name_or_a_no_is_not_supported(sentence: str) -> None:
    assert check(sentence) == "unsupported"


def test_half_of_it_is_supported_partly() -> None:
    assert check("The notice period, which tenants dislike, is three months [1].") == "partly"


def test_the_right_quote_must_be_cited() -> None:
    assert check("The rent is 1200 euros [1].") == "partly"
    assert check("The rent is 1200 euros [9].") == "partly"


def test_what_the_question_names_may_be_named() -> None:
    assert check("For Bob the notice period is three months [1].") == "unsupported"
    asked = "What is the notice period for Bob?"
    assert check("For Bob the notice period is three months [1].", asked) == "supported"


def test_across_scripts_nothing_is_more_than_partly_supported() -> None:
    checker = SupportChecker(QUOTES[:1], "通知期多久？", HashingEmbedder())
    assert checker.check("通知期为三个月 [1]。") in {"partly", "unsupported"}
    assert SupportChecker(QUOTES[:1], "", None).check("通知期为三个月 [1]。") == "unsupported"


def test_no_quotes_support_nothing() -> None:
    assert SupportChecker((), "", HashingEmbedder()).check("It rains [1].") == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [("a [1]", [1]), ("a [1][3].", [1, 3]), ("a [1, 3]", [1, 3]), ("a【2】", [2]), ("a[b]", [])],
)
def test_citations_are_read_as_models_write_them(sentence: str, numbers: list[int]) -> None:
    assert citations(sentence) == numbers
