"""What a message's keys do can be done with the mouse, too; small screens keep their room."""

from __future__ import annotations

import pytest
from textual import events

from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.tui.screens.why import WhyScreen
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.badge import Badge
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.keybar import clickable
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from tests.tui.fakes import (
    AppPilot,
    FakeEngine,
    answer,
    answers,
    desk,
    make_app,
    screen_text,
    send,
    until,
    until_answered,
)

WIDE = (120, 36)


async def click_on(pilot: AppPilot, words: str) -> None:
    """Click on these words of the status line."""
    line = pilot.app.screen.query_one(StatusLine)
    at = screen_text(pilot).split("\n")[line.region.y].index(words)
    await pilot.click(offset=(at + 1, line.region.y))
    await pilot.pause()


async def test_the_keys_of_a_message_can_be_clicked(store: ConversationStore) -> None:
    engine = FakeEngine([answer("First."), answer("Second.")])
    async with make_app(store, engine).run_test(size=WIDE) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.click(type(answers(pilot)[0]))
        await pilot.pause()
        await click_on(pilot, "r again")
        await until_answered(pilot)
        assert [view.answer.text for view in answers(pilot)] == ["First.", "Second."]
        await pilot.click(type(answers(pilot)[1]))
        await pilot.pause()
        await click_on(pilot, "e edit")
        assert desk(pilot).prompt.text == "hi"


async def test_a_click_on_the_badge_says_why(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.click(Badge, offset=(2, 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, WhyScreen))


async def test_the_key_for_why_works_on_a_question_too(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "alt+up", "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhyScreen))


async def test_a_click_on_the_badge_of_a_folded_answer_only_unfolds_it(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("First."), answer("Second.")])
    async with make_app(store, engine).run_test(size=WIDE) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("ctrl+r")
        await until_answered(pilot)
        await pilot.click(answers(pilot)[0].query_one(Badge), offset=(2, 0))
        await pilot.pause()
        assert "First." in screen_text(pilot)
        assert not isinstance(pilot.app.screen, WhyScreen)


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE])
def test_what_stands_for_one_key_can_be_clicked_and_for_several_can_not(strings: Strings) -> None:
    pressed = [
        span.style.meta["@click"]
        for span in clickable(strings.message_keys, strings.bound).spans
        if not isinstance(span.style, str)
    ]
    assert pressed == [f"app.simulate_key('{key}')" for key in "ycherswo"]
    line = clickable(strings.chip_keys, strings.bound)
    assert line.plain == strings.chip_keys
    assert ["enter" in str(span.style) for span in line.spans] == [True, False, False]


async def test_the_search_says_its_keys_and_goes_on_to_what_was_found(
    store: ConversationStore,
) -> None:
    store.add_user(store.create().id, Message("user", "the night train"))
    async with make_app(store).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+f", *"train")
        listed = pilot.app.screen.query_one(ConversationList)
        await until(pilot, lambda: listed.option_count == 1)
        assert ENGLISH.keyed(ENGLISH.library.search_keys) in screen_text(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(answers(pilot)) > 0 or "night train" in screen_text(pilot))
        assert listed.highlighted == 0
        await pilot.press("ctrl+f")
        await click_on(pilot, "Esc leave")
        assert pilot.app.focused is desk(pilot).prompt


async def test_a_long_text_leaves_half_of_a_low_screen_to_the_conversation(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test(size=(60, 12)) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        desk(pilot).prompt.insert("\n".join("abcdefghijklmnop"))
        await pilot.pause()
        assert desk(pilot).prompt.outer_size.height == 6
        assert pilot.app.screen.query_one(Transcript).size.height >= 4
        await pilot.resize_terminal(60, 40)
        await pilot.pause()
        assert desk(pilot).prompt.outer_size.height == 12


async def test_a_pasted_line_is_one_line(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        desk(pilot).prompt.post_message(events.Paste("x" * 10_000))
        await pilot.pause()
        assert "pasted text, 1 line " in screen_text(pilot)
