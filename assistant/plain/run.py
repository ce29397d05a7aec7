"""Starts the line-by-line chat with the real store and the real engine."""

from __future__ import annotations

import os
import select
import sys

from assistant.config import Places, Settings
from assistant.engine.client import EngineClient
from assistant.engine.wire import Status
from assistant.plain.chat import LOOK_SECONDS, PlainChat
from assistant.plain.loop import BackgroundLoop
from assistant.plain.strings import CHINESE, ENGLISH
from assistant.store.opening import open_conversations
from assistant.tui.commands import skill_names
from assistant.tui.strings import choose


def run_plain(settings: Settings, places: Places) -> None:
    """Chat until the person leaves.

    Raises:
        StoreError: the conversations can't be opened.
    """
    store, notice = open_conversations(places.conversations)
    strings = choose(os.environ, settings.ui.language)
    if notice:
        write(f"{strings.tell(notice)}\n")
    loop = BackgroundLoop()
    command = [sys.executable, "-m", "assistant.engine.host"]
    missing_told = False

    def heard(status: Status) -> None:
        nonlocal missing_told
        if status.missing and not missing_told:
            missing_told = True
            chat.heard(status)

    engine = EngineClient(command, places.engine_log, heard)
    chat = PlainChat(
        store,
        engine,
        loop,
        read=read,
        write=write,
        skills=skill_names(),
        strings=strings,
        plain=CHINESE if strings.language == "zh" else ENGLISH,
    )
    try:
        loop.run(engine.start())
        chat.run()
    finally:
        loop.run(engine.close())
        loop.close()
        store.close()


def read(prompt: str) -> str:
    """A line, asked for on standard output; editing it is the terminal's own."""
    write(prompt)
    _await_line()
    line = sys.stdin.readline()
    if not line:
        write("\n")
        raise EOFError
    return line.rstrip("\n")


def _await_line() -> None:
    """Wait for a line of a terminal, by looks: a wait without an end does not hear a Ctrl+C that
    came just before it began, or that the system gave to another thread."""
    if os.name == "nt" or not sys.stdin.isatty():
        return
    while not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        continue


def write(text: str) -> None:
    """Write at once: a screen reader reads what has come, not what is to come."""
    sys.stdout.write(text)
    sys.stdout.flush()
