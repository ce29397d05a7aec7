"""The command palette: all that has a key, the conversation's commands, the themes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text
from textual.app import App, SystemCommand
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets.option_list import Option

from assistant.tui import keys
from assistant.tui.strings import Strings

KEY_CELLS = 9
_LEFT_OUT = frozenset({"palette", "interrupt", "previous", "next", "cancel"})
"""Those that open it, or do nothing while it is open."""


def offered(app: App[Any], strings: Strings, *, in_chat: bool) -> Iterator[SystemCommand]:
    """The commands that can be used now, each with its key as its help.

    Args:
        in_chat: whether the chat is on top; its commands are left out elsewhere.
    """
    for key in keys.KEYS:
        if key.name in _LEFT_OUT or not (key.where == "app" or (in_chat and key.where == "chat")):
            continue
        action = key.action if key.where == "app" else f"screen.{key.action}"
        pressed = keys.written(strings.bound.key(key.name))
        yield SystemCommand(strings.keys[key.name], pressed, _Run(app, action))
    if in_chat:
        for what, title in strings.library.actions.items():
            yield SystemCommand(title, "", _Run(app, f"screen.conversation({what!r})"))
    yield SystemCommand(strings.theme, "", app.action_change_theme)


class Commands(Provider):
    """Gives the palette a line a command: the key, then what it does, in the order offered."""

    async def discover(self) -> Hits:
        """All of them."""
        for command in self.app.get_system_commands(self.screen):
            line = _line(command.help, Content(command.title))
            yield DiscoveryHit(line, command.callback, command.title)

    async def search(self, query: str) -> Hits:
        """Those whose name holds the letters."""
        matcher = self.matcher(query)
        for command in self.app.get_system_commands(self.screen):
            if (score := matcher.match(command.title)) > 0:
                found = matcher.highlight(command.title)
                yield Hit(score, _line(command.help, found), command.callback, command.title)


def _line(key: str, title: Content) -> Content:
    pressed = Content.styled(key, "$accent")
    return pressed.pad_right(max(1, KEY_CELLS - pressed.cell_length)) + title


class Palette(CommandPalette):
    """Textual's palette, in the language of the interface."""

    def __init__(self, strings: Strings, *providers: type[Provider], placeholder: str = "") -> None:
        super().__init__(
            providers or None,
            placeholder=placeholder or strings.palette_placeholder,
            id="--command-palette",
        )
        self._no_hits = strings.no_hits

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Say it at once, and not in English."""
        self._stop_no_matches_countdown()
        if search_value:
            nothing = Option(Text(self._no_hits), disabled=True, id=self._NO_MATCHES)
            self.query_one(CommandList).add_option(nothing)
        self._list_visible = bool(search_value)


class _Run:
    """Runs an action when it is called; the palette wants plain callables."""

    def __init__(self, app: App[Any], action: str) -> None:
        self._app = app
        self._action = action

    async def __call__(self) -> None:
        await self._app.run_action(self._action)
