"""Asks for the name of a new collection."""

from __future__ import annotations

import re

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings

_NAME = re.compile(r"\w(?:[\w .-]{0,62}\w)?")
"""What the index takes as a name: it becomes that of a folder."""


class NameScreen(Dialog[str]):
    """Gives a name the index takes, or None."""

    DEFAULT_CSS = """
    NameScreen Input { border: none; height: 1; padding: 0 1; background: $panel; }
    NameScreen Input:focus { border: none; }
    NameScreen .trouble { color: $error; margin: 1 0 0 0; height: 1; }
    """

    def __init__(self, strings: Strings) -> None:
        texts = strings.screens.documents
        super().__init__(texts.name_title, texts.name_keys)
        self._texts = texts
        self._trouble = Static(classes="trouble", markup=False)

    def parts(self) -> ComposeResult:
        yield Input(placeholder=self._texts.name_placeholder, max_length=64)
        yield self._trouble

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if _NAME.fullmatch(name):
            self.dismiss(name)
        else:
            self._trouble.update(Content(self._texts.name_bad))
