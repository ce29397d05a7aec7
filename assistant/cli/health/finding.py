"""What a check found, and the check as a function that can't break the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from assistant.core.errors import AssistantError

Level = Literal["ok", "warning", "failure"]


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor's list; `remedy` is empty where nothing need be done."""

    name: str
    level: Level
    detail: str
    remedy: str = ""


Check = Callable[[], Iterable[Finding]]


def run_checks(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """The findings of each named check; one that fails gives a finding of its own."""
    for name, check in checks:
        try:
            yield from check()
        except AssistantError as error:
            yield Finding(name, "failure", error.message, error.hint)
        except (OSError, ImportError, sqlite3.Error, ValueError) as error:
            yield Finding(name, "failure", f"{type(error).__name__}: {error}")
