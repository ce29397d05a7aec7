"""Reading, copying, editing what was said; following the end; being told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Settings, UiSettings
from assistant.core.events import Done, Failed, Notice, TextDelta, Timings
from assistant.core.messages import Message
from assistant.engine.wire import Status
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.badge import Badge
from assistant.tui.widgets.below import BelowMark
from assistant.tui.widgets.code import CodeBlock
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.versions import VersionSwitch
from tests.tui.fakes import (
    NOW,
    ROUTED,
    USAGE,
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    answer,
    answers,
    desk,
    done,
    make_app,
    make_store,
    screen_text,
    send,
    toasts,
    until,
    until_answered,
    write,
)

CODE = "Like this:\n\n```python\nprint(1)\n```\n\nor\n\n```\nx" + "y" * 200 + "\n```\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def transcript(pilot: AppPilot) -> Transcript:
    return pilot.app.screen.query_one(Transcript)


def questions(pilot: AppPilot) -> list[str]:
    return [view.exchange.user.text for view in pilot.app.screen.query(QuestionView)]


# --- code -----------------------------------------------------------------------------------


async def test_a_code_block_is_copied_by_key_and_by_mouse(store: ConversationStore) -> None:
    async with make_app(store, FakeEngine([answer(CODE)])).run_test(size=(100, 40)) as pilot:
        await send(pilot, "code")
        await until_answered(pilot)
        assert "python" in screen_text(pilot)
        await pilot.press("alt+up", "c")
        first, second = pilot.app.screen.query(CodeBlock)
        assert first.has_focus
        assert pilot.app.screen.query_one(StatusLine).hint == ENGLISH.code_keys
        await pilot.press("c")
        assert pilot.app.clipboard == "print(1)"
        await pilot.click(second, offset=(second.size.width, second.outer_size.height - 1))
        assert pilot.app.clipboard == "x" + "y" * 200
        assert toasts(pilot)[-1] == ENGLISH.copied


async def test_the_only_code_of_an_answer_is_copied_at_once(store: ConversationStore) -> None:
    engine = FakeEngine([answer("```\na [b]\n  c\n```")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "code")
        await until_answered(pilot)
        await pilot.press("alt+up", "c")
        assert pilot.app.clipboard == "a [b]\n  c"


async def test_an_answer_without_code_says_that_there_is_none(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "c")
        assert toasts(pilot) == [ENGLISH.nothing_to_copy]


async def test_long_lines_of_code_are_scrolled_by_keys(store: ConversationStore) -> None:
    async with make_app(store, FakeEngine([answer(CODE)])).run_test() as pilot:
        await send(pilot, "code")
        await until_answered(pilot)
        long = pilot.app.screen.query(CodeBlock).last()
        long.focus()
        await pilot.press("right", "right", "left")
        assert long.scroll_x == 8
        assert long.outer_size.height == 3


async def test_a_selection_is_copied_before_the_message(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up")
        paragraph = pilot.app.screen.query("MarkdownParagraph").first()
        await pilot.mouse_down(paragraph, offset=(3, 0))
        await pilot.hover(paragraph, offset=(8, 0))
        await pilot.mouse_up(paragraph, offset=(8, 0))
        await pilot.pause()
        answers(pilot)[0].focus()
        await pilot.press("y")
        assert pilot.app.clipboard == "answer"


# --- branches -------------------------------------------------------------------------------


async def test_editing_a_message_begins_a_branch_and_keeps_the_old_one(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("One."), answer("Two."), answer("One, better.")])
    async with make_app(store, engine).run_test(size=(100, 30)) as pilot:
        for text in ("first", "second"):
            await send(pilot, text)
            await until_answered(pilot)
        await write(pilot, "unsent")
        await pilot.press(*["alt+up"] * 4, "e")
        assert desk(pilot).prompt.text == "first"
        assert ENGLISH.editing.split("   ")[0] in screen_text(pilot)
        await pilot.press("!", "enter")
        await until_answered(pilot)
        assert questions(pilot) == ["first!"]
        assert "One, better." in screen_text(pilot)
        assert "Two." not in screen_text(pilot)
        assert "‹ 2/2 ›" in screen_text(pilot)
        assert engine.turns[-1].history == ()
        assert desk(pilot).prompt.text == "unsent"

        await pilot.press("alt+up", "alt+up", "[")
        await until(pilot, lambda: questions(pilot) == ["first", "second"])
        assert "Two." in screen_text(pilot)
        await until(pilot, lambda: "‹ 1/2 ›" in screen_text(pilot))
        await pilot.press("[")
        assert questions(pilot) == ["first", "second"]
        await pilot.press("]")
        await until(pilot, lambda: questions(pilot) == ["first!"])
        switch = pilot.app.screen.query_one(VersionSwitch)
        await pilot.click(switch, offset=(1, 0))
        await until(pilot, lambda: questions(pilot) == ["first", "second"])


async def test_escape_leaves_an_edited_message_as_it_was(store: ConversationStore) -> None:
    engine = FakeEngine([answer("One."), answer("Two.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "first")
        await until_answered(pilot)
        await write(pilot, "unsent")
        await pilot.press("alt+up", "e", "x", "escape")
        assert desk(pilot).prompt.text == "unsent"
        await pilot.press("enter")
        await until_answered(pilot)
        assert questions(pilot) == ["first", "unsent"]


async def test_answering_an_earlier_message_again_begins_a_branch(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("One."), answer("Two."), answer("One again.")])
    async with make_app(store, engine).run_test() as pilot:
        for text in ("first", "second"):
            await send(pilot, text)
            await until_answered(pilot)
        await pilot.press(*["alt+up"] * 3, "r")
        await until_answered(pilot)
        assert questions(pilot) == ["first"]
        assert engine.turns[-1].history == ()
        assert "‹ 2/2 ›" in screen_text(pilot)


async def test_an_earlier_answer_to_the_last_message_folds_and_unfolds(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("The first answer."), answer("The second answer.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("ctrl+r")
        await until_answered(pilot)
        assert "The first answer." not in screen_text(pilot)
        await pilot.press("alt+up", "alt+up", "enter")
        await pilot.pause()
        assert "The first answer." in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "The first answer." not in screen_text(pilot)


async def test_a_branch_is_not_changed_while_an_answer_is_written(
    store: ConversationStore,
) -> None:
    conversation = store.create().id
    old = store.add_user(conversation, Message("user", "old"))
    store.add_user(conversation, Message("user", "new"), instead_of=old)
    engine = FakeEngine([[ROUTED, Pause()]])
    async with make_app(store, engine).run_test(size=(110, 30)) as pilot:
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(conversation))
        await until(pilot, lambda: questions(pilot) == ["new"])
        await send(pilot, "go on")
        await pilot.press("alt+up", "alt+up", "alt+up", "[")
        assert ENGLISH.keyed(ENGLISH.busy) in toasts(pilot)
        assert questions(pilot) == ["new", "go on"]


# --- the end of it --------------------------------------------------------------------------


async def test_a_mark_says_that_there_is_more_below_and_goes_there(
    store: ConversationStore,
) -> None:
    pause = Pause()
    long = "\n\n".join(f"paragraph {number}" for number in range(40))
    steps: list[Step] = [ROUTED, TextDelta(long), pause, TextDelta("\n\nthe end"), done("")]
    async with make_app(store, FakeEngine([steps])).run_test() as pilot:
        await send(pilot, "long")
        await until(pilot, lambda: "paragraph 39" in screen_text(pilot))
        mark = pilot.app.screen.query_one(BelowMark)
        assert not mark.display
        transcript(pilot).scroll_to(y=5, animate=False)
        await until(pilot, lambda: ENGLISH.below in screen_text(pilot))
        pause.over.set()
        await until_answered(pilot)
        await until(pilot, lambda: ENGLISH.new_below in screen_text(pilot))
        assert transcript(pilot).scroll_y == 5
        await pilot.click(mark)
        await until(pilot, lambda: "the end" in screen_text(pilot))
        await until(pilot, lambda: not mark.display)


async def test_a_key_goes_to_the_end_and_follows_it_again(store: ConversationStore) -> None:
    first, second = Pause(), Pause()
    long = "\n\n".join(f"paragraph {number}" for number in range(40))
    steps: list[Step] = [
        ROUTED,
        TextDelta(long),
        first,
        TextDelta("\n\nmore\n\n" * 9),
        second,
        TextDelta("\n\nthe end"),
        done(""),
    ]
    async with make_app(store, FakeEngine([steps])).run_test() as pilot:
        await send(pilot, "long")
        await until(pilot, lambda: "paragraph 39" in screen_text(pilot))
        transcript(pilot).scroll_to(y=0, animate=False)
        await pilot.pause()
        first.over.set()
        await until(pilot, lambda: ENGLISH.new_below in screen_text(pilot))
        await pilot.press("ctrl+end")
        await until(pilot, lambda: "more" in screen_text(pilot))
        second.over.set()
        await until_answered(pilot)
        assert "the end" in screen_text(pilot)


async def test_a_note_does_not_pull_a_reader_down(store: ConversationStore, tmp_path: Path) -> None:
    long = "\n\n".join(f"paragraph {number}" for number in range(40))
    engine = FakeEngine([answer(long), [Notice("One was skipped."), done("")]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "long")
        await until_answered(pilot)
        transcript(pilot).scroll_to(y=5, animate=False)
        await pilot.pause()
        await send(pilot, f"/index {tmp_path}")
        await until_answered(pilot)
        assert transcript(pilot).scroll_y == 5


# --- times ----------------------------------------------------------------------------------


async def test_times_are_shown_on_demand(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(110, 30)) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        assert "2026-05-14 10:30" not in screen_text(pilot)
        await pilot.press("ctrl+t")
        await pilot.pause()
        text = screen_text(pilot)
        assert text.count("2026-05-14 10:30") == 2
        assert "choice of skill 7 ms · first word after 0.24 s" in text
        await send(pilot, "and now?")
        await until_answered(pilot)
        assert screen_text(pilot).count("2026-05-14 10:30") == 4
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert "2026-05-14 10:30" not in screen_text(pilot)


# --- being told -----------------------------------------------------------------------------


def told(app: AssistantApp, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal is told; the app believes that it has one."""
    written: list[str] = []
    monkeypatch.setattr(AssistantApp, "is_headless", property(lambda self: False))
    monkeypatch.setattr(app, "tell_terminal", written.append)
    return written


