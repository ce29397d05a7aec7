"""What the screens share, handed to them when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.config import Settings
from assistant.tui.commands import Command
from assistant.tui.ports import Clock, EngineLike, StoreLike
from assistant.tui.strings import Strings


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, store, engine, texts and time."""

    settings: Settings
    config_file: Path
    store: StoreLike
    engine: EngineLike
    strings: Strings
    now: Clock
    commands: tuple[Command, ...]
    folder: Path
    """Where an `@` looks for files."""

    @property
    def skills(self) -> tuple[str, ...]:
        """Names of the skills one can ask for."""
        return tuple(command.name for command in self.commands if command.is_skill)
