"""Where things are kept: the platform's folders, or those the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.core.paths import with_home

APP_NAME = "assistant"
PLACE_VARIABLES = (
    "ASSISTANT_CONFIG",
    "ASSISTANT_DATA_DIR",
    "ASSISTANT_CACHE_DIR",
    "ASSISTANT_STATE_DIR",
)


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
    def corrections(self) -> Path:
        return self.data / "corrections.tsv"

    @property
    def pictures(self) -> Path:
        """Those the assistant made: boxes and outlines drawn on copies, cut-outs."""
        return self.state / "pictures"

    @property
    def engine_log(self) -> Path:
        return self.state / "engine.log"

    @property
    def error_log(self) -> Path:
        return self.state / "errors.log"


def find_places(environ: Mapping[str, str]) -> Places:
    """The places in force; nothing is created.

    `environ` names the four overrides of `PLACE_VARIABLES`; an empty one counts as unset.
    XDG variables are read by platformdirs from the process's own environment.
    """
    from platformdirs import PlatformDirs  # 10 ms, and not needed by users of the types

    folders = PlatformDirs(APP_NAME, appauthor=False)
    config, data, cache, state = (_given(environ, name) for name in PLACE_VARIABLES)
    return Places(
        config_file=config or folders.user_config_path / "config.toml",
        data=data or folders.user_data_path,
        cache=cache or folders.user_cache_path,
        state=state or folders.user_state_path,
    )


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each for its owner alone (mode 0700).

    Folders that exist keep the mode they have.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _given(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name, "")
    return with_home(value).absolute() if value else None
