"""Chains in the interface: the plan on a line, each step but the last folded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.events import (
    Event,
    Failed,
    Planned,
    PlannedStep,
    Routed,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.store.conversations import ConversationStore
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.markdown import StreamedMarkdown
from assistant.tui.widgets.plan import PlanLine, StepHeading, StepOutput
from assistant.tui.widgets.sidebar import Sidebar
from tests.tui.fakes import (
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    answers,
    at_rest,
    done,
    make_app,
    make_store,
    send,
    until_answered,
)
from tests.tui.test_snapshots import SIZES, Snap

ROUTED = Routed(
    "describe", 0.96, 0.96, "asks for 2 things, one after the other", (), ("describe", "translate")
)
PLANNED = Planned((PlannedStep("describe"), PlannedStep("translate", "pt")))
LOOK = "Most likely a **tabby cat** (62%)."
START: tuple[Event, ...] = (ROUTED, PLANNED, StepStarted(0), TextDelta(LOOK), StepDone(0, LOOK))
PUT = "Provavelmente um gato malhado."
WHOLE: list[Step] = [*START, StepStarted(1), TextDelta(PUT), StepDone(1, PUT), done(PUT)]
FAILED = Failed("Step 2 of 2 (translate): No model.", "Pull one.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def plan_of(view: AnswerView) -> str:
    return view.query_one(PlanLine).render().plain


def shown(view: AnswerView) -> str:
    return view.query_children(StreamedMarkdown).only_one().source


async def ask(pilot: AppPilot) -> AnswerView:
    await send(pilot, "describe this and put it into Portuguese")
    await until_answered(pilot)
    return answers(pilot)[-1]


async def test_the_plan_stands_above_and_steps_before_the_last_are_folded(
    store: ConversationStore,
) -> None:
    async with make_app(store, FakeEngine([WHOLE])).run_test() as pilot:
        view = await ask(pilot)
        assert plan_of(view) == "① Look → ② Translate (Portuguese)"
        assert [step.text for step in view.query(StepOutput)] == [LOOK]
        assert shown(view) == PUT
        assert view.copyable == PUT


async def test_a_folded_step_opens_and_closes_with_enter(store: ConversationStore) -> None:
    async with make_app(store, FakeEngine([WHOLE])).run_test() as pilot:
        view = await ask(pilot)
        view.focus()
        await pilot.press("enter")
        assert isinstance(pilot.app.focused, StepHeading)
        await pilot.press("enter")
        await pilot.pause()
        step = view.query_one(StepOutput)
        assert step.query_one(StreamedMarkdown).source == LOOK
        await pilot.press("enter")
        await pilot.pause()
        assert not step.query(StreamedMarkdown)


async def test_a_chain_opened_again_from_the_store_looks_the_same(
    store: ConversationStore,
) -> None:
    async with make_app(store, FakeEngine([WHOLE])).run_test() as pilot:
        await ask(pilot)
    (conversation,) = store.recent(10)
    async with make_app(store).run_test() as pilot:
        await pilot.pause()
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(conversation.id))
        await until_answered(pilot)
        (view,) = answers(pilot)
        assert plan_of(view) == "① Look → ② Translate (Portuguese)"
        assert [step.text for step in view.query(StepOutput)] == [LOOK]
        assert shown(view) == PUT


async def test_a_step_that_fails_leaves_the_one_before_open(store: ConversationStore) -> None:
    script: list[Step] = [*START, StepStarted(1), FAILED]
    async with make_app(store, FakeEngine([script])).run_test() as pilot:
        view = await ask(pilot)
        (step,) = view.query(StepOutput)
        assert step.is_open
        assert not view.query_children(StreamedMarkdown)
        assert view.answer.text == LOOK
        assert view.answer.state == "failed"


async def test_a_plan_that_cannot_work_is_shown_with_the_reason(store: ConversationStore) -> None:
    script: list[Step] = [ROUTED, Planned(PLANNED.steps, FAILED), FAILED]
    async with make_app(store, FakeEngine([script])).run_test() as pilot:
        view = await ask(pilot)
        assert plan_of(view) == "① Look → ② Translate (Portuguese)"
        assert view.query(".-failure")
        assert not view.query(StepOutput)


async def test_escape_sequences_in_a_step_stay_out(store: ConversationStore) -> None:
    evil = "\x1b[31mred [bold]x[/bold]"
    script: list[Step] = [
        ROUTED, Planned((PlannedStep("\x1b[2Jx", "[b]"), PlannedStep("translate"))),
        StepStarted(0), StepDone(0, evil), StepStarted(1), TextDelta("ok"), done("ok"),
    ]  # fmt: skip
    async with make_app(store, FakeEngine([script])).run_test() as pilot:
        view = await ask(pilot)
        assert "\x1b" not in plan_of(view)
        assert view.query_one(StepOutput).text == "red [bold]x[/bold]"


@pytest.mark.parametrize("size", SIZES)
class TestPictures:
    def test_the_second_step_running(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int]
    ) -> None:
        script: list[Step] = [*START, StepStarted(1), TextDelta("Provavelmente"), Pause()]

        async def before(pilot: AppPilot) -> None:
            await send(pilot, "describe this and put it into Portuguese")
            await at_rest(pilot)

        app = make_app(store, FakeEngine([script]))
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_done_and_the_first_step_unfolded(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int]
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            view = await ask(pilot)
            view.focus()
            await pilot.press("enter", "enter")
            await pilot.pause()

        app = make_app(store, FakeEngine([WHOLE]), strings=CHINESE, theme="paper")
        assert snap_compare(app, terminal_size=size, run_before=before)
