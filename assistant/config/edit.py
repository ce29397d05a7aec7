"""Changing one setting in config.toml, everything else in the file left as it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assistant.config.file import read_config
from assistant.config.places import make_private_folder
from assistant.config.problems import bad_value, unknown_key
from assistant.config.schema import Key, known_keys
from assistant.core.errors import ConfigError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def save_setting(config_file: Path, dotted: str, value: bool | float | str) -> None:
    """Set a key ("ui.theme", "keys.send") in the file, which is created if missing; comments stay.

    The file is replaced whole or not at all; a symbolic link to it stays one.

    Raises:
        ConfigError: there is no such setting, it can't have this value, or the file can't be
            read or written.
    """
    section, name = _parts(dotted)
    allowed = checked(dotted, value)
    document = _parse(read_config(config_file).text)
    table = document.setdefault(section, {}) if section else document
    table[name] = allowed
    _write(config_file, document)


def add_model(config_file: Path, name: str, entry: Mapping[str, bool | int | str]) -> None:
    """Write `[models.NAME]` at the end of the file, which is created if missing; comments stay.

    Raises:
        ConfigError: there is such an entry already, or the file can't be read or written.
    """
    import tomlkit

    document = _parse(read_config(config_file).text)
    models = document.get("models")
    if isinstance(models, MutableMapping) and name in models:
        raise ConfigError(
            f"{config_file} has an entry models.{name} already.", "Give the new one another name."
        )
    table = tomlkit.table()
    for key, value in entry.items():
        table[key] = value
    if isinstance(models, MutableMapping):
        models[name] = table
    else:
        document["models"] = tomlkit.table(is_super_table=True).append(name, table)
    _write(config_file, document)


def reset_setting(config_file: Path, dotted: str) -> bool:
    """Take a key out of the file, so that its default holds again; False when it wasn't there.

    Raises:
        ConfigError: there is no such setting, or the file can't be read or written.
    """
    section, name = _parts(dotted)
    document = _parse(read_config(config_file).text)
    table = document.get(section) if section else document
    if not isinstance(table, MutableMapping) or name not in table:
        return False
    del table[name]
    _write(config_file, document)
    return True


def checked(dotted: str, value: bool | float | str) -> bool | float | str:
    """The value as the setting takes it.

    Raises:
        ConfigError: there is no such setting, or it can't have this value.
    """
    section, name = _parts(dotted)
    key = known_keys().get(dotted) or Key(section, name, str, "")
    try:
        allowed: bool | float | str = msgspec.convert(value, key.type)
    except msgspec.ValidationError:
        raise bad_value("Settings", key, value) from None
    return allowed


def _parts(dotted: str) -> tuple[str, str]:
    """Section and name of a setting, or of an entry in `keys`."""
    section, _, name = dotted.rpartition(".")
    if dotted not in known_keys() and (section != "keys" or not name):
        raise unknown_key("Settings", section, name)
    return section, name


def _write(config_file: Path, document: TOMLDocument) -> None:
    try:
        _replace(config_file.resolve(), document.as_string())
    except OSError as error:
        raise ConfigError(
            f"{config_file} can't be written: {error.strerror}.",
            "Correct the permissions of it and its folder.",
        ) from error


def _parse(text: str) -> TOMLDocument:
    import tomlkit  # 50 ms, only for the settings screen

    return tomlkit.parse(text)


def _replace(path: Path, text: str) -> None:
    make_private_folder(path.parent)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
