"""Settings as a person sees and changes them; changes go to config.toml, the rest stays there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from assistant.config import LoadedSettings
from assistant.config.descriptions import descriptions
from assistant.config.edit import add_model, checked, reset_setting, save_setting
from assistant.config.schema import VARIABLE_PREFIX, known_keys, nearest
from assistant.core.errors import ConfigError
from assistant.core.inventory import ModelInfo
from assistant.core.text import one_line
from assistant.tui.keys import KEYS
from assistant.tui.strings import Strings

Value = bool | float | str
AT_ONCE = frozenset({"ui.theme", "ui.notify", "ui.motion", "keys"})
"""Settings and tables the interface takes up without a restart."""
INTERFACE = frozenset({"ui", "keys"})
"""Tables the engine does not read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: what it is, where it comes from, what it takes."""

    dotted: str
    section: str
    value: Value
    default: Value
    origin: str
    """ "" for a default, else "config.toml", a variable's name or "option"."""
    description: str
    takes: str
    kind: type
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name inside its table."""
        return self.dotted.rpartition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable that sets it; "" for keys, which have none."""
        return (
            ""
            if self.section == "keys"
            else VARIABLE_PREFIX + self.dotted.replace(".", "_").upper()
        )


class Preferences:
    """The settings in force, and what the file says since; knows what is not in force yet.

    Args:
        load: reads file, environment and options again; may raise ConfigError.
    """

    def __init__(
        self,
        loaded: LoadedSettings,
        config_file: Path,
        load: Callable[[], LoadedSettings],
        strings: Strings,
    ) -> None:
        self.loaded = loaded
        self.config_file = config_file
        self._load = load
        self._strings = strings
        self.engine_is_behind = False
        """Whether something the engine reads was changed since it started."""

    def rows(self) -> list[Row]:
        """Every setting in the order of the file's tables, the keys last."""
        return [*self._settings(), *self._keys()]

    async def save(self, dotted: str, value: Value) -> Row:
        """Set it in the file; the row as it is now (the environment may still win).

        Raises:
            ConfigError: it can't have this value, or the file can't be read or written.
        """
        checked(dotted, value)
        await asyncio.to_thread(save_setting, self.config_file, dotted, value)
        return await self._changed(dotted)

    async def add_model(self, name: str, role: str, source: str) -> None:
        """Write an entry for a served model into the file; the role by its name may be another.

        Raises:
            ConfigError: there is one of that name, or the file can't be read or written.
        """
        await asyncio.to_thread(add_model, self.config_file, name, {"role": role, "source": source})
        self.loaded = await asyncio.to_thread(self._load)
        self.engine_is_behind = True

    async def reset(self, dotted: str) -> bool:
        """Take it out of the file; False when it was not there.

        Raises:
            ConfigError: the file can't be read or written.
        """
        was_there = await asyncio.to_thread(reset_setting, self.config_file, dotted)
        if was_there:
            await self._changed(dotted)
        return was_there

    async def _changed(self, dotted: str) -> Row:
        self.loaded = await asyncio.to_thread(self._load)
        if dotted.partition(".")[0] not in INTERFACE:
            self.engine_is_behind = True
        return next(row for row in self.rows() if row.dotted == dotted)

    def _settings(self) -> list[Row]:
        values: dict[str, Any] = msgspec.to_builtins(self.loaded.settings)
        told = {**descriptions(), **self._strings.screens.settings.descriptions}
        rows = []
        for key in known_keys().values():
            value = values[key.section][key.name] if key.section else values[key.name]
            takes, kind, choices = limits(key.type, self._strings)
            rows.append(
                Row(
                    key.dotted,
                    key.section,
                    value,
                    key.default,
                    self.loaded.origins.get(key.dotted, ""),
                    told.get(key.dotted, ""),
                    takes,
                    kind,
                    choices,
                )
            )
        return rows

    def _keys(self) -> list[Row]:
        texts = self._strings.screens.settings
        rebound: Mapping[str, str] = self.loaded.settings.keys
        return [
            Row(
                f"keys.{key.name}",
                "keys",
                rebound.get(key.name, key.keys),
                key.keys,
                self.loaded.origins.get(f"keys.{key.name}", ""),
                self._strings.keys[key.name],
                texts.key_takes,
                str,
            )
            for key in KEYS
        ]


def with_choices(row: Row, choices: tuple[str, ...], strings: Strings) -> Row:
    """The row of a text that, here, is one of a few (a theme)."""
    takes = strings.screens.settings.one_of.format(strings.listed(choices))
    return replace(row, choices=choices, takes=takes)


def parsed(row: Row, text: str, strings: Strings) -> Value:
    """What a person typed, as the setting's type.

    Raises:
        ConfigError: it is no number where one is wanted, or out of range.
    """
    value: Value = text.strip() if row.dotted != "generate.system" else text
    if row.kind in (int, float):
        try:
            value = row.kind(text.strip().replace(",", "").replace("_", ""))
        except ValueError:
            fact = strings.screens.settings.not_a_number.format(text.strip()[:40])
            raise ConfigError(fact, strings.screens.settings.takes.format(row.takes)) from None
    elif row.kind is object and text.strip().isdecimal():
        value = int(text)
    return checked(row.dotted, value)


def check_model(row: Row, value: Value, models: Iterable[ModelInfo]) -> None:
    """
    Raises:
        ConfigError: the setting names a model, and none of its kind has this name.
    """
    fit = [model.name for model in models if model.setting == row.dotted]
    if fit and value not in fit:
        near = nearest(str(value), fit, cutoff=0.4)
        meant = f'Did you mean "{near}"? ' if near else ""
        raise ConfigError(
            f"{row.dotted}: There is no model “{one_line(str(value), 60)}”.",
            f"{meant}All: assistant models list",
        )


def limits(kind: Any, strings: Strings) -> tuple[str, type, tuple[str, ...]]:
    """What a value of a type may be in words, its Python type, and its words if it has few."""
    return _limits(msgspec.inspect.type_info(kind), strings)


def _limits(info: msgspec.inspect.Type, strings: Strings) -> tuple[str, type, tuple[str, ...]]:
    texts = strings.screens.settings
    match info:
        case msgspec.inspect.UnionType():  # of a number and words; `object` stands for either
            parts = (_limits(part, strings)[0] for part in info.types)
            return " / ".join(parts), object, ()
        case msgspec.inspect.BoolType():
            return texts.boolean, bool, ()
        case msgspec.inspect.LiteralType():
            words = tuple(str(value) for value in info.values)
            return texts.one_of.format(strings.listed(words)), str, words
        case msgspec.inspect.IntType():
            return texts.whole_number.format(_span(info, strings)), int, ()
        case msgspec.inspect.FloatType():
            return texts.number.format(_span(info, strings)), float, ()
        case msgspec.inspect.StrType(min_length=int(shortest)) if shortest:
            return texts.some_text, str, ()
        case _:
            return texts.text, str, ()


def _span(info: msgspec.inspect.IntType | msgspec.inspect.FloatType, strings: Strings) -> str:
    texts = strings.screens.settings
    if info.gt is not None:
        return texts.above_to.format(f"{info.gt:,}", f"{info.le:,}")
    return texts.from_to.format(f"{info.ge:,}", f"{info.le:,}")
