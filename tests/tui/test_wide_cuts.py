"""Wide characters are whole over whatever lies beneath them, and cut where they are covered."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from assistant.store.conversations import ConversationStore
from assistant.tui import wide_cuts
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.library import Library
from tests.tui.fakes import make_app, screen_text, write

TEXT = "一二三四五六七八九十"


class Layers(App[None]):
    """A line of Chinese over many narrow widgets, and something over a part of it."""

    CSS = """
    Screen { layers: below middle above; }
    Horizontal { layer: below; height: 3; }
    .narrow { width: 1; background: red; }
    .text { layer: middle; offset: 0 1; height: 1; width: 20; }
    .cover { layer: above; height: 1; width: 3; background: blue; }
    """

    def __init__(self, cover: int) -> None:
        wide_cuts.install()
        super().__init__()
        self._cover = cover

    def compose(self) -> ComposeResult:
        with Horizontal():
            for _ in range(40):
                yield Static("x\nx\nx", classes="narrow")
        yield Static(TEXT, classes="text")
        cover = Static("###", classes="cover")
        cover.styles.offset = (self._cover, 1)
        yield cover


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (30, TEXT + "x" * 10 + "###" + "x" * 7),
        (4, "一二### 五六七八九十" + "x" * 20),
        (5, "一二 ###五六七八九十" + "x" * 20),
    ],
)
async def test_only_what_is_covered_is_cut(cover: int, expected: str) -> None:
    app = Layers(cover)
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        lines = app.screen._compositor.render_strips(app.size)
        assert "".join(segment.text for segment in lines[1]) == expected
        assert "".join(segment.text for segment in lines[0]) == "x" * 40


async def test_a_part_drawn_anew_is_drawn_the_same() -> None:
    app = Layers(5)
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        app.query_one(".text", Static).update(TEXT[::-1])
        await pilot.pause()
        lines = app.screen._compositor.render_strips(app.size)
        assert "".join(s.text for s in lines[1]) == "十九 ###六五四三二一" + "x" * 20


async def test_commands_are_whole_over_the_cards_of_the_first_screen(
    store: ConversationStore,
) -> None:
    async with make_app(store, strings=CHINESE).run_test(size=(80, 24)) as pilot:
        await write(pilot, "/")
        text = screen_text(pilot)
        for summary in (CHINESE.skill_summaries["qa"], CHINESE.skill_summaries["segment"]):
            assert summary in text


async def test_the_list_is_whole_over_the_conversation(store: ConversationStore) -> None:
    titles = ["一二三四五六七", "a一二三四五六七"]
    for title in titles:
        store.create(title)
    async with make_app(store, strings=CHINESE).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pilot.app.screen.query_one(Library).show(True)
        await pilot.pause()
        assert all(title in screen_text(pilot) for title in titles)
