"""Pictures in the conversation: which way they are drawn, hostile files, opening them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from assistant.config import UiSettings
from assistant.core.errors import DocumentError
from assistant.core.events import Picture, TextDelta
from assistant.core.messages import ImageAttachment, Message
from assistant.store.conversations import ConversationStore
from assistant.tui.gallery import Gallery
from assistant.tui.graphics import USUAL_CELL, Box, Protocol, fit, fitted, protocol
from assistant.tui.painting import paint
from assistant.tui.session import Exchange
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.half_cells import HalfCells
from assistant.tui.widgets.picture import THUMBNAIL, PictureAgain, PictureView
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.status import StatusLine
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Step,
    desk,
    done,
    make_app,
    make_store,
    screen_text,
    send,
    until,
    until_answered,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path / "store")
    yield store
    store.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo [b].png"
    Image.new("RGB", (600, 400), "red").save(path)
    os.utime(path, (1e9, 1e9))  # long before any conversation
    return path


def views(pilot: AppPilot) -> list[PictureView]:
    return list(pilot.app.screen.query(PictureView))


def drawn(pilot: AppPilot) -> int:
    return len(pilot.app.screen.query(HalfCells))


@pytest.mark.parametrize(
    ("wanted", "environ", "expected"),
    [
        ("auto", {}, "blocks"),
        ("auto", {"TERM": "xterm-kitty"}, "kitty"),
        ("auto", {"TERM": "xterm-ghostty"}, "kitty"),
        ("auto", {"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ("auto", {"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "x"}, "blocks"),
        ("auto", {"TERM": "foot-extra"}, "sixel"),
        ("auto", {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ("auto", {"WT_SESSION": "x"}, "sixel"),
        ("sixel", {"TMUX": "x"}, "sixel"),
        ("kitty", {}, "kitty"),
        ("off", {"TERM": "xterm-kitty"}, None),
    ],
)
def test_the_way_to_draw_follows_the_terminal_or_the_setting(
    wanted: str, environ: dict[str, str], expected: Protocol | None
) -> None:
    assert protocol(wanted, environ, in_browser=False) == expected


def test_a_browser_gets_nothing_but_text() -> None:
    assert protocol("kitty", {"TERM": "xterm-kitty"}, in_browser=True) == "blocks"
    assert protocol("off", {}, in_browser=True) is None


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((600, 400), Box(24, 8)),
        ((4000, 40), Box(30, 1)),
        ((40, 4000), Box(1, 8)),
        ((20, 20), Box(2, 1)),
        ((1, 1), Box(1, 1)),
    ],
)
def test_a_picture_fits_its_room_in_proportion(size: tuple[int, int], expected: Box) -> None:
    assert fit(*size, THUMBNAIL, USUAL_CELL) == expected


@pytest.mark.parametrize("way", ["kitty", "sixel", "blocks"])
def test_what_draws_is_imported_without_a_word_to_the_terminal(
    way: Protocol, photo: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stdout = sys.__stdout__
    widget = paint(fitted(photo, THUMBNAIL, 10**6, USUAL_CELL), way, USUAL_CELL).widget()
    assert widget.styles.width is not None
    assert sys.__stdout__ is stdout
    assert capfd.readouterr() == ("", "")


def test_too_large_and_broken_pictures_are_refused_like_everywhere(
    photo: Path, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match="megapixels"):
        fitted(photo, THUMBNAIL, 1_000, USUAL_CELL)
    broken = tmp_path / "broken.png"
    broken.write_bytes(photo.read_bytes()[:60])
    with pytest.raises(DocumentError):
        fitted(broken, THUMBNAIL, 10**6, USUAL_CELL)


async def test_an_attached_picture_is_drawn_and_opened_by_key_and_mouse(
    store: ConversationStore, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def view(path: Path) -> bool:
        opened.append(path)
        return True

    monkeypatch.setattr("assistant.tui.opening.view", view)
    async with make_app(store).run_test(size=(100, 40)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "what is it?")
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 1)
        assert "photo [b].png" in screen_text(pilot)
        assert "▀" in screen_text(pilot)
        views(pilot)[0].focus()
        await pilot.pause()
        assert pilot.app.screen.query_one(StatusLine).hint == ENGLISH.picture_keys
        await pilot.press("enter")
        await pilot.click(PictureView, offset=(3, 3))
        await pilot.press("alt+up", "alt+up", "alt+up", "o")
        await until(pilot, lambda: opened == [photo, photo, photo])


async def test_a_picture_made_by_an_answer_is_drawn_and_one_looked_at_not_twice(
    store: ConversationStore, photo: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.jpg"
    Image.new("RGB", (60, 40), "blue").save(made)
    pictures = [Picture(str(photo), "600 × 400"), Picture(str(made), "drawn")]
    steps: list[Step] = [ROUTED, *pictures, done("")]
    async with make_app(store, FakeEngine([steps])).run_test(size=(100, 50)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "draw it")
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 2)
        assert "600 × 400" in screen_text(pilot)
        assert "made.jpg  drawn" in screen_text(pilot)


async def test_what_is_no_picture_says_so_in_its_place(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # its name may be too long for the place of a picture
    broken, gone = "broken.png", "gone\x1b[31m.png"
    (tmp_path / broken).write_bytes(b"\x89PNG\r\n\x1a\n")
    async with make_app(store).run_test(size=(120, 40)) as pilot:
        desk(pilot).attach([ImageAttachment(broken), ImageAttachment(gone)])
        await send(pilot, "what?")
        await until_answered(pilot)
        await until(pilot, lambda: "There is no file" in screen_text(pilot))
        # Beside another picture, in lines as short as its path asks.
        said = {"damaged", "or", "incomplete."}
        await until(pilot, lambda: said <= set(screen_text(pilot).split()))
        assert drawn(pilot) == 0
        assert "\x1b" not in screen_text(pilot)


async def test_a_setting_leaves_pictures_at_their_names(
    store: ConversationStore, photo: Path
) -> None:
    steps: list[Step] = [ROUTED, Picture(str(photo), "made"), TextDelta("Done."), done("Done.")]
    app = make_app(store, FakeEngine([steps]), ui=UiSettings(pictures="off"))
    async with app.run_test(size=(100, 40)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "what is it?")
        await until_answered(pilot)
        assert views(pilot) == []
        assert screen_text(pilot).count("photo [b].png") == 2


@pytest.fixture
def photos(photo: Path, tmp_path: Path) -> list[Path]:
    return [Path(shutil.copy2(photo, tmp_path / f"{number}.png")) for number in range(5)]


async def test_many_pictures_are_named_and_the_first_few_drawn(
    store: ConversationStore, photos: list[Path]
) -> None:
    async with make_app(store).run_test(size=(120, 40)) as pilot:
        desk(pilot).attach([ImageAttachment(str(path)) for path in photos])
        await send(pilot, "which?")
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 3)
        assert "4.png" in screen_text(pilot)


async def test_the_terminal_changes_its_size_while_pictures_are_read(
    store: ConversationStore, photo: Path
) -> None:
    async with make_app(store).run_test(size=(100, 40)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "what?")
        for size in ((20, 5), (200, 50), (25, 8)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 1)
        assert pilot.app.is_running


def looks_at(*paths: Path) -> list[Step]:
    pictures = [Picture(str(path), path.name) for path in paths]
    return [ROUTED, *pictures, TextDelta("A valley."), done("A valley.")]


def lines_again(pilot: AppPilot) -> list[PictureAgain]:
    return list(pilot.app.screen.query(PictureAgain))


@pytest.mark.parametrize(
    ("strings", "said"),
    [(ENGLISH, "picture 1, shown above"), (CHINESE, "第 1 张图，见上文")],
    ids=["en", "zh"],
)
async def test_asking_on_about_a_picture_names_it_in_one_line_and_draws_it_no_more(
    store: ConversationStore, photo: Path, strings: Strings, said: str
) -> None:
    engine = FakeEngine([looks_at(photo)] * 3)
    app = make_app(store, engine, strings=strings)
    async with app.run_test(size=(100, 60)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "what is it?")
        await until_answered(pilot)
        await send(pilot, "and the colours?")
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 1)
        (line,) = lines_again(pilot)
        assert line.size.height == 1
        assert said in screen_text(pilot)
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "look once more")
        await until_answered(pilot)
        assert len(lines_again(pilot)) == 2
        assert drawn(pilot) == 1


async def test_a_picture_newly_made_is_drawn_and_numbered_among_all(
    store: ConversationStore, photos: list[Path]
) -> None:
    marked, cut = photos[1], photos[2]
    engine = FakeEngine([looks_at(photos[0]), looks_at(marked), looks_at(cut, marked)])
    async with make_app(store, engine).run_test(size=(100, 90)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photos[0]))])
        for text in ("what is it?", "mark the cars", "cut it out"):
            await send(pilot, text)
            await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 3)
        assert len(lines_again(pilot)) == 1
        assert "1.png  picture 2, shown above" in screen_text(pilot)


async def test_a_picture_named_in_one_line_is_opened_by_key_and_mouse(
    store: ConversationStore, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def view(path: Path) -> bool:
        opened.append(path)
        return True

    monkeypatch.setattr("assistant.tui.opening.view", view)
    engine = FakeEngine([looks_at(photo)] * 2)
    async with make_app(store, engine).run_test(size=(100, 50)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        for text in ("what is it?", "and the colours?"):
            await send(pilot, text)
            await until_answered(pilot)
        lines_again(pilot)[0].focus()
        await pilot.pause()
        assert pilot.app.screen.query_one(StatusLine).hint == ENGLISH.picture_keys
        await pilot.press("enter")
        await pilot.click(PictureAgain)
        await until(pilot, lambda: opened == [photo, photo])


async def test_an_opened_conversation_shows_each_picture_once_and_another_one_anew(
    store: ConversationStore, photo: Path
) -> None:
    engine = FakeEngine([looks_at(photo)] * 3)
    async with make_app(store, engine).run_test(size=(100, 60)) as pilot:
        desk(pilot).attach([ImageAttachment(str(photo))])
        for text in ("what is it?", "and the colours?"):
            await send(pilot, text)
            await until_answered(pilot)
        await pilot.press("ctrl+n")
        desk(pilot).attach([ImageAttachment(str(photo))])
        await send(pilot, "what is it, here?")
        await until_answered(pilot)
        await until(pilot, lambda: drawn(pilot) == 1)
        assert lines_again(pilot) == []
    async with make_app(store, engine).run_test(size=(100, 60)) as pilot:
        chat = pilot.app.screen_stack[0]
        chat.post_message(Sidebar.Chosen(1))
        await until(pilot, lambda: drawn(pilot) == 1)
        assert len(lines_again(pilot)) == 1


def exchange(path: Path, created: float | None) -> Exchange:
    return Exchange(Message("user", "what?", (ImageAttachment(str(path)),)), created=created)


@pytest.mark.parametrize(
    ("saved_after", "created", "again"), [(-60, 1e9, True), (60, 1e9, False), (60, None, True)]
)
def test_another_picture_under_the_same_name_is_drawn_anew(
    photo: Path, saved_after: float, created: float | None, again: bool
) -> None:
    os.utime(photo, (1e9 + saved_after, 1e9 + saved_after))
    gallery = Gallery()
    gallery.exchanges = [exchange(photo, created), exchange(photo, created)]
    assert not gallery.was_shown(str(photo), gallery.exchanges[0])
    assert gallery.was_shown(str(photo), gallery.exchanges[1]) is again
    assert gallery.number(str(photo)) == 1
    assert gallery.number("/another.png") == 2
