"""The settings as a table of dotted keys: what each takes, in words, and what it is near to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

import msgspec

from assistant.config.settings import Settings

VARIABLE_PREFIX = "ASSISTANT_"


@dataclass(frozen=True, slots=True)
class Key:
    """One setting; `section` is "" at the top level."""

    section: str
    name: str
    type: Any
    default: Any

    @property
    def dotted(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return VARIABLE_PREFIX + self.dotted.replace(".", "_").upper()


@cache
def known_keys() -> Mapping[str, Key]:
    """Every setting with a fixed name, by dotted name, in the order they are declared."""
    keys: dict[str, Key] = {}
    defaults = Settings()
    for field in msgspec.structs.fields(Settings):
        default = getattr(defaults, field.name)
        if isinstance(default, msgspec.Struct):
            for inner in msgspec.structs.fields(type(default)):
                key = Key(field.name, inner.name, inner.type, getattr(default, inner.name))
                keys[key.dotted] = key
        elif not isinstance(default, dict):
            keys[field.name] = Key("", field.name, field.type, default)
    return MappingProxyType(keys)


@cache
def free_tables() -> Mapping[str, Any]:
    """Tables whose names are the person's own, with the type of their values."""
    return MappingProxyType(
        {
            field.name: get_args(field.type)[1]
            for field in msgspec.structs.fields(Settings)
            if get_origin(field.type) is dict
        }
    )


@cache
def sections() -> tuple[str, ...]:
    """Names of the tables: the fixed ones, then the free ones."""
    fixed = dict.fromkeys(key.section for key in known_keys().values() if key.section)
    return (*fixed, *free_tables())


def names_in(section: str) -> tuple[str, ...]:
    """What may stand in a table; "" is the top level, tables included."""
    names = tuple(key.name for key in known_keys().values() if key.section == section)
    return names if section else (*names, *sections())


def takes(kind: Any) -> str:
    """What a value of this type may be, in words: "a number from 0 to 2"."""
    return _takes(msgspec.inspect.type_info(kind))


def _takes(info: msgspec.inspect.Type) -> str:
    match info:
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.UnionType():
            return ", or ".join(_takes(part) for part in info.types)
        case msgspec.inspect.LiteralType():
            words = ", ".join(f'"{value}"' for value in info.values)
            return f"one of {words}" if len(info.values) > 1 else words
        case msgspec.inspect.IntType():
            return f"a whole number {_span(info)}".strip()
        case msgspec.inspect.FloatType():
            return f"a number {_span(info)}".strip()
        case msgspec.inspect.StrType():
            return "text that is not empty" if info.min_length else "text"
        case _:
            return "a table"


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The choice a word was probably meant to be."""
    from difflib import get_close_matches  # needed only to word an error

    found = get_close_matches(word, list(choices), n=1, cutoff=cutoff)
    return found[0] if found else None


def _span(info: msgspec.inspect.IntType | msgspec.inspect.FloatType) -> str:
    """ "from 0 to 2", "above 0, at most 1"; every number setting has both ends."""
    top = f"{info.le:,}"
    return (
        f"above {info.gt:,}, at most {top}" if info.gt is not None else f"from {info.ge:,} to {top}"
    )
