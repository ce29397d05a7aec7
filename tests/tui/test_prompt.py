"""Writing a message: files after an @, chips, drafts, Chinese and emoji, with real keys."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key

from assistant.core.events import Failed
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.store.conversations import ConversationStore
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.chips import Chip
from assistant.tui.widgets.prompt import Prompt
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.status import StatusLine
from tests.tui.fakes import (
    AppPilot,
    FakeEngine,
    answer,
    desk,
    make_app,
    make_store,
    screen_text,
    send,
    toasts,
    until,
    until_answered,
    write,
)

FAMILY = "👩‍👩‍👧"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path / "store")
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program is started."""
    folder = tmp_path / "work"
    for name in ("notes.md", "papers/oak trees.pdf", "papers/photo.png", "build/notes.o"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / ".assistantignore").write_text("build/\n")
    monkeypatch.chdir(folder)
    return folder


def prompt(pilot: AppPilot) -> Prompt:
    return desk(pilot).prompt


def offered(pilot: AppPilot) -> list[str]:
    return [choice.path or choice.name for choice in desk(pilot).completion.choices]


async def paste(pilot: AppPilot, text: str) -> None:
    await pilot.pause()
    prompt(pilot).post_message(events.Paste(text))
    await pilot.pause()


def files_viewed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that the system's viewer is asked to open from now on."""
    opened: list[Path] = []

    def view(path: Path) -> bool:
        opened.append(path)
        return True

    monkeypatch.setattr("assistant.tui.opening.view", view)
    return opened


async def test_an_at_sign_offers_files_and_the_chosen_one_becomes_a_chip(
    store: ConversationStore, folder: Path
) -> None:
    async with make_app(store).run_test() as pilot:
        await write(pilot, "Sum up ")
        await pilot.press("@", "o", "a", "k")
        await until(pilot, lambda: offered(pilot) == ["papers/oak trees.pdf"])
        assert "oak trees.pdf" in screen_text(pilot)
        await pilot.press("enter")
        attached = FileAttachment(str(folder / "papers/oak trees.pdf"))
        await until(pilot, lambda: desk(pilot).chips.attachments == (attached,))
        assert prompt(pilot).text == "Sum up "
        assert offered(pilot) == []


async def test_ignored_files_are_not_offered_and_images_become_images(
    store: ConversationStore, folder: Path
) -> None:
    async with make_app(store).run_test() as pilot:
        await pilot.press("@")
        everything = ["notes.md", "papers/", "papers/oak trees.pdf", "papers/photo.png"]
        await until(pilot, lambda: offered(pilot) == everything)
        await pilot.press("p", "h", "o")
        await until(pilot, lambda: offered(pilot) == ["papers/photo.png"])
        await pilot.press("tab")
        attached = ImageAttachment(str(folder / "papers/photo.png"))
        await until(pilot, lambda: desk(pilot).chips.attachments == (attached,))


async def test_a_chosen_folder_is_gone_into(store: ConversationStore, folder: Path) -> None:
    async with make_app(store).run_test() as pilot:
        await pilot.press("@", ".", "/", "p")
        await until(pilot, lambda: offered(pilot) == ["./papers/"])
        await pilot.press("enter")
        assert prompt(pilot).text == "@./papers/"
        inside = ["./papers/oak trees.pdf", "./papers/photo.png"]
        await until(pilot, lambda: offered(pilot) == inside)
        await pilot.press("down", "enter")
        await until(pilot, lambda: bool(desk(pilot).chips.attachments))
        assert prompt(pilot).text == ""


async def test_escape_leaves_the_at_sign_as_it_is_written(
    store: ConversationStore, folder: Path
) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await pilot.press("@", "n", "o")
        await until(pilot, lambda: offered(pilot) == ["notes.md"])
        await pilot.press("escape", "enter")
        await until_answered(pilot)
        assert engine.turns[0].text == "@no"


async def test_a_file_is_chosen_with_the_mouse(store: ConversationStore, folder: Path) -> None:
    async with make_app(store).run_test() as pilot:
        await pilot.press("@", "n", "o", "t")
        await until(pilot, lambda: offered(pilot) == ["notes.md"])
        await pilot.click("Completion", offset=(4, 0))
        await until(pilot, lambda: bool(desk(pilot).chips.attachments))


