"""Keys on the last lines of a screen; each can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

GAP = 3
_NAMES = {"⏎": "enter", "esc": "escape", "⌫": "backspace", "↓": "down"}
"""Of keys that are written otherwise; what stands for several keys can't be clicked."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A key as it is written, what it does, and the action a click runs."""

    key: str
    label: str
    action: str


class KeyBar(Static):
    """Hints from left to right, on as many lines as they need."""

    DEFAULT_CSS = """
    KeyBar {
        height: auto; width: 1fr; color: $foreground-muted; text-wrap: nowrap;
        link-color: $foreground-muted; link-style: none; link-background: transparent;
        link-color-hover: $primary; link-style-hover: none; link-background-hover: $boost;
    }
    """

    hints: reactive[tuple[Hint, ...]] = reactive((), layout=True)

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, hints: Sequence[Hint]) -> None:
        """Show these keys."""
        self.hints = tuple(hints)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the hints take at that width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for hint in self.hints:
            content = _drawn(hint)
            if lines and lines[-1].cell_length + GAP + content.cell_length <= width:
                lines[-1] = lines[-1] + Content(" " * GAP) + content
            else:
                lines.append(content)
        return lines


def _drawn(hint: Hint) -> Content:
    content = Content.assemble((hint.key, "bold $accent"), " ", hint.label)
    return content.stylize(Style.from_meta({"@click": hint.action}))


def clickable(line: str) -> Content:
    """The line, each of its keys pressed by a click on it."""
    return Content(" " * GAP).join([_clickable(piece) for piece in line.split(" " * GAP)])


def _clickable(piece: str) -> Content:
    written, _, rest = piece.partition(" ")
    name = _NAMES.get(written, written if len(written) == 1 and written.isalnum() else "")
    if not name or not rest:
        return Content(piece)
    return Content(piece).stylize(Style.from_meta({"@click": f"app.simulate_key({name!r})"}))
