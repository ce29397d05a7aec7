"""Starts the chat with the real store and the real engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from assistant.config import LoadedSettings, Places, Settings, load_with_origins
from assistant.engine.client import EngineClient
from assistant.store.opening import open_conversations
from assistant.tui import pastes
from assistant.tui.app import AssistantApp
from assistant.tui.ports import EngineLike, StatusListener
from assistant.tui.strings import choose


def run_chat(
    settings: Settings, places: Places, origins: Mapping[str, str] = MappingProxyType({})
) -> int:
    """Run until the person leaves; the exit status.

    Args:
        origins: where each setting that is no default came from, by dotted key.

    Raises:
        StoreError: the conversations can't be opened.
    """
    store, notice = open_conversations(places.conversations)

    def connect(listener: StatusListener) -> EngineLike:
        command = [sys.executable, "-m", "assistant.engine.host"]
        return EngineClient(command, places.engine_log, listener)

    pastes.install()

    def load() -> LoadedSettings:
        loaded = load_with_origins(places, os.environ)
        options = {key: origin for key, origin in origins.items() if origin == "option"}
        return LoadedSettings(loaded.settings, {**loaded.origins, **options})

    app = AssistantApp(
        settings,
        store,
        connect,
        strings=choose(os.environ, settings.ui.language),
        now=local_time,
        config_file=places.config_file,
        notice=notice,
        load=load,
    )
    try:
        return app.run() or app.return_code or 0
    finally:
        store.close()


def local_time() -> datetime:
    """Now, in the time zone of this machine."""
    return datetime.now(UTC).astimezone()
