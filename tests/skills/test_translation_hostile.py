"""Texts made to take long: each of these took minutes to hours where time grew with the square."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from skills.translation.emphasis import find_emphasis
from skills.translation.markdown import segments
from skills.translation.nodes import Span, original, parse
from skills.translation.text import TextTranslation


class Echo:
    """A translator that changes nothing."""

    name = "echo"
    pairs = frozenset({("en", "pt")})

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return list(sentences)


@pytest.mark.parametrize("mark", ["*a ", "**a ", "***a ", "_a ", "__a ", "*a **b ***c ", "*a _b "])
def test_a_hundred_kilobytes_of_marks_never_closed_are_taken_apart(mark: str) -> None:
    text = mark * (100_000 // len(mark))
    assert list(find_emphasis(text)) == []
    assert original(parse(text)) == text


def test_many_marks_that_close_are_all_found() -> None:
    text = "*a* **b** _c_ " * 7_000
    assert len(list(find_emphasis(text))) == 21_000


def test_marks_nested_deeper_than_anybody_writes_are_kept_as_text() -> None:
    text = "".join("*_"[i % 2] for i in range(2_000))
    text = f"{text}cat{text[::-1]}"
    assert original(parse(text)) == text


def test_emphasis_ends_at_the_first_mark_that_closes_it() -> None:
    outer = parse("**a *b* c** and *d*")[0]
    assert isinstance(outer, Span)
    assert (outer.opening, original(outer.inner)) == ("**", "a *b* c")


def test_a_tag_whose_name_goes_on_and_on_is_read_once() -> None:
    text = "<a" + ".b:c" * 25_000
    assert original(parse(text)) == text


@pytest.mark.parametrize("seed", ["a.", "<!-- ", "{{a ", "{%a ", "[^a", "1.", "*a ", "`a "])
def test_a_hundred_kilobytes_without_an_end_are_translated_and_kept(seed: str) -> None:
    text = seed * (100_000 // len(seed))
    translation = TextTranslation(Echo(), "en", "pt")
    assert "".join(translation.stream(segments(text), lambda: False)) == text
