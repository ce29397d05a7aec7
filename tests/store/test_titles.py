"""Titles are short, whole words, and plain text, in whatever language."""

from __future__ import annotations

import pytest

from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.store.titles import title_of


def titled(text: str) -> str:
    return title_of(Message("user", text))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("When does\nthe train leave?", "When does the train leave?"),
        ("\n\n  # Notes\n\nof the meeting", "Notes"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("/translate good morning", "good morning"),
        ("> - * quoted", "quoted"),
        ("---\n\nafter a rule", "after a rule"),
        ("???", "???"),
        ("\x1b[31mred\x07 alert", "red alert"),
        ("Rate [bold]this[/bold]", "Rate [bold]this[/bold]"),
        ("火车几点开？", "火车几点开？"),
        ("-5 is the answer", "-5 is the answer"),
    ],
)
def test_the_first_paragraph_with_words_is_the_title(text: str, title: str) -> None:
    assert titled(text) == title


def test_english_is_cut_between_words() -> None:
    title = titled("Explain how the heat pump in my house works when it is freezing outside")
    assert title == "Explain how the heat pump in my house works when it is…"


def test_chinese_is_cut_where_a_clause_ends_and_counts_two_columns_a_character() -> None:
    title = titled("请帮我写一封给房东的信，说明厨房的水管漏水，希望他这个星期之内派人来修理好")
    assert title == "请帮我写一封给房东的信，说明厨房的水管漏水…"


def test_a_text_without_any_break_is_cut_to_the_room() -> None:
    assert titled("啊" * 100) == "啊" * 29 + "…"
    assert titled("x" * 10_000) == "x" * 59 + "…"


def test_without_text_the_attachment_names_it() -> None:
    photo = ImageAttachment("/photos/my\x1bcat.jpg")
    assert title_of(Message("user", "", (photo,))) == "myat.jpg"
    assert title_of(Message("user", " ", (TextAttachment("paste", "x"),))) == "paste"
    assert titled("") == ""
