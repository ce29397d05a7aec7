"""How texts stand on the screen: what follows what, what gives way where it is narrow."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from assistant.core.collections import CollectionSummary
from assistant.core.documents import Label
from assistant.core.events import (
    Labelled,
    Notice,
    Picture,
    Progress,
    SentTo,
    Sources,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.core.messages import ImageAttachment
from assistant.store.conversations import ConversationStore
from assistant.tui.screens.help import HelpScreen, in_columns
from assistant.tui.screens.page import fitted
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets import gauge, remarks
from assistant.tui.widgets.badge import Badge
from assistant.tui.widgets.lines import LineList
from assistant.tui.widgets.picture import PictureAgain
from assistant.tui.widgets.plan import preview_of
from assistant.tui.widgets.sources import SourceRow
from benchmarks.pictures import landscape
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    answer,
    answers,
    desk,
    done,
    make_app,
    screen_text,
    send,
    until_answered,
    write,
)
from tests.tui.screen_data import PASSAGE, stocked_engine
from tests.tui.test_chains import PLANNED

SMALL = (80, 24)
"""Columns and rows of the smallest usual terminal."""


def rows(pilot: AppPilot) -> list[str]:
    return screen_text(pilot).splitlines()


# --- what follows a full stop -----------------------------------------------------------------


def test_a_hint_follows_a_chinese_full_stop_without_a_space() -> None:
    said = remarks.notice(Notice("这里没有文字。", "换一张图片试试。"), CHINESE).plain
    assert said == "ⓘ 这里没有文字。换一张图片试试。"
    assert remarks.notice(Notice("No text.", "Try another."), ENGLISH).plain == (
        "ⓘ No text. Try another."
    )


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_where_text_is_sent_is_told_in_the_spacing_of_the_language(strings: Strings) -> None:
    said = remarks.sent(SentTo("box:1", False), strings).plain
    assert ("。 " in said) is False
    assert said.count(". ") == (1 if strings is ENGLISH else 0)


def test_texts_of_the_interface_are_joined_alike() -> None:
    assert CHINESE.together("已保存。", "下次启动时生效。") == "已保存。下次启动时生效。"
    assert ENGLISH.together("Saved.", "", "Later.") == "Saved. Later."
    assert CHINESE.listed(["a", "b"]) == "a、b"
    assert CHINESE.filled(CHINESE.loading, "语言模型") == "正在加载语言模型"
    assert CHINESE.filled(CHINESE.loading, "qwen3-4b") == "正在加载 qwen3-4b"


# --- air --------------------------------------------------------------------------------------


async def test_while_nothing_is_written_a_row_stays_free_above_the_prompt(
    store: ConversationStore,
) -> None:
    script: list[Step] = [Pause()]
    async with make_app(store, FakeEngine([script])).run_test(size=SMALL) as pilot:
        await send(pilot, "Hello?")
        await pilot.pause(0.2)
        badge = pilot.app.screen.query_one(Badge)
        assert badge.activity
        assert desk(pilot).prompt.region.y - badge.region.bottom == 1


async def test_labels_stand_apart_from_a_picture_shown_before(
    store: ConversationStore, tmp_path: Path
) -> None:
    photo = str(landscape(tmp_path / "evening.png"))
    os.utime(photo, (1e9, 1e9))  # long before the conversation
    labels = Labelled((Label("valley", 0.6),), "m")
    steps: list[Step] = [ROUTED, Picture(photo, ""), TextDelta("A valley."), labels, done("")]
    async with make_app(store, FakeEngine([steps, steps])).run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        desk(pilot).attach([ImageAttachment(photo)])
        for text in ("What is it?", "And now?"):
            await send(pilot, text)
            await until_answered(pilot)
        again = answers(pilot)[-1].query_one(PictureAgain)
        below = answers(pilot)[-1].query_one(".labels")
        assert below.region.y - again.region.bottom == 1


async def test_an_open_step_is_followed_by_one_free_row(store: ConversationStore) -> None:
    steps: list[Step] = [
        ROUTED, PLANNED, StepStarted(0), TextDelta("A **cat**."), StepDone(0, "A **cat**."),
        StepStarted(1), TextDelta("Um gato."), StepDone(1, "Um gato."), done("Um gato."),
    ]  # fmt: skip
    async with make_app(store, FakeEngine([steps])).run_test(size=SMALL) as pilot:
        await send(pilot, "describe, then translate")
        await until_answered(pilot)
        assert any("▸" in row and "A cat." in row for row in rows(pilot))
        answers(pilot)[-1].focus()
        await pilot.press("enter", "enter")
        await pilot.pause(0.1)
        shown = [row.strip() for row in rows(pilot)]
        at = shown.index("A cat.")
        assert shown[at + 1] == ""
        assert shown[at + 2] == "Um gato."


def test_the_first_words_of_a_folded_step_have_no_marks() -> None:
    text = "## Seen\n\n- a **tabby** `cat`\n- 3 * 4 is *12*, in snake_case"
    assert preview_of(text) == "Seen a tabby cat 3 * 4 is 12, in snake_case"


async def test_the_context_of_a_source_is_indented_under_its_name(
    store: ConversationStore,
) -> None:
    steps: list[Step] = [ROUTED, TextDelta("Yes [1]."), Sources((PASSAGE,)), done("")]
    async with make_app(store, FakeEngine([steps])).run_test(size=SMALL) as pilot:
        await send(pilot, "Trees?")
        await until_answered(pilot)
        source = pilot.app.screen.query_one(SourceRow)
        source.action_unfold()
        await pilot.pause(0.1)
        name = next(row for row in rows(pilot) if "▾ 1 forest" in row)
        text = next(row for row in rows(pilot) if "When leaves fall" in row)
        assert name.index("forest-ecology") == text.index("When leaves")


@pytest.mark.parametrize("columns", [60, 80, 81, 120, 200, 201])
async def test_question_answer_and_prompt_begin_in_one_column(
    store: ConversationStore, columns: int
) -> None:
    async with make_app(store, FakeEngine([answer("An answer.")])).run_test(
        size=(columns, 30)
    ) as pilot:
        await send(pilot, "A question?")
        await until_answered(pilot)
        await write(pilot, "A draft")
        texts = ("A question?", "An answer.", "A draft")
        found = [row.index(text) for text in texts for row in rows(pilot)[2:] if text in row]
        assert len(set(found[-3:])) == 1


# --- narrow terminals -------------------------------------------------------------------------


class Numbers(LineList[int]):
    def draw(self, row: int, width: int) -> Content:
        return Content(f"row {row}")

    def key(self, row: int) -> Hashable:
        return row


class ListApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_the_row_under_the_cursor_stays_in_view_when_there_are_fewer_rows() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 30)) as pilot:
        numbers = app.query_one(Numbers)
        numbers.show(list(range(100)))
        numbers.cursor = 25
        await pilot.pause()
        await pilot.resize_terminal(40, 8)
        await pilot.pause()
        first = numbers.scroll_offset.y
        assert first <= 25 < first + numbers.size.height


def test_what_there_is_no_room_for_gives_way_in_whole_parts() -> None:
    parts = ["in use", "on cpu", "~18 tokens/s"]
    assert gauge.joined(parts, 40) == "in use · on cpu · ~18 tokens/s"
    assert gauge.joined(parts, 20) == "in use · on cpu …"
    assert gauge.joined(parts, 5) == "in u…"
    assert gauge.joined([], 5) == ""


def test_lines_about_a_row_are_cut_with_an_ellipsis_and_none_is_lost() -> None:
    lines = [Content("one two three four five six"), Content("seven"), Content("eight")]
    assert [line.plain for line in fitted(lines, 10, 5)][:2] == ["one two", "three four"]
    cut = [line.plain for line in fitted(lines, 10, 3)]
    assert cut == ["one two …", "seven", "eight"]


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE], ids=["en", "zh"])
async def test_nothing_on_the_screens_is_cut_in_the_middle_of_a_word(
    store: ConversationStore, strings: Strings
) -> None:
    engine = stocked_engine()
    reading = Progress("Making vectors", 1200, 4800, "chunks", 130.0)
    engine.scripts = [[reading, Pause()]]
    async with make_app(store, engine, strings=strings).run_test(size=SMALL) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.2)
        await pilot.press("s")
        await pilot.pause(0.3)
        text = screen_text(pilot)
        documents, times = strings.screens.documents, strings.screens.times
        assert documents.embedding.format("9") in text
        assert times.minutes_left.format(2) in text
        await pilot.press("f4")
        await pilot.pause(0.3)
        models = strings.screens.models
        assert f"{models.in_use} · {models.loaded_on.format('cpu')}" in screen_text(pilot)


async def test_a_collection_with_the_cursor_is_told_in_full(store: ConversationStore) -> None:
    engine = stocked_engine()
    roots = ("/home/me/papers",)
    engine.collections = (CollectionSummary("a" * 30, 12_345, roots, 9, 99, 1_234, 567, 890),)
    async with make_app(store, engine).run_test(size=SMALL) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.2)
        assert "890 pictures" not in screen_text(pilot)
        pilot.app.screen.query_one("#collections").focus()
        await pilot.press("down", "up", "down")
        await pilot.pause()
        text = screen_text(pilot)
        assert "12,345 documents · 1,234 failed" in text
        assert "890 pictures" in text


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("typed", ["/", "/des"])
async def test_the_example_of_the_chosen_command_is_whole_below_the_list(
    store: ConversationStore, typed: str, columns: int
) -> None:
    async with make_app(store).run_test(size=(columns, 30)) as pilot:
        await write(pilot, typed)
        if typed == "/":
            await pilot.press("down")
        await pilot.pause()
        example = "/describe what is on the table?"
        (at,) = (n for n, row in enumerate(rows(pilot)) if example in row)
        assert not any("…" in row for row in rows(pilot))
        assert rows(pilot)[at + 1].lstrip().startswith("╭")


async def test_a_folder_with_nothing_to_choose_says_so(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    async with make_app(store).run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+o")
        await pilot.pause(0.3)
        assert ENGLISH.screens.documents.add_nothing in screen_text(pilot)


async def test_the_examples_of_the_first_screen_are_whole_in_a_narrow_terminal(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        shown = " ".join(screen_text(pilot).replace("│", " ").split())
        assert all(word in shown for word in ("twelve-year-old.", "nine.", "it.", "shows."))


# --- help -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "stand_side_by_side"), [(80, 1), (120, 2), (200, 3)])
@pytest.mark.parametrize("strings", [ENGLISH, CHINESE], ids=["en", "zh"])
async def test_the_help_has_as_many_columns_as_fit(
    store: ConversationStore, strings: Strings, columns: int, stand_side_by_side: int
) -> None:
    async with make_app(store, strings=strings).run_test(size=(80, 50)) as pilot:
        await pilot.press("f1")
        await pilot.resize_terminal(columns, 50)
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, HelpScreen)
        shown = list(screen.query(".column"))
        assert len(shown) == stand_side_by_side
        assert all(column.region.right <= screen.query_one("#box").region.right for column in shown)
        if stand_side_by_side == 3:
            text = screen_text(pilot)
            assert strings.keys["quit"] in text
            assert strings.commands["quit"] in text


def test_columns_are_about_equally_long_and_keep_their_order() -> None:
    blocks = [
        [Content(f"{name}{n}") for n in range(size)]
        for name, size in zip("abcd", (9, 3, 3, 9), strict=True)
    ]
    columns = in_columns(blocks, 3)
    assert [column[0].plain for column in columns] == ["a0", "b0", "d0"]
    assert [len(column) for column in columns] == [9, 7, 9]
    assert len(in_columns(blocks[:1], 3)) == 1
