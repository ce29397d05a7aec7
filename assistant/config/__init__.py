"""Settings and places: flag > environment > config.toml > default."""

from assistant.config.load import LoadedSettings, load_settings, load_with_origins
from assistant.config.places import Places, find_places, make_private_folder
from assistant.config.settings import (
    DescribeSettings,
    EmbedSettings,
    GenerateSettings,
    IndexSettings,
    MemorySettings,
    Settings,
    TranslateSettings,
    UiSettings,
)

__all__ = [
    "DescribeSettings",
    "EmbedSettings",
    "GenerateSettings",
    "IndexSettings",
    "LoadedSettings",
    "MemorySettings",
    "Places",
    "Settings",
    "TranslateSettings",
    "UiSettings",
    "find_places",
    "load_settings",
    "load_with_origins",
    "make_private_folder",
]
