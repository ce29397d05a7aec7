"""What every command is handed: the settings in force and where things are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assistant.config import LoadedSettings, Places, Settings


@dataclass(frozen=True)
class Context:
    """The click context's `obj`; commands receive it with `@click.pass_obj`."""

    settings: Settings
    places: Places
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each setting that is no default came from, by dotted key."""


class PendingContext(Context):
    """A context whose settings are read when a command first looks at them, so that help, and
    the commands that repair a broken configuration file, work with one.

    Reading them raises `ConfigError`.
    """

    def __init__(self, places: Places, load: Callable[[], LoadedSettings]) -> None:
        vars(self).update(places=places, _load=load)

    @cached_property
    def _loaded(self) -> LoadedSettings:
        load: Callable[[], LoadedSettings] = vars(self)["_load"]
        return load()

    @property
    def settings(self) -> Settings:
        return self._loaded.settings

    @property
    def origins(self) -> Mapping[str, str]:
        return self._loaded.origins
