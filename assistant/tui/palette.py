"""What the command palette offers: all that has a key, the conversation's commands, the themes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import App, SystemCommand

from assistant.tui import keys
from assistant.tui.strings import Strings

_LEFT_OUT = frozenset({"palette", "interrupt", "previous", "next"})


def offered(
    app: App[Any], strings: Strings, rebound: Mapping[str, str], *, in_chat: bool
) -> Iterator[SystemCommand]:
    """The commands that can be used now, each with its key beside it.

    Args:
        rebound: other keys by the name of what they do.
        in_chat: whether the chat is on top; its commands are left out elsewhere.
    """
    yield SystemCommand(strings.theme, "", app.action_change_theme)
    for key in keys.KEYS:
        if key.name in _LEFT_OUT or not (key.where == "app" or (in_chat and key.where == "chat")):
            continue
        action = key.action if key.where == "app" else f"screen.{key.action}"
        pressed = " ".join(keys.current(key.name, rebound))
        yield SystemCommand(strings.keys[key.name], pressed, _Run(app, action))
    if in_chat:
        for what, title in strings.library.actions.items():
            yield SystemCommand(title, "", _Run(app, f"screen.conversation({what!r})"))


class _Run:
    """Runs an action when it is called; the palette wants plain callables."""

    def __init__(self, app: App[Any], action: str) -> None:
        self._app = app
        self._action = action

    async def __call__(self) -> None:
        await self._app.run_action(self._action)
