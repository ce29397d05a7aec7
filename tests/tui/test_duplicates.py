"""The screen of pictures that are nearly the same: groups, previews, keys; nothing is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Static

from assistant.config import UiSettings
from assistant.core.errors import EngineError
from assistant.core.picture_search import PictureGroup
from assistant.engine.wire import IndexDuplicates
from assistant.store.conversations import ConversationStore
from assistant.tui.screens.documents import DocumentsScreen
from assistant.tui.screens.duplicates import DuplicatesScreen
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.copies import CopyList
from assistant.tui.widgets.half_cells import HalfCells
from assistant.tui.widgets.picture import PictureView
from assistant.tui.widgets.previews import Previews
from tests.tui.fakes import AppPilot, FakeEngine, make_app, make_store, screen_text, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path / "store")
    yield store
    store.close()


def pictures(folder: Path, *names: str) -> tuple[str, ...]:
    made = []
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40), "red").save(path)
        made.append(str(path))
    return tuple(made)


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    engine = FakeEngine()
    engine.duplicates = (
        PictureGroup(pictures(tmp_path, "a/beach.png", "b/beach copy.png", "c/海滩.png"), False),
        PictureGroup(pictures(tmp_path, "a/oak.png", "b/oak.png"), True),
    )
    return engine


def still_there(engine: FakeEngine) -> bool:
    return all(Path(path).exists() for group in engine.duplicates for path in group.paths)


async def opened(pilot: AppPilot) -> CopyList:
    await pilot.press("f3", "p")
    await until(pilot, lambda: isinstance(pilot.app.screen, DuplicatesScreen))
    return pilot.app.screen.query_one(CopyList)


@pytest.mark.parametrize(
    ("strings", "said"),
    [
        (ENGLISH, ["2 groups; 3 pictures are copies", "3 nearly the same", "2 identical files"]),
        (CHINESE, ["2 组；共 3 张是另一张的副本", "3 张几乎一样", "2 个完全相同的文件"]),
    ],
    ids=["en", "zh"],
)
async def test_groups_are_listed_with_previews_of_the_one_looked_at(
    store: ConversationStore, engine: FakeEngine, strings: Strings, said: list[str]
) -> None:
    async with make_app(store, engine, strings=strings).run_test(size=(120, 40)) as pilot:
        copies = await opened(pilot)
        await until(pilot, lambda: len(copies.rows) == 7)
        await until(pilot, lambda: len(pilot.app.screen.query(HalfCells)) == 3)
        text = screen_text(pilot)
        for one in said:
            assert one in text
        await pilot.press("down", "down", "down")
        await until(pilot, lambda: len(pilot.app.screen.query(HalfCells)) == 2)
        assert copies.row is not None
        assert copies.row.path.endswith("a/oak.png"), "headings are walked past"
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, DocumentsScreen)


async def test_a_file_its_folder_and_its_path_have_a_key_each(
    store: ConversationStore, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def view(path: Path) -> bool:
        seen.append(path)
        return True

    monkeypatch.setattr("assistant.tui.opening.view", view)
    async with make_app(store, engine).run_test(size=(120, 40)) as pilot:
        copies = await opened(pilot)
        await until(pilot, lambda: bool(copies.rows))
        first = Path(engine.duplicates[0].paths[1])
        await pilot.press("down", "o")
        await until(pilot, lambda: seen == [first])
        await pilot.press("f")
        await until(pilot, lambda: seen == [first, first.parent])
        await pilot.press("y")
        assert pilot.app.clipboard == str(first)
        await pilot.click(PictureView)
        await until(pilot, lambda: len(seen) == 3)
    assert still_there(engine)


async def test_where_there_are_none_that_is_said(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "No two pictures of this collection" in screen_text(pilot))
        assert IndexDuplicates(None) in engine.jobs
        await pilot.press("o", "f", "y")
        assert isinstance(pilot.app.screen, DuplicatesScreen)


async def test_what_keeps_the_engine_from_it_is_told(
    store: ConversationStore, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = engine.submit

    def refuse(job: object) -> object:
        if isinstance(job, IndexDuplicates):
            raise EngineError("The engine is gone.", "Start it again.")
        return submit(job)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "submit", refuse)
    async with make_app(store, engine).run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "The engine is gone." in screen_text(pilot))


async def test_many_groups_are_walked_through_in_any_window(
    store: ConversationStore, tmp_path: Path
) -> None:
    engine = FakeEngine()
    names = pictures(tmp_path, *(f"{'long folder ' * 9}/{number}.png" for number in range(40)))
    engine.duplicates = tuple(
        PictureGroup((names[at], names[at + 1], "/gone/\x1b[31m.png"), False)
        for at in range(0, 40, 2)
    )
    async with make_app(store, engine).run_test(size=(80, 24)) as pilot:
        copies = await opened(pilot)
        await until(pilot, lambda: len(copies.rows) == 80)
        await pilot.press("end")
        await until(pilot, lambda: "There is no file" in screen_text(pilot))
        assert "\x1b" not in screen_text(pilot)
        await pilot.press("up")
        assert "39.png" in screen_text(pilot), "the end of a long path is what is seen"
        for size in ((40, 12), (200, 50)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert copies.row is not None


async def test_without_pictures_on_the_screen_the_list_stands_alone(
    store: ConversationStore, engine: FakeEngine
) -> None:
    app = make_app(store, engine, ui=UiSettings(pictures="off"))
    async with app.run_test(size=(100, 30)) as pilot:
        copies = await opened(pilot)
        await until(pilot, lambda: bool(copies.rows))
        assert not pilot.app.screen.query(PictureView)
        assert pilot.app.screen.query_one(".summary", Static).display


async def test_groups_shown_at_the_same_time_are_not_shown_together(
    store: ConversationStore, engine: FakeEngine
) -> None:
    app = make_app(store, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        previews = app.screen.query_one(Previews)
        beach, oak = (group.paths for group in engine.duplicates)
        await asyncio.gather(previews.show(beach[:2]), previews.show(oak))
        shown = [str(view.file) for view in previews.query(PictureView)]
        assert shown == list(oak)