async def test_a_paste_of_100_kb_is_a_chip_that_unfolds_and_goes(
    store: ConversationStore,
) -> None:
    engine = FakeEngine()
    long = "\n".join(f"line {number} of what was pasted" for number in range(3_500))
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await paste(pilot, long)
        assert prompt(pilot).text == ""
        assert "¶ pasted text, 3,500 lines 100 kB ✕" in screen_text(pilot)
        await pilot.press("shift+tab")
        assert isinstance(pilot.app.focused, Chip)
        assert pilot.app.screen.query_one(StatusLine).hint == ENGLISH.chip_keys
        await pilot.press("enter")
        await pilot.pause()
        assert prompt(pilot).text == long
        assert prompt(pilot).has_focus
        assert prompt(pilot).size.height == 10
        assert desk(pilot).chips.attachments == ()
        await pilot.press("enter")
        await until_answered(pilot)
        assert engine.turns[0].text == long


async def test_chips_are_walked_opened_and_taken_off_by_keys(
    store: ConversationStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = files_viewed(monkeypatch)
    async with make_app(store).run_test() as pilot:
        photo = shlex.quote(f"{folder}/papers/photo.png")
        await paste(pilot, f"{photo} '{folder}/papers/oak trees.pdf'")
        assert len(desk(pilot).chips.attachments) == 2
        await pilot.press("shift+tab", "left", "enter")
        await until(pilot, lambda: opened == [folder / "papers/photo.png"])
        await pilot.press("backspace")
        await pilot.pause()
        assert len(desk(pilot).chips.attachments) == 1
        await pilot.press("delete")
        await pilot.pause()
        assert desk(pilot).chips.attachments == ()
        assert prompt(pilot).has_focus


async def test_a_chip_is_taken_off_by_its_cross_and_opened_beside_it(
    store: ConversationStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = files_viewed(monkeypatch)
    async with make_app(store).run_test() as pilot:
        await paste(pilot, f"{folder}/papers/photo.png")
        chip = pilot.app.screen.query_one(Chip)
        await pilot.click(chip, offset=(3, 0))
        await until(pilot, lambda: opened == [folder / "papers/photo.png"])
        await pilot.click(chip, offset=(chip.size.width, 0))
        await pilot.pause()
        assert desk(pilot).chips.attachments == ()


async def test_a_draft_stays_with_its_conversation(store: ConversationStore) -> None:
    engine = FakeEngine()
    one = store.create().id
    store.add_user(one, Message("user", "one"))
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await write(pilot, "for the new one")
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(one))
        await until(pilot, lambda: prompt(pilot).text == "")
        await write(pilot, "for one")
        desk(pilot).attach([TextAttachment("pasted text, 9 lines", "…")])
        await pilot.press("ctrl+n")
        assert prompt(pilot).text == "for the new one"
        await pilot.press("enter")
        await until_answered(pilot)
        await pilot.press("ctrl+n")
        assert prompt(pilot).text == ""
    assert store.draft(one).text == "for one"
    assert store.draft(one).attachments == (TextAttachment("pasted text, 9 lines", "…"),)
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(one))
        await until(pilot, lambda: prompt(pilot).text == "for one")


