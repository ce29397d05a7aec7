"""Models of servers on the screen: where text goes, and what is offered on this machine."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from assistant.core.events import Done, Notice, SentTo, TextDelta, Timings
from assistant.core.inventory import ModelInfo
from assistant.engine.wire import Status
from assistant.store.conversations import ConversationStore
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.status import StatusLine
from tests.tui.fakes import (
    ROUTED,
    FakeEngine,
    Step,
    make_app,
    screen_text,
    send,
    until,
    until_answered,
)
from tests.tui.screen_data import MODELS, stocked_engine
from tests.tui.test_screens import file_loader, open_models, toasts

AWAY = SentTo("api.example.com", encrypted=False)
OFFERED = ModelInfo(
    "qwen3-8b",
    "generate",
    present=True,
    in_use=False,
    summary="qwen3:8b · Ollama",
    setting="generate.model",
    server="127.0.0.1:11434",
    source="openai:http://127.0.0.1:11434/v1#qwen3:8b",
)
ANSWER: list[Step] = [ROUTED, AWAY, TextDelta("Yes."), Done("Yes.", Timings(1.0, 2.0, 3.0))]


def status_of(status: Status, strings: object = ENGLISH) -> str:
    line = StatusLine(strings)  # type: ignore[arg-type]
    line.set_reactive(StatusLine.engine, status)
    return " · ".join(line._what_runs())


def test_the_status_says_first_where_text_goes() -> None:
    away = Status("ready", model="mine", sent_to=("api.example.com",))
    assert status_of(away) == "sent to api.example.com · auto · mine"
    assert status_of(away, CHINESE).startswith("发送至 api.example.com")


def test_the_status_tells_a_server_of_this_machine_apart() -> None:
    here = Status("ready", model="mine", served_here=("127.0.0.1:8000",))
    assert status_of(here) == "auto · mine · server 127.0.0.1:8000 on this machine"


async def test_that_text_leaves_the_machine_is_said_in_the_answer_and_kept(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([ANSWER, ANSWER])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await send(pilot, "hello")
        await until_answered(pilot)
        text = screen_text(pilot)
        assert "is sent to api.example.com" in text
        assert "not encrypted" in text
        await send(pilot, "and now?")
        await until_answered(pilot)
    first, second = engine.turns
    assert (first.known_hosts, second.known_hosts) == ((), ("api.example.com",))


async def test_a_model_says_where_it_is_served(store: ConversationStore) -> None:
    away = msgspec.structs.replace(
        OFFERED, name="away", server="api.example.com", remote=True, source=""
    )
    engine = stocked_engine()
    engine.models = (*MODELS, away)
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_models(pilot)
        assert "sent to api.example.com" in screen_text(pilot)


async def test_models_of_servers_are_found_and_put_to_use_with_their_keys(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    engine = stocked_engine()
    engine.offered = (OFFERED,)
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test(size=(120, 36)) as pilot:
        models = await open_models(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "Offered by servers" in screen_text(pilot))
        at = next(n for n, row in enumerate(models.rows) if row == OFFERED)
        models.cursor = at
        await pilot.pause()
        assert "server 127.0.0.1:11434 on this machine" in screen_text(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "qwen3-8b" in toasts(pilot))
        written = tomllib.loads(file.read_text("utf-8"))
    assert written["models"]["qwen3-8b"] == {
        "role": "generate",
        "source": OFFERED.source,
    }
    assert written["generate"]["model"] == "qwen3-8b"


async def test_finding_none_is_said(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test(size=(120, 36)) as pilot:
        await open_models(pilot)
        await pilot.press("s")
        await until(pilot, lambda: ENGLISH.screens.models.nothing_offered in toasts(pilot))


async def test_a_server_that_shows_nothing_without_a_key_is_told_with_the_way_in(
    store: ConversationStore,
) -> None:
    engine = stocked_engine()
    engine.notices = (
        Notice(
            "The server at 127.0.0.1:8080 wants a key.",
            "Keep it, then look again: assistant models key set http://127.0.0.1:8080",
        ),
    )
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_models(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "wants a key" in toasts(pilot))
        assert "assistant models key set http://127.0.0.1:8080" in toasts(pilot)
