"""Pictures of the screens and of sources, at three sizes, dark and light, in both languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from assistant.config import LoadedSettings, Settings
from assistant.core.events import Abstained, Progress, Sources, TextDelta
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    at_rest,
    done,
    make_app,
    make_store,
    send,
    until_answered,
)
from tests.tui.screen_data import PASSAGE, SCOPE, stocked_engine

Snap = Callable[..., bool]
LOOKS = [
    (size, theme, strings)
    for size in ((80, 24), (120, 36), (200, 50))
    for theme, strings in (("ink", ENGLISH), ("paper", CHINESE))
]
OTHER_LOOKS = [
    (size, theme, strings)
    for size in ((80, 24), (120, 36), (200, 50))
    for theme, strings in (("ink", CHINESE), ("paper", ENGLISH))
]
"""Apart from LOOKS, so that the pictures of those keep their names."""
LARGE_ONES = [((120, 36), "nord"), ((120, 36), "solarized-light")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def press(*keys: str) -> Callable[[AppPilot], Awaitable[None]]:
    async def run(pilot: AppPilot) -> None:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await at_rest(pilot)

    return run


def stocked(store: ConversationStore, theme: str, strings: Strings, *steps: Step) -> AssistantApp:
    engine = stocked_engine()
    engine.scripts = [list(steps)]
    loaded = LoadedSettings(
        Settings(threads=2),
        {"threads": "config.toml", "generate.temperature": "ASSISTANT_GENERATE_TEMPERATURE"},
    )
    return make_app(store, engine, theme=theme, strings=strings, load=lambda: loaded)


@pytest.mark.parametrize(("size", "theme", "strings"), [*LOOKS, *OTHER_LOOKS])
class TestScreens:
    def test_documents(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        app = stocked(store, theme, strings)
        keys = ("f3", "end", "up", "up")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_models(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        step = Progress("Downloading qwen3-1.7b", 620e6, 1834e6, "bytes", 130.0)
        app = stocked(store, theme, strings, step, Pause())
        keys = ("f4", "end", "up", "p")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_settings(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        app = stocked(store, theme, strings)
        keys = ("f2", "down", "down", "down", "enter")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_sources(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await send(pilot, "What do trees do before winter?")
            await until_answered(pilot)
            await press("alt+up", "enter", "enter")(pilot)

        sources = Sources((PASSAGE, PASSAGE), SCOPE)
        engine = FakeEngine([[ROUTED, TextDelta("They store it **[1]**."), sources, done("")]])
        app = make_app(store, engine, theme=theme, strings=strings)
        assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize(("size", "theme", "strings"), [LOOKS[0], LOOKS[3]])
class TestStates:
    def test_documents_being_read_and_one_to_forget(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        step = Progress("Making vectors", 1200, 4800, "chunks", 130.0)
        app = stocked(store, theme, strings, step, Pause())
        keys = ("f3", "s", "down", "d")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_reading_goes_on_beside_the_conversation(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        step = Progress("Reading", 12, 40, "files", 130.0)
        app = stocked(store, theme, strings, step, Pause())
        keys = ("f3", "s", "escape")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_no_documents(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        app = make_app(store, theme=theme, strings=strings)
        assert snap_compare(app, terminal_size=size, run_before=press("f3"))

    def test_picker(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        for name in ("papers", "photos", "合同"):
            (tmp_path / "home" / name).mkdir(parents=True)
        (tmp_path / "home" / "paper.txt").touch()
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        app = stocked(store, theme, strings)
        keys = ("f3", "a", "p", "down")
        assert snap_compare(app, terminal_size=size, run_before=press(*keys))

    def test_name(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        app = stocked(store, theme, strings)
        assert snap_compare(app, terminal_size=size, run_before=press("f3", "n", "/", "enter"))

    def test_abstention_with_its_scope(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await send(pilot, "树木？")
            await until_answered(pilot)

        nearest = Abstained(0.1, (PASSAGE,), SCOPE)
        engine = FakeEngine([[ROUTED, TextDelta("Not found."), nearest, done("")]])
        app = make_app(store, engine, theme=theme, strings=strings)
        assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize(("size", "theme"), LARGE_ONES)
def test_documents_in_textual_s_own_themes(
    snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
) -> None:
    app = stocked(store, theme, ENGLISH)
    assert snap_compare(app, terminal_size=size, run_before=press("f3", "down"))
