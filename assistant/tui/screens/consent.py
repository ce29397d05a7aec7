"""Asks whether a model may run the code of others; no is what Enter and Esc mean."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from assistant.core.text import one_line
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings

_MOST_SHOWN = 600


class ConsentScreen(Dialog[bool]):
    """Gives True where the person allows just what is shown."""

    DEFAULT_CSS = """
    ConsentScreen .code { color: $warning; margin: 1 0; }
    ConsentScreen Horizontal { height: auto; margin: 1 0 0 0; }
    ConsentScreen Button { margin: 0 2 0 0; }
    """
    AUTO_FOCUS = "#no"

    def __init__(self, model: str, code: str, strings: Strings) -> None:
        texts = strings.screens.models
        super().__init__(texts.consent_title.format(one_line(model, 40)), strings.close_hint)
        self._code = code
        self._texts = texts

    def parts(self) -> ComposeResult:
        yield Static(Content(self._texts.consent_fact))
        yield Static(Content(one_line(self._code, _MOST_SHOWN)), classes="code")
        yield Static(Content(self._texts.consent_means))
        with Horizontal():
            yield Button(Content(self._texts.consent_no), id="no")
            yield Button(Content(self._texts.consent_yes), id="yes", variant="warning")

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
