"""The keys as they are bound now, and the commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.commands import Command
from assistant.tui.keys import KEYS, current, groups
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings

KEY_CELLS = 14


class HelpScreen(Dialog[None]):
    """Scrolls when it is longer than the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "leave", show=False, id="help"),
        Binding("q", "leave", show=False),
        Binding("down,j", "scroll_box(1)", show=False),
        Binding("up,k", "scroll_box(-1)", show=False),
        Binding("pagedown,space", "scroll_box(10)", show=False),
        Binding("pageup", "scroll_box(-10)", show=False),
    ]

    def __init__(
        self,
        commands: Sequence[Command],
        config_file: Path,
        strings: Strings,
    ) -> None:
        super().__init__(strings.help_title, strings.close_hint)
        self._commands = commands
        self._config_file = config_file
        self._strings = strings

    def parts(self) -> ComposeResult:
        yield Static(Content("\n").join(self._lines()), markup=False)

    def action_scroll_box(self, lines: int) -> None:
        """Scroll the help."""
        self._box.scroll_relative(y=lines, animate=False)

    def _lines(self) -> Iterator[Content]:
        strings = self._strings
        for group in groups():
            yield _heading(strings.keyed(strings.groups[group]))
            for key in KEYS:
                if key.group == group:
                    keys = "  ".join(current(key.name, strings.bound.keymap))
                    yield _row(keys, strings.keys[key.name])
            yield Content()
        yield _heading(strings.help_commands)
        for command in self._commands:
            yield _row(f"/{one_line(command.name, 24)}", one_line(command.summary, 100))
        yield Content()
        config = one_line(str(self._config_file), 200)
        yield Content.styled(strings.help_config.format(config), "$foreground-muted")


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $primary")


def _row(left: str, right: str) -> Content:
    keys = Content.styled(f" {left}", "$accent")
    return keys.pad_right(max(1, KEY_CELLS - keys.cell_length)) + Content(right)
