"""config.toml as read: its values, and where in it each stands."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.config.lines import line_of, line_of_syntax_error
from assistant.core.errors import ConfigError

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ConfigText:
    """The configuration file's text and what it says; both empty where there is none."""

    path: Path
    text: str
    document: dict[str, Any]

    def where(self, *path: str) -> str:
        """ "FILE, line N" of a key."""
        line = line_of(self.text, path)
        return f"{self.path}, line {line}" if line else str(self.path)


def read_config(path: Path) -> ConfigText:
    """The file's contents; a missing file says nothing.

    Raises:
        ConfigError: it can't be read, is too large, is not UTF-8, or is not TOML.
    """
    text = _decode(path, _read(path))
    try:
        return ConfigText(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, complaint = line_of_syntax_error(error, text)
        raise ConfigError(
            f"{path}, line {line}: this is not TOML: {complaint}.",
            'A setting is written name = value, with texts in quotes: theme = "nord".',
        ) from error
    except RecursionError as error:
        raise ConfigError(
            f"{path} is nested too deeply to be read.", "Its values are numbers, texts and tables."
        ) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error.strerror}.",
            "Correct its permissions, or name another file with --config or ASSISTANT_CONFIG.",
        ) from error
    if len(content) > MAX_BYTES:
        raise ConfigError(
            f"{path} is larger than {MAX_BYTES >> 20} MB.",
            "That is no configuration file; name the right one with --config.",
        )
    return content


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}, line {line}: the file is not UTF-8.", "Save it as UTF-8 in your editor."
        ) from error
