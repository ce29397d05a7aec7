"""Asking whether a model may run the code of others, before it is fetched."""

from __future__ import annotations

import pytest

from assistant.core.inventory import ModelInfo
from assistant.engine.wire import PullModels
from assistant.store.conversations import ConversationStore
from assistant.tui.screens.consent import ConsentScreen
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from tests.tui.fakes import AppPilot, FakeEngine, make_app, screen_text, until

CODE = "resnet18() in hubconf.py of someone/networks at 0123456789"


def engine() -> FakeEngine:
    made = FakeEngine()
    made.models = (ModelInfo("resnet", "label", present=False, in_use=False, code=CODE),)
    return made


def pulls(engine: FakeEngine) -> list[PullModels]:
    return [job for job in engine.jobs if isinstance(job, PullModels)]


async def ask(pilot: AppPilot) -> None:
    await pilot.press("f4")
    await until(pilot, lambda: "resnet" in screen_text(pilot))
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, ConsentScreen))


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_it_shows_what_would_run_and_what_that_means(
    store: ConversationStore, strings: Strings, size: tuple[int, int]
) -> None:
    async with make_app(store, engine(), strings=strings).run_test(size=size) as pilot:
        await ask(pilot)
        shown = screen_text(pilot)
        assert "resnet18() in hubconf.py of someone/networks" in shown
        assert strings.screens.models.consent_fact[:12] in shown
        assert strings.screens.models.consent_yes in shown


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_enter_and_esc_allow_nothing(store: ConversationStore, key: str) -> None:
    fake = engine()
    async with make_app(store, fake).run_test() as pilot:
        await ask(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(pilot.app.screen, ConsentScreen))
        assert pulls(fake) == []


async def test_yes_fetches_it_with_just_what_was_shown(store: ConversationStore) -> None:
    fake = engine()
    async with make_app(store, fake).run_test() as pilot:
        await ask(pilot)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: pulls(fake) != [])
        assert pulls(fake) == [PullModels(("resnet",), CODE)]


async def test_markup_in_a_name_is_only_text(store: ConversationStore) -> None:
    fake = FakeEngine()
    code = "[red]x[/]() in hubconf.py \x1b[31m"
    fake.models = (ModelInfo("resnet", "label", present=False, in_use=False, code=code),)
    async with make_app(store, fake).run_test() as pilot:
        await ask(pilot)
        assert "[red]x[/]()" in screen_text(pilot)
