"""Keys on the last lines of a screen; each can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from assistant.tui.bound_keys import BoundKeys, named_in

GAP = 3
_NAMES = {"⏎": "enter", "Esc": "escape", "⌫": "backspace", "↓": "down"}
"""Of keys that are never rebound; what stands for several keys can't be clicked."""


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
        return flowed(map(_drawn, self.hints), width)


def flowed(pieces: Iterable[Content], width: int) -> list[Content]:
    """Pieces from left to right on as many lines as they need, each whole."""
    lines: list[Content] = []
    for piece in pieces:
        if lines and lines[-1].cell_length + GAP + piece.cell_length <= width:
            lines[-1] = lines[-1] + Content(" " * GAP) + piece
        else:
            lines.append(piece)
    return lines


def _drawn(hint: Hint) -> Content:
    content = Content.assemble((hint.key, "bold $accent"), " ", hint.label)
    return content.stylize(Style.from_meta({"@click": hint.action}))


def clickable(line: str, bound: BoundKeys) -> Content:
    """The line of hints with its keys as they are bound, each pressed by a click on it."""
    return Content(" " * GAP).join([_clickable(piece, bound) for piece in line.split(" " * GAP)])


def _clickable(piece: str, bound: BoundKeys) -> Content:
    shown = Content(bound.fill(piece))
    names = named_in(piece)
    pressed = bound.key(names[0]) if len(names) == 1 else _NAMES.get(piece.partition(" ")[0], "")
    if not pressed:
        return shown
    return shown.stylize(Style.from_meta({"@click": f"app.simulate_key({pressed!r})"}))
