"""Wherever a key is named, it is the one that is bound now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.tui.bound_keys import BoundKeys, named_in
from assistant.tui.keys import KEYS
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from tests.tui.fakes import (
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
)
from tests.tui.screen_data import stocked_engine
from tests.tui.test_screens import file_loader, on_setting

REBOUND = {
    "send": "ctrl+s",
    "attach": "f6",
    "cancel": "f7",
    "help": "f8",
    "copy": "1",
    "copy_code": "2",
    "why": "3",
    "undo": "4",
    "delete": "5",
    "previous": "f9",
    "interrupt": "f10",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def _texts(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from _texts(value)
    elif isinstance(table, tuple):
        for value in table:
            yield from _texts(value)
    elif is_dataclass(table):
        for field in fields(table):
            yield from _texts(getattr(table, field.name))


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE])
def test_texts_name_only_keys_there_are(strings: Strings) -> None:
    known = {key.name for key in KEYS} | {"month", "year"}
    named = {name for text in _texts(strings) for name in named_in(text) if not name.isdigit()}
    assert len(named) > 20
    assert named <= known


@pytest.mark.parametrize("strings", [ENGLISH, CHINESE])
def test_no_text_names_a_key_that_can_be_rebound_by_itself(strings: Strings) -> None:
    spelt = [text for text in _texts(strings) for sign in ("^", "Alt+", "F1", "F2") if sign in text]
    assert spelt == []


def test_both_languages_name_the_same_keys() -> None:
    pairs = zip(_texts(ENGLISH), _texts(CHINESE), strict=False)
    differing = [(en, zh) for en, zh in pairs if sorted(named_in(en)) != sorted(named_in(zh))]
    assert [pair for pair in differing if "month" not in pair[0]] == []


def test_a_text_takes_values_and_the_first_of_several_keys() -> None:
    bound = BoundKeys({"undo": "f5, z"})
    assert bound.fill("“{}”: {undo} brings it back, {delete} deletes.", "x{y}") == (
        "“x{y}”: F5 brings it back, d deletes."
    )


async def test_the_first_screen_names_rebound_keys(store: ConversationStore) -> None:
    async with make_app(store, keys=REBOUND).run_test(size=(120, 36)) as pilot:
        shown = screen_text(pilot)
        assert "^S send   ^J new line   F6 attach" in shown
        assert "F8 help" in shown


async def test_what_is_on_the_screen_follows_a_key_rebound_in_the_settings(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    app = make_app(store, stocked_engine(), config_file=file, load=file_loader(file))
    async with app.run_test(size=(120, 100)) as pilot:
        await on_setting(pilot, "keys.attach")
        await pilot.press("enter")
        pilot.app.screen.query_one("#value", Input).value = "f9"
        await pilot.press("enter")
        await until(pilot, file.exists)
        await pilot.press("escape")
        await pilot.pause()
        assert "F9 attach" in screen_text(pilot)


async def test_a_message_names_rebound_keys_and_they_work(store: ConversationStore) -> None:
    engine = FakeEngine([answer("```python\nprint(1)\n```")])
    async with make_app(store, engine, keys=REBOUND).run_test(size=(120, 36)) as pilot:
        desk(pilot).prompt.show_text("code, please")
        await pilot.press("ctrl+s")
        await until_answered(pilot)
        assert "2 copy" in screen_text(pilot)
        await pilot.press("f9")
        assert "1 copy   2 code   e edit" in screen_text(pilot)
        await pilot.press("2")
        assert pilot.app.clipboard == "print(1)"


async def test_notices_name_rebound_keys(store: ConversationStore) -> None:
    store.add_user(store.create().id, Message("user", "the night train"))
    async with make_app(store, keys=REBOUND).run_test(size=(120, 36)) as pilot:
        await pilot.press("f10")
        assert "Press F10 again to quit." in toasts(pilot)
        await pilot.press("ctrl+f", "down")
        assert "5 delete   4 undo" in screen_text(pilot)
        await pilot.press("5")
        assert "Deleted “the night train”. Press 4 in the list to bring it back." in toasts(pilot)


async def test_the_help_names_rebound_keys_and_the_key_that_opened_it_closes_it(
    store: ConversationStore,
) -> None:
    async with make_app(store, keys=REBOUND).run_test(size=(120, 60)) as pilot:
        await pilot.press("f8")
        assert "On a message (F9)" in screen_text(pilot)
        await pilot.press("f8")
        assert len(pilot.app.screen_stack) == 1


async def test_the_palette_names_rebound_keys(store: ConversationStore) -> None:
    async with make_app(store, keys=REBOUND).run_test(size=(120, 36)) as pilot:
        await pilot.press("ctrl+p")
        offered = f"F6       {ENGLISH.keys['attach']}"
        await until(pilot, lambda: offered in screen_text(pilot))


async def test_hints_are_only_for_what_the_message_has(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up")
        assert "y copy   e edit   r again   s skill   w why" in screen_text(pilot)
        assert "versions" not in screen_text(pilot)
