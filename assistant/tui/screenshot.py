"""A picture of the interface with a short scripted conversation, as SVG."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from assistant.config import Places, Settings
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.demo import SCRIPT, ScriptedEngine, StandingClock, fill
from assistant.tui.strings import choose
from assistant.tui.svg import self_contained
from assistant.tui.themes import use

MOMENT = datetime(2026, 5, 14, 10, 30, tzinfo=UTC)
"""The picture is always of the same time, so that it changes only when the interface does."""


async def screenshot(
    settings: Settings, places: Places, size: tuple[int, int], theme: str, out: Path
) -> None:
    """Run the interface without a terminal, ask the questions of the script, write the SVG.

    Args:
        size: columns and rows.
    """
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        clock = StandingClock(MOMENT)
        store = ConversationStore(Path(folder) / "demo.sqlite3", clock)
        fill(store, clock)
        app = AssistantApp(
            settings,
            store,
            lambda listener: ScriptedEngine(SCRIPT, listener),
            strings=choose({}),
            now=lambda: MOMENT,
            config_file=places.config_file,
        )
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            use(app, theme)
            await pilot.pause()
            for question in SCRIPT:
                await app.ask(question)
                await pilot.pause()
            svg = app.export_screenshot()
        store.close()
    await asyncio.to_thread(out.write_text, self_contained(svg), encoding="utf-8")
