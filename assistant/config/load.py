"""Settings put together: flag > environment > config.toml > default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from assistant.config.file import ConfigText, read_config
from assistant.config.places import PLACE_VARIABLES, Places
from assistant.config.problems import (
    bad_entry,
    bad_value,
    not_a_table,
    unknown_key,
    unknown_variable,
)
from assistant.config.schema import (
    VARIABLE_PREFIX,
    Key,
    free_tables,
    known_keys,
    nearest,
    sections,
)
from assistant.config.settings import Settings
from assistant.core.errors import ConfigError

MISTYPED = 0.85
"""Similarity above which an unknown variable is taken for a mistyped one: a privacy setting
such as ASSISTANT_OFLINE must not be passed over in silence."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, and where each that is no default came from.

    `origins` maps a dotted key to "config.toml", the environment variable's name or "option".
    """

    settings: Settings
    origins: Mapping[str, str]


def load_settings(
    places: Places,
    environ: Mapping[str, str],
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Settings:
    """The settings in force; `overrides` are command-line values by dotted key.

    Variables are `ASSISTANT_<KEY>` or `ASSISTANT_<SECTION>_<KEY>`; an empty one counts as
    unset. Other ASSISTANT_* variables are ignored unless they name a section or nearly a
    setting.

    Raises:
        ConfigError: the file can't be read, or a name or value is not allowed.
    """
    return load_with_origins(places, environ, overrides).settings


def load_with_origins(
    places: Places,
    environ: Mapping[str, str],
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> LoadedSettings:
    """As `load_settings`, and where each value came from."""
    reading = Reading()
    reading.take_file(read_config(places.config_file))
    reading.take_environment(environ)
    reading.take_overrides(overrides)
    return reading.finish()


def find_problems(places: Places, environ: Mapping[str, str]) -> list[ConfigError]:
    """Everything wrong with the file and the environment, in the order found."""
    reading = Reading()
    try:
        reading.take_file(read_config(places.config_file))
    except ConfigError as error:
        reading.problems.append(error)
    reading.take_environment(environ)
    return reading.problems


class Reading:
    """Settings being collected, later layers over earlier ones; problems are kept, not raised."""

    def __init__(self) -> None:
        self.problems: list[ConfigError] = []
        self._values: dict[str, Any] = {}
        self._origins: dict[str, str] = {}

    def finish(self) -> LoadedSettings:
        """
        Raises:
            ConfigError: the first problem, and how many more there are.
        """
        if self.problems:
            first, *more = self.problems
            count = f" ({len(more)} more: run `assistant config check`.)" if more else ""
            raise ConfigError(first.message, first.hint + count)
        settings = msgspec.convert(self._values, Settings)
        return LoadedSettings(settings, MappingProxyType(self._origins))

    def take_file(self, config: ConfigText) -> None:
        """The values of config.toml."""
        for name, value in config.document.items():
            if name in free_tables() or name in sections():
                self._take_table(config, name, value)
            elif name in known_keys():
                self._take_from_file(config, known_keys()[name], value)
            else:
                self.problems.append(unknown_key(config.where(name), "", name))

    def take_environment(self, environ: Mapping[str, str]) -> None:
        """The values of ASSISTANT_* variables."""
        variables = {key.variable: key for key in known_keys().values()}
        for name, value in environ.items():
            if not name.startswith(VARIABLE_PREFIX) or name in PLACE_VARIABLES:
                continue
            if name in variables:
                self._take_word(variables[name], value, f"Environment: {name}", name)
            elif problem := _mistyped_variable(name, tuple(variables)):
                self.problems.append(problem)

    def take_overrides(self, overrides: Mapping[str, str]) -> None:
        """Command-line values by dotted key."""
        for dotted, value in overrides.items():
            key = known_keys().get(dotted)
            if key is None:
                section, _, name = dotted.rpartition(".")
                self.problems.append(unknown_key("Option", section, name))
            else:
                self._take_word(key, value, "Option", "option")

    def _take_table(self, config: ConfigText, section: str, table: object) -> None:
        if not isinstance(table, dict):
            self.problems.append(not_a_table(config.where(section), section, table))
            return
        for name, value in table.items():
            if section in free_tables():
                self._take_entry(config, section, name, value)
            elif key := known_keys().get(f"{section}.{name}"):
                self._take_from_file(config, key, value)
            else:
                self.problems.append(unknown_key(config.where(section, name), section, name))

    def _take_entry(self, config: ConfigText, section: str, name: str, value: object) -> None:
        try:
            entry = msgspec.convert(value, free_tables()[section])
        except msgspec.ValidationError:
            self.problems.append(bad_entry(config.where(section, name), section, name, value))
            return
        self._values.setdefault(section, {})[name] = entry
        self._origins[f"{section}.{name}"] = config.path.name

    def _take_from_file(self, config: ConfigText, key: Key, value: object) -> None:
        try:
            self._set(key, msgspec.convert(value, key.type), config.path.name)
        except msgspec.ValidationError:
            where = config.where(*key.dotted.split("."))
            self.problems.append(bad_value(where, key, value))

    def _take_word(self, key: Key, word: str, where: str, origin: str) -> None:
        if not word.strip():
            return
        try:
            self._set(key, msgspec.convert(word.strip(), key.type, strict=False), origin)
        except msgspec.ValidationError:
            self.problems.append(bad_value(where, key, word))

    def _set(self, key: Key, value: object, origin: str) -> None:
        table = self._values.setdefault(key.section, {}) if key.section else self._values
        table[key.name] = value
        self._origins[key.dotted] = origin


def _mistyped_variable(name: str, variables: tuple[str, ...]) -> ConfigError | None:
    """The problem with an unknown ASSISTANT_* variable, or None for somebody else's."""
    for section in sections():
        if name.startswith(f"{VARIABLE_PREFIX}{section.upper()}_"):
            inside = tuple(
                v for v in variables if v.startswith(f"{VARIABLE_PREFIX}{section.upper()}_")
            )
            return unknown_variable(name, nearest(name, inside), inside)
    near = nearest(name, variables + PLACE_VARIABLES, cutoff=MISTYPED)
    return unknown_variable(name, near, ()) if near else None
