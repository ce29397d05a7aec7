"""The picture for the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Places, Settings
from assistant.tui.screenshot import screenshot


@pytest.mark.parametrize("theme", ["ink", "paper", "nord"])
async def test_the_picture_shows_the_scripted_conversation(
    tmp_path: Path, places: Places, theme: str
) -> None:
    out = tmp_path / "picture.svg"
    await screenshot(Settings(), places, (120, 36), theme, out)
    text = out.read_text(encoding="utf-8").replace("&#160;", " ")
    for expected in ("Documents", "forest-ecology.pdf", "by_length", "Plan a weekend"):
        assert expected in text


async def test_the_picture_is_the_same_every_time(tmp_path: Path, places: Places) -> None:
    pictures = []
    for name in ("one.svg", "two.svg"):
        await screenshot(Settings(), places, (80, 24), "ink", tmp_path / name)
        pictures.append((tmp_path / name).read_text(encoding="utf-8"))
    assert pictures[0] == pictures[1]
