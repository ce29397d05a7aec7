"""The pictures of the interface: columns right for wide characters, nothing fetched."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.config import Places, Settings
from assistant.tui.screenshot import screenshot
from assistant.tui.svg import self_contained


def test_wide_characters_take_two_columns() -> None:
    svg = '<text x="0" textLength="36.6" clip-path="url(#a)">&#160;给a</text>'
    assert 'textLength="48.8" clip-path="url(#a)">&#160;给a</text>' in self_contained(svg)


def test_narrow_text_stays_as_it_is() -> None:
    svg = '<text x="0" textLength="36.6" y="1">a&amp;b</text>'
    assert self_contained(svg) == svg


async def test_a_screenshot_names_no_address_to_fetch_from(places: Places, tmp_path: Path) -> None:
    out = tmp_path / "chat.svg"
    await screenshot(Settings(), places, (100, 30), "ink", out)
    assert not re.search(r"url\(.?https?:", out.read_text(encoding="utf-8"))
