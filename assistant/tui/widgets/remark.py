"""What an answer says beside its text: a sign, and words that stay to the right of it."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

SIGN_CELLS = 2
_CODE = re.compile(r"`([^`\n]+)`")


class Remark(Horizontal):
    """Its content begins with a sign and a space."""

    DEFAULT_CSS = f"""
    Remark {{
        width: 1fr; height: auto; margin: 0 0 1 0;
        & > .sign {{ width: {SIGN_CELLS}; height: 1; }}
        & > .words {{ width: 1fr; height: auto; }}
        &.-failure {{
            padding: 0 1;
            background: $error 10%; border-left: outer $error;
        }}
    }}
    """

    def __init__(self, content: Content, *, is_failure: bool = False) -> None:
        super().__init__(classes="-failure" if is_failure else "")
        self._content = content

    def compose(self) -> ComposeResult:
        yield Static(self._content[:1], classes="sign", markup=False)
        yield Static(self._content[SIGN_CELLS:], classes="words", markup=False)


def with_commands(text: str, style: str = "") -> Content:
    """The text in a style, what stands between backticks as a command without them."""
    pieces = _CODE.split(text)
    shown = [
        Content.styled(piece, "$accent") if number % 2 else Content.styled(piece, style)
        for number, piece in enumerate(pieces)
    ]
    return Content("").join(shown)
