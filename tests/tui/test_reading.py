"""Long conversations: only what is near is mounted, and any message can be jumped to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.events import TextDelta
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.turn import TurnWidget
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    answer,
    desk,
    make_app,
    make_store,
    screen_text,
    send,
    until,
    until_answered,
)

EXCHANGES = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def long(store: ConversationStore) -> int:
    """A conversation of many exchanges."""
    conversation = store.create().id
    for number in range(EXCHANGES):
        store.add_user(conversation, Message("user", f"question {number}."))
        store.finish_answer(store.begin_answer(conversation), f"a {number}.", "complete", [])
    return conversation


def transcript(pilot: AppPilot) -> Transcript:
    return pilot.app.screen.query_one(Transcript)


def mounted(pilot: AppPilot) -> list[str]:
    return [view.exchange.user.text for view in pilot.app.screen.query(QuestionView)]


async def settled(pilot: AppPilot) -> None:
    """Wait until what the last scroll asked for is mounted and in its place."""
    await pilot.pause()
    await until(pilot, lambda: not transcript(pilot)._busy)
    await pilot.pause()


def choose(pilot: AppPilot, conversation: int, message: int | None = None) -> None:
    pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(conversation, message))


async def test_only_the_end_is_mounted_and_the_rest_as_the_reader_comes_near(
    store: ConversationStore, long: int
) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long)
        await until(pilot, lambda: "question 59." in screen_text(pilot))
        assert 5 < len(mounted(pilot)) < 25
        for _ in range(60):
            await settled(pilot)
            near_the_top = mounted(pilot)[1]
            transcript(pilot).scroll_to(y=1, animate=False)
            await settled(pilot)
            if "question 0." in mounted(pilot):
                break
            # The reader's place has not moved: what was near the top is still in view.
            assert near_the_top in screen_text(pilot)
        assert mounted(pilot) == [f"question {n}." for n in range(EXCHANGES)]


async def test_a_hit_opens_the_conversation_at_its_message(
    store: ConversationStore, long: int
) -> None:
    (hit,) = (hit for hit in store.search("question 12") if hit.message)
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 12." in screen_text(pilot))
        focused = pilot.app.focused
        assert isinstance(focused, TurnWidget)
        assert focused.exchange.user.text == "question 12."
        assert len(mounted(pilot)) < 30
        assert "question 59." not in mounted(pilot)


async def test_a_hit_in_an_answer_puts_the_focus_on_the_answer(
    store: ConversationStore, long: int
) -> None:
    (hit,) = (hit for hit in store.search("a 30") if hit.message)
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: isinstance(pilot.app.focused, AnswerView))
        assert "a 30." in screen_text(pilot)


async def test_a_hit_in_another_branch_brings_it_into_view(
    store: ConversationStore, long: int
) -> None:
    first = store.messages(long, limit=EXCHANGES)[0].id
    store.add_user(long, Message("user", "another beginning"), instead_of=first)
    (hit,) = (hit for hit in store.search("question 33") if hit.message)
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 33." in screen_text(pilot))


async def test_after_a_jump_one_reads_on_to_the_end_and_no_further_than_one_scrolls(
    store: ConversationStore, long: int
) -> None:
    (hit,) = (hit for hit in store.search("question 12") if hit.message)
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 12." in screen_text(pilot))
        before = transcript(pilot).scroll_y
        transcript(pilot).scroll_down(animate=False)
        await pilot.pause(0.2)
        assert transcript(pilot).scroll_y <= before + 2
        for _ in range(60):
            transcript(pilot).scroll_end(animate=False)
            await pilot.pause()
            if "question 59." in screen_text(pilot):
                break
        assert "question 59." in screen_text(pilot)


async def test_asking_after_a_jump_goes_to_the_end(store: ConversationStore, long: int) -> None:
    (hit,) = (hit for hit in store.search("question 12") if hit.message)
    engine = FakeEngine([answer("The newest answer.")])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 12." in screen_text(pilot))
        desk(pilot).prompt.focus()
        await send(pilot, "and now?")
        await until_answered(pilot)
        await until(pilot, lambda: "The newest answer." in screen_text(pilot))
        assert "question 59." in mounted(pilot)
        assert engine.turns[0].history[-1].text == "a 59."


async def test_a_hit_is_reached_while_an_answer_is_written_in_that_conversation(
    store: ConversationStore, long: int
) -> None:
    (hit,) = (hit for hit in store.search("question 12") if hit.message)
    engine = FakeEngine([[ROUTED, TextDelta("Slowly"), Pause()]])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        choose(pilot, long)
        await until(pilot, lambda: "question 59." in screen_text(pilot))
        await send(pilot, "go on")
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 12." in screen_text(pilot))
        desk(pilot).prompt.focus()
        await pilot.press("escape")
        await until_answered(pilot)
        assert store.messages(long)[-1].text == "Slowly"


async def test_escape_leads_back_to_the_end(store: ConversationStore, long: int) -> None:
    (hit,) = (hit for hit in store.search("question 12") if hit.message)
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long, hit.message)
        await until(pilot, lambda: "question 12." in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "question 59." in screen_text(pilot))


async def test_walking_goes_past_what_is_mounted(store: ConversationStore, long: int) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        choose(pilot, long)
        await until(pilot, lambda: "question 59." in screen_text(pilot))
        for _ in range(50):
            await pilot.press("alt+up")
        await pilot.pause()
        assert isinstance(pilot.app.focused, TurnWidget)
        assert pilot.app.focused.exchange.user.text == "question 35."
