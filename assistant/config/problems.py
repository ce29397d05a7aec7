"""Errors in settings, worded: where, what is wrong, what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from assistant.config.schema import Key, names_in, nearest, takes
from assistant.core.errors import ConfigError
from assistant.core.text import one_line

SHOWN_CHARACTERS = 60


def unknown_key(where: str, section: str, name: str) -> ConfigError:
    """A name in a table (or at the top, section "") that no setting has."""
    dotted = f"{section}.{name}" if section else name
    if section.partition(".")[0] == "models":
        return ConfigError(
            f'{where}: there is no setting "{one_line(dotted, SHOWN_CHARACTERS)}".',
            "What a model is stands in a table of its own, [models.NAME]: edit the file for that.",
        )
    choices = names_in(section)
    if not choices:  # the table itself is unknown
        section, name, choices = "", section, names_in("")
    place = f"[{section}]" if section else "the top level"
    return ConfigError(
        f'{where}: there is no setting "{one_line(dotted, SHOWN_CHARACTERS)}".',
        _meant(name, choices) + f"Valid at {place}: {', '.join(choices)}.",
    )


def unknown_variable(name: str, near: str | None, choices: Sequence[str]) -> ConfigError:
    """An environment variable that looks like a setting's and is none."""
    meant = f"Did you mean {near}? " if near else ""
    return ConfigError(
        f"Environment: {one_line(name, SHOWN_CHARACTERS)} sets nothing.",
        f"{meant}Valid here: {', '.join(choices)}." if choices else meant.strip(),
    )


def bad_value(where: str, key: Key, value: object) -> ConfigError:
    """A value of the wrong type or outside its range."""
    choices = names_of_literal(key)
    meant = _meant(value, choices) if isinstance(value, str) else ""
    return ConfigError(
        f"{where}: {key.dotted} can't be {shown(value)}.",
        f"{meant}It takes {takes(key.type)}; the default is {shown(key.default)}.",
    )


def bad_entry(where: str, section: str, name: str, value: object) -> ConfigError:
    """A value in `keys` or `models` that has the wrong type."""
    wanted = "text" if section == "keys" else "a table"
    return ConfigError(
        f"{where}: {section}.{one_line(name, SHOWN_CHARACTERS)} can't be {shown(value)}.",
        f"It takes {wanted}.",
    )


def not_a_table(where: str, section: str, value: object) -> ConfigError:
    """A section's name used as if it were a setting."""
    return ConfigError(
        f"{where}: {section} can't be {shown(value)}, it is a table.",
        f"Write [{section}] on a line of its own and its settings below.",
    )


def names_of_literal(key: Key) -> tuple[str, ...]:
    """The words a setting may be, for those that take one of a few."""
    info = msgspec.inspect.type_info(key.type)
    if isinstance(info, msgspec.inspect.LiteralType):
        return tuple(str(value) for value in info.values)
    return ()


def shown(value: object) -> str:
    """A value as TOML would write it, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{one_line(value, SHOWN_CHARACTERS)}"'
    return one_line(str(value), SHOWN_CHARACTERS)


def _meant(word: str, choices: Iterable[str]) -> str:
    near = nearest(word, choices)
    return f'Did you mean "{near}"? ' if near else ""
