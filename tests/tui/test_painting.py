"""Pictures as Sixels and for Kitty: made beside the event loop, drawn whole, taken back."""

from __future__ import annotations

import base64
import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region

from assistant.tui.graphics import USUAL_CELL, Box, fitted
from assistant.tui.painting import Painted, paint
from assistant.tui.pictures import Pictures
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.kitty import CHUNK, PLACEHOLDER, KittyCells
from assistant.tui.widgets.sixel import SixelCells

ROOM = Box(20, 8)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.effect_noise((400, 320), 90).convert("RGB").save(path)
    return path


class Canvas(App[None]):
    """One picture in a window that can be scrolled."""

    def __init__(self, painted: Painted) -> None:
        super().__init__()
        self._painted = painted
        self.told = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield self._painted.widget()

    def tell_terminal(self, sequence: str) -> None:
        self.told += sequence


async def test_sixels_of_another_part_are_made_in_a_thread_and_then_drawn(photo: Path) -> None:
    ready, threads = threading.Event(), []

    def encode(part: Region) -> str:
        ready.wait(timeout=60)
        threads.append(threading.current_thread())
        return f"sixels of {part.height} rows"

    app = Canvas(Painted(lambda: SixelCells(encode, "whole", 20, 8), ROOM))
    async with app.run_test(size=(40, 12)) as pilot:
        cells = app.query_one(SixelCells)
        whole, part = Region(0, 0, 20, 8), Region(0, 3, 20, 5)
        assert drawn(cells, whole) == "whole"
        assert drawn(cells, part) == ""
        ready.set()
        await pilot.app.workers.wait_for_complete()
        assert drawn(cells, part) == "sixels of 5 rows"
        assert drawn(cells, whole) == "whole"
        assert threading.main_thread() not in threads


async def test_parts_scrolled_past_meanwhile_are_not_made(photo: Path) -> None:
    ready, made = threading.Event(), []

    def encode(part: Region) -> str:
        ready.wait(timeout=60)
        made.append(part.height)
        return ""

    app = Canvas(Painted(lambda: SixelCells(encode, "whole", 20, 8), ROOM))
    async with app.run_test(size=(40, 12)) as pilot:
        cells = app.query_one(SixelCells)
        for height in (7, 6, 5, 4):
            cells.render_lines(Region(0, 0, 20, height))
            await pilot.pause()
        ready.set()
        await pilot.app.workers.wait_for_complete()
        assert made == [7, 4]


async def test_a_real_picture_becomes_sixels_of_the_part_asked_for(photo: Path) -> None:
    painted = paint(fitted(photo, ROOM, 10**6, USUAL_CELL), "sixel", USUAL_CELL)
    app = Canvas(painted)
    async with app.run_test(size=(40, 12)) as pilot:
        cells = app.query_one(SixelCells)
        assert '"1;1;200;160' in drawn(cells, Region(0, 0, 20, 8))
        cells.render_lines(Region(5, 2, 10, 3))
        await pilot.app.workers.wait_for_complete()
        assert '"1;1;100;60' in drawn(cells, Region(5, 2, 10, 3))


async def test_kitty_gets_a_picture_once_in_chunks_and_forgets_it(photo: Path) -> None:
    app = Canvas(paint(fitted(photo, ROOM, 10**6, USUAL_CELL), "kitty", USUAL_CELL))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        cells = app.query_one(KittyCells)
        sequences = [s.removeprefix("\x1b_G") for s in app.told.split("\x1b\\")][:-1]
        *sent, placed = sequences
        payload = "".join(s.partition(";")[2] for s in sent)
        assert Image.open(io.BytesIO(base64.b64decode(payload))).size == (200, 160)
        assert [("m=1" in s) for s in sent] == [True] * (len(sent) - 1) + [False]
        assert max(len(s.partition(";")[2]) for s in sent) <= CHUNK
        assert placed.startswith("a=p,U=1,")
        assert "c=20,r=8" in placed
        for size in ((12, 5), (60, 20)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        row = cells.render_line(7)
        assert row.text.count(PLACEHOLDER) == 20
        assert row.cell_length == 20
        said = len(app.told)
        await cells.remove()
        assert "a=d,d=I" in app.told[said:]


async def test_a_picture_shown_again_keeps_the_room_it_takes(photo: Path) -> None:
    pictures = Pictures("auto", 10**6, {}, ENGLISH.tell)
    most = Box(48, 12)
    assert pictures.room(photo, most).rows == most.rows
    painted = await pictures.load(photo, most, has_terminal=False)
    assert pictures.room(photo, most) == painted.box


def drawn(cells: SixelCells, part: Region) -> str:
    """The codes for a part; nothing where blanks keep its room."""
    lines = cells.render_lines(part)
    assert len(lines) == part.height
    return "".join(segment.text for segment in lines[-1] if segment.control)
