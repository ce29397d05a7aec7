"""A picture of the interface with a scripted conversation, as SVG."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.config import Places, Settings
from assistant.core.events import Event
from assistant.core.messages import Attachment
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.demo import SCRIPT, ScriptedEngine, StandingClock, fill
from assistant.tui.strings import Strings, choose
from assistant.tui.svg import self_contained
from assistant.tui.themes import use

MOMENT = datetime(2026, 5, 14, 10, 30, tzinfo=UTC)
"""The picture is always of the same time, so that it changes only when the interface does."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is asked and answered, and the keys pressed after it."""

    script: Mapping[str, Sequence[Event]]
    attachments: tuple[Attachment, ...] = ()
    """Of the first question."""
    keys: tuple[str, ...] = ()


README_SCENE = Scene(SCRIPT)


async def screenshot(
    settings: Settings, places: Places, size: tuple[int, int], theme: str, out: Path
) -> None:
    """Draw the scene of the README and write it.

    Args:
        size: columns and rows.
    """
    svg = await drawn(README_SCENE, settings, places.config_file, size, theme, choose({}))
    await asyncio.to_thread(out.write_text, svg, encoding="utf-8")


async def drawn(
    scene: Scene,
    settings: Settings,
    config_file: Path,
    size: tuple[int, int],
    theme: str,
    strings: Strings,
) -> str:
    """Run the interface without a terminal, ask the questions of the scene; the SVG.

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
            lambda listener: ScriptedEngine(scene.script, listener),
            strings=strings,
            now=lambda: MOMENT,
            config_file=config_file,
        )
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            use(app, theme)
            await pilot.pause()
            attachments = scene.attachments
            for question in scene.script:
                await app.ask(question, attachments)
                await pilot.pause()
                attachments = ()
            # Pictures are read beside the answer.
            await app.workers.wait_for_complete()
            await pilot.press(*scene.keys)
            await pilot.pause()
            svg = app.export_screenshot()
        store.close()
    return self_contained(svg)
