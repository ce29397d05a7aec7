"""Starts the chat with the real store and the real engine."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from assistant.config import Places, Settings
from assistant.engine.client import EngineClient
from assistant.store.opening import open_conversations
from assistant.tui import pastes
from assistant.tui.app import AssistantApp
from assistant.tui.ports import EngineLike, StatusListener
from assistant.tui.strings import choose


def run_chat(settings: Settings, places: Places) -> int:
    """Run until the person leaves; the exit status.

    Raises:
        StoreError: the conversations can't be opened.
    """
    store, notice = open_conversations(places.conversations)

    def connect(listener: StatusListener) -> EngineLike:
        command = [sys.executable, "-m", "assistant.engine.host"]
        return EngineClient(command, places.engine_log, listener)

    pastes.install()
    app = AssistantApp(
        settings,
        store,
        connect,
        strings=choose(os.environ),
        now=local_time,
        config_file=places.config_file,
        notice=notice,
    )
    try:
        return app.run() or app.return_code or 0
    finally:
        store.close()


def local_time() -> datetime:
    """Now, in the time zone of this machine."""
    return datetime.now(UTC).astimezone()
