"""The keys as they are bound now, put into the texts that name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from types import MappingProxyType

from assistant.tui.keys import KEYS, first, written

NOTHING_REBOUND: Mapping[str, str] = MappingProxyType({})


class BoundKeys:
    """One for the whole interface; changes with the settings.

    Args:
        keymap: other keys, comma-separated, by the name of what they do.
    """

    def __init__(self, keymap: Mapping[str, str] = NOTHING_REBOUND) -> None:
        self._written = _Written(keymap)
        self.keymap = keymap

    def change(self, keymap: Mapping[str, str]) -> None:
        """Other keys are bound from now on."""
        self.keymap = keymap
        self._written = _Written(keymap)

    def key(self, name: str) -> str:
        """The first key bound to a name, as Textual calls it: "ctrl+n"."""
        return first(name, self.keymap)

    def fill(self, text: str, *values: object) -> str:
        """The text with values in its holes `{}` and keys in those that name one: `{send}`."""
        return Formatter().vformat(text, values, self._written)


class _Written(Mapping[str, str]):
    """How the first key bound to each name is written."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._keymap = keymap

    def __getitem__(self, name: str) -> str:
        return written(first(name, self._keymap))

    def __iter__(self) -> Iterator[str]:
        return (key.name for key in KEYS)

    def __len__(self) -> int:
        return len(KEYS)


def named_in(text: str) -> Sequence[str]:
    """The names of keys in a text, in order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name]
