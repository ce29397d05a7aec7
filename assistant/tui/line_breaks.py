"""Lets Textual break lines of Chinese between characters.

Its rule (Rich's) takes text without spaces for one word and moves it to the next line as a
whole, which leaves lines of Chinese half empty after every space.
"""

from __future__ import annotations

from textual import content

from assistant.tui import graphemes

_by_words = content.divide_line  # type: ignore[attr-defined]


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Where a line breaks, as `rich._wrap.divide_line` says it for text in words."""
    if text.isascii() or not fold or not graphemes.has_wide(text):
        return list(_by_words(text, width, fold))
    return graphemes.wrap_offsets(text, width, (), 8, hanging_spaces=True)


def install() -> None:
    """Use it for everything Textual draws in this process."""
    content.divide_line = divide_line  # type: ignore[attr-defined]