async def test_a_draft_is_kept_while_one_writes_not_only_at_the_end(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test() as pilot:
        await write(pilot, "half a thou")
        await until(pilot, lambda: store.draft(None).text == "half a thou")


async def test_the_cursor_steps_over_and_deletes_whole_characters(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test() as pilot:
        await write(pilot, f"a{FAMILY}e\u0301你🇵🇹")
        for expected in (f"a{FAMILY}e\u0301你", f"a{FAMILY}e\u0301", f"a{FAMILY}", "a"):
            await pilot.press("backspace")
            assert prompt(pilot).text == expected
        await write(pilot, f"{FAMILY}b")
        await pilot.press("left", "left", "delete")
        assert prompt(pilot).text == "ab"


async def test_the_terminal_is_told_the_column_where_an_input_method_writes(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        left, top = prompt(pilot).content_region.offset
        assert pilot.app.cursor_position == (left, top)
        await write(pilot, f"你好{FAMILY}e\u0301")
        assert pilot.app.cursor_position == (left + 7, top)
        await pilot.press("left", "left")
        assert pilot.app.cursor_position == (left + 4, top)
        await pilot.press("end", "ctrl+j", "你")
        await pilot.pause()
        assert prompt(pilot).size.height == 2
        assert pilot.app.cursor_position == (left + 2, prompt(pilot).content_region.y + 1)
        await pilot.resize_terminal(60, 30)
        await pilot.pause()
        assert pilot.app.cursor_position.y == prompt(pilot).content_region.y + 1


async def test_chinese_wraps_to_the_edge_and_not_as_one_word(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(60, 20)) as pilot:
        await write(pilot, "先说 " + "一二三四五六七八九十" * 6)
        first = next(line for line in screen_text(pilot).splitlines() if "先说" in line)
        assert "先说 一二三四五" in first
        assert prompt(pilot).size.height == 3
        await pilot.press("up")
        row, column = prompt(pilot).cursor_location
        assert (row, column < 63) == (0, True)


async def test_a_click_lands_on_the_character_under_the_mouse(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(60, 20)) as pilot:
        await write(pilot, f"你{FAMILY}好")
        border_and_padding = 2
        for cells, column in ((0, 0), (1, 0), (2, 1), (3, 1), (4, 6), (9, 7)):
            await pilot.click(Prompt, offset=(border_and_padding + cells, 1))
            assert prompt(pilot).cursor_location == (0, column)


async def test_right_to_left_and_combining_text_is_sent_as_it_was_written(
    store: ConversationStore,
) -> None:
    text = "שָׁלוֹם مرحبا नमस्ते " + "á" * 40
    engine = FakeEngine()
    async with make_app(store, engine).run_test(size=(40, 12)) as pilot:
        await write(pilot, text)
        await pilot.press("home", "end", "ctrl+left", "ctrl+right", "up", "down", "enter")
        await until_answered(pilot)
        assert engine.turns[0].text == text


async def test_escape_sequences_in_a_paste_are_not_kept(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        await paste(pilot, "a\x1b]0;title\x07b\x1b[2Jc\r\nd\x9b1me")
        assert prompt(pilot).text == "abc\nde"


async def test_commands_are_offered_with_help_and_an_example(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        await pilot.press("/", "t", "r")
        text = screen_text(pilot)
        assert ENGLISH.skill_summaries["translate"] in text
        assert ENGLISH.command_examples["translate"] in text
        await pilot.press("tab")
        assert prompt(pilot).text == "/translate "


async def test_a_failed_message_is_sent_again_with_one_key_and_stands_once(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[Failed("No.", "Try again.")], answer("Here.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "what?")
        await until_answered(pilot)
        await pilot.press("enter")
        await until_answered(pilot)
        assert "Here." in screen_text(pilot)
        assert toasts(pilot) == []
        stored = store.messages(store.recent(1)[0].id)
        assert [m.role for m in stored] == ["user", "assistant", "assistant"]


async def test_of_a_pasted_folder_as_many_images_as_fit_are_attached_and_it_says_so(
    store: ConversationStore, tmp_path: Path
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    for number in range(60):
        (album / f"photo{number}.png").touch()
    async with make_app(store).run_test() as pilot:
        await paste(pilot, str(album))
        await until(pilot, lambda: len(desk(pilot).chips.attachments) == 50)
        assert desk(pilot).chips.attachments[9] == ImageAttachment(str(album / "photo9.png"))
        assert toasts(pilot) == [ENGLISH.attached_limit.format(50, 60)]


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d👧", "क्\u200dष"])
async def test_joiners_that_are_typed_are_part_of_the_text(
    store: ConversationStore, text: str
) -> None:
    async with make_app(store).run_test() as pilot:
        for character in text:
            pilot.app.post_message(events.Key(_character_to_key(character), character))
        await pilot.pause()
        assert desk(pilot).prompt.text == text
