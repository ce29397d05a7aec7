"""The models screen says what suits this machine, and where each model would run."""

from __future__ import annotations

import pytest

from assistant.core.inventory import ModelInfo
from assistant.store.conversations import ConversationStore
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.models import ModelList, rounded
from tests.tui.fakes import FakeEngine, make_app, screen_text, until

PLAN = "as stored → cpu (5.0 GB of 12.0 GB) · llama.cpp as installed uses the CPU (5.0 GB)"
QWEN = ModelInfo(
    "qwen3-8b",
    "generate",
    present=False,
    in_use=False,
    size=5_027_783_488,
    licence="Apache-2.0",
    languages=("mul",),
    summary="The best answers here.",
    setting="generate.model",
    recommended=True,
    advice=("best", "balanced"),
    memory=5_900_000_000,
    speed=11.6,
    plan=PLAN,
)
NLLB = ModelInfo(
    "nllb", "translate", present=False, in_use=False, size=5, non_commercial=True, speed=1.26
)


def engine() -> FakeEngine:
    made = FakeEngine()
    made.models = (QWEN, NLLB)
    return made


@pytest.mark.parametrize(
    ("strings", "said"),
    [
        (ENGLISH, ["recommended here", "~12 tokens/s", "best fit", "balanced"]),
        (CHINESE, ["适合这台电脑", "放得下的最好的", "兼顾", "每秒约 12 个词元"]),
    ],
)
async def test_a_models_row_says_what_it_is_for_this_machine(
    store: ConversationStore, strings: Strings, said: list[str]
) -> None:
    app = make_app(store, engine(), strings=strings)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f4")
        models = pilot.app.screen.query_one(ModelList)
        await until(pilot, lambda: bool(models.rows))
        text = screen_text(pilot)
        assert all(part in text for part in said), text
        assert strings.screens.models.non_commercial in text
        assert PLAN in text, "where it would run, before it is fetched"
        assert strings.screens.models.memory.format("5.9 GB") in text


@pytest.mark.parametrize(("speed", "told"), [(11.6, "12"), (1.26, "1.3"), (100.2, "100")])
def test_speeds_are_told_in_two_digits(speed: float, told: str) -> None:
    assert rounded(speed) == told


async def test_on_a_narrow_screen_the_plan_is_cut_and_how_to_fetch_stays(
    store: ConversationStore,
) -> None:
    async with make_app(store, engine()).run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        models = pilot.app.screen.query_one(ModelList)
        await until(pilot, lambda: bool(models.rows))
        text = screen_text(pilot)
        assert "as stored → cpu" in text
        assert "p fetches it." in text
