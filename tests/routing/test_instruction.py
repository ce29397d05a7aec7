"""What a message asks, apart from the text it asks it of."""

from __future__ import annotations

import pytest

from assistant.routing.instruction import instruction


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('translate "describe the picture" into german', 'translate "…" into german'),
        ("翻译成法语：把这份报告总结一下发给我", "翻译成法语: …"),
        ("sum this up:\nthe meeting was long\nand dull", "sum this up: …"),
        ("résume « le rapport annuel » en anglais", 'résume "…" en anglais'),
        ("was heißt „Mietvertrag“ auf Spanisch", 'was heißt "…" auf Spanisch'),
    ],
)
def test_the_text_gives_way_to_a_mark(text: str, asked: str) -> None:
    assert instruction(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "what's the time",
        "see https://example.org/a/long/path",
        "meet at 10:30",
        "a: the first of two answers",
    ],
)
def test_a_message_without_such_a_text_stays_whole(text: str) -> None:
    assert instruction(text) == text


def test_of_a_long_message_the_beginning_and_the_last_line_count() -> None:
    text = "dear all, " + "we met and talked. " * 60 + "\n\nput this into spanish"
    asked = instruction(text)
    assert asked.startswith("dear all")
    assert asked.endswith("put this into spanish")
    assert len(asked) <= 500


def test_hostile_text_costs_little() -> None:
    for text in ("\"'" * 100_000, "“" * 100_000, ":\n" * 100_000, "«»" * 100_000):
        assert len(instruction(text)) <= 1_000