@pytest.mark.parametrize(("away", "expected"), [(True, 1), (False, 0)])
async def test_the_desktop_hears_of_an_answer_only_when_one_looks_elsewhere(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch, away: bool, expected: int
) -> None:
    pause = Pause()
    app = make_app(store, FakeEngine([[ROUTED, pause, TextDelta("x"), done("x")]]))
    async with app.run_test() as pilot:
        await send(pilot, "a [b]long[/b] question\x1b]0;x\x07")
        written = told(app, monkeypatch)
        app.app_focus = not away
        pause.over.set()
        await until_answered(pilot)
        assert len(written) == expected
        assert all("a [b]long[/b] question" in text for text in written)


async def test_a_setting_keeps_the_desktop_out_of_it(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = Pause()
    engine = FakeEngine([[ROUTED, pause, Failed("No.")]])
    app = make_app(store, engine, ui=UiSettings(notify=False))
    async with app.run_test() as pilot:
        await send(pilot, "hi")
        written = told(app, monkeypatch)
        app.app_focus = False
        pause.over.set()
        await until_answered(pilot)
        assert written == []


async def test_reduced_motion_stops_spinner_and_cursor(store: ConversationStore) -> None:
    app = AssistantApp(
        Settings(ui=UiSettings(motion="reduced")),
        store,
        FakeEngine([[ROUTED, Pause()]]).connect,
        strings=ENGLISH,
        now=lambda: NOW,
        config_file=Path("config.toml"),
    )
    async with app.run_test() as pilot:
        await send(pilot, "hi")
        badge = pilot.app.screen.query_one(Badge)
        before = badge.render()
        await pilot.pause(0.3)
        assert badge.running
        assert badge.render() == before
        assert not desk(pilot).prompt.cursor_blink


# --- breaking it ----------------------------------------------------------------------------


async def test_thousands_of_lines_are_answered_while_the_terminal_changes_its_size(
    store: ConversationStore,
) -> None:
    lines = [f"{number}. **line** {number} 你好 {'x' * (number % 90)}\n" for number in range(2_000)]
    steps: list[Step] = [
        ROUTED,
        *(TextDelta("".join(lines[i : i + 50])) for i in range(0, 2000, 50)),
    ]
    steps += [Done("".join(lines), Timings(1, 2, 3, USAGE))]
    async with make_app(store, FakeEngine([steps])).run_test() as pilot:
        await send(pilot, "count")
        for size in ((20, 5), (200, 50), (33, 9), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until_answered(pilot)
        assert "line 1999" in screen_text(pilot)
        assert store.messages(store.recent(1)[0].id)[-1].text == "".join(lines)


async def test_hostile_file_names_and_titles_are_shown_literally(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "[red]a[b\x1b]0;x\x07\u202eb.md"
    (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    store.add_user(store.create().id, Message("user", "[@click=app.quit]x[/] \x1b[31mred"))
    async with make_app(store).run_test(size=(110, 30)) as pilot:
        await pilot.press("@", "r", "e", "d")
        await until(pilot, lambda: bool(desk(pilot).completion.choices))
        assert "≡ [red]a[b" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: bool(desk(pilot).chips.attachments))
        assert "[red]a[b" in screen_text(pilot)
        assert "[@click=app.quit]x[/] red" in screen_text(pilot)
        assert "\x1b" not in screen_text(pilot)


async def test_a_status_of_the_engine_in_the_middle_of_everything_is_survived(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("Half"), Pause()]])
    async with make_app(store, engine).run_test(size=(20, 5)) as pilot:
        await send(pilot, "x")
        for phase in ("stopped", "starting", "loading", "ready"):
            engine.say(Status(phase))
            await pilot.pause()
        await pilot.press("escape")
        await until_answered(pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "Half" in screen_text(pilot)
