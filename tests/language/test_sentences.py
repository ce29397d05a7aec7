"""Sentence and paragraph boundaries."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from assistant.language.sentences import MAX_SENTENCE, split_blocks, split_sentences


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Dr. Smith went to Washington on Jan. 5. Then he left!",
            ["Dr. Smith went to Washington on Jan. 5.", "Then he left!"],
        ),
        ("It cost $3.5 million. Why?", ["It cost $3.5 million.", "Why?"]),
        ("你好。今天天气怎么样？很好！", ["你好。", "今天天气怎么样？", "很好！"]),
        ("他说：“我来了。”然后走了。", ["他说：“我来了。”", "然后走了。"]),
        ("# Title\nFirst words. More.", ["# Title", "First words.", "More."]),
        ("- one\n- two\n  goes on", ["- one", "- two\n  goes on"]),
        ("1. first\n2. second", ["1. first", "2. second"]),
        ("第一章\n他来了。", ["第一章", "他来了。"]),
        ("One.\n\nTwo", ["One.", "Two"]),
        ("| a | b |\n| c | d |", ["| a | b |", "| c | d |"]),
        ("😀 Hi there. 𠀀 is rare.", ["😀 Hi there.", "𠀀 is rare."]),
        ("", []),
        (" \n\t\n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_sentence_goes_on_over_a_wrapped_line() -> None:
    text = (
        "The notice period is three months for both of the\nparties to it. It must be in writing."
    )
    assert sentences(text)[0].endswith("parties to it.")


def test_the_language_picks_the_abbreviations() -> None:
    assert sentences("Das ist z.B. gut. Ja.", "de") == ["Das ist z.B. gut.", "Ja."]


def test_a_sentence_without_end_is_cut_at_a_clause() -> None:
    found = sentences("word, " * 400)
    assert len(found) > 1
    assert all(len(s) <= MAX_SENTENCE and s.endswith(",") for s in found)


def test_a_megabyte_without_a_stop_is_cut() -> None:
    assert len(split_sentences("我" * 1_000_000)) == 2_000


def test_long_paragraphs_have_no_sentence_broken_between_windows() -> None:
    text = "他去了北京的一家公司工作。" * 2_000
    assert set(sentences(text)) == {"他去了北京的一家公司工作。"}


def test_spans_cover_all_but_white_space_whatever_the_text() -> None:
    draw = random.Random(7)  # noqa: S311
    alphabet = "ab .!?。！？\n\n\t😀“”\"')(]1Dr.A\u3000\u200b…，é-*#|\u0301\u00a0"
    for _ in range(2_000):
        text = "".join(draw.choices(alphabet, k=draw.randint(0, 80)))
        for split in (split_blocks, split_sentences):
            spans = split(text)
            kept = "".join(text[a:b] for a, b in spans)
            assert "".join(kept.split()) == "".join(text.split())
            assert all(a < b and text[a:b] == text[a:b].strip() for a, b in spans)
            assert all(left[1] <= right[0] for left, right in pairwise(spans))
