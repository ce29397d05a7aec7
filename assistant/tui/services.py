"""What the screens share, handed to them when they are made."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual.screen import Screen

from assistant.config import Settings
from assistant.tui.commands import Command
from assistant.tui.indexing import Indexing
from assistant.tui.opener import Opener
from assistant.tui.pictures import Pictures
from assistant.tui.ports import Clock, EngineLike, StoreLike
from assistant.tui.preferences import Preferences
from assistant.tui.pulls import Pulls
from assistant.tui.strings import Strings


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, store, engine, texts and time; the work that outlives a screen."""

    settings: Settings
    config_file: Path
    store: StoreLike
    engine: EngineLike
    strings: Strings
    now: Clock
    commands: tuple[Command, ...]
    folder: Path
    """Where an `@` looks for files."""
    indexing: Indexing
    pulls: Pulls
    preferences: Preferences
    apply_preferences: Callable[[], None]
    """Takes up what the interface can without a restart."""

    @property
    def skills(self) -> tuple[str, ...]:
        """Names of the skills one can ask for."""
        return tuple(command.name for command in self.commands if command.is_skill)

    def pictures(self) -> Pictures:
        """What draws pictures on a screen, as the settings say."""
        ui, describe = self.settings.ui, self.settings.describe
        return Pictures(ui.pictures, describe.max_pixels, os.environ, self.strings.tell)

    def opener(self, screen: Screen[None]) -> Opener:
        """Opens files from a screen."""
        return Opener(screen, self.strings)
