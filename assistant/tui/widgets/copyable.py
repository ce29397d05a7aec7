"""What can be copied by itself out of an answer; light, unlike the Markdown that uses it."""

from __future__ import annotations

from textual.message import Message


class Copied(Message):
    """A text is wanted in the clipboard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Copyable:
    """A part of an answer with a text of its own."""

    code: str
