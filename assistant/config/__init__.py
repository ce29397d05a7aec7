"""Settings and places: flag > environment > config.toml > default."""

from assistant.config.load import LoadedSettings, load_settings, load_with_origins
from assistant.config.places import Places, find_places, make_private_folder
from assistant.config.settings import (
    DescribeSettings,
    DetectSettings,
    EmbedSettings,
    GenerateSettings,
    IndexSettings,
    MemorySettings,
    SegmentSettings,
    Settings,
    TranslateSettings,
    UiSettings,
)

__all__ = [
    "DescribeSettings",
    "DetectSettings",
    "EmbedSettings",
    "GenerateSettings",
    "IndexSettings",
    "LoadedSettings",
    "MemorySettings",
    "Places",
    "SegmentSettings",
    "Settings",
    "TranslateSettings",
    "UiSettings",
    "find_places",
    "load_settings",
    "load_with_origins",
    "make_private_folder",
]
