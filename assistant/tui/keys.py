"""The key bindings, by name; the names are what `[keys]` in config.toml rebinds.

^I ^M ^H ^[ ^S are never primary: terminals send them for Tab, Enter, Backspace and Esc, or
stop the output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import Binding

Where = str
"""Which widget or screen owns the binding: "app", "chat", "prompt", "message", "list",
"documents", "duplicates", "models", "settings"."""


@dataclass(frozen=True, slots=True)
class Key:
    """One binding: its name, default keys (comma-separated), action and where it works."""

    name: str
    keys: str
    action: str
    where: Where
    group: str
    priority: bool = False

    @property
    def binding(self) -> Binding:
        """The Textual binding, rebindable under its name."""
        # The line-by-line chat, which names keys in its texts, does without Textual.
        from textual.binding import Binding

        return Binding(
            self.keys, self.action, self.name, show=False, priority=self.priority, id=self.name
        )


KEYS: tuple[Key, ...] = (
    Key("send", "enter", "send", "prompt", "writing"),
    Key("newline", "ctrl+j,shift+enter", "newline", "prompt", "writing"),
    Key("cancel", "escape", "cancel", "chat", "writing"),
    Key("again", "ctrl+r", "again", "chat", "writing"),
    Key("attach", "ctrl+o", "attach", "chat", "writing"),
    Key("editor", "ctrl+g", "editor", "chat", "writing"),
    Key("new", "ctrl+n", "new", "chat", "conversation"),
    Key("sidebar", "ctrl+b", "sidebar", "chat", "conversation"),
    Key("search", "ctrl+f", "search", "chat", "conversation", priority=True),
    Key("rename", "r", "want('rename')", "list", "conversation"),
    Key("pin", "p", "want('pin')", "list", "conversation"),
    Key("archive", "a", "want('archive')", "list", "conversation"),
    Key("delete", "d,delete", "want('delete')", "list", "conversation"),
    Key("undo", "u", "want('undo')", "list", "conversation"),
    Key("archived", "v", "want('archived')", "list", "conversation"),
    Key("previous", "alt+up", "walk(-1)", "chat", "message"),
    Key("next", "alt+down", "walk(1)", "chat", "message"),
    Key("copy", "y", "copy", "message", "message"),
    Key("edit", "e", "edit", "message", "message"),
    Key("regenerate", "r", "regenerate", "message", "message"),
    Key("skill", "s", "skill", "message", "message"),
    Key("unteach", "u", "unteach", "message", "message"),
    Key("why", "w", "why", "message", "message"),
    Key("heat", "h", "heat", "message", "message"),
    Key("open", "o", "open", "message", "message"),
    Key("copy_code", "c", "copy_code", "message", "message"),
    Key("version_before", "left_square_bracket", "version(-1)", "message", "message"),
    Key("version_after", "right_square_bracket", "version(1)", "message", "message"),
    Key("times", "ctrl+t", "times", "chat", "message"),
    Key("end", "ctrl+end", "end", "chat", "message"),
    Key("add", "a", "add", "documents", "documents"),
    Key("sync", "s", "sync", "documents", "documents"),
    Key("stop_reading", "x", "stop", "documents", "documents"),
    Key("watch", "w", "watch", "documents", "documents"),
    Key("forget", "d,delete", "forget", "documents", "documents"),
    Key("collection", "n", "collection", "documents", "documents"),
    Key("find", "slash", "find", "documents", "documents"),
    Key("filter", "f", "filter", "documents", "documents"),
    Key("open_file", "o", "open_file", "documents", "documents"),
    Key("duplicates", "p", "duplicates", "documents", "documents"),
    Key("open_copy", "o", "open_copy", "duplicates", "copies"),
    Key("open_folder", "f", "open_folder", "duplicates", "copies"),
    Key("copy_path", "y", "copy_path", "duplicates", "copies"),
    Key("pull", "p", "pull", "models", "models"),
    Key("stop_pull", "x", "stop_pull", "models", "models"),
    Key("use", "u", "use", "models", "models"),
    Key("discover", "s", "discover", "models", "models"),
    Key("change", "e", "change", "settings", "settings"),
    Key("reset", "r", "reset", "settings", "settings"),
    Key("palette", "ctrl+p", "command_palette", "app", "program"),
    Key("help", "f1", "help", "app", "program"),
    Key("settings", "f2", "settings", "app", "program"),
    Key("documents", "f3", "documents", "app", "program"),
    Key("models", "f4", "models", "app", "program"),
    Key("interrupt", "ctrl+c", "interrupt", "app", "program"),
    Key("quit", "ctrl+q", "quit", "app", "program", priority=True),
)


def bindings(where: Where) -> list[Binding]:
    """The bindings one widget owns."""
    return [key.binding for key in KEYS if key.where == where]


def unknown(keymap: Mapping[str, str]) -> list[str]:
    """Names in a keymap that bind nothing."""
    known = {key.name for key in KEYS}
    return [name for name in keymap if name not in known]


def current(name: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys bound to a name now, written for a person."""
    return tuple(written(key) for key in _bound(name, keymap))


def first(name: str, keymap: Mapping[str, str]) -> str:
    """The first key bound to a name now, as Textual calls it."""
    return _bound(name, keymap)[0]


def _bound(name: str, keymap: Mapping[str, str]) -> list[str]:
    keys = keymap.get(name) or next(key.keys for key in KEYS if key.name == name)
    return [key.strip() for key in keys.split(",")]


def written(key: str) -> str:
    """A key as people write it: `ctrl+n` → `^N`, `shift+enter` → `⇧⏎`."""
    *modifiers, last = key.strip().split("+")
    name = _NAMES.get(last, last.upper() if "ctrl" in modifiers or len(last) > 1 else last)
    return "".join(_MODIFIERS.get(m, f"{m}+") for m in modifiers) + name


def groups() -> Iterable[str]:
    """The groups, in the order of the table."""
    return dict.fromkeys(key.group for key in KEYS)


_MODIFIERS = {"ctrl": "^", "shift": "⇧", "alt": "Alt+"}
_NAMES = {
    "enter": "⏎", "escape": "Esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "slash": "/", "delete": "Del", "backspace": "⌫", "tab": "Tab", "space": "Space",
    "left_square_bracket": "[", "right_square_bracket": "]", "end": "End",
}  # fmt: skip
